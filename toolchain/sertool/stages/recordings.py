"""The recordings that a project speaks of, decoded into front-end features: what every stage starts from."""

from __future__ import annotations

import functools
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool import corpora
from sertool.corpora import Clip, Corpus, Split
from sertool.frontend import FrontendSpec, Standardizer, extract
from sertool.graph import TensorScale
from sertool.locations import cache_folder
from sertool.project import BuildFolder, Project
from sertool.training import Examples, TrainingData

log = logging.getLogger(__name__)

SYNTHETIC_SEED = 0


def open_corpus(project: Project) -> Corpus:
    """Load the project's corpus, without what `skip_bad` leaves out; synthetic speech where it names none.

    Raises SertoolError as `corpora.load` and `corpora.screen` do.
    """
    wanted = project.corpus
    if wanted.path is None:
        log.warning(
            "no recordings given: this build runs on SYNTHETIC speech, which proves the chain and says nothing "
            "about emotion; for real data: --corpus FOLDER (EMODB, RAVDESS, SAVEE, TESS or one folder a label)"
        )
        corpus = corpora.synthesize(
            cache_folder("corpora") / f"synthetic-{SYNTHETIC_SEED}", seed=SYNTHETIC_SEED
        )
    else:
        corpus = corpora.load(
            wanted.path, kind=wanted.kind, speakers=wanted.speakers, pattern=wanted.speaker_pattern
        )
    spec = project.frontend.spec
    screened = corpora.screen(corpus, skip_bad=wanted.skip_bad, shortest=spec.frame_length)
    for note in corpus.notes:
        log.info("%s: %s", corpus.name, note)
    if screened.skipped:
        log.warning("%d recordings left out:", len(screened.skipped))
    for path, reason in screened.skipped:
        log.warning("  %s: %s", path, reason)
    return screened.corpus


@dataclass(frozen=True, eq=False)
class Material:
    """A split's clips as quantized features, in the parts and order of the split."""

    corpus: Corpus
    split: Split
    spec: FrontendSpec
    standardizer: Standardizer
    labels: tuple[str, ...]
    raw: dict[str, NDArray[np.int32]]

    def examples(self, part: str) -> Examples:
        """The part's int8 features and label indices."""
        return Examples(self.standardizer.apply(self.raw[part]), self._truth(self.split.parts[part]))

    def training_data(self) -> TrainingData:
        """The parts that training may see."""
        return TrainingData(self.examples("train"), self.examples("validation"), self.labels, self.input)

    @property
    def input(self) -> TensorScale:
        """Scale of the int8 features."""
        return TensorScale(self.standardizer.scale, self.standardizer.zero_point)

    def _truth(self, clips: Sequence[Clip]) -> NDArray[np.int64]:
        return np.array([self.labels.index(clip.emotion) for clip in clips], np.int64)


def features_of(paths: Sequence[Path], spec: FrontendSpec) -> NDArray[np.int32]:
    """Raw features, int32 (clips, features), of audio files; cached by content."""
    return extract(paths, spec, read=functools.partial(_samples, sample_rate=spec.sample_rate))


def _samples(path: Path, sample_rate: int) -> NDArray[np.int16]:
    return corpora.read_pcm(path, sample_rate).samples


def new_material(project: Project) -> Material:
    """Split the project's corpus, run the front end over it, and fit the standardizer on the training part."""
    corpus = open_corpus(project)
    wanted = project.corpus
    split = corpora.split(corpus, wanted.protocol, seed=wanted.seed, fold=wanted.fold)
    spec = project.frontend.spec
    raw = _raw(split, spec)
    return Material(corpus, split, spec, Standardizer.fit(raw["train"]), corpus.emotions, raw)


def stored_material(project: Project, folder: BuildFolder) -> Material:
    """Take up the split and front end that `train` left; raises SertoolError when a clip has changed since."""
    corpus = open_corpus(project)
    split = Split.from_dict(folder.read_json(folder.split, "train"), corpus.root)
    stored = folder.read_json(folder.frontend, "train")
    spec = FrontendSpec.from_dict(stored["spec"])
    standardizer = Standardizer.from_dict(stored["standardizer"])
    return Material(corpus, split, spec, standardizer, corpus.emotions, _raw(split, spec))


def _raw(split: Split, spec: FrontendSpec) -> dict[str, NDArray[np.int32]]:
    return {part: features_of([clip.path for clip in clips], spec) for part, clips in split.parts.items()}
