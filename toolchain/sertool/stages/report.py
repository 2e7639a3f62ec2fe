"""Stage 7: everything that a build folder shows, collected into one value and written as a report."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from sertool import corpora, laq, training
from sertool.answers import doubts_of_labels
from sertool.checkpoints import Checkpoint
from sertool.corpora import Clip
from sertool.errors import SertoolError
from sertool.firmware.image import image_files
from sertool.firmware.memory import RegionUse, memory_map
from sertool.firmware.stack import worst_case_stack
from sertool.frontend.descriptors import KINDS
from sertool.material import Material
from sertool.project import BuildFolder, Project
from sertool.project.again import rebuild_command
from sertool.project.manifest import Manifest, digest_in
from sertool.reliability import Calibration, reliability, sureness
from sertool.report import Report, evidence, recordings, report, write
from sertool.stages.built_model import Model, load_model
from sertool.stages.convert import check_converted
from sertool.stages.network_report import float_network, network
from sertool.stages.recordings import stored_material
from sertool.stages.records import made_with
from sertool.stages.simulate import Count, Simulated
from sertool.stages.tradeoff import sweep_tradeoff
from sertool.targets import Target, load
from sertool.verify import Comparison


def write_report(project: Project, folder: BuildFolder, max_flash: int | None = None) -> Report:
    """Collect what the build folder shows and write `report.html`, `report.json` and `model_card.md`.

    What no stage has measured yet is left out, and the page says which command measures it. Advice counts on
    `max_flash` bytes of flash, or all of the target's. Raises SertoolError when there is no model, when files
    are of different networks or runs, and for a `max_flash` without a sweep or of more than the target has.
    """
    collected = collect(project, folder)
    if max_flash is not None:
        collected = _limited(collected, max_flash)
    write(collected, folder.report)
    return collected


def _limited(report: Report, max_flash: int) -> Report:
    if report.tradeoff is None:
        raise SertoolError(
            "there is no sweep, so no advice that could keep to so much flash",
            where=f"report.max_flash = {max_flash}",
            hint="run first: sertool sweep",
        )
    if not 0 < max_flash <= report.target.flash_bytes:
        raise SertoolError(
            f"{report.target.name} does not have so much flash",
            where=f"report.max_flash = {max_flash}",
            allowed=f"1 to {report.target.flash_bytes:,} bytes",
        )
    return dataclasses.replace(report, max_flash=max_flash)


def collect(project: Project, folder: BuildFolder) -> Report:
    """Collect the report's value; see `write_report`."""
    target = load(project.target)
    check_converted(folder)
    built = load_model(folder)
    found = folder.read(folder.verification, Simulated, "simulate") if folder.verification.exists() else None
    taken = folder.read(folder.checkpoint, Checkpoint, "build") if folder.checkpoint.exists() else None
    material = stored_material(project, folder) if folder.split.exists() else None
    if material:
        _same_model(built, material, folder)
    evaluations: tuple[recordings.Measured, ...] = ()
    if taken:
        corpus, split, accuracy = taken.corpus, taken.split, taken.accuracy
        evaluations = tuple(sorted(taken.evaluations, key=lambda each: not each.of_strangers))
    elif material:
        corpus, split = _corpus(material), _split(material)
        accuracy = _accuracy(built, float_network(folder, built), material)
    else:
        corpus, split, accuracy = None, None, None
    return Report(
        project=project.name,
        target=report.Target(
            target.name,
            target.title,
            target.core.cpu,
            target.core.clock_hz,
            target.memory.flash.length,
            target.memory.ram.length,
        ),
        network=network(folder, built),
        corpus=corpus,
        split=split,
        accuracy=accuracy,
        evaluations=evaluations,
        memory=_memory(folder, target, found.stack if found else None),
        exactness=_exactness(found.comparison) if found else None,
        parity=_parity(found) if found else None,
        instructions=_instructions(found.instructions) if found else None,
        manifest=_manifest(project, folder),
        tradeoff=sweep_tradeoff(folder.sweep) if folder.sweep.exists() else None,
    )


def _same_model(built: Model, material: Material, folder: BuildFolder) -> None:
    """Raise SertoolError where `model.tflite` was not made from what `train` left."""
    wanted = (material.labels, material.spec, material.standardizer)
    if (built.graph.labels, built.spec, built.standardizer) != wanted:
        raise SertoolError(
            "model.tflite has other classes or another front end than split.json and frontend.json",
            where=folder.tflite,
            allowed=f"the classes {', '.join(material.labels)}, and what frontend.json says",
            hint="run the stages from convert on again, or sertool build",
        )


