"""What is known of a sound itself, whatever is said in it: the numbers of `ser_sound.h`, from its samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.library import Frontend

#: Bits of a magnitude bound at full scale.
_FULL = 16


@dataclass(frozen=True)
class Sound:
    """Of an utterance of at least one frame.

    `frames` that were described, those that are `counted`, and of these the `voiced`, None where nothing tells.
    `samples` in whole hops, and those `clipped` at either end of their range. `loudest` and `quietest` are of
    hops: bits that their largest sample takes with its sign, 1 to 16.
    """

    frames: int
    counted: int
    voiced: int | None
    samples: int
    clipped: int
    loudest: int
    quietest: int


def sound_of(frontend: Frontend, pcm: NDArray[np.int16]) -> Sound:
    """Measure int16 `pcm` (samples,) as a device that hears it through `frontend` does.

    Raises `TooShort` where there is no whole frame.
    """
    spec = frontend.spec
    values = frontend.descriptors(pcm if spec.gate or spec.voice else pcm[: spec.frame_length])
    frames = 1 + (len(pcm) - spec.frame_length) // spec.hop_length
    counts = values[spec.gate.name][:, 0] > 0 if spec.gate else np.ones(frames, np.bool_)
    # What comes after the last frame that may count is not heard.
    full = np.flatnonzero(counts)[MAX_FRAMES - 1 : MAX_FRAMES]
    frames = int(full[0]) + 1 if len(full) else frames
    counts = counts[:frames]
    hops = frames + spec.frame_length // spec.hop_length - 1
    heard = pcm[: hops * spec.hop_length]
    wide = heard.astype(np.int32)
    sizes = np.where(wide < 0, ~wide, wide).reshape(hops, spec.hop_length).max(axis=1)
    bits = 1 + np.frexp(sizes)[1]
    return Sound(
        frames,
        int(counts.sum()),
        int((counts & (values[spec.voice.name][:frames, 0] > 0)).sum()) if spec.voice else None,
        len(heard),
        int((np.abs(wide) >= 2 ** (_FULL - 1) - 1).sum()),
        int(bits.max()),
        int(bits.min()),
    )
