"""The period of the voice and how periodic the frame is, from the autocorrelation of its lower bins.

Boersma (1993), "Accurate short-term analysis of the fundamental frequency": the autocorrelation of the frame
under its window over the window's own, interpolated around its maxima; long periods and leaps cost.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.descriptors.log_mel import DB_PER_OCTAVE
from sertool.frontend.framing import Framing, refusal
from sertool.frontend.kind import Heard, Kind, Sizes
from sertool.frontend.logarithm import log_table
from sertool.frontend.spectrum import hann, unit_vectors
from sertool.frontend.tables import Rendered, rounded, table

#: Lags of the transform in a frame, and the bins that it hears: those of a constant are left out.
LAGS = 256
FIRST, END = 2, LAGS // 2

#: Hz of the voice, if the frame is long enough for the lower one; see `longest`.
LOWEST, HIGHEST = 57.2, 500.0
#: Part of a frame that a period may have: the transform is circular, and longer ones meet their mirror images.
_LONGEST_PART = 0.35
#: Lags in a second: that the bins reach 2 kHz, and that a frame of so many lags holds periods of 11 ms.
_LAG_RATES = (4000, 8000)

#: Voiced frames correlate more than the one and lie at most the other below the peak, which falls so fast.
VOICED = 0.5
RANGE_DB = 40.0
_FALL_DB = 3.0
#: Of the power that a constant as loud as the frame's loudest sample would have, what is less is not heard.
_DEPTH = 2.0**-19
#: Cost of an octave: of a longer period, and away from the last frame's.
_LONGER = 0.06
_LEAP = 0.2


def lag_rate(framing: Framing) -> float:
    """Lags in a second."""
    return LAGS * framing.sample_rate / framing.frame_length


def shortest(framing: Framing) -> int:
    """Shortest period, in lags."""
    return int(lag_rate(framing) / HIGHEST)


def longest(framing: Framing) -> int:
    """Longest period, in lags: of `LOWEST`, or what the frame has room for."""
    return min(math.ceil(lag_rate(framing) / LOWEST), int(_LONGEST_PART * LAGS))


def window_correlation(framing: Framing) -> NDArray[np.float64]:
    """Autocorrelation of the window, circular as the frame's, at lags 0 to `LAGS` - 1 over that at 0."""
    products = np.fft.irfft(np.abs(np.fft.rfft(hann(framing.frame_length))) ** 2)
    correlation: NDArray[np.float64] = (products / products[0])[:: framing.frame_length // LAGS]
    return correlation


def _sizes(framing: Framing, sizes: Sizes) -> Sequence[int]:
    least, most = _LAG_RATES
    if not least <= lag_rate(framing) <= most:
        shortest_frame, longest_frame = (LAGS * framing.sample_rate / rate for rate in (most, least))
        raise refusal(
            "frame_length",
            framing.frame_length,
            f"{1000 * LAGS / most:g} to {1000 * LAGS / least:g} ms for f0 and voicing, "
            f"here {math.ceil(shortest_frame)} to {int(longest_frame)} samples",
        )
    return (2,)


def _tables(framing: Framing, sizes: Sizes) -> Rendered:
    """Twiddles of the autocorrelation, what the window takes from it, and constants of the search."""
    lags = slice(shortest(framing) - 1, longest(framing) + 2)
    turns = np.outer(np.arange(16), (1, 2, 3)) / 64
    tables = [
        table("ser_correlate_units", "uint32_t", unit_vectors(np.arange(64) / LAGS)),
        table("ser_correlate_twiddles", "uint32_t", unit_vectors(turns)),
        table("ser_pitch_window", "int16_t", rounded(2**13 / window_correlation(framing)[lags])),
        log_table(),
    ]
    fade = _FALL_DB / DB_PER_OCTAVE * framing.hop_length / framing.sample_rate
    constants: dict[str, int | str] = {
        "PITCH_SHORTEST": shortest(framing),
        "PITCH_LONGEST": longest(framing),
        "PITCH_FADE": round(fade * 2**16),
    }
    return tables, constants


def _real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    """log2 of the period in lags, 0 where unvoiced, and the correlation there."""
    power = np.zeros((len(heard["power"]), LAGS // 2 + 1))
    power[:, FIRST:END] = heard["power"][:, FIRST:END]
    products = np.fft.irfft(power)[:, : LAGS // 2]
    correlation = products / np.maximum(products[:, :1], 1e-300) / window_correlation(framing)[: LAGS // 2]
    sums = power.sum(axis=1)
    levels = 10 * np.log10(np.maximum(sums, 1e-300))
    loudest = 2 ** np.ceil(np.log2(np.maximum(np.abs(heard["pcm"]).max(axis=1), 2.0**-15)))
    correlation[sums < _DEPTH * (loudest * framing.frame_length / 2) ** 2] = 0
    found = np.zeros((len(power), 2))
    peak, last = -np.inf, 0.0
    for frame, level in enumerate(levels):
        peak = max(level, peak - _FALL_DB * framing.hop_length / framing.sample_rate)
        period, strength = _best(correlation[frame], shortest(framing), longest(framing), last)
        last = period if strength > VOICED and level > peak - RANGE_DB else 0.0
        found[frame] = last, min(strength, 1.0)
    return found


def _best(correlation: NDArray[np.float64], least: int, most: int, last: float) -> tuple[float, float]:
    """log2 of the best period, and its correlation; zeros where there is no maximum."""
    lags = np.arange(least, most + 1)
    before, at, after = correlation[lags - 1], correlation[lags], correlation[lags + 1]
    tops = np.flatnonzero((at > 0) & (at > before) & (at >= after))
    if not len(tops):
        return 0.0, 0.0
    lags, before, at, after = lags[tops], before[tops], at[tops], after[tops]
    offsets = (after - before) / (2 * (2 * at - before - after))
    strengths = at + (after - before) * offsets / 4
    periods = np.log2(lags + offsets)
    scores = strengths - _LONGER * periods - (_LEAP * np.abs(periods - last) if last else 0)
    best = int(scores.argmax())
    return float(periods[best]), float(strengths[best])


def voiced(ours: Heard, theirs: Heard) -> NDArray[np.bool_]:
    """Which frames both sides call voiced."""
    both: NDArray[np.bool_] = (ours["pitch"][:, 0] > 0) & (theirs["pitch"][:, 0] > 0)
    return both


KIND = Kind(
    name="pitch",
    unit="log2 of 256ths of a frame, of one",
    step=1 / 32768,
    bits=18,
    sizes=_sizes,
    usual=2,
    needs=("power", "gain"),
    state="struct ser_pitch_state",
    real=_real,
    tables=_tables,
    sources=("correlate.c",),
    counted=False,
)
