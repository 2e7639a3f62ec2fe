"""A split as a value, and its written form, by which later stages use exactly the same clips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sertool.corpora.contents import bulk_error, contents
from sertool.corpora.model import Clip
from sertool.errors import SertoolError

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Split:
    """Three disjoint sets of clips of one corpus, each sorted by path.

    `digests` are the content hashes of all clips of the corpus; `notes` say what a table of results must say
    (shared speakers, who was held out, copies left out).
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

    @property
    def parts(self) -> dict[str, tuple[Clip, ...]]:
        """The three sets by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    def to_dict(self) -> dict[str, Any]:
        """Write as plain values, paths relative to the corpus's root: the same on every machine."""
        return {
            "corpus": self.corpus,
            "protocol": self.protocol,
            "seed": self.seed,
            "fold": self.fold,
            "notes": list(self.notes),
            **{part: [self._entry(clip) for clip in clips] for part, clips in self.parts.items()},
        }

    def _entry(self, clip: Clip) -> dict[str, str | None]:
        return {
            "file": clip.path.relative_to(self.root).as_posix(),
            "speaker": clip.speaker,
            "emotion": clip.emotion,
            "sentence": clip.sentence,
            "content": self.digests[clip],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], root: str | Path) -> Split:
        """Read what `to_dict` wrote, for the corpus in the folder `root`, and check that no clip has changed.

        Raises SertoolError if the value is malformed, or naming every clip that is missing, unreadable or
        holds other audio than when the split was made.
        """
        root = Path(root).resolve()
        try:
            entries = {part: list(data[part]) for part in PARTS}
            clips = {
                part: tuple(
                    Clip(root / e["file"], e["speaker"], e["emotion"], data["corpus"], e["sentence"])
                    for e in entries[part]
                )
                for part in PARTS
            }
            digests = {c: str(e["content"]) for p in PARTS for c, e in zip(clips[p], entries[p], strict=True)}
            head = (str(data["corpus"]), str(data["protocol"]), int(data["seed"]), int(data["fold"]))
            notes = tuple(data["notes"])
        except (KeyError, TypeError, ValueError) as error:
            raise SertoolError(f"this is no split: {error!r}", hint="split the corpus again") from error
        found = contents(clip.path for clip in digests)
        changed = {c.path: "holds other audio now" for c, d in digests.items() if found[c.path].digest != d}
        if changed:
            raise bulk_error(changed)
        return cls(*head, clips["train"], clips["validation"], clips["test"], root, digests, notes)
