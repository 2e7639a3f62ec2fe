"""Noise of a colour that is drawn, and who speaks where it is a babble."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable

import numpy as np

from sertool.augmentation.noise import COLOURS, Noise

#: Voices of a babble: from about six on nobody is understood.
VOICES = 6


def any_noise(snr: float, clip: str, others: Collection[str], seed: str, random: np.random.Generator) -> Noise:
    """Draw a colour for a clip; where nobody else is there to babble, babble is pink."""
    colour = COLOURS[random.integers(len(COLOURS))]
    voices = chorus(clip, others, seed) if colour == "babble" else ()
    return Noise(colour if voices or colour != "babble" else "pink", snr, voices)


def chorus(clip: str, others: Iterable[str], seed: str) -> tuple[str, ...]:
    """Choose `VOICES` of `others`, by their digests, for a clip; all of them where there are fewer.

    Each has a place of its own for this clip and seed (rendezvous hashing), so most choices stay when
    others come or go, and what is cached serves every fold.
    """

    def place(other: str) -> bytes:
        return hashlib.sha256(f"{seed} {clip} {other}".encode()).digest()

    return tuple(sorted({*others} - {clip}, key=place)[:VOICES])
