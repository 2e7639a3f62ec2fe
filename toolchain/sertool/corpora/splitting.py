"""Which clips train, which choose, which test: named protocols, seeded, with duplicates never on both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from sertool.corpora.clips import UNKNOWN, Clip, Corpus
from sertool.corpora.contents import contents
from sertool.corpora.split import Split
from sertool.errors import SertoolError
from sertool.fold_text import fold_numbers

PROTOCOLS = ("random10", "speaker", "own")
AUTO = "auto"

_SHARE = 0.1
_MOST_FOLDS = 10
_SPEAKERS_TO_HOLD_OUT_FROM = 6

Unit = tuple[Clip, ...]


def folds(corpus: Corpus, protocol: str) -> int:
    """Number of folds: for `speaker` one a speaker, or a group where there are more than ten; else 1.

    Folds are numbered from 0. Groups are of equal size, give or take one, and as small as ten folds allow: 24
    speakers make 8 groups of 3.

    Raises SertoolError for an unknown protocol, for `speaker` with fewer than two speakers, and for `own` of a
    corpus that does not come divided.
    """
    if protocol not in PROTOCOLS:
        raise SertoolError(f"unknown protocol: {protocol}", allowed=", ".join((*PROTOCOLS, AUTO)))
    if protocol == "own" and not corpus.divided:
        raise SertoolError(
            f"{corpus.name} has no parts of its own",
            where=corpus.root,
            allowed="folders train and test, a table of labels with the column part, or lists of files",
            hint="give them with corpus.labels, corpus.test_list or corpus.layout, "
            "or use the protocol random10 or speaker",
        )
    if protocol != "speaker":
        return 1
    speakers = len(corpus.speakers)
    if speakers < 2:
        raise SertoolError(
            f"cannot split by speaker: {corpus.name} has {speakers} speaker",
            where=corpus.root,
            allowed="two speakers or more",
            hint="use the protocol random10, or say who speaks with a speaker table or pattern",
        )
    group = -(-speakers // _MOST_FOLDS)
    return -(-speakers // group)


def split(corpus: Corpus, protocol: str = AUTO, *, seed: int = 0, fold: int = 0) -> Split:
    """Split a corpus into train, validation and test.

    `random10`: a tenth of each emotion tests, a tenth of each emotion's rest validates; speakers are shared.
    `speaker`: fold `fold` of the speakers tests, and nobody else; the validation part is other speakers where
    enough remain, else a tenth of each emotion of the training speakers. Clips with equal content are never on
    two sides. `own`: the parts that the corpus comes in, less copies of what is tested or validates; where no
    clip validates, the seed draws that part from the training clips as for `speaker`. `auto`: `own` for a
    corpus that comes divided, else `random10`. The same corpus, protocol, seed and fold give the same split on
    every machine.

    Raises SertoolError for an unknown protocol, a fold out of range, an emotion with too few clips, or clips
    that cannot be read.
    """
    if protocol == AUTO:
        protocol = "own" if corpus.divided else "random10"
    count = folds(corpus, protocol)
    if not 0 <= fold < count:
        raise SertoolError(f"no fold {fold} in protocol {protocol}", allowed=fold_numbers(count))
    if seed < 0:
        raise SertoolError(f"the seed is negative: {seed}", allowed="0 or more")
    known = contents(clip.path for clip in corpus.clips)
    digests = {clip: known[clip.path].digest for clip in corpus.clips}
    units = _units(corpus.clips, digests)
    if protocol == "random10":
        train, validation, test, notes = _random(corpus, units, _generator(seed))
    elif protocol == "own":
        train, validation, test, notes = _own(corpus, units, digests, seed)
    else:
        train, validation, test, notes = _by_speaker(corpus, units, seed, fold, count)
    return Split(corpus.name, protocol, seed, fold, train, validation, test, corpus.root, digests, tuple(notes))


def _random(
    corpus: Corpus, units: list[Unit], random: np.random.Generator
) -> tuple[Unit, Unit, Unit, list[str]]:
    _demand(corpus, units, 3, "one each for train, validation and test")
    rest, test = _stratified(units, random)
    train, validation = _stratified(rest, random)
    shared = len({clip.speaker for clip in _flat(train)} & {clip.speaker for clip in _flat(test)})
    note = f"speakers are shared: {shared} of {len(corpus.speakers)} speak in both train and test"
    return _flat(train), _flat(validation), _flat(test), [note]


def _by_speaker(
    corpus: Corpus, units: list[Unit], seed: int, fold: int, count: int
) -> tuple[Unit, Unit, Unit, list[str]]:
    speakers = list(corpus.speakers)
    if count < len(speakers):
        # Every fold of a seed has to draw the same groups; what it draws after that is its own.
        speakers = [speakers[i] for i in _generator(seed).permutation(len(speakers))]
    random = _generator(seed, fold + 1)
    tested = {str(name) for name in np.array_split(np.array(speakers), count)[fold]}
    others = sorted(set(speakers) - tested)
    test = tuple(clip for clip in corpus.clips if clip.speaker in tested)
    # A copy of a tested clip under another speaker's name would leak, and may not join the test either.
    rest = [unit for unit in units if not any(clip.speaker in tested for clip in unit)]
    notes = [f"test speakers: {', '.join(sorted(tested))}"]
    copies = len(corpus.clips) - len(test) - len(_flat(rest))
    if copies:
        notes.append(f"{copies} copies of test clips were left out of train")
    _demand(corpus, rest, 2, f"one each for train and validation, with {', '.join(sorted(tested))} held out")
    train, validation, note = _held_out(others, rest, random)
    return train, validation, test, [*notes, note]


def _own(
    corpus: Corpus, units: list[Unit], digests: dict[Clip, str], seed: int
) -> tuple[Unit, Unit, Unit, list[str]]:
    parts = {
        name: tuple(clip for clip in corpus.clips if clip.part == name)
        for name in ("train", "validation", "test")
    }
    if not parts["test"]:
        raise SertoolError(
            "no clip is in the part test", where=corpus.root, allowed="train and test, or all three"
        )
    notes: list[str] = []
    kept = {"test": parts["test"]}
    for name, above in (("validation", ("test",)), ("train", ("test", "validation"))):
        for other in above:
            parts[name], found = _without_copies(corpus, parts[name], name, kept[other], other, digests)
            notes += found
        kept[name] = parts[name]
    train, validation = kept["train"], kept["validation"]
    if validation:
        _demand(corpus, [(clip,) for clip in train], 1, "in the part train")
    else:
        chosen = set(train)
        rest = [own for unit in units if (own := tuple(clip for clip in unit if clip in chosen))]
        _demand(corpus, rest, 2, "one each for train and validation: no clip is in the part validation")
        train, validation, note = _held_out(sorted({clip.speaker for clip in train}), rest, _generator(seed))
        notes.append(f"no clip is in the part validation, which is drawn from train: {note}")
    for name, clips in (("validation", validation), ("test", kept["test"])):
        lacking = sorted({clip.emotion for clip in train} - {clip.emotion for clip in clips})
        if lacking:
            notes.append(f"no {name} clip of {', '.join(lacking)}")
    shared = {clip.speaker for clip in train} & {clip.speaker for clip in kept["test"]} - {UNKNOWN}
    if shared:
        notes.append(
            f"speakers are shared: {len(shared)} of {len(corpus.speakers)} speak in both train and test"
        )
    return train, validation, kept["test"], notes


def _without_copies(
    corpus: Corpus, clips: Unit, part: str, others: Unit, other: str, digests: dict[Clip, str]
) -> tuple[Unit, list[str]]:
    """Leave out of somebody's own part what sounds like a clip of another of them."""
    first = {digests[clip]: clip for clip in others}
    copies = [clip for clip in clips if digests[clip] in first]
    if not copies:
        return clips, []
    pair = f"{corpus.relative(copies[0])} = {corpus.relative(first[digests[copies[0]]])}"
    return tuple(clip for clip in clips if digests[clip] not in first), [
        f"{len(copies)} copies of {other} clips were left out of {part}: {pair}" + (", ..." * (len(copies) > 1))
    ]


