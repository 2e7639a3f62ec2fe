"""Stage 6: the same clips through every engine, compared after every layer."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray

from sertool import corpora, verify
from sertool.answers import Enrolment, enrolled_each, standardized
from sertool.beside import beside
from sertool.engines.base import Engine
from sertool.engines.board import BoardEngine
from sertool.engines.call_counts import why_not
from sertool.engines.emulator import EmulatorEngine
from sertool.engines.host import HostEngine
from sertool.engines.reference import ReferenceEngine
from sertool.engines.tflite import TfliteEngine
from sertool.engines.tflm import TflmEngine
from sertool.errors import SertoolError, printable
from sertool.firmware.image import image_files
from sertool.frontend import Frontend
from sertool.frontend.descriptors import KINDS
from sertool.frontend.parity import compare, compared
from sertool.plain_values import Between, Like, Name, Natural, Positive
from sertool.progress import track
from sertool.project import BuildFolder, Project
from sertool.project.manifest import digest_in
from sertool.stages.built_model import Model, load_model
from sertool.stages.hearing import judged, utterances
from sertool.stages.recordings import kept_files, stored_material
from sertool.targets import Target, load
from sertool.verify import Comparison, Outputs

log = logging.getLogger(__name__)

#: What `--engines` may name; `emulator` stands for the target's core, `emulator:cortex-m0` for another.
ENGINES = ("tflm", "tflite", "host", "emulator", "board")


#: A descriptor of the front end.
Kind = Annotated[str, Like("|".join(KINDS), f"one of {', '.join(KINDS)}")]
#: An absolute difference, in dB or as a fraction.
Measure = Annotated[float, Between(0, 1e9)]


@dataclass(frozen=True)
class Clips:
    """Audio files, by the names that a comparison calls them."""

    names: tuple[str, ...]
    paths: tuple[Path, ...]

    def __len__(self) -> int:
        return len(self.paths)


@dataclass(frozen=True)
class Count:
    """Instructions that an emulated core executed: for one inference, and to hear a second of sound."""

    core: Name
    inference: Positive
    audio_second: Positive


@dataclass(frozen=True)
class Distance:
    """Mean, 99.9th percentile and largest of `count` absolute differences."""

    count: Positive
    mean: Measure
    p999: Measure
    max: Measure

    def __post_init__(self) -> None:
        if max(self.mean, self.p999) > self.max:
            raise ValueError(f"the largest difference is {self.max}, the mean {self.mean}, one {self.p999}")


@dataclass(frozen=True)
class Simulated:
    """What a simulation found: what `verification.json` holds.

    The comparison, instruction counts, bytes of stack that the board used, and by descriptor how far the
    integer front end is from librosa's definitions in float64 (`frontend.parity`).
    """

    FORMAT: ClassVar[int] = 1

    comparison: Comparison
    instructions: tuple[Count, ...] = ()
    stack: Natural | None = None
    parity: Mapping[Kind, Distance] = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        """What `sertool simulate --json` prints."""
        return self.comparison.to_dict()


@dataclass(frozen=True)
class _Found:
    """What one engine found: outputs by name, instructions, bytes of stack."""

    outputs: Mapping[str, Outputs]
    instructions: tuple[Count, ...] = ()
    stack: int | None = None


def simulate(
    project: Project,
    folder: BuildFolder,
    *,
    files: Sequence[Path] = (),
    engines: Sequence[str] | None = None,
    clips: int | None = None,
    board_clips: int = 3,
    port: str | None = None,
) -> Simulated:
    """Run the test split, or audio `files`, through engines and compare every layer with the reference.

    A network that a checkpoint brought has no split here: it hears a few synthetic utterances.

    The clips are heard one after another by a device that has heard nobody before, whoever speaks: where
    standardization follows the speaker, each input depends on those before it; where speakers enrol, each clip
    is to enrol once it was heard, as far as it suits and there is room. Without `engines` all run that
    there can be here. Every engine but the board runs the features of all clips.
    From PCM to label, the host engine hears all clips; the emulated core and the board (over its serial line,
    in QEMU or at `port`) hear the first `board_clips`. The result is also written to `verification.json`.
    Raises SertoolError for an unknown engine, and for an engine whose package, image or port is missing.
    """
    target = load(project.target)
    wanted = _resolve(engines or _here(target, port), target)
    model = load_model(folder)
    chosen = _chosen(project, folder, kept_files(files, project, model.spec) if files else (), clips)
    if "board" in wanted:
        board = beside(lambda: _hear_on_board(model, folder, target, chosen, board_clips, port))
    heard = utterances(chosen.paths, model)
    became: tuple[Enrolment, ...] = ()
    if model.standardizer.enrolled:
        inputs, became = enrolled_each(model.spec, model.standardizer, heard)
    else:
        inputs = standardized(model.spec, model.standardizer, heard)
    with ReferenceEngine(model.graph) as engine:
        trace = engine.run(inputs)
    answer = judged(model, heard, inputs, trace)
    reference = Outputs(
        {
            verify.FEATURES: heard.features,
            verify.INPUT: inputs,
            **trace,
            verify.ANSWER: answer,
            **({verify.ENROLMENT: np.array(became, np.int32)[:, np.newaxis]} if became else {}),
        }
    )
    found: list[_Found] = []
    for name in track(wanted, "Engines"):
        log.info("running %s", name)
        found.append(
            board.result() if name == "board" else _run_engine(name, model, inputs, chosen, board_clips)
        )
    comparison = verify.compare(
        chosen.names, reference, {key: outputs for each in found for key, outputs in each.outputs.items()}
    )
    # A front end that is known to be the one that the network was trained with is not measured anew.
    parity = {} if not files and folder.checkpoint.exists() else _parity(model, chosen)
    counts = tuple(count for each in found for count in each.instructions)
    stack = next((each.stack for each in found if each.stack is not None), None)
    result = Simulated(comparison, counts, stack, parity)
    folder.write(folder.verification, result)
    return result


def _resolve(engines: Sequence[str], target: Target) -> tuple[str, ...]:
    """Full names of the engines: the emulator with its core."""
    names = []
    for name in engines:
        kind, _, core = name.partition(":")
        if kind not in ENGINES or (core and kind != "emulator"):
            raise SertoolError(
                f"unknown engine {name!r}", where="engines", allowed=", ".join((*ENGINES, "emulator:CORE"))
            )
        names.append(f"emulator:{core or target.core.cpu}" if kind == "emulator" else name)
    return tuple(dict.fromkeys(names))


def image_engines(target: Target) -> tuple[str, ...]:
    """The engines that there are here of those that run an image's own C: others ran the model before."""
    emulator = () if why_not(target.core.cpu) else ("emulator",)
    return ("host", *emulator, *(("board",) if target.qemu is not None else ()))


