"""An audit as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sertool.corpora import Audit
from sertool.corpora.leaks import Leak
from sertool.fold_text import fold_numbers

_SHOWN = 3


def audit_text(found: Audit) -> str:
    """Say everything that an audit found: a line a finding, with the first few files by name."""
    low, middle, high = (found.seconds[key] for key in ("shortest", "median", "longest"))
    lines = [
        f"{found.corpus} ({found.kind}): {found.clips} clips, {found.seconds['total'] / 60:.1f} minutes",
        *(f"  note: {note}" for note in found.notes),
        f"  length: {low:.2f} s to {high:.2f} s, median {middle:.2f} s",
        f"  rates: {_tally(found.rates, 'Hz')}",
        f"  channels: {_tally(found.channels, '')}"
        + (f"; {found.stereo_equal} with equal channels" if found.stereo_equal else ""),
        "",
        *_table(found.counts),
        "",
        _files("unreadable", [f"{name} ({what})" for name, what in found.unreadable.items()]),
        _files("duplicates (groups with equal samples)", [" = ".join(group) for group in found.duplicates]),
        _files("  of them with different labels", [" = ".join(group) for group in found.mislabelled]),
        _files("clipped (3 samples or more at full scale)", [f"{n} ({c})" for n, c in found.clipped.items()]),
        _files("  of them with 3 in a row", found.clipped_runs),
        _files("quiet (peak below -40 dB)", found.quiet),
        _files("silent (peak below -60 dB)", found.mute),
        _files("channels that cancel each other: one is taken, not their mix", found.cancelling),
        _files("offset (a mean of a fifth of the deviation or more)", found.offset),
        _files("half a second of silence or more at an end", found.padded),
        _files("shorter than a frame", found.short),
        "",
        *(_leak(leak) for leak in found.leaks),
    ]
    return "\n".join(lines)


def _tally(counts: Mapping[int, int], unit: str) -> str:
    return ", ".join(f"{value}{' ' + unit if unit else ''} in {count}" for value, count in counts.items())


def _table(counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Emotion × speaker, speakers as columns, or as rows of totals where they are too many for a line."""
    speakers = list(next(iter(counts.values())))
    width = max(map(len, counts))
    if len(speakers) > 12:
        fewest = {emotion: min(row.values()) for emotion, row in counts.items()}
        most = {emotion: max(row.values()) for emotion, row in counts.items()}
        return [
            f"  {emotion:{width}} {sum(row.values()):5}  from {len(speakers)} speakers, "
            f"{fewest[emotion]} to {most[emotion]} each"
            for emotion, row in counts.items()
        ]
    head = f"  {'':{width}} {'all':>5} " + " ".join(f"{speaker:>5}" for speaker in speakers)
    rows = [
        f"  {emotion:{width}} {sum(row.values()):5} " + " ".join(f"{row[s]:{max(5, len(s))}}" for s in speakers)
        for emotion, row in counts.items()
    ]
    return [head, *rows]


def _files(title: str, names: Iterable[str]) -> str:
    names = list(names)
    shown = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    return f"  {title}: {len(names)}" + (f": {shown}" if names else "")


def _leak(leak: Leak) -> str:
    if leak.impossible:
        return f"  split {leak.protocol}: not possible: {leak.impossible}"
    folds = "1 fold" if leak.folds == 1 else f"{leak.folds} folds, {fold_numbers(leak.folds)}"
    told = "" if leak.sentences is None else f", {leak.sentences:.0%} of a trained sentence"
    kept = f" ({leak.copies_kept} have a copy, kept on their side)" if leak.copies_kept else ""
    return (
        f"  split {leak.protocol} ({folds}): of the tested clips {leak.speakers:.0%} are of a trained speaker"
        f"{told}, {leak.copies:.0%} are copies of trained clips{kept}"
    )
