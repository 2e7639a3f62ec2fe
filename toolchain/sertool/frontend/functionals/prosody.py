"""How an utterance is spoken: melody, segments, pauses and syllables, from F0, level and loudness; 32 features.

Melody is of voiced frames, and 0 where fewer than four are. Percentiles are on a line inside a bin of 1.25
semitones; thirds are those of at most twelve blocks, which merge in pairs; changes of F0 are those between
neighbouring voiced frames by less than four semitones. The slope is over half the utterance. Unvoiced frames
are held to be 20 dB below the voiced where there are none. Activity is the share of frames within ten octaves
of power (30.1 dB) of the 99th percentile, by bins of one. Syllables are peaks of three frames' loudness above
half its mean up to there.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.level import KIND as LEVEL
from sertool.frontend.framing import Framing
from sertool.frontend.functional import LARGEST_FEATURE, Functional, Step, Utterance, ratio_step

Values = NDArray[np.float64]

_VOICED = 4
_F0_BINS, _F0_BIN, _F0_LOWEST = 32, 80, 12 * 64
_LEVEL_BINS, _LEVEL_BIN, _ACTIVE_BINS = 32, 1024, 10
_UNVOICED_BELOW = 6803
_BLOCKS = 12
_FAR = 4 * 64


def _level_step(framing: Framing, step: float) -> float:
    return LEVEL.step / 16


def _seconds(framing: Framing, step: float) -> float:
    return framing.hop_length / framing.sample_rate / 16


#: None: a sixteenth of F0's step.
PARTS: Mapping[str, Step | None] = {
    "mean": None, "deviation": None, "p5": None, "p20": None, "p50": None, "p80": None, "p95": None,
    "range": None, "skewness": ratio_step, "slope": None, "straying": None, "change": None, "rise": None,
    "fall": None, "rising": ratio_step, "first_third": None, "last_third": None, "end": None,
    "highest_at": ratio_step, "bend": None, "voiced_level": _level_step, "unvoiced_level": _level_step,
    "voiced": ratio_step, "segments_a_second": ratio_step, "segment": _seconds, "segment_deviation": _seconds,
    "gap": _seconds, "gap_deviation": _seconds, "log2_frames": ratio_step, "active": ratio_step,
    "pauses_a_second": ratio_step, "syllables_a_second": ratio_step,
}  # fmt: skip


def _percentile(histogram: NDArray[np.int64], percent: int) -> tuple[int, float]:
    """The bin that it lies in, and the part of the bin's frames up to it."""
    total = np.cumsum(histogram)
    at = int(np.searchsorted(100 * total, percent * total[-1]))
    return at, (percent * total[-1] / 100 - (total[at] - histogram[at])) / histogram[at]


def _thirds(f0: Values) -> tuple[float, float]:
    """Means of the first and the last third, by blocks."""
    blocks: list[tuple[float, int]] = []
    length, start = 1, 0
    while start + length <= len(f0):
        blocks.append((float(f0[start : start + length].sum()), length))
        start += length
        if len(blocks) == _BLOCKS:
            blocks = [(a + b, 2 * length) for (a, _), (b, _) in zip(blocks[::2], blocks[1::2], strict=True)]
            length *= 2
    if start < len(f0):
        blocks.append((float(f0[start:].sum()), len(f0) - start))

    def third(parts: list[tuple[float, int]]) -> float:
        left, total = len(f0) / 3, 0.0
        for part, size in parts:
            taken = min(size, left)
            total, left = total + part * taken / size, left - taken
        return total * 3 / len(f0)

    return third(blocks), third(blocks[::-1])


def _changes(f0: Values) -> list[float]:
    """Mean change, rise and fall, share of rises, and mean change of the change."""
    voiced = f0 > 0
    change, bend = np.diff(f0), np.diff(f0, 2)
    change = change[voiced[1:] & voiced[:-1] & (np.abs(change) < _FAR)]
    bend = bend[voiced[2:] & voiced[1:-1] & voiced[:-2] & (np.abs(bend) < _FAR)]
    parts = (np.abs(change), change[change > 0], change[change < 0], change > 0, np.abs(bend))
    return [float(part.mean()) if len(part) else 0.0 for part in parts]


