"""Features as a table for other tools: a row a recording, as the front end gives them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.corpora import Clip, Corpus
from sertool.errors import SertoolError
from sertool.files import write_atomic
from sertool.frontend import FrontendSpec

#: The columns of a table by their names, in order: texts, or int32 (clips,).
_Columns = dict[str, Any]


def check_table(path: Path) -> None:
    """Raise SertoolError for a file that could not be one of features, before anything is computed."""
    if path.suffix.lower() not in _FORMATS:
        raise SertoolError(
            f"{path.name} would not say what it is",
            where="evaluation.features",
            allowed=f"a name that ends in {' or '.join(_FORMATS)}",
        )
    if path.is_dir():
        raise SertoolError("a folder is there", where=path, allowed="a file, which is written anew")
    if path.suffix.lower() == ".parquet":
        _pyarrow()


def write_table(
    path: Path, corpus: Corpus, features: Mapping[Clip, NDArray[np.int32]], spec: FrontendSpec
) -> None:
    """Write file, speaker, label and the integer features of every clip, as CSV in UTF-8 or as Parquet.

    Files are paths below the corpus. Features are those before standardization, whose units
    `spec.feature_steps` has. Raises SertoolError as `check_table` does, and where the disk refuses.
    """
    check_table(path)
    clips = corpus.clips
    integers = np.stack([features[clip] for clip in clips])
    columns: _Columns = {
        "file": [str(corpus.relative(clip)) for clip in clips],
        "speaker": [clip.speaker for clip in clips],
        "label": [clip.emotion for clip in clips],
        **dict(zip(spec.feature_names, integers.T, strict=True)),
    }
    write_atomic(path, _FORMATS[path.suffix.lower()](columns))


def _csv(columns: _Columns) -> bytes:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(columns)
    table.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode()


def _parquet(columns: _Columns) -> bytes:
    arrow = _pyarrow()
    data = io.BytesIO()
    arrow.parquet.write_table(arrow.table(columns), data)
    return data.getvalue()


def _pyarrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise SertoolError(
            f"writing Parquet needs the package pyarrow: {error}",
            where="evaluation.features",
            allowed="a name that ends in .csv, which needs nothing",
            hint="pip install 'sertool[parquet]'",
        ) from error
    return pyarrow


_FORMATS = {".csv": _csv, ".parquet": _parquet}