def _held_out(speakers: Sequence[str], rest: list[Unit], random: np.random.Generator) -> tuple[Unit, Unit, str]:
    """Part a validation set from the training clips: whole speakers where enough remain, else a tenth."""
    held = (
        _validation_speakers(speakers, rest, random) if len(speakers) >= _SPEAKERS_TO_HOLD_OUT_FROM else set()
    )
    if held:
        train = [unit for unit in rest if not any(clip.speaker in held for clip in unit)]
        validation = tuple(clip for unit in rest for clip in unit if clip.speaker in held)
        return _flat(train), tuple(sorted(validation)), f"validation speakers: {', '.join(sorted(held))}"
    train, chosen = _stratified(rest, random)
    note = "validation is a tenth of each emotion of the training speakers: too few to hold one out"
    return _flat(train), _flat(chosen), note


def _validation_speakers(others: Sequence[str], rest: list[Unit], random: np.random.Generator) -> set[str]:
    """Draw a tenth of the speakers (at least one), preferring those whose clips cover every emotion."""
    wanted = max(1, round(_SHARE * len(others)))
    order = [others[i] for i in random.permutation(len(others))]
    windows = [set((order + order)[i : i + wanted]) for i in range(len(order))]
    emotions = {clip.emotion for unit in rest for clip in unit}

    def covered(inside: set[str], *, hold: bool) -> int:
        return len({c.emotion for unit in rest for c in unit if (c.speaker in inside) == hold} & emotions)

    able = [window for window in windows if covered(window, hold=False) == len(emotions)]
    return max(able, key=lambda window: covered(window, hold=True), default=set())


def _stratified(units: list[Unit], random: np.random.Generator) -> tuple[list[Unit], list[Unit]]:
    """Part a tenth of each emotion's clips (rounded, at least one unit) from the rest; return rest, part."""
    rest: list[Unit] = []
    part: list[Unit] = []
    for emotion in sorted({unit[0].emotion for unit in units}):
        own = [unit for unit in units if unit[0].emotion == emotion]
        quota = max(1, int(_SHARE * sum(map(len, own)) + 0.5))
        taken = 0
        for place in random.permutation(len(own)):
            wanted = taken < quota
            (part if wanted else rest).append(own[place])
            taken += len(own[place]) * wanted
    return rest, part


def _units(clips: Iterable[Clip], digests: dict[Clip, str]) -> list[Unit]:
    groups: dict[str, list[Clip]] = {}
    for clip in clips:
        groups.setdefault(digests[clip], []).append(clip)
    return [tuple(group) for group in groups.values()]


def _demand(corpus: Corpus, units: list[Unit], needed: int, why: str) -> None:
    counts = Counter(unit[0].emotion for unit in units)
    poor = {emotion: counts[emotion] for emotion in corpus.emotions if counts[emotion] < needed}
    if poor:
        listed = ", ".join(f"{emotion} has {count}" for emotion, count in poor.items())
        raise SertoolError(
            f"too few different clips for this split: {listed}, {needed} are needed ({why})",
            where=corpus.root,
            hint="add recordings of this emotion, or take the emotion out of the corpus",
        )


def _generator(*seeds: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(list(seeds)))


def _flat(units: Iterable[Unit]) -> Unit:
    return tuple(sorted(clip for unit in units for clip in unit))
