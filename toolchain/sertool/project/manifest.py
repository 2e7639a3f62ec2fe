"""The manifest: hashes, versions and settings from which the same image can be made again."""

from __future__ import annotations

import importlib.metadata
import platform
import shlex
from collections.abc import Mapping
from typing import Any

from sertool import __version__
from sertool.compilers import SourceTree, compiler_version, cross_tool
from sertool.digests import file_digest, value_digest
from sertool.project.config import Project
from sertool.project.folder import BuildFolder
from sertool.project.options import OPTIONS, setting, written
from sertool.targets import Target

FORMAT = 1

_PACKAGES = (
    "numpy",
    "tensorflow",
    "tf-keras",
    "tensorflow-model-optimization",
    "tflite-micro",
    "soxr",
    "soundfile",
)


def describe(
    project: Project, folder: BuildFolder, target: Target, core: SourceTree, metadata: Mapping[str, Any]
) -> dict[str, object]:
    """Everything that the image is made from, as plain values; its `value_digest` is what the image carries.

    `core` are the sources that do not depend on the board, `metadata` is that of `model.tflite`. No time, no
    path and no machine's name is in it, so the same inputs give the same manifest.
    """
    files = {
        path.relative_to(folder.root).as_posix(): file_digest(path)
        for path in (folder.split, folder.frontend, folder.float_model, folder.quantized_model, folder.tflite)
        if path.exists()
    }
    return {
        "format": FORMAT,
        "name": project.name,
        "target": {"name": target.name, "digest": value_digest(target.to_dict())},
        "corpus": {
            "protocol": project.corpus.protocol,
            "seed": project.corpus.seed,
            "fold": project.corpus.fold,
        },
        "seeds": {"training": project.training.seed, "fine_tuning": project.fine_tuning.seed},
        "model": dict(metadata),
        "files": files,
        "sources": value_digest(dict(core)),
        "versions": versions(),
    }


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
