"""`results/accuracy.json`: rows of accuracy with what they were made from, read strictly and written whole.

    {"format": 1, "manifests": {"<sha256>": {...}}, "rows": [{"corpus": ..., "manifest": "<sha256>", ...}]}

A manifest says which clips, protocol, seeds and settings a row was measured with, and with which packages; its
key is the SHA-256 of its canonical JSON.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sertool import corpora
from sertool.corpora import Corpus
from sertool.digests import value_digest
from sertool.errors import SertoolError
from sertool.experiments.cases import Experiment

FORMAT = 1

#: What every row says, and of which type it is.
COLUMNS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("corpus", "protocol", "descriptors", "shape", "plan", "method", "manifest"), (str,)),
    **dict.fromkeys(("bytes", "seeds", "folds"), (int,)),
    "limit": (int, type(None)),
    **{
        f"{name}_{end}": (int, float)
        for name in ("wa", "float_wa", "difference")
        for end in ("mean", "low", "high")
    },
    **dict.fromkeys(("ua_mean", "float_ua_mean"), (int, float)),
    "wa_values": (list,),
}


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
        "format": FORMAT,
        "manifests": {value_digest(each): each for each in manifests},
        "rows": list(rows),
    }
    return json.dumps(value, indent=1) + "\n"


def load(path: Path) -> tuple[dict[str, Any], ...]:
    """Return the rows of a results file.

    Raises SertoolError for a missing or damaged file, and for a row with a column missing or of another type.
    """
    hint = "make it again: make evidence"
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SertoolError(f"cannot read the results: {error.strerror}", where=path, hint=hint) from error
    except ValueError as error:
        raise SertoolError(f"the results are damaged: {error}", where=path, hint=hint) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT or not isinstance(value.get("rows"), list):
        raise SertoolError(
            "these are no results, or of another format", where=path, allowed=f"format {FORMAT}", hint=hint
        )
    if not value["rows"]:
        raise SertoolError("there is no row in the results", where=path, hint=hint)
    for number, row in enumerate(value["rows"]):
        _check(row, f"{path}: row {number + 1}")
    return tuple(value["rows"])


def _check(row: object, where: str) -> None:
    if not isinstance(row, dict):
        raise SertoolError("a row of the results is no object", where=where)
    for column, kinds in COLUMNS.items():
        if column not in row:
            raise SertoolError(f"a row of the results lacks {column}", where=where, allowed=", ".join(COLUMNS))
        if not isinstance(row[column], kinds) or isinstance(row[column], bool):
            names = " or ".join("null" if kind is type(None) else kind.__name__ for kind in kinds)
            raise SertoolError(f"{column} = {row[column]!r:.60} in the results", where=where, allowed=names)
