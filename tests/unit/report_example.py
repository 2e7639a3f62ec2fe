"""A report as a real build would fill it: EMODB, 180-512-128-64-32-7 at (1,1,4,4,8) on an STM32F405."""

from __future__ import annotations

import math

from sertool.reliability import Bin, Calibration, Reliability, Sureness
from sertool.report.report import (
    Accuracy,
    CoreCount,
    Corpus,
    EngineCheck,
    Exactness,
    Importance,
    Instructions,
    Layer,
    LayerCheck,
    Manifest,
    Memory,
    Network,
    Parity,
    ParityRow,
    Part,
    Region,
    Report,
    Score,
    Section,
    Split,
    Stack,
    Symbol,
    Target,
    Terms,
)

LABELS = ("anger", "boredom", "disgust", "fear", "happiness", "neutral", "sadness")
SPEAKERS = ("03", "08", "09", "10", "11", "12", "13", "14", "15", "16")
CLIPS = 54

FLOAT = (
    (12, 0, 0, 0, 1, 0, 0),
    (0, 6, 0, 0, 0, 1, 1),
    (0, 0, 4, 0, 1, 0, 0),
    (1, 0, 0, 5, 1, 0, 0),
    (2, 0, 0, 1, 4, 0, 0),
    (0, 1, 0, 0, 0, 7, 0),
    (0, 1, 0, 0, 0, 0, 5),
)
QUANTIZED = (
    (12, 0, 0, 0, 1, 0, 0),
    (0, 6, 0, 0, 0, 1, 1),
    (0, 0, 4, 1, 0, 0, 0),
    (1, 0, 0, 5, 1, 0, 0),
    (3, 0, 0, 0, 4, 0, 0),
    (0, 2, 0, 0, 0, 6, 0),
    (0, 1, 0, 0, 0, 0, 5),
)


def score(confusion: tuple[tuple[int, ...], ...]) -> Score:
    clips = sum(map(sum, confusion))
    right = sum(row[index] for index, row in enumerate(confusion))
    share, z = right / clips, 1.959964
    middle = (share + z * z / (2 * clips)) / (1 + z * z / clips)
    half = z * math.sqrt(share * (1 - share) / clips + z * z / (4 * clips * clips)) / (1 + z * z / clips)
    recalls = [row[index] / sum(row) for index, row in enumerate(confusion) if sum(row)]
    return Score(confusion, share, sum(recalls) / len(recalls), middle - half, middle + half)


def network() -> Network:
    shape = (180, 512, 128, 64, 32, 7)
    widths = ("1", "1", "4", "4", "8")
    packed = (11520, 8192, 4096, 1024, 224)
    importances = (
        Importance(0.5487, 0.918, 0.563, 0.6766),
        Importance(0.3888, 0.904, 0.588, 0.6269),
        Importance(0.0489, 0.871, 0.704, 0.5413),
        Importance(0.0123, 0.846, 0.851, 0.5698),
        Importance(0.0014, 0.792, 1.0, 0.5978),
    )
    layers = tuple(
        Layer(f"dense_{i}", shape[i], shape[i + 1], widths[i], packed[i], 9 * shape[i + 1], importances[i])
        for i in range(5)
    )
    return Network("laq180", LABELS, layers, "double", "given")


def terms() -> Terms:
    return Terms(
        title="Berlin Database of Emotional Speech (EMO-DB)",
        language="German",
        content="535 clips, 10 speakers, 7 acted emotions",
        terms="CC0 1.0 or CC BY 4.0, by release",
        terms_source="catalogues",
        noncommercial=False,
        citation="F. Burkhardt et al.: A Database of German Emotional Speech. Interspeech 2005.",
    )


def corpus() -> Corpus:
    counts = dict(zip(LABELS, (127, 81, 46, 69, 71, 79, 62), strict=True))
    return Corpus("emodb", False, counts, SPEAKERS, 1487.3, terms(), ("all clips are peak-normalised",))


def split() -> Split:
    parts = {
        "train": (103, 66, 37, 56, 57, 64, 50),
        "validation": (11, 7, 4, 6, 7, 7, 6),
        "test": (13, 8, 5, 7, 7, 8, 6),
    }
    return Split(
        "random10",
        seed=0,
        fold=0,
        folds=1,
        parts=tuple(Part(name, dict(zip(LABELS, n, strict=True)), SPEAKERS) for name, n in parts.items()),
    )


