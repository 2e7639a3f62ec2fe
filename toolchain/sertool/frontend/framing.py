"""How an utterance is cut into frames: the ground of every descriptor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError

FRAME_LENGTHS = (256, 512, 1024, 2048)
SAMPLE_RATES = (8000, 48000)

#: Frames after which an utterance is cut.
MAX_FRAMES = 65535


@dataclass(frozen=True)
class Framing:
    """Sample rate in Hz, length of a frame and distance of two in samples.

    Frames start at multiples of `hop_length` and lie wholly inside the utterance (librosa's `center=False`).
    Raises `SertoolError`, saying what is allowed, for anything that the C front end does not support.
    """

    sample_rate: int = 16000
    frame_length: int = 1024
    hop_length: int = 256

    def __post_init__(self) -> None:
        low, high = SAMPLE_RATES
        if not is_int(self.sample_rate) or not low <= self.sample_rate <= high:
            raise refusal("sample_rate", self.sample_rate, f"{low} to {high} Hz")
        if self.frame_length not in FRAME_LENGTHS:
            raise refusal("frame_length", self.frame_length, f"one of {list(FRAME_LENGTHS)}")
        hops = [self.frame_length // parts for parts in (8, 4, 2, 1)]
        if self.hop_length not in hops:
            raise refusal("hop_length", self.hop_length, f"one of {hops}, divisors of the frame length")

    @property
    def bins(self) -> int:
        """Bins of a frame's spectrum."""
        return self.frame_length // 2 + 1

    @property
    def longest(self) -> int:
        """Samples of an utterance that are heard at most; what follows is ignored."""
        return self.frame_length + (MAX_FRAMES - 1) * self.hop_length

    def frames(self, pcm: NDArray[np.int16]) -> NDArray[np.float64]:
        """Cut int16 (samples,), at least one frame of them, into (frames, frame_length) of full scale 1."""
        starts = range(0, len(pcm) - self.frame_length + 1, self.hop_length)
        frames: NDArray[np.float64] = np.stack([pcm[at : at + self.frame_length] for at in starts]) / 32768
        return frames


def refusal(name: str, value: object, allowed: str, hint: str | None = None) -> SertoolError:
    """Make the error for a value that a front end cannot have."""
    return SertoolError(f"{name} cannot be {value!r}", where="front end", allowed=allowed, hint=hint)


def is_int(value: object) -> bool:
    """Whether a value is an integer and no truth value."""
    return isinstance(value, int) and not isinstance(value, bool)
