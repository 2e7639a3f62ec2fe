"""Stage 4: the C project of one board, with packed weights, tables, golden vectors and manifest."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from sertool.compilers import SourceTree, write_sources
from sertool.files import staged_folder
from sertool.firmware.core import core_sources
from sertool.firmware.golden import make_golden
from sertool.firmware.project import BuildInfo, project_sources
from sertool.frontend import Frontend
from sertool.project import BuildFolder, Project
from sertool.project.manifest import CheckpointRecord, describe
from sertool.stages.built_model import Model, load_model
from sertool.stages.convert import check_converted
from sertool.stages.records import made_with
from sertool.targets import Target, load
from sertool.version import __version__


@dataclass(frozen=True)
class Rendered:
    """How many files the project has, and the hash of the manifest that the image carries."""

    files: int
    manifest: str

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return dataclasses.asdict(self)


def render(project: Project, folder: BuildFolder, checkpoint: CheckpointRecord | None = None) -> Rendered:
    """Write `firmware/` and `manifest.json` from `model.tflite`, which is that of `checkpoint` if there is one.

    Raises SertoolError for an unknown target, for a model that is missing, damaged or of foreign features, and
    for one that did not come of the training and quantization beside it.
    """
    target = load(project.target)
    check_converted(folder)
    model = load_model(folder)
    core = core_sources(model.graph, model.spec, model.standardizer, model.rule)
    made = made_with(project, folder)
    manifest = describe(project, made, folder, target, core, model.metadata, checkpoint)
    sources = project_tree(project, target, model, core, manifest.digest)
    with staged_folder(folder.firmware) as stage:
        write_sources(sources, stage)
    folder.write(folder.manifest, manifest)
    return Rendered(len(sources), manifest.digest)


def project_tree(project: Project, target: Target, model: Model, core: SourceTree, manifest: str) -> SourceTree:
    """Every file of the C project that carries `model`; `manifest` is the hash that the image will say."""
    build = BuildInfo(
        name=project.name,
        version=__version__,
        manifest=manifest,
        labels=model.graph.labels,
        sample_rate=model.spec.sample_rate,
        golden=make_golden(model.graph, Frontend(model.spec), model.standardizer, model.rule),
        speaker=model.standardizer.speaker_bytes,
    )
    return project_sources(core, target, build)
