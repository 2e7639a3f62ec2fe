"""What the test part of a split shares with its training part: speakers, copies, sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sertool.corpora.clips import Corpus
from sertool.corpora.split import Split
from sertool.corpora.splitting import PROTOCOLS, folds, split
from sertool.errors import SertoolError


@dataclass(frozen=True)
class Leak:
    """Of one protocol, over all its folds (seed 0).

    Shares are of tested clips: whose speaker, whose sentence, whose very samples are also in the training part.
    `sentences` is None where file names do not tell the sentence; `impossible` says why there is no such split,
    else it is None. `copies` is 0 because a split keeps copies together or leaves them out;
    `copies_kept` counts the tested clips of which a copy exists.
    """

    protocol: str
    folds: int
    speakers: float = 0.0
    copies: float = 0.0
    copies_kept: int = 0
    sentences: float | None = None
    impossible: str | None = None


def leaks(corpus: Corpus) -> tuple[Leak, ...]:
    """Measure every protocol on a corpus whose clips can all be read; `own` where it comes divided."""
    protocols = [protocol for protocol in PROTOCOLS if protocol != "own" or corpus.divided]
    return tuple(_leak(corpus, protocol) for protocol in protocols)


def _leak(corpus: Corpus, protocol: str) -> Leak:
    try:
        count = folds(corpus, protocol)
        made = [split(corpus, protocol, fold=fold) for fold in range(count)]
    except SertoolError as error:
        return Leak(protocol, 0, impossible=error.what)
    tested = sum(len(one.test) for one in made)
    told = all(clip.sentence is not None for clip in corpus.clips)
    return Leak(
        protocol,
        count,
        speakers=sum(_shared(one, [clip.speaker for clip in one.train], "speaker") for one in made) / tested,
        copies=sum(_copies(one) for one in made) / tested,
        copies_kept=sum(_doubled(one) for one in made),
        sentences=sum(_shared(one, [c.sentence for c in one.train], "sentence") for one in made) / tested
        if told
        else None,
    )


def _shared(made: Split, trained: list[str] | list[str | None], quality: str) -> int:
    known = set(trained)
    return sum(getattr(clip, quality) in known for clip in made.test)


def _doubled(made: Split) -> int:
    seen = Counter(made.digests.values())
    return sum(seen[made.digests[clip]] > 1 for clip in made.test)


def _copies(made: Split) -> int:
    trained = {made.digests[clip] for clip in made.train}
    return sum(made.digests[clip] in trained for clip in made.test)
