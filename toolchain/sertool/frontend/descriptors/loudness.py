"""Loudness: the sum of the auditory spectrum, as openSMILE's `audspec_lengthL1norm`."""

from __future__ import annotations

from sertool.frontend.descriptors.log_mel import LOUD_DB, of_loud_frames
from sertool.frontend.kind import Kind, Parity

KIND = Kind(
    name="loudness",
    unit="loudness",
    step=2.0**-8,
    bits=15,
    sizes=lambda framing, sizes: (1,),
    usual=1,
    needs=("auditory",),
    real=lambda framing, sizes, heard: heard["auditory"].sum(axis=1, keepdims=True),
    parity=Parity(
        f"frames with a cell within {LOUD_DB:g} dB", (0.003, 0.012, 0.03), of_loud_frames("loudness")
    ),
)
