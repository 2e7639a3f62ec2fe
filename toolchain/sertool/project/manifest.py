"""The manifest: hashes, versions and settings from which the same image can be made again."""

from __future__ import annotations

import importlib.metadata
import platform
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sertool import __version__
from sertool.compilers import SourceTree, compiler_version, cross_tool
from sertool.digests import file_digest, value_digest
from sertool.plain_values import Digest, Name, Natural, RelativePath, to_plain
from sertool.project.config import Project
from sertool.project.folder import BuildFolder
from sertool.project.options import OPTIONS, setting, written
from sertool.targets import Target

_PACKAGES = (
    "numpy",
    "tensorflow",
    "tf-keras",
    "tensorflow-model-optimization",
    "tflite-micro",
    "soxr",
    "soundfile",
)


@dataclass(frozen=True)
class TargetRecord:
    """The board, and the digest of what its file says."""

    name: Name
    digest: Digest


@dataclass(frozen=True)
class SplitOrigin:
    """What the split was drawn by."""

    protocol: Name
    seed: Natural
    fold: Natural


@dataclass(frozen=True)
class Seeds:
    """What the weights were drawn by."""

    training: Natural
    fine_tuning: Natural


@dataclass(frozen=True)
class Manifest:
    """Everything that an image is made from.

    `model` is the metadata of `model.tflite`, `files` are digests of what was there to make it from, `sources`
    is that of the C which does not depend on the board. No time, no path and no machine's name is in it, so the
    same inputs give the same manifest.
    """

    FORMAT: ClassVar[int] = 1

    name: str
    target: TargetRecord
    corpus: SplitOrigin
    seeds: Seeds
    model: Mapping[str, object]
    files: Mapping[RelativePath, Digest]
    sources: Digest
    versions: Mapping[Name, Name]

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest's values: what the image carries."""
        return value_digest({"format": self.FORMAT, **to_plain(self)})


def describe(
    project: Project, folder: BuildFolder, target: Target, core: SourceTree, metadata: Mapping[str, Any]
) -> Manifest:
    """Gather the manifest of an image: `core` are its sources, `metadata` is that of `model.tflite`."""
    files = {
        path.relative_to(folder.root).as_posix(): file_digest(path)
        for path in (folder.split, folder.frontend, folder.float_model, folder.quantized_model, folder.tflite)
        if path.exists()
    }
    return Manifest(
        name=project.name,
        target=TargetRecord(target.name, value_digest(target.to_dict())),
        corpus=SplitOrigin(project.corpus.protocol, project.corpus.seed, project.corpus.fold),
        seeds=Seeds(project.training.seed, project.fine_tuning.seed),
        model=metadata,
        files=files,
        sources=value_digest(dict(core)),
        versions=versions(),
    )


def versions() -> dict[str, str]:
    """Versions of sertool, Python, the cross-compiler, and the packages that decide about the numbers."""
    found = {
        "sertool": __version__,
        "python": platform.python_version(),
        "arm-none-eabi-gcc": compiler_version(cross_tool()),
    }
    for package in _PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def rebuild_command(project: Project) -> str:
    """The command that makes this build again, given the same recordings: every option but for the defaults."""
    words = ["sertool", "build"]
    for option in OPTIONS:
        value = setting(project, option.key)
        if option.flag and value != option.default:
            words += [option.flag, *([] if value is True else [written(value)])]
    return shlex.join(words)
