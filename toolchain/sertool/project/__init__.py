"""`sertool.toml` as frozen dataclasses, and the folder that a build leaves."""

from sertool.project.config import (
    AUTO,
    CorpusConfig,
    EvaluationConfig,
    FrontendConfig,
    Project,
    QuantizationConfig,
)
from sertool.project.folder import BuildFolder
from sertool.project.loading import build_folder, load_project
from sertool.project.overriding import resolve_project
from sertool.project.sweep import SweepConfig

__all__ = [
    "AUTO",
    "BuildFolder",
    "CorpusConfig",
    "EvaluationConfig",
    "FrontendConfig",
    "Project",
    "QuantizationConfig",
    "SweepConfig",
    "build_folder",
    "load_project",
    "resolve_project",
]
