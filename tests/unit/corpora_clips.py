"""Tiny recordings and corpora for the tests of the corpora room."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile


def samples(seed: int, seconds: float = 0.1, rate: int = 16000, channels: int = 1) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.integers(-9000, 9000, (round(seconds * rate), channels)).astype(np.int16)


def write_clip(path: Path, seed: int = 0, seconds: float = 0.1, rate: int = 16000, channels: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples(seed, seconds, rate, channels), rate)
    return path


def write_clips(root: Path, names: list[str]) -> Path:
    for seed, name in enumerate(names):
        write_clip(root / name, seed)
    return root


def write_labelled(
    root: Path, speakers: int, each: int, emotions: tuple[str, ...] = ("anger", "sadness")
) -> Path:
    """One folder a label, names like anger/s03_01.wav, every clip different."""
    return write_clips(
        root, [f"{e}/s{s:02d}_{k:02d}.wav" for e in emotions for s in range(speakers) for k in range(each)]
    )


PATTERN = r"/(?P<speaker>s\d+)_"
