"""Which reading of a folder holds: the only one, or the one that somebody has to name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from sertool.corpora.emotions import plain, tells_a_label
from sertool.corpora.finding import some
from sertool.corpora.labels import unify
from sertool.corpora.layout import Layout, parts_of
from sertool.corpora.naming import EXAMPLES, RULES, named
from sertool.corpora.reading import Level, Reading, Role, levels_of, processed, readings, regrouped
from sertool.errors import SertoolError

_SHOWN = 8
# Folders named after these stand side by side where somebody collects corpora.
_CORPORA = re.compile(
    r"crema(_?d)?|ravdess|savee|tess|emo_?db|iemocap|esd|emovo|meld|shemo|aesdd|jl_corpus|mesd|cafe|enterface|"
    r"msp_\w+|casia|subesco"
)


def choose(root: Path, files: Sequence[Path], kind: str | None) -> Reading:
    """Take the only reading of the folder `root`.

    With a `kind` that is no folder its file names are taken at their word. Raises SertoolError where nothing
    tells a label, where the folder holds several corpora, and, showing what each would give, where there are
    several readings.
    """
    if kind not in (None, "folder"):
        return Reading(None, "", kind)
    if kind is None:
        _refuse_several(root, files)
        usual = usual_kind(files)
        if usual is not None:
            return _only(
                [Reading(None, "the file names tell", usual), *_rival(root, files, usual)], root, files
            )
    if all(path.parent == root for path in files):
        raise SertoolError(
            "no sub-folder with audio, so no labels"
            if kind
            else f"cannot tell what corpus this is: {some(root, files)}",
            where=root,
            allowed="; ".join(
                [
                    *(f"{k}: {v}" for k, v in EXAMPLES.items()),
                    "folder: one sub-folder per label, such as anger/clip.wav",
                ]
            ),
            hint=too_deep(root)
            or "name the labels with corpus.labels = TABLE or corpus.label_pattern, "
            "or make a folder for each label",
        )
    levels = levels_of(root, files)
    found = readings(levels)
    if not found:
        names = ", ".join(sorted(levels[0].clips)[:_SHOWN])
        roles = " above ".join(level.role.value for level in levels)
        raise SertoolError(
            f"nothing tells a label: the folders look like {roles} ({names})",
            where=root,
            allowed="folders of labels, at any depth",
            hint="say what they are with corpus.layout (corpus.layout = label: they are the labels), or name "
            "the labels with corpus.labels = TABLE or corpus.label_pattern",
        )
    taken = _only(found, root, files)
    assert taken.layout is not None
    _refuse_mixtures(root, levels[taken.layout.levels.index("label")])
    return taken


def usual_kind(files: Sequence[Path]) -> str | None:
    """The known corpus whose names most of the files have."""
    fits = {kind: sum(rule(path) is not None for path in files) for kind, rule in RULES.items()}
    best = max(fits, key=lambda kind: fits[kind])
    return best if 2 * fits[best] > len(files) else None


def too_deep(root: Path) -> str | None:
    """A hint, where the folder's own name is that of a label, a speaker or a part."""
    level = Level({root.name: 1}, {})
    if level.role in (Role.LABEL, Role.SPEAKER) or parts_of([root.name]):
        return f"this folder looks like one of the folders of a corpus: give the one above, {root.parent}"
    return None


def _rival(root: Path, files: Sequence[Path], kind: str) -> list[Reading]:
    """The reading by folders of files that a known corpus names, where it is another than that by names."""
    names, copies = named(files, kind)
    strange = set(files) - {*names, *copies}
    by_folders = regrouped(root, names, kind)
    if by_folders is None and 10 * len(strange) > len(files):
        levels = levels_of(root, files)
        if any(level.role is Role.LABEL for level in levels):
            by_folders = readings(levels)[0]
    return [] if by_folders is None else [by_folders]


