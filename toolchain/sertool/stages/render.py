"""Stage 4: the C project of one board, with packed weights, tables, golden vectors and manifest."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from sertool import __version__
from sertool.compilers import write_sources
from sertool.files import staged_folder
from sertool.firmware.core import core_sources
from sertool.firmware.golden import make_golden
from sertool.firmware.project import BuildInfo, project_sources
from sertool.frontend import Frontend
from sertool.project import BuildFolder, Project
from sertool.project.folder import value_digest
from sertool.project.manifest import describe
from sertool.stages.model import load_model
from sertool.targets import load


@dataclass(frozen=True)
class Rendered:
    """How many files the project has, and the hash of the manifest that the image carries."""

    files: int
    manifest: str

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return dataclasses.asdict(self)


def render(project: Project, folder: BuildFolder) -> Rendered:
    """Write `firmware/` and `manifest.json` from `model.tflite`.

    Raises SertoolError for an unknown target and for a model that is missing, damaged or of foreign features.
    """
    target = load(project.target)
    model = load_model(folder)
    core = core_sources(model.graph, model.spec, model.standardizer)
    manifest = describe(project, folder, target, core, model.metadata)
    digest = value_digest(manifest)
    build = BuildInfo(
        name=project.name,
        version=__version__,
        manifest=digest,
        labels=model.graph.labels,
        sample_rate=model.spec.sample_rate,
        golden=make_golden(model.graph, Frontend(model.spec).features),
    )
    sources = project_sources(core, target, build)
    with staged_folder(folder.firmware) as stage:
        write_sources(sources, stage)
    folder.write_json(folder.manifest, manifest)
    return Rendered(len(sources), digest)
