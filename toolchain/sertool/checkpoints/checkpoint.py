"""What `checkpoint.json` says of a network: what it is, what it heard, how good it is, what made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from sertool.digests import value_digest
from sertool.plain_values import Digest, Like, Name, Positive, RelativePath, to_plain
from sertool.project.manifest import Recordings
from sertool.project.options import Settings
from sertool.report.recordings import Corpus, Measured, Split
from sertool.report.report import Accuracy

#: What a checkpoint can be called: it is the name of a folder.
Slug = Annotated[str, Like(r"[a-z0-9][a-z0-9_-]{0,39}", "a word of a-z, 0-9, - and _, at most 40 characters")]
#: A command line.
Command = Annotated[str, Like(r"[^\x00-\x1f\x7f]{1,2000}", "a command line of at most 2,000 characters")]


@dataclass(frozen=True)
class Checkpoint:
    """A network as `sertool build` made it, and where it comes from.

    `model` is the SHA-256 of `model.tflite`, which holds integers, labels, front end and standardizer.
    `accuracy` is this network's on the test part of `split`; `evaluations` are of others that the same
    `settings` gave, fold by fold. `recordings` are those that were split. `files` are digests of what lies
    beside; `seal` is one of all other values, so that no figure changes unnoticed.
    """

    FORMAT: ClassVar[int] = 1

    name: Slug
    sertool: Name
    command: Command
    labels: tuple[Name, ...]
    shape: tuple[Positive, ...]
    plan: tuple[Name, ...]
    model: Digest
    corpus: Corpus
    split: Split
    accuracy: Accuracy | None
    evaluations: tuple[Measured, ...]
    settings: Settings
    recordings: Recordings
    versions: Mapping[Name, Name]
    files: Mapping[RelativePath, Digest]
    seal: Digest

    def headline(self) -> dict[str, object]:
        """What a list shows of it, as plain values."""
        terms = self.corpus.terms
        return {
            "name": self.name,
            "corpus": self.corpus.name,
            "synthetic": self.corpus.synthetic,
            "terms": terms.terms if terms else None,
            "noncommercial": terms.noncommercial if terms else None,
            "labels": list(self.labels),
            "shape": list(self.shape),
            "plan": list(self.plan),
            "model": self.model,
            "evaluations": [to_plain(each) for each in self.evaluations],
        }

    @property
    def sealed(self) -> str:
        """What the seal has to be."""
        return seal_of({"format": self.FORMAT, **to_plain(self)})


def seal_of(said: Mapping[str, object]) -> str:
    """The seal of a checkpoint that says these plain values."""
    return value_digest({**said, "seal": None})
