"""An evaluation: every fold of a protocol, each with networks of its own, made as a build makes them."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sertool import corpora
from sertool.augmentation import CONDITIONS, Augmentation
from sertool.corpora import Corpus, Split
from sertool.evaluation import Evaluation
from sertool.experiments.conditions import under_conditions
from sertool.experiments.followed import beside
from sertool.experiments.outcomes import Row
from sertool.experiments.scoring import Answer, Examined, across
from sertool.experiments.store import Store
from sertool.experiments.studies.folds import folds
from sertool.experiments.study import Study, rows_of, run
from sertool.experiments.trials import Recipe, Trial
from sertool.experiments.workers import hire
from sertool.material import (
    Case,
    Elsewhere,
    Following,
    Material,
    Occasions,
    Protocol,
    clip_features,
    elsewhere,
    following,
    join,
    occasions,
    shares,
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

#: Networks that trained on no augmented copies, as they are told apart.
UNAUGMENTED = "not augmented"


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
    from the project's, for splits and for weights. `features`, where given, is the CSV file that gets the
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
        wanted = project.frontend.standardization
        follows = STANDARDIZATIONS[wanted] is not None
        variants = {
            name: (name, project.augmentation) for name in ("fixed", wanted) if follows or name == wanted
        }
        conditions = tuple(CONDITIONS.values()) if project.evaluation.conditions else ()
        if conditions and project.augmentation.copies:
            variants = {UNAUGMENTED: (wanted, Augmentation()), **variants}
        made = {
            name: {place: join(corpus, split, spec, found, *variant) for place, split in splits.items()}
            for name, variant in variants.items()
        }
        under = {
            name: {place: elsewhere(material, conditions) for place, material in made[name].items()}
            for name in (UNAUGMENTED, wanted)
            if name in made
        }
        met = {place: occasions(material) for place, material in made[wanted].items()} if follows else {}
        learned, values, rows = 0, {}, {}
        for name, materials in made.items():
            cases = {place: material.case() for place, material in materials.items()}
            if name in under:
                cases = {place: _asked_too(case, under[name][place]) for place, case in cases.items()}
            if name == wanted:
                cases |= {place: _asked_too(cases[place], occasion) for place, occasion in met.items()}
            protocol = Protocol(next(iter(splits.values())).protocol, variants[name][0]).name
            study = folds(corpus.name, protocol, project.frontend.preset, cases, _recipes(project), trial)
            told = f"{protocol}, {UNAUGMENTED}" if name == UNAUGMENTED else protocol
            log.info("%s, %d networks, one a fold and seed: %s", told, len(cases), folder.evaluation_rows)
            learned += run(study, store, workers, "Networks")
            rows[name] = dict(zip(splits, rows_of(study, store).values(), strict=True))
            values[name] = _value(study, corpus, splits, rows[name])
    value = values[wanted]
    if follows:
        value = beside(value, values["fixed"], _answers(made, under[wanted], met, rows, wanted))
    if conditions:
        own, others = (
            _shares(made[name], under[name], rows[name]) if name in under else []
            for name in (wanted, UNAUGMENTED)
        )
        value = under_conditions(value, own, others)
    links = {corpus.relative(clip): clip.path.as_uri() for clip in corpus.clips}
    page, figures = write_evaluation(value, links, folder.evaluation, "evaluation")
    return Evaluated(value, page, figures, learned)


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
    return {(seed, fold): corpora.split(corpus, protocol, seed=seed, fold=fold) for seed, fold in places}


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
        notes=(*corpus.notes, *_shared_notes(list(splits.values()))),
    )


def _answers(
    made: Mapping[str, Mapping[Place, Material]],
    under: Mapping[Place, Elsewhere],
    met: Mapping[Place, Occasions],
    rows: Mapping[str, Mapping[Place, Row]],
    wanted: str,
) -> list[tuple[Following, Following]]:
    """What each network answered that follows its speaker, and its fellow that does not."""
    found = []
    for place, occasion in met.items():
        row, plain = rows[wanted][place], np.array(rows["fixed"][place].heard)
        asked = np.array(row.elsewhere)[len(under[place].inputs) :]
        own = following(made[wanted][place], occasion, np.array(row.heard), asked)
        # Whoever follows nobody answers alike on every occasion.
        found.append((own, following(made["fixed"][place], occasion, plain, plain[occasion.rows])))
    return found


def _asked_too(case: Case, more: Elsewhere | Occasions) -> Case:
    asked = case.elsewhere.reshape(-1, more.inputs.shape[1])
    return replace(case, elsewhere=np.concatenate([asked, more.inputs]))


def _shares(
    materials: Mapping[Place, Material], under: Mapping[Place, Elsewhere], rows: Mapping[Place, Row]
) -> list[dict[str, float]]:
    """How right each network is, by condition."""
    return [
        shares(materials[place], under[place], np.array(row.heard), np.array(row.elsewhere))
        for place, row in rows.items()
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


def _shared_notes(splits: list[Split]) -> list[str]:
    """What is noted of every split alike."""
    return [note for note in splits[0].notes if all(note in split.notes for split in splits)]