def _melody(f0: Values, level: Values) -> list[float]:
    """The features of voiced frames, in steps."""
    voiced = f0 > 0
    pitch, at = f0[voiced], np.flatnonzero(voiced)
    mean, deviation = pitch.mean(), pitch.std()
    bins = np.clip((pitch - _F0_LOWEST) // _F0_BIN, 0, _F0_BINS - 1).astype(np.int64)
    histogram = np.bincount(bins, minlength=_F0_BINS)
    places = [_percentile(histogram, percent) for percent in (5, 20, 50, 80, 95)]
    percentiles = [_F0_LOWEST + _F0_BIN * (bin_ + part) for bin_, part in places]
    varies = bool((pitch != pitch[0]).any())
    skewness = ((pitch - mean) ** 3).mean() / deviation**3 if varies else 0
    time = at - at.mean()
    slope = time @ (pitch - mean) / (time @ time)
    straying = np.sqrt(((pitch - mean - slope * time) ** 2).mean())
    change, rise, fall, rising, bend = _changes(f0)
    first, last = _thirds(pitch)
    quiet = level[~voiced].mean() if not voiced.all() else level[voiced].mean() - _UNVOICED_BELOW
    sixteenths = [mean, deviation, *percentiles, percentiles[4] - percentiles[0]]
    return [
        *(16 * part for part in sixteenths), skewness * 2**15, slope * len(f0) / 2 * 16, straying * 16,
        change * 16, rise * 16, fall * 16, rising * 2**15, (first - mean) * 16, (last - mean) * 16,
        (pitch[-3:].mean() - mean) * 16, pitch.argmax() / len(pitch) * 2**15, bend * 16,
        level[voiced].mean() * 16, quiet * 16,
    ]  # fmt: skip


def _lengths(inside: NDArray[np.bool_]) -> tuple[int, float, float]:
    """Number of segments, mean and deviation of their lengths."""
    edges = np.diff(np.concatenate([[0], inside.astype(np.int64), [0]]))
    lengths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    return (len(lengths), float(lengths.mean()), float(lengths.std())) if len(lengths) else (0, 0.0, 0.0)


def _active(level: Values) -> float:
    bins = np.clip(level // _LEVEL_BIN + _LEVEL_BINS, 0, _LEVEL_BINS - 1).astype(np.int64)
    histogram = np.bincount(bins, minlength=_LEVEL_BINS)
    top, part = _percentile(histogram, 99)
    lowest = top - _ACTIVE_BINS
    if lowest < 0:
        return 1.0
    return float((histogram[lowest + 1 :].sum() + histogram[lowest] * (1 - part)) / len(level))


def _syllables(loudness: Values) -> int:
    smooth = (
        np.convolve(np.concatenate([[0], loudness]), np.ones(3), "valid") if len(loudness) > 1 else loudness[:0]
    )
    means = np.cumsum(smooth) / np.arange(1, len(smooth) + 1)
    middle = smooth[1:-1]
    return int(((middle > smooth[:-2]) & (middle >= smooth[2:]) & (middle > means[1:-1] / 2)).sum())


def _truth(utterance: Utterance) -> NDArray[np.float64]:
    f0, level, loudness, gate = (
        utterance.others[kind][utterance.counted].astype(np.float64)
        for kind in ("f0", "level", "loudness", "gate")
    )
    f0, level, loudness, frames = f0[:, 0], level[:, 0], loudness[:, 0], len(f0)
    rate = utterance.framing.sample_rate / utterance.framing.hop_length / frames * 2**15
    voiced = f0 > 0
    melody = _melody(f0, level) if voiced.sum() >= _VOICED else [0.0] * 22
    segments, mean, deviation = _lengths(voiced)
    _, gap, gap_deviation = _lengths(~voiced)
    pauses = int((np.diff(gate[:, 1]) < 0).sum())
    found = np.array([
        *melody, voiced.mean() * 2**15, segments * rate, mean * 16, deviation * 16, gap * 16,
        gap_deviation * 16, np.log2(frames) * 2**15, _active(level) * 2**15, pauses * rate,
        _syllables(loudness) * rate,
    ])  # fmt: skip
    return np.clip(found, -LARGEST_FEATURE, LARGEST_FEATURE)


FUNCTIONAL = Functional(
    name="prosody",
    needs=("phrase",),
    step=lambda framing, step: step / 16,
    truth=_truth,
    within=2.6,
    sources=("magnitude.c", "skewness.c"),
    of="f0",
    parts=PARTS,
)
