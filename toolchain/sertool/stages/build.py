"""The whole chain, from recordings to a verified image; what still holds is not done again."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sertool import corpora
from sertool.compilers import compiler_version, cross_tool, host_compiler
from sertool.device.qemu import find_qemu
from sertool.digests import file_digest, tree_digest, value_digest
from sertool.engines.call_counts import why_not
from sertool.firmware.image import image_files
from sertool.locations import firmware_templates
from sertool.project import BuildFolder, Project
from sertool.project.manifest import CheckpointRecord, Manifest
from sertool.project.options import Settings
from sertool.report import Report
from sertool.stages.again import check_after, check_before, checkpoint_again
from sertool.stages.checkpoint import record_of, take_up
from sertool.stages.compile import compile_image
from sertool.stages.convert import convert
from sertool.stages.quantize import quantize, wanted_widths
from sertool.stages.recordings import new_split, open_corpus
from sertool.stages.render import render
from sertool.stages.report import write_report
from sertool.stages.simulate import image_engines, simulate
from sertool.stages.train import train
from sertool.targets import load
from sertool.version import __version__

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Built:
    """The finished build: its folder, its report, and which stages ran (the others still held)."""

    folder: BuildFolder
    report: Report
    ran: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether every engine that ran gave exactly what the reference gave."""
        return bool(self.report.exactness and self.report.exactness.exact)

    def to_dict(self) -> dict[str, object]:
        """Plain values: where the build is, what ran, and the report's headline."""
        return {
            "folder": str(self.folder.root),
            "ran": list(self.ran),
            "exact": self.exact,
            **dataclasses.asdict(self.report.headline),
        }


@dataclass(frozen=True)
class _Stage:
    """A stage, what its result depends on, and what it leaves, but for what a later one changes."""

    name: str
    run: Callable[[], object]
    inputs: Callable[[], Mapping[str, object]]
    outputs: Sequence[Path]
    but: Sequence[Path] = ()


def build(
    project: Project,
    folder: BuildFolder,
    *,
    board_clips: int | None = None,
    again: Manifest | None = None,
    checkpoint: str | None = None,
) -> Built:
    """Train, quantize, convert, render, compile, verify and report; skip the stages that still hold.

    A `checkpoint`, by its name or in a folder of one's own, brings its network: nothing is trained, what
    `project` says of recordings and training plays no part, and `image_engines` hear a few synthetic clips.

    A stage holds when it ran before from the same inputs and its files are as it left them; so an interrupted
    build goes on where it stopped. The emulated board hears `board_clips` clips (default: 3, of
    a checkpoint 1). `again` is the manifest of a
    build to repeat. Raises SertoolError for input that cannot be used or is not as it was, and for a model that
    the target has no room for, naming a plan that would fit; CheckFailed where the bytes are not those of
    `again`.
    """
    target = load(project.target)
    # What is missing or cannot be had is told before minutes of training, not after them.
    tools = {
        "sertool": __version__,
        "host": compiler_version(host_compiler()),
        "cross": compiler_version(cross_tool()),
        "templates": tree_digest(firmware_templates()),
    }
    if target.qemu is not None:
        find_qemu()
    if again:
        checkpoint = checkpoint_again(again, checkpoint)
    taken = record_of(checkpoint) if checkpoint else None
    if taken is None:
        sizes = (project.frontend.spec.features, *project.training.hidden)
        wanted_widths(project, (*sizes, len(new_split(project)[0].corpus.emotions)))
    if again:
        check_before(again, project, taken)
    if board_clips is None:
        board_clips = 1 if taken else 3
    making = _taking_up(checkpoint, taken, folder) if checkpoint and taken else _training(project, folder)
    ran = []
    for stage in (*making, *_imaging(project, folder, board_clips, taken)):
        fingerprint = value_digest({"tools": tools, **stage.inputs()})
        if folder.holds(stage.name, fingerprint):
            log.info("%s: still holds", stage.name)
            continue
        log.info("%s", stage.name)
        stage.run()
        folder.stamp(stage.name, fingerprint, stage.outputs, stage.but)
        ran.append(stage.name)
    if again:
        check_after(again, folder)
    return Built(folder, write_report(project, folder), tuple(ran))


def _taking_up(word: str, taken: CheckpointRecord, folder: BuildFolder) -> tuple[_Stage, ...]:
    return (
        _Stage(
            "checkpoint",
            lambda: take_up(word, folder),
            lambda: asdict(taken),
            (folder.tflite, folder.labels, folder.checkpoint),
        ),
    )


def _training(project: Project, folder: BuildFolder) -> tuple[_Stage, ...]:
    target = load(project.target).to_dict()
    model_files = (folder.frontend, folder.split)
    return (
        _Stage(
            "train",
            lambda: train(project, folder),
            lambda: {
                "clips": _clips(project),
                "corpus": asdict(project.corpus),
                "frontend": project.frontend.spec.to_dict(),
                "standardization": project.frontend.standardization,
                "augmentation": asdict(project.augmentation),
                "training": asdict(project.training),
            },
            (*model_files, folder.search_model, folder.float_model, folder.training),
        ),
        _Stage(
            "quantize",
            lambda: quantize(project, folder),
            lambda: {
                "files": _files(*model_files, folder.search_model, folder.float_model),
                "core": project.quantization.max_instructions and target["core"],
                "quantization": asdict(project.quantization),
                "fine_tuning": asdict(project.fine_tuning),
            },
            (folder.laq, folder.quantized_model),
        ),
        _Stage(
            "convert",
            lambda: convert(folder),
            lambda: {"files": _files(folder.frontend, folder.quantized_model)},
            (folder.tflite, folder.tflite_lut, folder.labels),
        ),
    )


def _imaging(
    project: Project, folder: BuildFolder, board_clips: int, taken: CheckpointRecord | None
) -> tuple[_Stage, ...]:
    """From `model.tflite` on; a network that was not trained here has neither split nor recordings."""
    target = load(project.target)
    told: dict[str, object] = {"name": project.name, "target": project.target}
    if taken is None:
        told |= {**Settings(project).to_dict(), "corpus path": project.corpus.path}
    of_training = (folder.frontend, folder.split) if taken is None else ()
    return (
        _Stage(
            "render",
            lambda: render(project, folder, taken),
            lambda: {
                "files": _files(*of_training, folder.tflite),
                "target": target.to_dict(),
                "settings": told,
                "checkpoint": taken and asdict(taken),
            },
            (folder.firmware, folder.manifest),
            (folder.readme,),
        ),
        _Stage(
            "compile",
            lambda: compile_image(project, folder),
            lambda: {
                "files": tree_digest(folder.firmware, but=(folder.readme,)),
                "not counted": why_not(target.core.cpu),
            },
            (folder.image, folder.readme),
        ),
        _Stage(
            "simulate",
            lambda: simulate(
                project, folder, board_clips=board_clips, engines=image_engines(target) if taken else None
            ),
            lambda: {
                "files": _files(
                    *of_training[1:], folder.tflite, folder.manifest, image_files(folder.image).elf
                ),
                "board_clips": board_clips,
                "engines": image_engines(target) if taken else None,
            },
            (folder.verification,),
        ),
    )


def _clips(project: Project) -> list[str]:
    clips = open_corpus(project).corpus.clips
    found = corpora.contents(clip.path for clip in clips)
    return sorted(f"{found[clip.path].digest} {clip.speaker} {clip.emotion} {clip.part}" for clip in clips)


def _files(*paths: Path) -> list[str]:
    return [file_digest(path) for path in paths]
