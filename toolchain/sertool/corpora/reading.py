"""How a folder can be read: every reading that its names and counts allow, each with its reason.

The folders at one depth have one role, told by their names (`Role`); the roles from the top down give the
readings. One reading is taken; of several, somebody has to say which.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from sertool.corpora.emotions import emotion_of, plain, tells_a_label
from sertool.corpora.layout import PASSED_OVER, Layout, parts_of
from sertool.corpora.naming import Name

_SPEAKER = re.compile(
    r"(?:actor|actress|speaker|spk|spkr|subject|subj|sub|participant|person|talker|voice|user|s|p|f|m|w)_?\d+|"
    r"\d+_?[fmw]"
)
_SERIES = re.compile(
    r"(?:session|sess|ses|fold|disc|disk|cd|batch|chunk|take|set|day|week|volume|vol|part|shard)_?\d+"
)
_NOTHING = re.compile(
    r"(audio|video|sound)?_?(files?|data|clips?|recordings?|wavs?|wave|mp3|flac|sounds?|audios?|videos?|speech|dataset)"
)
_GENDER = re.compile(r"(fe)?males?|(wo)?m[ae]n|boys?|girls?|masculine|feminine|[fmw]")
_PROCESSED = re.compile(
    r"(.+?)_(?:nois(?:e|y|ed)|pitch(?:ed)?|stretch(?:ed)?|speed|shift(?:ed)?|aug(?:mented|mentation)?|echo|reverb|"
    r"slow|fast|tempo|loud|quiet|volume|gain|filtered)(?:_.*)?"
)


class Role(Enum):
    """What the folders at one depth stand for, as far as their names tell."""

    LABEL = "labels"
    PART = "parts of a split"
    SPEAKER = "speakers"
    NUMBER = "numbers"
    GENDER = "gender"
    NOTHING = "no more than a place"
    OTHER = "anything"


@dataclass(frozen=True)
class Level:
    """The folders at one depth: clips by name, and the names above which each name occurs."""

    clips: Mapping[str, int]
    above: Mapping[str, frozenset[str]]

    @property
    def crossed(self) -> bool:
        """Whether most names come back under several of the folders above."""
        return 2 * sum(len(parents) > 1 for parents in self.above.values()) > len(self.above)

    @property
    def role(self) -> Role:
        """The first role whose test the names pass."""
        names = list(self.clips)
        return next((role for role, holds in _TESTS if holds(names)), Role.OTHER)


def _all(test: Callable[[str], object]) -> Callable[[Sequence[str]], bool]:
    return lambda names: all(test(plain(name)) for name in names)


#: In this order: what a name may be read as is settled by the first that holds.
_TESTS: tuple[tuple[Role, Callable[[Sequence[str]], bool]], ...] = (
    (Role.LABEL, lambda names: 2 * sum(map(tells_a_label, names)) >= len(names)),
    (Role.PART, lambda names: len(set(parts_of(names).values())) > 1 and len(parts_of(names)) == len(names)),
    (Role.GENDER, _all(_GENDER.fullmatch)),
    (Role.NOTHING, _all(lambda word: _NOTHING.fullmatch(word) or _SERIES.fullmatch(word))),
    (Role.NUMBER, _all(str.isdecimal)),
    (Role.SPEAKER, _all(lambda word: _SPEAKER.fullmatch(word) or word.isdecimal())),
    (Role.NOTHING, lambda names: len(names) == 1),
)


@dataclass(frozen=True)
class Reading:
    """One way to read a folder: by what its folders mean, or by the file names of a known `kind`."""

    layout: Layout | None
    why: str
    kind: str | None = None
    remark: str | None = None
    """What somebody should know besides, of numbers as labels and of folders that may be speakers."""

    @property
    def notes(self) -> list[str]:
        """What to tell somebody who gave no layout; that labels are labels goes without saying."""
        plainly = self.layout is not None and self.layout.levels == ("label",)
        read = [] if plainly else [f"read as {self.setting}: {self.why}"]
        return [*read, *([self.remark] if self.remark else [])]

    @property
    def setting(self) -> str:
        """The setting that says so."""
        return f"corpus.layout = '{self.layout}'" if self.layout else f"corpus.kind = {self.kind}"


def levels_of(root: Path, files: Sequence[Path]) -> list[Level]:
    """The levels of folders that half of the files or more lie below, from the top."""
    below = [folders for path in files if (folders := path.relative_to(root).parts[:-1])]
    found: list[Level] = []
    while 2 * len(deep := [folders for folders in below if len(folders) > len(found)]) >= len(below) > 0:
        clips: dict[str, int] = defaultdict(int)
        above: dict[str, set[str]] = defaultdict(set)
        for folders in deep:
            clips[folders[len(found)]] += 1
            above[folders[len(found)]].add("/".join(folders[: len(found)]))
        found.append(Level(dict(clips), {name: frozenset(parents) for name, parents in above.items()}))
    return found


def readings(levels: Sequence[Level]) -> list[Reading]:
    """Every way in which the folders can tell a label: none where they tell no label at all."""
    roles = [level.role for level in levels]
    labels = [depth for depth, role in enumerate(roles) if role is Role.LABEL]
    if not labels:
        return _unnamed(levels, roles)
    found = [_reading(levels, roles, depth) for depth in labels]
    odd = next((depth for depth in range(labels[0]) if roles[depth] is Role.OTHER), None)
    if odd is not None:
        # Any word may be a person's name, a place's, or a label that is not known here.
        names = _some(levels[odd])
        found = [
            _reading(levels, roles, labels[0], speaker=odd, why=f"speakers: {names}"),
            _reading(levels, roles, labels[0], why=f"passed over: {names}"),
            _reading(levels, roles, odd, why=f"labels: {names}"),
        ]
    return found


def _unnamed(levels: Sequence[Level], roles: Sequence[Role]) -> list[Reading]:
    """No level holds words that are known as labels: any other words may be labels, then numbers."""
    words = [depth for depth, role in enumerate(roles) if role is Role.OTHER]
    numbers = [depth for depth, role in enumerate(roles) if role is Role.NUMBER]
    if not words:
        return [_reading(levels, roles, numbers[0])] if numbers else []
    first = words[0]
    rivals = [depth for depth in words[1:2] if levels[depth].crossed]
    above = [depth for depth in numbers if depth < first]
    if above:
        return [
            _reading(levels, roles, first, speaker=above[0], why=f"speakers: {_some(levels[above[0]])}"),
            _reading(levels, roles, above[0], why=f"labels: {_some(levels[above[0]])}"),
        ]
    if rivals:
        return [
            _reading(levels, roles, first, speaker=rivals[0], why=f"speakers: {_some(levels[rivals[0]])}"),
            _reading(levels, roles, first, why=f"passed over: {_some(levels[rivals[0]])}"),
            _reading(levels, roles, rivals[0], speaker=first, why=f"speakers: {_some(levels[first])}"),
        ]
    return [_reading(levels, roles, first)]


def _reading(
    levels: Sequence[Level], roles: Sequence[Role], label: int, *, speaker: int | None = None, why: str = ""
) -> Reading:
    """Read the labels at one depth, and from the other levels what their roles tell beyond doubt."""
    words = {label: "label"}
    if speaker is not None:
        words[speaker] = "speaker"
    for depth, role in enumerate(roles):
        # Numbers below the labels may count anything, unless the same ones come back under other labels.
        sure = role is Role.SPEAKER or (role is Role.NUMBER and (depth < label or levels[depth].crossed))
        meant = "part" if role is Role.PART else "speaker" if sure else None
        if depth not in words and meant and meant not in words.values():
            words[depth] = meant
    layout = Layout(tuple(words.get(depth, PASSED_OVER) for depth in range(max(words) + 1)))
    remark = None
    below = next((level for level in levels[label + 1 :] if level.crossed and level.role in _MAYBE), None)
    if roles[label] is Role.NUMBER:
        remark = f"the labels are numbers: {_some(levels[label])}"
    elif below is not None and "speaker" not in words.values():
        between = levels.index(below) - label - 1
        wanted = Layout((*layout.levels[: label + 1], *[PASSED_OVER] * between, "speaker"))
        remark = f"{_some(below)} come back below several labels: if they speak, say corpus.layout = '{wanted}'"
    told = zip(levels, layout.levels, strict=False)
    return Reading(
        layout, why or "; ".join(f"{_WORDS[word]}: {_some(level)}" for level, word in told), remark=remark
    )


_MAYBE = (Role.OTHER, Role.NUMBER, Role.SPEAKER)
_WORDS = {"label": "labels", "speaker": "speakers", "part": "parts", PASSED_OVER: "passed over"}


def _some(level: Level) -> str:
    names = sorted(level.clips)
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def regrouped(root: Path, named: Mapping[Path, Name], kind: str) -> Reading | None:
    """The reading by folders, where somebody sorted files of a known corpus by something that they do not name.

    Folders that each hold one speaker or one emotion, parts, places and genders are the corpus's own matter.
    """
    for depth, level in enumerate(levels_of(root, list(named))):
        if level.role in (Role.PART, Role.NOTHING, Role.GENDER):
            continue
        held: dict[str, set[Name]] = defaultdict(set)
        for path, name in named.items():
            folders = path.relative_to(root).parts[:-1]
            if len(folders) > depth:
                held[folders[depth]].add(name)
        if any(_mixed(folder, names) for folder, names in held.items()):
            layout = Layout((*[PASSED_OVER] * depth, "label"))
            return Reading(layout, f"labels: {_some(level)}", kind)
    return None


def _mixed(folder: str, names: set[Name]) -> bool:
    emotions = {name.emotion for name in names}
    contradicted = emotion_of(folder) not in (None, *emotions)
    return contradicted or (len(emotions) > 1 and len({name.speaker for name in names}) > 1)


def processed(level: Level) -> list[str]:
    """Folders such as `angry_noise` beside `angry`: copies made by processing, it seems."""
    bases = {emotion_of(name) or plain(name) for name in level.clips}
    found = {name: _PROCESSED.fullmatch(plain(name)) for name in level.clips}
    return sorted(name for name, hit in found.items() if hit and (emotion_of(hit[1]) or hit[1]) in bases)
