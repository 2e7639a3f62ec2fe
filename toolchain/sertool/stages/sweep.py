"""A sweep: widths and hidden sizes searched together, for a project's recordings and target."""

from __future__ import annotations

import dataclasses
import itertools
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sertool import corpora
from sertool.corpora import Corpus, Split
from sertool.experiments.outcomes import Row
from sertool.experiments.store import Store
from sertool.experiments.studies.sweep import read_sweep
from sertool.experiments.studies.sweep import sweep as study
from sertool.experiments.study import run
from sertool.experiments.sweep.device import Images, board
from sertool.experiments.sweep.grid import fitting, grid
from sertool.experiments.sweep.plans import parse
from sertool.experiments.sweep.summary import Summary, summarize
from sertool.experiments.workers import hire
from sertool.frontend import preset
from sertool.material import Case, clip_features, enrolling, join, suitable
from sertool.project import BuildFolder, Project
from sertool.stages.recordings import announce, open_corpus
from sertool.targets import load

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Swept:
    """The finished sweep: its file, its rows, its points, and how many rows this run had to learn."""

    file: Path
    target: str
    rows: tuple[Row, ...]
    points: tuple[Summary, ...]
    learned: int

    @property
    def front(self) -> tuple[Summary, ...]:
        """The points that no other beats, the smallest first."""
        return tuple(sorted((point for point in self.points if point.on_front), key=lambda point: point.bytes))

    def to_dict(self) -> dict[str, object]:
        """What `sertool sweep --json` prints."""
        return {
            "file": str(self.file),
            "target": self.target,
            "learned": self.learned,
            "front": [point.to_dict() for point in self.front],
            "points": [point.to_dict() for point in self.points],
            "rows": [row.to_dict() for row in self.rows],
        }


def sweep(project: Project, folder: BuildFolder, *, jobs: int = 1, scheduler: str | None = None) -> Swept:
    """Run the project's sweep into `folder.sweep`; what is there already is not done again.

    `jobs` processes of this machine work, or the workers of the Dask `scheduler` at an address. Every seed
    splits the corpus anew and draws new weights. Raises SertoolError for a plan that does not fit a shape,
    recordings that cannot be used, a results file that is damaged or something else, and workers that are lost.
    """
    target = load(project.target)
    wanted = project.sweep
    presets = wanted.presets or (project.frontend.preset,)
    search = project.quantization
    margin = None if search.margin is None else search.margin / 100
    plans = [parse(text, margin, search.importance) for text in wanted.plans]
    points = grid(presets, wanted.hidden, plans)
    for hidden in wanted.hidden:
        # Not every shape can be shared out among members.
        dataclasses.replace(project.training, hidden=hidden)
    seeds = tuple(range(project.corpus.seed, project.corpus.seed + wanted.seeds))
    # What cannot be reached or used is told before the recordings are read.
    with hire(jobs, scheduler) as crew, Store.open(folder.sweep) as store:
        corpus, splits, cases = _cases(project, presets, seeds)
        points = fitting(points, len(corpus.emotions))
        log.info("%d points with %d seeds: %s", len(points), len(seeds), folder.sweep)
        images = Images(board(target, project.name, project.frontend.standardization))
        task = study(
            corpus.name, splits[0].protocol, points, cases, project.training, project.fine_tuning, images
        )
        learned = run(task, store, crew, "Sweep")
    rows = read_sweep(folder.sweep)
    return Swept(folder.sweep, target.name, rows, summarize(rows), learned)


def _cases(
    project: Project, presets: tuple[str, ...], seeds: tuple[int, ...]
) -> tuple[Corpus, list[Split], Mapping[tuple[str, int, int], Case]]:
    screened = open_corpus(project)
    corpus, wanted = screened.corpus, project.corpus
    suits = suitable(*map(preset, presets))
    splits = [
        enrolling(
            corpora.split(corpus, wanted.protocol, seed=seed, fold=wanted.fold),
            project.frontend.standardization,
            suits,
        )
        for seed in seeds
    ]
    announce(screened, splits[0], preset(presets[0]).sample_rate)
    features = {name: clip_features(corpus, preset(name)) for name in presets}
    return (
        corpus,
        splits,
        {
            (name, split.seed, split.fold): join(
                corpus,
                split,
                preset(name),
                features[name],
                project.frontend.standardization,
                project.augmentation,
            ).case()
            for name, split in itertools.product(presets, splits)
        },
    )
