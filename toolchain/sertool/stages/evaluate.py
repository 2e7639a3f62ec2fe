"""An evaluation: every fold of a protocol, each with networks of its own, made as a build makes them."""

from __future__ import annotations

import functools
import itertools
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool import corpora
from sertool.augmentation import CONDITIONS, Augmentation, Condition
from sertool.corpora import Clip, Corpus, Split
from sertool.evaluation import Evaluation
from sertool.experiments.conditions import under_conditions
from sertool.experiments.followed import beside
from sertool.experiments.outcomes import Row
from sertool.experiments.scoring import Answer, Examined, across
from sertool.experiments.store import Store
from sertool.experiments.studies.folds import folds
from sertool.experiments.study import Study, rows_of, run
from sertool.experiments.trials import Recipe, Trial
from sertool.experiments.workers import Workers, hire
from sertool.material import (
    Case,
    Elsewhere,
    Following,
    Material,
    Occasions,
    Protocol,
    clip_features,
    elsewhere,
    enrolling,
    following,
    join,
    occasions,
    shares,
    suitable,
)
from sertool.plain_values import to_plain
from sertool.project import AUTO, BuildFolder, Project
from sertool.report import write_evaluation
from sertool.stages.feature_table import check_table, write_table
from sertool.stages.quantize import wanted_widths
from sertool.stages.recordings import announce, open_corpus
from sertool.standardization import STANDARDIZATIONS

log = logging.getLogger(__name__)

#: Seed and fold.
Place = tuple[int, int]


@dataclass(frozen=True)
class _Way:
    """What the networks of an evaluation may differ in."""

    standardization: str
    augmentation: Augmentation

    @property
    def follows(self) -> bool:
        """Whether they follow their speaker."""
        return STANDARDIZATIONS[self.standardization] is not None


@dataclass(frozen=True, eq=False)
class _Lesson:
    """What one network is given, and asked besides its test clips: under conditions, on occasions."""

    material: Material
    conditions: Elsewhere
    occasions: Occasions | None

    @classmethod
    def of(cls, material: Material, conditions: Sequence[Condition], *, follows: bool) -> _Lesson:
        met = occasions(material) if follows else None
        split = material.split
        heard = elsewhere(
            split.test, material.spec, material.standardizer, conditions, split.seed, material.known
        )
        return cls(material, heard, met)

    def case(self) -> Case:
        case = self.material.case()
        more = [self.conditions.inputs, *([self.occasions.inputs] if self.occasions else [])]
        return replace(case, elsewhere=np.concatenate(more))


@dataclass(frozen=True, eq=False)
class _Learned:
    """The networks that were made in one way, by seed and fold; how many of them this run had to train."""

    lessons: Mapping[Place, _Lesson]
    rows: Mapping[Place, Row]
    value: Evaluation
    learned: int


@dataclass(frozen=True)
class Evaluated:
    """The finished evaluation, its page and its figures, and how many networks this run had to train."""

    value: Evaluation
    page: Path
    figures: Path
    learned: int = 0

    def to_dict(self) -> dict[str, Any]:
        """What `sertool evaluate --json` prints."""
        places = {"page": str(self.page), "figures": str(self.figures), "learned": self.learned}
        return {**places, **to_plain(self.value)}


def evaluate(
    project: Project,
    folder: BuildFolder,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    features: Path | None = None,
) -> Evaluated:
    """Train, quantize and test a network a fold and seed, as `sertool build` would; what is there stays.

    `jobs` processes of this machine work, or the workers of the Dask `scheduler` at an address. Seeds count up
    from the project's, for splits and for weights. `features`, where given, is the CSV or Parquet file for the
    features of all recordings. Writes `evaluation.html` and `evaluation.json` below `folder.evaluation`. Raises
    SertoolError for recordings and settings that cannot be used, a results file that is damaged or something
    else, and workers that are lost.

    Where standardization follows its speaker, a second network a fold and seed follows nobody, so that what
    following gives is told beside it. Likewise one is not augmented where conditions are asked for of networks
    that are.
    """
    if features is not None:
        check_table(features)
    # What cannot be reached or used is told before the recordings are read.
    with hire(jobs, scheduler) as workers, Store.open(folder.evaluation_rows) as store:
        screened = open_corpus(project)
        corpus, spec = screened.corpus, project.frontend.spec
        trial = _trial(project, (spec.features, *project.training.hidden, len(corpus.emotions)))
        splits = _splits(project, corpus)
        announce(screened, next(iter(splits.values())), spec.sample_rate)
        found = clip_features(corpus, spec)
        if features is not None:
            write_table(features, corpus, found, spec)
        learn = functools.partial(_learn, project, corpus, splits, found, trial, store, workers)
        asked = _Way(project.frontend.standardization, project.augmentation)
        own = learn(asked)
        plain = learn(replace(asked, standardization="fixed")) if asked.follows else None
        augmented = project.evaluation.conditions and asked.augmentation.copies
        bare = learn(replace(asked, augmentation=Augmentation())) if augmented else None
    value = own.value
    if plain:
        value = beside(value, plain.value, _answers(own, plain))
    if project.evaluation.conditions:
        value = under_conditions(value, _shares(own), _shares(bare) if bare else [])
    links = {corpus.relative(clip): clip.path.as_uri() for clip in corpus.clips}
    page, figures = write_evaluation(value, links, folder.evaluation, "evaluation")
    return Evaluated(value, page, figures, sum(each.learned for each in (own, plain, bare) if each))


