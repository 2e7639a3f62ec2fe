"""A build folder without training: recordings of noise, drawn networks, and the records that stages leave."""

from __future__ import annotations

import dataclasses
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from sertool import corpora, laq, training
from sertool.experiments.outcomes import Row, Score
from sertool.experiments.store import Store
from sertool.files import write_atomic
from sertool.frontend import Descriptor, FrontendSpec
from sertool.graph import TensorScale
from sertool.material import features_of
from sertool.project import BuildFolder, CorpusConfig, Project, QuantizationConfig
from sertool.project.options import Settings
from sertool.stages.convert import convert
from sertool.stages.features import golden_crc32
from sertool.stages.records import (
    CostRecord,
    FrontendRecord,
    Losses,
    QuantizationRecord,
    TrainingRecord,
    belonging,
)
from sertool.stages.simulate import Count, Distance, Simulated
from sertool.standardization import Standardizer
from sertool.training import TrainingConfig
from sertool.verify import Comparison
from sertool.verify.comparison import Difference, EngineComparison, LayerComparison

EMOTIONS = ("anger", "neutral", "sadness")
SPEC = FrontendSpec(
    descriptors=(Descriptor("log_mel", 16, ("mean",)),),
    frame_length=512,
    hop_length=512,
)
PLAN = ("ternary", "4")


@dataclass(frozen=True)
class Built:
    """The project and its build folder."""

    project: Project
    folder: BuildFolder


def made(root: Path) -> Built:
    """Write recordings and a build folder below `root`."""
    noise = np.random.default_rng(0)
    for emotion in EMOTIONS:
        (root / "speech" / emotion).mkdir(parents=True)
        for number in range(4):
            samples = noise.integers(-9000, 9000, 2000).astype(np.int16)
            soundfile.write(root / "speech" / emotion / f"s{number % 2}_{number}.wav", samples, 16000)
    recordings = CorpusConfig(str(root / "speech"), speaker_pattern="/(?P<speaker>s[0-9])_")
    project = Project(target="stm32")
    folder = BuildFolder(root / "build")
    corpus = corpora.load(root / "speech", speaker_pattern=recordings.speaker_pattern)
    split = corpora.split(corpus)
    folder.write(folder.split, split.record())
    raw = features_of([clip.path for clip in split.train], SPEC)
    folder.write(folder.frontend, FrontendRecord(SPEC, Standardizer.fit(raw), golden_crc32(SPEC)))
    real = _network((SPEC.features, 6, len(EMOTIONS)))
    for path in (folder.float_model, folder.search_model):
        write_atomic(path, training.save(real))
    features = Standardizer.fit(raw).apply(raw)
    quantized = laq.quantize(real, laq.parse_plan(",".join(PLAN), ["dense1", "logits"]), features)
    write_atomic(folder.quantized_model, laq.save(quantized))
    told = Project(corpus=recordings, training=TrainingConfig(hidden=(6,), epochs=2))
    folder.write(
        folder.training,
        TrainingRecord(real.parameters, real.shape, 2, 0.5, Losses((1.2, 1.1)), Settings(told), recordings),
    )
    folder.write(
        folder.laq,
        QuantizationRecord(
            PLAN, "laq", 300, 0.5, 0.5,
            Settings(dataclasses.replace(told, quantization=QuantizationConfig(max_bytes=900))),
            laq.importance(real), {"plan": ",".join(PLAN), "steps": [{"layer": "dense1", "kept": True}]},
            CostRecord("bytes", 900, 300), belonging(folder),
        ),
    )  # fmt: skip
    convert(folder)
    folder.write(folder.verification, _simulated())
    _sweep(folder.sweep)
    return Built(project, folder)


def copied(built: Built, root: Path) -> Built:
    """Copy the build folder, not the recordings, below `root`."""
    return Built(built.project, BuildFolder(Path(shutil.copytree(built.folder.root, root / "build"))))


def _network(shape: tuple[int, ...]) -> training.FloatModel:
    drawn = np.random.default_rng(1)
    names = [*(f"dense{number + 1}" for number in range(len(shape) - 2)), "logits"]
    layers = tuple(
        training.DenseLayer(
            name,
            drawn.normal(0, 0.3, (outputs, inputs)).astype(np.float32),
            drawn.normal(0, 0.1, outputs).astype(np.float32),
            name != "logits",
        )
        for name, inputs, outputs in zip(names, shape, shape[1:], strict=False)
    )
    return training.FloatModel(layers, EMOTIONS, TensorScale(2.0**-5, 0))


def _simulated() -> Simulated:
    layers = (LayerComparison("input", 160, 0), LayerComparison("dense1", 60, 1))
    engines = (EngineComparison("host", 10, layers), EngineComparison("board", 3, layers[:1]))
    first = Difference("host", "anger/s0_0.wav", "dense1", 3, -12, 13)
    parity = {kind: Distance(100, 0.1, 0.2, 0.3) for kind in ("log_mel", "mfcc", "chroma")}
    return Simulated(Comparison(10, engines, first), (Count("cortex-m4", 2000, 900_000),), 1200, parity)


def _sweep(path: Path) -> None:
    score = Score(((3, 1, 0), (0, 4, 0), (0, 1, 3)))
    with Store.open(path) as store:
        points = [(wanted, seed) for wanted in ("1", "ternary", "budget:900") for seed in range(3)]
        store.select([f"{wanted} {seed}" for wanted, seed in points])
        for wanted, seed in points:
            row = Row(
                corpus="emodb", protocol="random10", fold=0, preset="moments", shape=(360, 8, 3), wanted=wanted,
                plan="1,8", method="given", seed=seed, labels=EMOTIONS, bytes=500 + seed,
                float_validation=score, float_test=score, validation=score, test=score,
                heard=(0,) * 3 + (1,) * 6 + (2,) * 3,
                target="stm32f405", flash=30_000, ram=9_000, instructions=4_000,
            )  # fmt: skip
            store.put(f"{wanted} {seed}", row, "device")