def _here(target: Target, port: str | None) -> tuple[str, ...]:
    """All engines that there can be here.

    Python has a TFLite that rounds twice up to 3.11, where tflite-runtime ends; a board needs an emulator or a
    port.
    """
    absent = {"tflite"} if sys.version_info >= (3, 12) else set()
    if target.qemu is None and port is None:
        absent.add("board")
    return tuple(name for name in ENGINES if name not in absent)


def _chosen(project: Project, folder: BuildFolder, files: Sequence[Path], clips: int | None) -> Clips:
    if files:
        return Clips(tuple(map(printable, files)), tuple(files))
    if folder.checkpoint.exists():
        drawn = corpora.few_utterances()
        # The board hears the first ones, at the pace of its UART.
        few = sorted(drawn.clips, key=lambda clip: clip.path.stat().st_size)[:clips]
        return Clips(tuple(map(drawn.relative, few)), tuple(clip.path for clip in few))
    material = stored_material(project, folder)
    test = material.split.test[:clips]
    return Clips(tuple(material.corpus.relative(clip) for clip in test), tuple(clip.path for clip in test))


def _run_engine(name: str, model: Model, inputs: NDArray[np.int8], clips: Clips, board_clips: int) -> _Found:
    """Run an engine on all features, and, where it holds the C front end, on sound."""
    with _make(name, model) as engine:
        outputs = {name: verify.of_run(inputs, engine.run(inputs))}
        # An emulated core takes about as long as the sound itself, so it hears what the board hears.
        heard = len(clips) if isinstance(engine, HostEngine) else min(board_clips, len(clips))
        if isinstance(engine, HostEngine | EmulatorEngine) and heard:
            sounds = track(_sounds(clips.paths[:heard], model), name, heard)
            outputs[f"{name}, from PCM"] = _hear(engine, sounds, model)
        if not isinstance(engine, EmulatorEngine):
            return _Found(outputs)
        second = next(_sounds(clips.paths[:1], model))[: model.spec.sample_rate]
        counted = Count(
            name.partition(":")[2],
            int(engine.instructions(inputs[:1])[0]),
            round(engine.audio_instructions(second)),
        )
        return _Found(outputs, (counted,))


def _hear_on_board(
    model: Model, folder: BuildFolder, target: Target, clips: Clips, board_clips: int, port: str | None
) -> _Found:
    manifest = digest_in(folder)
    if port:
        flashed = image_files(folder.image).bin
        image = flashed.read_bytes() if flashed.is_file() else None
        engine = BoardEngine.on_port(model.graph, port, target, manifest, image)
    else:
        elf = folder.require(image_files(folder.image).elf, "build")
        engine = BoardEngine.emulated(model.graph, elf, target, manifest)
    heard = min(board_clips, len(clips))
    with engine:
        engine.forget()
        outputs = _hear(engine, _sounds(clips.paths[:heard], model), model)
        stack = engine.selftest().stack_used
    return _Found({engine.name: outputs}, stack=stack)


def _hear(
    engine: HostEngine | EmulatorEngine | BoardEngine, sounds: Iterable[NDArray[np.int16]], model: Model
) -> Outputs:
    results, became = [], []
    for pcm in sounds:
        results.append(engine.classify(pcm))
        if model.standardizer.enrolled:
            became.append(engine.enroll())
    return verify.of_classifications(results, range(len(results)), became)


def _parity(model: Model, clips: Clips) -> dict[str, Distance]:
    found = compared(model.spec)
    frontend = Frontend(model.spec)
    for pcm in track(_sounds(clips.paths, model), "Parity", len(clips)):
        compare(frontend, pcm, found)
    return {
        kind: Distance(seen.count, seen.mean, seen.quantile(0.999), seen.largest)
        for kind, seen in found.items()
        if seen.count
    }


def _make(name: str, model: Model) -> Engine:
    kind, _, core = name.partition(":")
    if kind == "tflm":
        return TflmEngine(model.data, model.graph)
    if kind == "tflite":
        return TfliteEngine(model.data, model.graph)
    if kind == "host":
        return HostEngine(model.graph, model.spec, model.standardizer, rule=model.rule)
    return EmulatorEngine(model.graph, model.spec, model.standardizer, core, rule=model.rule)


def _sounds(paths: Sequence[Path], model: Model) -> Iterator[NDArray[np.int16]]:
    for path in paths:
        yield corpora.read_pcm(path, model.spec.sample_rate).samples
