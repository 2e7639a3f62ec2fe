"""The known corpora: terms, citation, where to get them, and which of them are at hand."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sertool.corpora.finding import audio_files
from sertool.corpora.naming import EXAMPLES
from sertool.corpora.opening import load
from sertool.errors import SertoolError


@dataclass(frozen=True)
class Description:
    """A corpus as a model card names it.

    terms: as catalogues state them (`terms_source`); the owner's page has the last word.
    """

    kind: str
    title: str
    language: str
    content: str
    terms: str
    terms_source: str
    noncommercial: bool
    citation: str
    page: str


DESCRIPTIONS: dict[str, Description] = {
    "emodb": Description(
        kind="emodb",
        title="Berlin Database of Emotional Speech (EMO-DB)",
        language="German",
        content="535 clips, 10 speakers, 7 acted emotions",
        terms="CC0 1.0 or CC BY 4.0, by release",
        terms_source="audb's release (CC0 1.0); EmoDB 2.0 on Zenodo (CC BY 4.0)",
        noncommercial=False,
        citation=(
            "F. Burkhardt, A. Paeschke, M. Rolfes, W. F. Sendlmeier, B. Weiss: A Database of German Emotional "
            "Speech. Interspeech 2005, 1517-1520."
        ),
        page="http://emodb.bilderbar.info",
    ),
    "ravdess": Description(
        kind="ravdess",
        title="Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS), speech part",
        language="North American English",
        content="1440 clips, 24 speakers, 8 acted emotions",
        terms="CC BY-NC-SA 4.0 (not for commercial use)",
        terms_source="Zenodo record 1188976",
        noncommercial=True,
        citation=(
            "S. R. Livingstone, F. A. Russo: The Ryerson Audio-Visual Database of Emotional Speech and Song "
            "(RAVDESS). PLoS ONE 13(5), 2018, e0196391."
        ),
        page="https://zenodo.org/record/1188976 (Audio_Speech_Actors_01-24.zip)",
    ),
    "savee": Description(
        kind="savee",
        title="Surrey Audio-Visual Expressed Emotion (SAVEE) database",
        language="British English",
        content="480 clips, 4 speakers, 7 acted emotions",
        terms="free of charge for research after registration, not for redistribution",
        terms_source="catalogues of speech corpora, after the University of Surrey's page",
        noncommercial=True,
        citation=(
            "S. Haq, P. J. B. Jackson: Speaker-dependent audio-visual emotion recognition. AVSP 2009, 53-58."
        ),
        page="http://kahlan.eps.surrey.ac.uk/savee/",
    ),
    "tess": Description(
        kind="tess",
        title="Toronto Emotional Speech Set (TESS)",
        language="Canadian English",
        content="2800 clips, 2 speakers, 7 acted emotions",
        terms="CC BY-NC-ND 4.0 (not for commercial use, no derivatives)",
        terms_source="catalogues of speech corpora, after the University of Toronto's repository",
        noncommercial=True,
        citation=(
            "M. K. Pichora-Fuller, K. Dupuis: Toronto emotional speech set (TESS). 2020, "
            "https://doi.org/10.5683/SP2/E8H2MF"
        ),
        page="https://tspace.library.utoronto.ca/handle/1807/24487",
    ),
    "cremad": Description(
        kind="cremad",
        title="Crowd-sourced Emotional Multimodal Actors Dataset (CREMA-D)",
        language="North American English",
        content="7442 clips, 91 speakers, 6 acted emotions",
        terms="Open Database License (ODbL) 1.0; its contents: Database Contents License 1.0",
        terms_source="LICENSE.txt of the corpus's repository",
        noncommercial=False,
        citation=(
            "H. Cao, D. G. Cooper, M. K. Keutmann, R. C. Gur, A. Nenkova, R. Verma: CREMA-D: Crowd-sourced "
            "Emotional Multimodal Actors Dataset. IEEE Transactions on Affective Computing 5(4), 2014, 377-390."
        ),
        page="https://github.com/CheyneyComputerScience/CREMA-D (AudioWAV, by Git LFS)",
    ),
    "synthetic": Description(
        kind="synthetic",
        title="sertool's synthetic corpus: no human speech",
        language="none (made-up syllables)",
        content="336 clips, 8 synthetic speakers, 7 emotions by published acoustic correlates",
        terms="MIT, as sertool; made by the project itself",
        terms_source="sertool",
        noncommercial=False,
        citation="sertool, `sertool corpus synthesize`.",
        page="made on this machine",
    ),
}


@dataclass(frozen=True)
class Listed:
    """A row of `corpus list`. root is None where the corpus is not at hand; `how` then says how to get it.

    `problem` says why a folder of recordings cannot be loaded as it is; its counts are then 0.
    """

    name: str
    kind: str
    root: Path | None
    clips: int
    speakers: int
    emotions: int
    terms: str
    how: str
    problem: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Write as plain values for JSON."""
        return {**vars(self), "root": None if self.root is None else str(self.root)}


def describe(kind: str) -> Description | None:
    """Terms and citation of a known corpus; None for the kind `folder`, whose terms its owner knows."""
    return DESCRIPTIONS.get(kind)


def known() -> tuple[Listed, ...]:
    """List every corpus under SERTOOL_CORPORA, then the known ones that are not there. Decodes no audio."""
    base = os.environ.get("SERTOOL_CORPORA")
    folders = sorted(Path(base).iterdir()) if base and Path(base).is_dir() else []
    found = [row for folder in folders if folder.is_dir() and (row := _found(folder))]
    present = {row.kind for row in found}
    return (*found, *(_absent(text) for kind, text in DESCRIPTIONS.items() if kind not in present))


def _found(folder: Path) -> Listed | None:
    if not audio_files(folder).files:
        return None
    try:
        corpus = load(folder)
    except SertoolError as error:
        how = f"sertool corpus audit {folder.name} says what to do"
        return Listed(folder.name, "unknown", folder, 0, 0, 0, "known to its owner", how, error.what)
    text = describe(corpus.kind)
    terms = text.terms if text else "known to its owner"
    counts = (len(corpus.clips), len(corpus.speakers), len(corpus.emotions))
    return Listed(folder.name, corpus.kind, corpus.root, *counts, terms, f"corpus.path = {folder.name}")


def _absent(text: Description) -> Listed:
    if text.kind == "synthetic":
        how = "corpus.path = synthetic makes it"
    else:
        how = (
            f"get it from {text.page}, unpack it as {EXAMPLES[text.kind]} and name the folder with corpus.path"
        )
    return Listed(text.kind, text.kind, None, 0, 0, 0, text.terms, how)
