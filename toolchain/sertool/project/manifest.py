"""The manifest: hashes, versions and settings from which the same image can be made again."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sertool.compilers import SourceTree, compiler_version, cross_tool
from sertool.corpora.split import SplitRecord
from sertool.digests import file_digest, value_digest
from sertool.plain_values import Digest, Name, Positive, RelativePath, to_plain
from sertool.project.config import Project
from sertool.project.folder import BuildFolder
from sertool.project.options import OPTIONS, Option, Settings, setting
from sertool.targets import Target, is_file
from sertool.version import __version__

_PACKAGES = (
    "numpy",
    "scipy",
    "tensorflow",
    "tf-keras",
    "tensorflow-model-optimization",
    "tflite-micro",
    "soxr",
    "soundfile",
)


@dataclass(frozen=True)
class TargetRecord:
    """The board: its name, the digest of what its file says, the word for it (None: a file of one's own)."""

    name: Name
    digest: Digest
    word: Name | None

    @classmethod
    def of(cls, target: Target, word: str) -> TargetRecord:
        """Record a target that a project calls `word`."""
        return cls(target.name, value_digest(target.to_dict()), None if is_file(word) else word)


@dataclass(frozen=True)
class Recordings:
    """How many clips each part of a split has, and the digest of their sounds, voices and labels, in order."""

    clips: Mapping[Name, Positive]
    digest: Digest

    @classmethod
    def of(cls, split: SplitRecord) -> Recordings:
        """Record what a split was made of."""
        clips = {
            part: [(clip.content, clip.speaker, clip.emotion) for clip in entries]
            for part, entries in (*split.parts.items(), ("enrolled", split.enrolled))
            if entries
        }
        return cls({part: len(entries) for part, entries in clips.items()}, value_digest(clips))


@dataclass(frozen=True)
class CheckpointRecord:
    """The checkpoint that was taken up: its name, its seal, the word for it (None: a folder of one's own)."""

    name: Name
    seal: Digest
    word: Name | None


@dataclass(frozen=True)
class Manifest:
    """Everything that an image is made from.

    `settings` are all that decide a byte, `places` those that say where something lies and have to be said
    anew. Without `settings` and `recordings` the model was made elsewhere: `checkpoint` says where, if it was
    one. `model` is the metadata of
    `model.tflite`, `files` are digests of what was there to make it from, `sources` is that of the C which does
    not depend on the board. No time, no path and no machine's name is in it, so the same inputs give the same
    manifest.
    """

    FORMAT: ClassVar[int] = 3

    name: str
    target: TargetRecord
    settings: Settings | None
    places: tuple[Name, ...]
    recordings: Recordings | None
    checkpoint: CheckpointRecord | None
    model: Mapping[str, object]
    files: Mapping[RelativePath, Digest]
    sources: Digest
    versions: Mapping[Name, Name]

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest's values: what the image carries."""
        return value_digest({"format": self.FORMAT, **to_plain(self)})


def digest_in(folder: BuildFolder) -> str:
    """Digest of the manifest in a build folder, as the image beside it carries it.

    It is of what the file says: of settings that came later it says nothing. Raises SertoolError for a manifest
    that cannot be read.
    """
    folder.read(folder.manifest, Manifest, "render")
    return value_digest(folder.read(folder.manifest, dict[str, object], "render"))


def describe(
    project: Project,
    made: Project | None,
    folder: BuildFolder,
    target: Target,
    core: SourceTree,
    metadata: Mapping[str, Any],
    checkpoint: CheckpointRecord | None = None,
) -> Manifest:
    """Gather the manifest of an image that is called as `project` says.

    `made` is what the stages were told, None where the model was made elsewhere; `checkpoint` is the one that
    was taken up, if any; `core` are the image's
    sources, `metadata` is that of `model.tflite`.
    """
    files = {
        path.relative_to(folder.root).as_posix(): file_digest(path)
        for path in (folder.frontend, folder.float_model, folder.quantized_model, folder.tflite)
        if path.exists()
    }
    return Manifest(
        name=project.name,
        target=TargetRecord.of(target, project.target),
        settings=Settings(made) if made else None,
        places=tuple(option.key for option in OPTIONS if made and has_to_be_said(option, made)),
        recordings=Recordings.of(folder.read(folder.split, SplitRecord, "train")) if made else None,
        checkpoint=checkpoint,
        model=metadata,
        files=files,
        sources=value_digest(dict(core)),
        versions=versions(),
    )


def has_to_be_said(option: Option, made: Project) -> bool:
    """Whether a setting says where something lies, which no manifest does."""
    place = setting(made, option.key)
    return option.place and option.decides and bool(is_file(place) if option.key == "target" else place)


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
