"""From a path or a name to a corpus: the embedded one, or a folder of recordings."""

from __future__ import annotations

from pathlib import Path

from sertool.corpora.clips import Corpus
from sertool.corpora.finding import find
from sertool.corpora.loading import KINDS, read_folder
from sertool.corpora.synthesis import default_corpus
from sertool.corpora.telling import Telling
from sertool.errors import SertoolError


def load(
    path_or_name: str | Path,
    *,
    kind: str | None = None,
    layout: str | None = None,
    labels: str | Path | None = None,
    label_pattern: str | None = None,
    speakers: str | Path | None = None,
    speaker_pattern: str | None = None,
    validation_list: str | Path | None = None,
    test_list: str | Path | None = None,
) -> Corpus:
    """Load the corpus in a folder, or one looked up by name under the environment variable SERTOOL_CORPORA.

    The name `synthetic` means the embedded corpus, made in the cache where it is not there yet. `kind` says
    whose file names to go by (one of `KINDS`; `folder`: nobody's); the other settings are those of `Telling`.
    Without any of them names and folders tell, as long as they can be read in one way. No audio is decoded.

    Raises SertoolError if nothing is there, nothing tells labels, the folder can be read in several ways, a
    table, list or pattern cannot be used, or fewer than two emotions are found.
    """
    if kind is not None and kind not in KINDS:
        raise SertoolError(f"unknown kind of corpus: {kind}", allowed=", ".join(KINDS))
    telling = Telling(layout, labels, label_pattern, speakers, speaker_pattern, validation_list, test_list)
    if str(path_or_name) == "synthetic" and not Path("synthetic").is_dir():
        return default_corpus()
    return read_folder(find(path_or_name), kind, telling)
