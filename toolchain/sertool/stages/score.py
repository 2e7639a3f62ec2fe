"""A built model on labelled recordings that it has not heard: another corpus, or a list of one's own."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool import corpora, laq
from sertool.answers import doubts_of_labels
from sertool.augmentation import CONDITIONS
from sertool.corpora import Corpus
from sertool.corpora.clips import UNKNOWN
from sertool.corpora.emotions import canonical_emotion
from sertool.corpora.split import SplitRecord
from sertool.errors import SertoolError
from sertool.evaluation import Evaluation
from sertool.experiments.conditions import under_conditions
from sertool.experiments.scoring import Answer, Examined, of_one
from sertool.firmware.pack import layer_bytes
from sertool.material import elsewhere, features_of, shares
from sertool.material.turns import turns
from sertool.project import BuildFolder, Project
from sertool.report import write_evaluation
from sertool.stages.built_model import Model, load_model
from sertool.stages.evaluate import Evaluated
from sertool.stages.feature_table import check_table, write_table
from sertool.stages.recordings import open_corpus
from sertool.standardization import Speaker

log = logging.getLogger(__name__)


def score(
    folder: BuildFolder, project: Project, *, without: Sequence[str] = (), features: Path | None = None
) -> Evaluated:
    """Classify the project's recordings with the model of a build, and say how right that is.

    A model that follows its speaker begins anew with each, and hears the recordings in an order that the
    corpus's seed draws; nobody enrols, which is noted where one could. Labels are compared by the vocabulary of
    `corpora`; recordings of the labels `without` are left out, and so are those that the model was trained on.
    `features` is as `evaluate` has it, and so are the project's conditions.
    Writes a page and its figures below `folder.evaluation`, called as the corpus is. Raises SertoolError for a
    missing or damaged model, labels that it does not know, and recordings of which none is left.
    """
    if features is not None:
        check_table(features)
    model = load_model(folder)
    corpus, notes = _recordings(project, folder, model, without)
    raw = features_of([clip.path for clip in corpus.clips], model.spec)
    if features is not None:
        write_table(features, corpus, dict(zip(corpus.clips, raw, strict=True)), model.spec)
    inputs = _inputs(model, corpus, raw, project.corpus.seed)
    heard = laq.answers(model.graph, inputs, model.temperature)
    sure = doubts_of_labels(model.rule, inputs, heard.probabilities, heard.labels) == 0
    names = _names(model)
    answers = tuple(
        Answer(corpus.relative(clip), clip.speaker, names[clip.emotion], model.graph.labels[index], *told)
        for clip, index, *told in zip(
            corpus.clips,
            *(part.tolist() for part in (heard.labels, heard.confidence, heard.untempered, sure)),
            strict=True,
        )
    )
    value = of_one(
        corpus.name,
        model.graph.labels,
        Examined(*_network(model), answers, model.temperature),
        synthetic=corpus.synthetic,
        notes=(*corpus.notes, *notes, *(["nobody enrolled"] if model.standardizer.enrolled else [])),
    )
    if project.evaluation.conditions:
        value = _under_conditions(value, model, corpus, heard.labels, project.corpus.seed)
    links = {corpus.relative(clip): clip.path.as_uri() for clip in corpus.clips}
    page, figures = write_evaluation(value, links, folder.evaluation, f"built-{corpus.name}")
    return Evaluated(value, page, figures)


def _inputs(model: Model, corpus: Corpus, raw: NDArray[np.int32], seed: int) -> NDArray[np.int8]:
    """What the network reads of raw features, clip by clip."""
    if model.standardizer.running and UNKNOWN in corpus.speakers:
        raise SertoolError(
            "the model follows its speaker, and nobody says who speaks",
            where=corpus.root,
            hint="say who speaks with corpus.speakers or corpus.speaker_pattern",
        )
    inputs = np.empty(raw.shape, np.int8)
    for rows in turns(corpus.clips, seed).values():
        inputs[rows] = model.standardizer.follow(raw[rows])
    return inputs


def _under_conditions(
    value: Evaluation, model: Model, corpus: Corpus, heard: NDArray[np.int64], seed: int
) -> Evaluation:
    def stranger(_: str) -> Speaker:
        return Speaker.unknown(model.spec.features)

    met = elsewhere(corpus.clips, model.spec, model.standardizer, tuple(CONDITIONS.values()), seed, stranger)
    names = _names(model)
    truth = np.array([model.graph.labels.index(names[clip.emotion]) for clip in corpus.clips])
    there = laq.answers(model.graph, met.inputs, model.temperature).labels
    return under_conditions(value, [shares(truth, met, heard, there)])


def _names(model: Model) -> dict[str, str]:
    """What the model calls each label of the one vocabulary."""
    return {canonical_emotion(label): label for label in model.graph.labels}


def _recordings(
    project: Project, folder: BuildFolder, model: Model, without: Sequence[str]
) -> tuple[Corpus, list[str]]:
    wanted = project.corpus
    if wanted.path is None:
        if wanted.labels is None:
            raise SertoolError(
                "no recordings are named",
                hint="name their folder (corpus.path), or a table of files and labels (corpus.labels)",
            )
        # A list of one's own speaks of files beside it.
        project = dataclasses.replace(
            project, corpus=dataclasses.replace(wanted, path=str(Path(wanted.labels).resolve().parent))
        )
    corpus = open_corpus(project).corpus
    corpus, notes = _without(corpus, [canonical_emotion(label) for label in without])
    known = _names(model)
    if unknown := [label for label in corpus.emotions if label not in known]:
        raise SertoolError(
            f"the model was never trained on {', '.join(unknown)}, which recordings are labelled",
            where=corpus.root,
            allowed=", ".join(known),
            hint=f"leave out evaluation.without = {','.join(unknown)}, or label them anew (corpus.labels)",
        )
    return _unheard(corpus, folder, notes)


def _without(corpus: Corpus, labels: Sequence[str]) -> tuple[Corpus, list[str]]:
    if strange := [label for label in labels if label not in corpus.emotions]:
        raise SertoolError(
            f"no recording is labelled {', '.join(strange)}",
            where="evaluation.without",
            allowed=", ".join(corpus.emotions),
        )
    kept = tuple(clip for clip in corpus.clips if clip.emotion not in labels)
    if not kept:
        raise SertoolError("every recording is left out", where="evaluation.without", allowed="fewer labels")
    notes = [
        f"{len(corpus.clips) - len(kept)} recordings of {', '.join(labels)} were left out" for _ in labels[:1]
    ]
    return corpus.with_clips(kept), notes


def _unheard(corpus: Corpus, folder: BuildFolder, notes: list[str]) -> tuple[Corpus, list[str]]:
    """Leave out what the model was trained on, by content, where the build says what that was."""
    if not folder.split.exists():
        return corpus, [*notes, "the build does not say what its model was trained on"]
    split = folder.read(folder.split, SplitRecord, "train")
    trained = {clip.content for clip in (*split.train, *split.validation)}
    found = corpora.contents(clip.path for clip in corpus.clips)
    kept = tuple(clip for clip in corpus.clips if found[clip.path].digest not in trained)
    if not kept:
        raise SertoolError(
            "the model was trained on every one of these recordings",
            where=corpus.root,
            allowed="recordings that it has not heard",
            hint="to see how it does on new ones of this corpus, leave evaluation.build out",
        )
    left = len(corpus.clips) - len(kept)
    if left:
        notes = [*notes, f"{left} recordings were left out that the model was trained on"]
        log.warning("%s", notes[-1])
    return corpus.with_clips(kept), notes


def _network(model: Model) -> tuple[str, str, int]:
    """Shape, plan and bytes of flash of the model's layers."""
    dense = model.graph.weighted
    shape = "-".join(map(str, (dense[0].inputs, *(layer.outputs for layer in dense))))
    size = sum(layer_bytes(layer.outputs, layer.inputs, layer.width) for layer in dense)
    return shape, ",".join(str(layer.width) for layer in dense), size
