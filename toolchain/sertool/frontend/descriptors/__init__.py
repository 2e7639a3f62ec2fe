"""What a front end can compute of a frame; one file each, here and in the C runtime."""

from __future__ import annotations

from collections.abc import Mapping

from sertool.frontend.descriptors import (
    auditory,
    bands,
    centroid,
    chroma,
    f0,
    flux,
    gate,
    harmonicity,
    level,
    log_auditory,
    log_mel,
    log_mel13,
    log_mel40,
    loudness,
    mel_power,
    mfcc,
    mfcc40,
    pitch,
    rasta_loudness,
    rolloff,
    sharpness,
    slope,
    spectral_entropy,
    spectral_peaks,
    voicing,
    zero_crossings,
)
from sertool.frontend.kind import Kind

#: In the order in which a frame gets them: each after what it needs, and what uses its arguments up after all.
KINDS: Mapping[str, Kind] = {
    "level": level.KIND,
    "gate": gate.KIND,
    "zero_crossings": zero_crossings.KIND,
    "log_mel": log_mel.KIND,
    "mfcc": mfcc.KIND,
    "mel_power": mel_power.KIND,
    "log_auditory": log_auditory.KIND,
    "auditory": auditory.KIND,
    "loudness": loudness.KIND,
    "rasta_loudness": rasta_loudness.KIND,
    "sharpness": sharpness.KIND,
    "flux": flux.KIND,
    "log_mel40": log_mel40.KIND,
    "log_mel13": log_mel13.KIND,
    "mfcc40": mfcc40.KIND,
    "slope": slope.KIND,
    "bands": bands.KIND,
    "centroid": centroid.KIND,
    "rolloff": rolloff.KIND,
    "spectral_entropy": spectral_entropy.KIND,
    "spectral_peaks": spectral_peaks.KIND,
    "pitch": pitch.KIND,
    "f0": f0.KIND,
    "voicing": voicing.KIND,
    "harmonicity": harmonicity.KIND,
    "chroma": chroma.KIND,
}
