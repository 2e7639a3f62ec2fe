"""An audit of a corpus: what a careful person wants to know before training on it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sertool.corpora.clips import Clip, Corpus
from sertool.corpora.contents import OFFSET, copies, each_clip, mislabelled, remember
from sertool.corpora.leaks import Leak, leaks
from sertool.corpora.measures import CLIPPED, Measures, measure
from sertool.errors import SertoolError, printable

QUIET = 0.01
"""A peak below this (-40 dB of full scale) is quiet."""
MUTE = 0.001
"""A peak below this (-60 dB of full scale) is silence."""
LONG_SILENCE = 0.5
"""Seconds of silence at an end that are worth a word."""


@dataclass(frozen=True)
class Audit:
    """What `audit` found. Files are paths below the corpus's root, lengths are in seconds.

    unreadable: file → what is wrong. counts: emotion → speaker → clips. duplicates: groups of files with equal
    samples; mislabelled: those of them with several labels. clipped: file → samples at full scale, 3 or more;
    clipped_runs: files with 3 in a row. quiet, mute: peak below -40, below -60 dB of full scale. padded: half a
    second of silence or more at an end. short: less than what is needed. rates, channels:
    value → clips. cancelling: channels that would be lost in a mix, so that one is taken. offset: a mean of a
    fifth or more of the deviation about it. stereo_equal: clips of several equal channels. seconds: shortest,
    median, longest, total.
    """

    corpus: str
    kind: str
    clips: int
    notes: tuple[str, ...]
    unreadable: Mapping[str, str]
    counts: Mapping[str, Mapping[str, int]]
    duplicates: tuple[tuple[str, ...], ...]
    mislabelled: tuple[tuple[str, ...], ...]
    clipped: Mapping[str, int]
    clipped_runs: tuple[str, ...]
    quiet: tuple[str, ...]
    mute: tuple[str, ...]
    padded: tuple[str, ...]
    short: tuple[str, ...]
    rates: Mapping[int, int]
    channels: Mapping[int, int]
    cancelling: tuple[str, ...]
    offset: tuple[str, ...]
    stereo_equal: int
    seconds: Mapping[str, float]
    leaks: tuple[Leak, ...]

    def to_dict(self) -> dict[str, Any]:
        """Write as plain values for JSON."""
        plain = dataclasses.asdict(self)
        plain["rates"] = {str(rate): count for rate, count in self.rates.items()}
        plain["channels"] = {str(number): count for number, count in self.channels.items()}
        return plain


def audit(corpus: Corpus, *, shortest: int) -> Audit:
    """Decode and measure every clip, in threads. Files that cannot be read are listed, not raised.

    `shortest` are the samples at 16 kHz that a clip needs.

    Raises SertoolError only if no clip can be read.
    """
    results = each_clip((clip.path for clip in corpus.clips), measure, f"auditing {corpus.name}")
    names = {clip.path: printable(corpus.relative(clip)) for clip in corpus.clips}
    bad = {names[path]: value.what for path, value in results.items() if isinstance(value, SertoolError)}
    good = {path: value for path, value in results.items() if isinstance(value, Measures)}
    if not good:
        raise SertoolError(f"none of the {len(bad)} clips can be read", where=corpus.root)
    remember({path: value.content for path, value in good.items()})
    sound = corpus.with_clips(tuple(clip for clip in corpus.clips if clip.path in good))
    groups = copies(sound, {path: value.content for path, value in good.items()})
    lengths = [value.content.seconds for value in good.values()]

    def where(test: Mapping[Path, bool]) -> tuple[str, ...]:
        return tuple(names[path] for path, holds in test.items() if holds)

    def named(groups: Iterable[Iterable[Clip]]) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(names[clip.path] for clip in group) for group in groups)

    return Audit(
        corpus=corpus.name,
        kind=corpus.kind,
        clips=len(corpus.clips),
        notes=corpus.notes,
        unreadable=bad,
        counts=corpus.counts(),
        duplicates=named(groups),
        mislabelled=named(mislabelled(groups)),
        clipped={names[path]: m.full_scale for path, m in good.items() if m.full_scale >= CLIPPED},
        clipped_runs=where({path: m.run >= CLIPPED for path, m in good.items()}),
        quiet=where({path: MUTE <= m.peak < QUIET for path, m in good.items()}),
        mute=where({path: m.peak < MUTE for path, m in good.items()}),
        padded=where({path: max(m.leading, m.trailing) >= LONG_SILENCE for path, m in good.items()}),
        short=where({path: m.content.seconds < shortest / 16000 for path, m in good.items()}),
        rates=dict(sorted(Counter(m.content.sample_rate for m in good.values()).items())),
        channels=dict(sorted(Counter(m.content.channels for m in good.values()).items())),
        cancelling=where({path: m.content.cancels for path, m in good.items()}),
        offset=where({path: m.content.offset >= OFFSET for path, m in good.items()}),
        stereo_equal=sum(m.content.channels > 1 and m.channels_equal for m in good.values()),
        seconds={
            "shortest": min(lengths),
            "median": median(lengths),
            "longest": max(lengths),
            "total": sum(lengths),
        },
        leaks=leaks(sound),
    )
