"""A split as a value, and its written form, by which later stages use exactly the same clips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from sertool.corpora.clips import Clip
from sertool.corpora.contents import bulk_error, contents
from sertool.plain_values import Digest, Name, Natural, RelativePath, WrongValue


@dataclass(frozen=True)
class ClipRecord:
    """A clip by its path below the corpus's root, and the content hash of its samples."""

    file: RelativePath
    speaker: Name
    emotion: Name
    sentence: Name | None
    content: Digest


@dataclass(frozen=True)
class SplitRecord:
    """`split.json`. Raises ValueError for an empty part, and for a clip or a content in two of them.

    So for one that enrols and tests, or chooses.
    """

    FORMAT: ClassVar[int] = 1

    corpus: Name
    protocol: Name
    seed: Natural
    fold: Natural
    notes: tuple[str, ...]
    train: tuple[ClipRecord, ...]
    validation: tuple[ClipRecord, ...]
    test: tuple[ClipRecord, ...]
    enrolled: tuple[ClipRecord, ...] = ()

    def __post_init__(self) -> None:
        seen: dict[str, str] = {}
        for part, clips in self.parts.items():
            if not clips:
                raise WrongValue(f"there is no clip to {part}", part)
            for number, clip in enumerate(clips):
                for name in (clip.file, clip.content):
                    if seen.setdefault(name, part) != part:
                        raise WrongValue(f"{clip.file} is in {seen[name]} too", part, number)
        for number, clip in enumerate(self.enrolled):
            for name in (clip.file, clip.content):
                if (part := seen.get(name, "train")) != "train":
                    raise WrongValue(f"{clip.file} is in {part} too", "enrolled", number)

    @property
    def parts(self) -> dict[str, tuple[ClipRecord, ...]]:
        """The three sets by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}


@dataclass(frozen=True)
class Split:
    """Three disjoint sets of clips of one corpus, each sorted by path.

    `digests` are the content hashes of all clips of the corpus; `notes` say what a table of results must say
    (shared speakers, who was held out, copies left out). With `enrolled` clips, neutral ones, their speakers
    enrolled, each in this order: they train or are in no part.
    """

    corpus: str
    protocol: str
    seed: int
    fold: int
    train: tuple[Clip, ...]
    validation: tuple[Clip, ...]
    test: tuple[Clip, ...]
    root: Path
    digests: Mapping[Clip, str]
    notes: tuple[str, ...] = ()
    enrolled: tuple[Clip, ...] = ()

    @property
    def parts(self) -> dict[str, tuple[Clip, ...]]:
        """The three sets by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    def record(self) -> SplitRecord:
        """Write it with paths relative to the corpus's root: the same on every machine."""
        head = (self.corpus, self.protocol, self.seed, self.fold, self.notes)
        sets = (*self.parts.values(), self.enrolled)
        return SplitRecord(*head, *(tuple(map(self._entry, clips)) for clips in sets))

    def _entry(self, clip: Clip) -> ClipRecord:
        file = clip.path.relative_to(self.root).as_posix()
        return ClipRecord(file, clip.speaker, clip.emotion, clip.sentence, self.digests[clip])

    @classmethod
    def from_record(cls, record: SplitRecord, root: str | Path) -> Split:
        """Take up what `record` wrote, for the corpus in the folder `root`, and check that no clip has changed.

        Raises SertoolError naming every clip that is missing, unreadable or holds other audio than when the
        split was made.
        """
        root = Path(root).resolve()

        def clip(entry: ClipRecord) -> Clip:
            return Clip(root / entry.file, entry.speaker, entry.emotion, record.corpus, entry.sentence)

        sets = (*record.parts.values(), record.enrolled)
        digests = {clip(entry): entry.content for entries in sets for entry in entries}
        found = contents(clip.path for clip in digests)
        changed = {c.path: "holds other audio now" for c, d in digests.items() if found[c.path].digest != d}
        if changed:
            raise bulk_error(changed)
        head = (record.corpus, record.protocol, record.seed, record.fold)
        train, validation, test, enrolled = (tuple(map(clip, entries)) for entries in sets)
        return cls(*head, train, validation, test, root, digests, record.notes, enrolled)
