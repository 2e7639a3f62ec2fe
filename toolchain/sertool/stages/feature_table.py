"""Features as a table for other tools: a row a recording, as the front end gives them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from numpy import int32
from numpy.typing import NDArray

from sertool.corpora import Clip, Corpus
from sertool.errors import SertoolError
from sertool.files import write_atomic
from sertool.frontend import FrontendSpec


def check_table(path: Path) -> None:
    """Raise SertoolError for a file that could not be one of features, before anything is computed."""
    if path.suffix.lower() != ".csv":
        raise SertoolError(
            f"{path.name} would not say what it is",
            where="evaluation.features",
            allowed="a name that ends in .csv",
            hint="other tools make Parquet of it, such as pandas.read_csv(...).to_parquet(...)",
        )
    if path.is_dir():
        raise SertoolError("a folder is there", where=path, allowed="a file, which is written anew")


def write_table(
    path: Path, corpus: Corpus, features: Mapping[Clip, NDArray[int32]], spec: FrontendSpec
) -> None:
    """Write file, speaker, label and the integer features of every clip, in UTF-8, a header first.

    Files are paths below the corpus. Features are those before standardization, whose units
    `spec.feature_steps` has. Raises SertoolError where the disk refuses.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["file", "speaker", "label", *spec.feature_names])
    for clip in corpus.clips:
        table.writerow([corpus.relative(clip), clip.speaker, clip.emotion, *features[clip].tolist()])
    write_atomic(path, text.getvalue())
