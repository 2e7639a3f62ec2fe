"""What a clip and a corpus are."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

UNKNOWN = "unknown"
"""The speaker of every clip of which nobody says who speaks."""


@dataclass(frozen=True, order=True)
class Clip:
    """One recording of one utterance.

    `speaker` is unique within `corpus`. `sentence` names the spoken text where the corpus's file names
    tell it, else it is None; `part` is train, validation or test where the corpus comes divided.
    """

    path: Path
    speaker: str
    emotion: str
    corpus: str
    sentence: str | None = None
    part: str | None = None


@dataclass(frozen=True)
class Corpus:
    """Clips below one folder, sorted by path; `notes` say what was found there and left out.

    `kind` is one of emodb, ravdess, savee, tess, cremad, folder, synthetic: whose names the files have.
    """

    name: str
    root: Path
    clips: tuple[Clip, ...]
    kind: str = "folder"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "clips", tuple(sorted(self.clips, key=self.relative)))

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions that occur, sorted."""
        return tuple(sorted({clip.emotion for clip in self.clips}))

    @property
    def speakers(self) -> tuple[str, ...]:
        """The speakers that occur, sorted."""
        return tuple(sorted({clip.speaker for clip in self.clips}))

    @property
    def divided(self) -> bool:
        """Whether every clip stands in a part of its owner's choice."""
        return all(clip.part for clip in self.clips)

    @property
    def synthetic(self) -> bool:
        """Whether no human being speaks in it: reports must say so."""
        return self.kind == "synthetic"

    def relative(self, clip: Clip) -> str:
        """Path of `clip` below the root, with forward slashes on every system."""
        return clip.path.relative_to(self.root).as_posix()

    def counts(self) -> dict[str, dict[str, int]]:
        """Clips by emotion, then by speaker, zeros included."""
        seen = Counter((clip.emotion, clip.speaker) for clip in self.clips)
        return {e: {s: seen[e, s] for s in self.speakers} for e in self.emotions}

    def with_clips(self, clips: tuple[Clip, ...]) -> Corpus:
        """Return the same corpus with `clips` in place of its own."""
        return dataclasses.replace(self, clips=clips)
