"""`results/accuracy.json`: rows of accuracy with what they were made from, read strictly and written whole.

    {"format": 2, "manifests": {"<sha256>": {...}}, "rows": [{"corpus": ..., "manifest": "<sha256>", ...}]}

A manifest says which clips, protocol, seeds and settings a row was measured with, and with which packages; its
key is the SHA-256 of its canonical JSON. `bytes` are those of flash (`firmware.pack.layer_bytes`), null where
they could not be recounted; `limit_counts` says what a row's limit bounded (`recounting.FLASH` or `CODES`).
Format 1 had the bytes of codes, scales and biases instead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from sertool import corpora
from sertool.corpora import Corpus
from sertool.digests import value_digest
from sertool.experiments.cases import Experiment
from sertool.json_files import load_json
from sertool.plain_values import Between, Name, Positive, to_plain

Percent = Annotated[float, Between(0, 100)]
#: An end of Student's interval, which may lie beyond what there can be.
End = Annotated[float, Between(-10_000, 10_000)]


@dataclass(frozen=True)
class ResultRow:
    """A row as `experiments.row` makes it, with the digest of its manifest."""

    corpus: Name
    protocol: Name
    descriptors: Name
    shape: Name
    plan: Name
    method: Name
    manifest: Name
    bytes: Positive | None
    seeds: Positive
    folds: Positive
    limit: Positive | None
    limit_counts: Name | None
    wa_mean: Percent
    wa_low: End
    wa_high: End
    wa_values: tuple[Percent, ...]
    ua_mean: Percent
    float_wa_mean: Percent
    float_wa_low: End
    float_wa_high: End
    float_ua_mean: Percent
    difference_mean: Annotated[float, Between(-100, 100)]
    difference_low: End
    difference_high: End
    test_clips: Positive | None = None
    plans: Mapping[Name, Positive] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as tables and trade-offs look them up."""
        values = to_plain(self)
        absent = [name for name in ("test_clips", "plans") if values[name] is None]
        return {name: value for name, value in values.items() if name not in absent}


@dataclass(frozen=True)
class Results:
    """The whole file. Raises ValueError where it has no row."""

    FORMAT: ClassVar[int] = 2

    manifests: Mapping[Name, object]
    rows: tuple[ResultRow, ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError("there is no row in the results")


def manifest(corpus: Corpus, experiment: Experiment, versions: Mapping[str, str]) -> dict[str, Any]:
    """Return what rows of one corpus and experiment were measured with."""
    clips = hashlib.sha256()
    contents = corpora.contents(clip.path for clip in corpus.clips)
    for clip in sorted(corpus.clips):
        clips.update(f"{clip.path.name} {clip.speaker} {clip.emotion} {contents[clip.path].digest}\n".encode())
    return {
        "corpus": corpus.name,
        "clips": len(corpus.clips),
        "clips_digest": clips.hexdigest(),
        **asdict(experiment),
        "versions": dict(versions),
    }


def dump(rows: Sequence[Mapping[str, Any]], manifests: Sequence[Mapping[str, Any]]) -> str:
    """Return the file's text: rows that name the `value_digest` of one of `manifests`."""
    value = {
        "format": Results.FORMAT,
        "manifests": {value_digest(each): each for each in manifests},
        "rows": list(rows),
    }
    return json.dumps(value, indent=1) + "\n"


def load(path: Path) -> tuple[dict[str, Any], ...]:
    """Return the rows of a results file.

    Raises SertoolError for a missing or damaged file or one of another format, and for a row with a column that
    is missing, of another type or out of range.
    """
    found = load_json(path, Results, "make it again: make evidence")
    return tuple(row.to_dict() for row in found.rows)