def _learn(
    project: Project,
    corpus: Corpus,
    splits: Mapping[Place, Split],
    features: Mapping[Clip, NDArray[np.int32]],
    trial: Trial,
    store: Store,
    workers: Workers,
    way: _Way,
) -> _Learned:
    """Learn a network a fold and seed in one way; the store keeps them."""
    conditions = tuple(CONDITIONS.values()) if project.evaluation.conditions else ()
    lessons = {
        place: _Lesson.of(
            join(corpus, split, project.frontend.spec, features, way.standardization, way.augmentation),
            conditions,
            follows=way.follows,
        )
        for place, split in splits.items()
    }
    cases = {place: lesson.case() for place, lesson in lessons.items()}
    protocol = Protocol(next(iter(splits.values())).protocol, way.standardization).name
    study = folds(corpus.name, protocol, project.frontend.preset, cases, _recipes(project), trial)
    copies = f", {way.augmentation.copies} augmented copies of each clip" if way.augmentation.copies else ""
    log.info("%s%s: %d networks, one a fold and seed", protocol, copies, len(cases))
    learned = run(study, store, workers, "Networks")
    rows = dict(zip(splits, rows_of(study, store).values(), strict=True))
    return _Learned(lessons, rows, _value(study, corpus, splits, rows), learned)


def _trial(project: Project, shape: tuple[int, ...]) -> Trial:
    """What the project asks for of a network, sizes from inputs to classes; raises as `wanted_widths` does."""
    wanted, hidden = project.quantization, project.training.hidden
    plan, budget = wanted_widths(project, shape)
    if wanted.bits != AUTO and plan is not None:
        return Trial("given", hidden, plan=wanted.bits)
    return Trial(
        wanted.strategy,
        hidden,
        limit=budget.limit if budget else None,
        margin=None if wanted.margin is None else wanted.margin / 100,
        importance=wanted.importance,
        costs=budget.costs if budget and budget.costs.unit != "bytes" else None,
    )


def _splits(project: Project, corpus: Corpus) -> dict[Place, Split]:
    """Every fold with every seed, by both."""
    wanted = project.corpus
    seeds = range(wanted.seed, wanted.seed + project.evaluation.seeds)
    protocol = corpora.split(corpus, wanted.protocol, seed=wanted.seed).protocol
    places = itertools.product(seeds, range(corpora.folds(corpus, protocol)))
    suits = suitable(project.frontend.spec)
    return {
        (seed, fold): enrolling(
            corpora.split(corpus, protocol, seed=seed, fold=fold), project.frontend.standardization, suits
        )
        for seed, fold in places
    }


def _recipes(project: Project) -> dict[int, Recipe]:
    training, tuning = project.training, project.fine_tuning
    return {
        project.corpus.seed + more: Recipe(
            replace(training, seed=training.seed + more),
            replace(tuning, seed=tuning.seed + more),
            coverage=project.quantization.coverage,
        )
        for more in range(project.evaluation.seeds)
    }


def _value(
    study: Study, corpus: Corpus, splits: Mapping[Place, Split], rows: Mapping[Place, Row]
) -> Evaluation:
    return across(
        corpus.name,
        study.protocol,
        corpus.emotions,
        [_examined(row, splits[place], corpus) for place, row in rows.items()],
        synthetic=corpus.synthetic,
        notes=(*corpus.notes, *_shared_notes(list(splits.values())), *_few_notes(list(splits.values()))),
    )


def _answers(own: _Learned, plain: _Learned) -> list[tuple[Following, Following]]:
    """What each network answered that follows its speaker, and its fellow that does not."""
    found = []
    for place, lesson in own.lessons.items():
        assert lesson.occasions is not None
        row, fellow = own.rows[place], np.array(plain.rows[place].heard)
        asked = np.array(row.elsewhere)[len(lesson.conditions.inputs) :]
        heard = following(lesson.material, lesson.occasions, np.array(row.heard), asked)
        # Whoever follows nobody answers alike on every occasion.
        unmoved = fellow[lesson.occasions.rows]
        found.append((heard, following(plain.lessons[place].material, lesson.occasions, fellow, unmoved)))
    return found


def _shares(learned: _Learned) -> list[dict[str, float]]:
    """How right each network is, by condition."""
    return [
        shares(
            lesson.material.examples("test").labels,
            lesson.conditions,
            np.array(row.heard),
            np.array(row.elsewhere),
        )
        for lesson, row in zip(learned.lessons.values(), learned.rows.values(), strict=True)
    ]


def _examined(row: Row, split: Split, corpus: Corpus) -> Examined:
    told = zip(split.test, row.heard, row.confidence, row.untempered, row.sure, strict=True)
    answers = tuple(
        Answer(
            corpus.relative(clip),
            clip.speaker,
            clip.emotion,
            row.labels[heard],
            confidence,
            untempered,
            bool(sure),
        )
        for clip, heard, confidence, untempered, sure in told
    )
    shape = "-".join(map(str, row.shape))
    return Examined(
        shape, row.plan, row.bytes, answers, row.temperature, row.seed, row.fold, row.float_test.weighted
    )


def _few_notes(splits: list[Split]) -> list[str]:
    """Say which tested speakers had fewer utterances to enrol with than count."""
    few: dict[str, int] = {}
    for split in splits:
        for speaker in {clip.speaker for clip in split.test} if split.enrolled else ():
            few[speaker] = sum(clip.speaker == speaker for clip in split.enrolled)
    most = max(few.values(), default=0)
    told = ", ".join(f"{speaker} ({count})" for speaker, count in sorted(few.items()) if count < most)
    return [f"speakers who had fewer than {most} neutral utterances to enrol with: {told}"] if told else []


def _shared_notes(splits: list[Split]) -> list[str]:
    """What is noted of every split alike."""
    return [note for note in splits[0].notes if all(note in split.notes for split in splits)]