def memory() -> Memory:
    tables = ("ser_fft_twiddles", 2048), ("ser_mel_weights", 4126), ("ser_mel_bands", 512)
    more = ("ser_dct_40x128", 3080), ("ser_window", 1024), ("ser_chroma_weights", 2164), ("ser_log2_table", 514)
    weights = tuple((f"ser_dense_{i}_weights", n) for i, n in enumerate((11520, 8192, 4096, 1024, 224)))
    scales = tuple((f"ser_dense_{i}_bias", n) for i, n in enumerate((4608, 1152, 576, 288, 63)))
    other = (
        ("ser_golden_inputs", 720),
        ("ser_golden_logits", 28),
        ("ser_standardizer", 1620),
        ("ser_labels", 84),
    )
    functions = (
        ("ser_fft_1024", 1388), ("ser_dense_1bit", 742), ("ser_dense_4bit", 688), ("ser_dense_8bit", 512),
        ("ser_frontend_push", 1116), ("ser_softmax", 604), ("ser_log_mel", 420), ("ser_protocol_step", 980),
        ("ser_model_run", 356), ("Reset_Handler", 148), ("HardFault_Handler", 224), ("ser_crc32", 96),
        ("usart_write", 88), ("clock_init", 172), ("main", 212), ("memcpy", 54), ("memset", 28),
    )  # fmt: skip
    rodata = (*tables, *more, *weights, *scales, *other)
    state = (
        ("ser_frontend_state", 7412), ("ser_arena", 640), ("ser_input", 180), ("protocol_buffer", 1060),
        ("ser_result", 60), ("uart_ring", 512),
    )  # fmt: skip

    def symbols(section: str, named: tuple[tuple[str, int], ...]) -> tuple[Symbol, ...]:
        return tuple(Symbol(name, section, size) for name, size in named)

    sizes = {name: sum(size for _, size in part) for name, part in (("text", functions), ("rodata", rodata))}
    flash = Region(
        "Flash",
        1024 * 1024,
        (
            Section(".isr_vector", 392),
            Section(".text", sizes["text"] + 318),
            Section(".rodata", sizes["rodata"] + 41),
            Section(".data", 24),
        ),
        (
            Symbol("vectors", ".isr_vector", 392),
            *symbols(".text", functions),
            *symbols(".rodata", rodata),
            Symbol("uart_state", ".data", 24),
        ),
    )
    ram = Region(
        "RAM",
        128 * 1024,
        (
            Section(".data", 24),
            Section(".bss", sum(size for _, size in state) + 12),
            Section(".stack", 2048),
        ),
        (Symbol("uart_state", ".data", 24), *symbols(".bss", state)),
    )
    path = ("main", "ser_device_step", "ser_classify", "ser_model_run", "ser_dense_1bit")
    return Memory(flash, ram, Stack(computed=1288, measured=1204, reserved=2048, path=path))


def exactness() -> Exactness:
    sizes = {f"dense_{i}": n for i, n in enumerate((512, 128, 64, 32, 7))}
    sizes |= {"probabilities": 7, "label": 1}

    def check(engine: str, clips: int, layers: dict[str, int]) -> EngineCheck:
        return EngineCheck(engine, clips, tuple(LayerCheck(name, clips * n, 0) for name, n in layers.items()))

    whole = {"features": 180, "input": 180, **sizes}
    cores = ("cortex-m0", "cortex-m4", "cortex-m7", "cortex-m33")
    return Exactness(
        "reference",
        (
            check("tflm", CLIPS, {"input": 180, **sizes}),
            check("tflite", CLIPS, {"input": 180, "dense_4": 7, "probabilities": 7, "label": 1}),
            check("host", CLIPS, whole),
            *(check(f"emulator:{core}", CLIPS, whole) for core in cores),
            check("board:qemu-netduinoplus2", 50, {"features": 180, "input": 180, "dense_4": 7, "label": 1}),
        ),
    )


def parity() -> Parity:
    return Parity(
        "librosa 0.11.0",
        CLIPS,
        (
            ParityRow("log-mel", "dB", "cells within 60 dB of the clip's loudest", 0.00183, 0.0171, 0.0524),
            ParityRow("MFCC", "dB", "all, both sides floored at −80 dBFS", 0.00542, 0.134, 0.412),
            ParityRow("chroma", "–", "frames with such a cell", 0.00071, 0.0031, 0.0042),
        ),
    )


def instructions() -> Instructions:
    return Instructions(
        "Unicorn 2.1.4",
        (
            CoreCount("cortex-m0", 118_402, 15_412_880),
            CoreCount("cortex-m3", 74_915, 5_836_214),
            CoreCount("cortex-m4", 61_207, 5_018_204),
            CoreCount("cortex-m7", 61_207, 5_018_204),
            CoreCount("cortex-m33", 61_344, None),
        ),
    )


def manifest() -> Manifest:
    def digest(letter: str) -> str:
        return (letter * 7 + "0c4e19b2d") * 4

    return Manifest(
        digest=digest("a"),
        seed=0,
        command="sertool build --target stm32f405 --corpus emodb --protocol random10 --seed 0 --bits 1,1,4,4,8",
        hashes={
            "corpus": digest("b"),
            "model/frontend.json": digest("c"),
            "model/model.tflite": digest("d"),
            "image/firmware.elf": digest("e"),
        },
        versions={
            "sertool": "0.1.0",
            "python": "3.11.2",
            "tensorflow": "2.21.0",
            "tflite-micro": "0.dev20261023182759",
            "arm-none-eabi-gcc": "12.2.1 20221205",
        },
    )


def calibration() -> Calibration:
    """Return made-up reliabilities of 54 answers."""
    before = Reliability(0.121, (Bin(14, 0.62, 0.5), Bin(40, 0.97, 0.85)))
    return Calibration(before, Reliability(0.034, (Bin(6, 0.41, 0.5), Bin(20, 0.66, 0.6), Bin(28, 0.95, 0.96))))


def example() -> Report:
    """Return the whole report."""
    return Report(
        project="emotion",
        target=Target("stm32f405", "STM32F405RG", "cortex-m4", 168_000_000, 1024 * 1024, 128 * 1024),
        network=network(),
        corpus=corpus(),
        split=split(),
        accuracy=Accuracy(
            score(FLOAT), score(QUANTIZED), 49, calibration(), 1.42, Sureness(answers=54, sure=41, right=39)
        ),
        memory=memory(),
        exactness=exactness(),
        parity=parity(),
        instructions=instructions(),
        manifest=manifest(),
    )


def bare() -> Report:
    """Return a report of which nothing was measured: a net and a board."""
    whole = example()
    return Report(whole.project, whole.target, whole.network)