def _corpus(material: Material) -> recordings.Corpus:
    corpus = material.corpus
    described = corpora.describe(corpus.kind)
    terms = None
    if described is not None:
        fields = {field.name: getattr(described, field.name) for field in dataclasses.fields(recordings.Terms)}
        terms = recordings.Terms(**fields)
    seconds = sum(content.seconds for content in corpora.contents(clip.path for clip in corpus.clips).values())
    return recordings.Corpus(
        corpus.name,
        corpus.synthetic,
        _emotions(corpus.clips),
        corpus.speakers,
        seconds,
        terms,
        (*corpus.notes, *material.split.notes),
    )


def _split(material: Material) -> recordings.Split:
    split = material.split
    parts = tuple(
        recordings.Part(name, _emotions(clips), tuple(sorted({clip.speaker for clip in clips})))
        for name, clips in split.parts.items()
    )
    folds = corpora.folds(material.corpus, split.protocol)
    return recordings.Split(split.protocol, split.seed, split.fold, folds, parts)


def _emotions(clips: Sequence[Clip]) -> dict[str, int]:
    return dict(sorted(Counter(clip.emotion for clip in clips).items()))


def _accuracy(built: Model, real: training.FloatModel | None, material: Material) -> report.Accuracy:
    test = material.examples("test")
    answers = laq.answers(built.graph, test.features, built.temperature)
    quantized, right = answers.labels, answers.labels == test.labels
    floating: NDArray[np.int64] | None = None
    if real is not None:
        floating = training.predict(real, test.features).argmax(axis=1)
    labels = built.graph.labels
    return report.Accuracy(
        None if floating is None else _score(training.accuracy(test.labels, floating, labels)),
        _score(training.accuracy(test.labels, quantized, labels)),
        None if floating is None else int((floating == quantized).sum()),
        Calibration(
            reliability(answers.untempered.tolist(), right), reliability(answers.confidence.tolist(), right)
        ),
        built.temperature,
        sureness(doubts_of_labels(built.rule, test.features, answers.probabilities, quantized) == 0, right),
    )


def _score(found: training.Accuracy) -> report.Score:
    interval = found.interval
    confusion = tuple(tuple(row) for row in found.confusion.tolist())
    return report.Score(confusion, found.weighted, found.unweighted, interval.low, interval.high)


def _memory(folder: BuildFolder, target: Target, measured: int | None) -> evidence.Memory | None:
    image = image_files(folder.image)
    if not image.elf.exists():
        return None
    memory = memory_map(image.elf, target)
    worst = worst_case_stack(image, target)
    stack = evidence.Stack(worst.bytes, measured, worst.reserved, worst.path)
    return evidence.Memory(_region("Flash", memory.flash), _region("RAM", memory.ram), stack)


def _region(name: str, use: RegionUse) -> evidence.Region:
    return evidence.Region(
        name,
        use.capacity,
        tuple(evidence.Section(section.name, section.bytes) for section in use.sections),
        tuple(evidence.Symbol(symbol.name, symbol.section, symbol.bytes) for symbol in use.symbols),
    )


def _exactness(comparison: Comparison) -> evidence.Exactness:
    first = comparison.first_difference
    return evidence.Exactness(
        "reference",
        tuple(
            evidence.EngineCheck(
                engine.engine,
                engine.clips,
                tuple(
                    evidence.LayerCheck(each.layer, each.compared, each.mismatches) for each in engine.layers
                ),
            )
            for engine in comparison.engines
        ),
        evidence.Difference(**dataclasses.asdict(first)) if first else None,
    )


def _parity(found: Simulated) -> evidence.Parity | None:
    rows = tuple(
        evidence.ParityRow(name, kind.unit, kind.parity.scope, far.mean, far.p999, far.max)
        for name, kind in KINDS.items()
        if kind.parity and (far := found.parity.get(name))
    )
    return evidence.Parity("librosa's definitions in float64", found.comparison.clips, rows) if rows else None


def _instructions(counts: Sequence[Count]) -> evidence.Instructions | None:
    if not counts:
        return None
    cores = tuple(evidence.CoreCount(count.core, count.inference, count.audio_second) for count in counts)
    return evidence.Instructions(f"Unicorn {version('unicorn')}", cores)


def _manifest(project: Project, folder: BuildFolder) -> evidence.Manifest | None:
    if not folder.manifest.exists():
        return None
    manifest = folder.read(folder.manifest, Manifest, "render")
    recordings = {"recordings": manifest.recordings.digest} if manifest.recordings else {}
    checkpoint = {"checkpoint": manifest.checkpoint.seal} if manifest.checkpoint else {}
    return evidence.Manifest(
        digest_in(folder),
        manifest.settings.project.training.seed if manifest.settings else None,
        rebuild_command(project, made_with(project, folder), folder, manifest.checkpoint),
        {**recordings, **checkpoint, **manifest.files, "sources": manifest.sources},
        manifest.versions,
    )