def _only(found: Sequence[Reading], root: Path, files: Sequence[Path]) -> Reading:
    if len(found) == 1:
        return found[0]
    lines = [
        f"\n    {reading.setting} ({reading.why}) gives {_yield(reading, root, files)}" for reading in found
    ]
    raise SertoolError(
        f"this folder can be read in {len(found)} ways:{''.join(lines)}",
        where=root,
        hint="say which",
    )


def _yield(reading: Reading, root: Path, files: Sequence[Path]) -> str:
    """What a reading would give: labels with their clips, and how many speakers."""
    names = named(files, reading.kind)[0] if reading.kind else {}
    if reading.layout is None:
        labels = {path: name.emotion for path, name in names.items()}
    else:
        labels, _ = unify(reading.layout.told("label", root, files))
    voices = {name.speaker for name in names.values()}
    if reading.layout is not None and not names:
        voices = set(reading.layout.told("speaker", root, files).values())
    told = f"{len(voices)} speakers" if voices else "speakers unknown"
    return f"{_counted(labels.values())}; {told}"


def _counted(words: Iterable[str]) -> str:
    counts = sorted(Counter(words).items())
    shown = ", ".join(f"{word} {count}" for word, count in counts[:_SHOWN])
    return shown + (f" and {len(counts) - _SHOWN} more" if len(counts) > _SHOWN else "")


def _refuse_several(root: Path, files: Sequence[Path]) -> None:
    """Refuse a folder of corpora: their folders would become the labels, or all but one be left out."""
    levels = levels_of(root, files)
    depth = next((depth for depth, level in enumerate(levels) if len(level.clips) > 1), None)
    if depth is None or levels[depth].role in (Role.LABEL, Role.PART):
        return
    inside = Layout((*["*"] * depth, "label")).told("label", root, files)
    homes = {
        top: usual_kind([path for path, name in inside.items() if name == top]) for top in levels[depth].clips
    }
    kinds = {kind for kind in homes.values() if kind}
    mostly = usual_kind(files)
    named = [top for top in homes if _CORPORA.fullmatch(plain(top))]
    if len(kinds) < 2 and len(named) < 2 and (not kinds or mostly):
        return
    above = next(iter(inside)).relative_to(root).parts[:depth]
    rows = [
        f"{top} ({f'{kind}, ' if kind else ''}{levels[depth].clips[top]} clips)"
        for top, kind in sorted(homes.items())
    ]
    best = max(homes, key=lambda top: (homes[top] is not None, levels[depth].clips[top]))
    raise SertoolError(
        f"this folder holds {'several corpora' if len(kinds | {*named}) > 1 else 'a corpus and more'}: "
        f"{', '.join(rows[:_SHOWN])}{', ...' if len(rows) > _SHOWN else ''}",
        where=root,
        allowed="the folder of one corpus",
        hint=f"give one of them, such as {root.joinpath(*above, best)}; to join several, name every file with "
        "its label and speaker in a table (corpus.labels = TABLE); if the folders are labels, say "
        "corpus.layout = label",
    )


def _refuse_mixtures(root: Path, level: Level) -> None:
    """Refuse what stands among the labels and would be taken for one of them."""
    names = list(level.clips)
    parts = sorted(parts_of(names))
    if parts:
        labels = sorted(set(names) - set(parts))
        raise SertoolError(
            f"parts of a split stand beside labels: {', '.join(parts)} beside {', '.join(labels[:_SHOWN])}",
            where=root,
            allowed="the labels below each part (train/anger/...), or no part",
            hint="move one of the two; or, if these are all labels, say corpus.layout = label",
        )
    copies = processed(level)
    if copies:
        raise SertoolError(
            f"labels of their own, or processed copies of what lies beside them? {', '.join(copies[:_SHOWN])}",
            where=root,
            hint="what was trained would be tested again by its copies: leave them out "
            "(corpus.labels = TABLE names the others); if they are labels, say corpus.layout = label",
        )


def strange_labels(labels: Iterable[str]) -> list[str]:
    """Labels that are no emotion known here, where most of the others are one."""
    found = sorted(set(labels))
    odd = [label for label in found if not tells_a_label(label)]
    return odd if 0 < len(odd) < len(found) else []
