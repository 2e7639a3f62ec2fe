"""The C front end with its own functions in reach, as a board calls them: for tests of several folders."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sertool.compilers import shared_library
from sertool.frontend import Descriptor, FrontendSpec, sources
from sertool.frontend.functionals import FUNCTIONALS
from sertool.frontend.needs import kinds
from sertool.standardization import Standardizer

#: Functionals that need no kind besides the one that they summarize, so that they go with every specification.
PLAIN = tuple(name for name in FUNCTIONALS if not kinds((name,)))

_PROBE = """\
#include "ser_frontend.h"

size_t probe_size(void);
size_t probe_size(void)
{
    return sizeof(struct ser_frontend);
}

int probe_truncated(const struct ser_frontend *frontend);
int probe_truncated(const struct ser_frontend *frontend)
{
    return frontend->truncated;
}
"""


#: Descriptors of level, signs and shape of spectrum, and how many values of each.
SPECTRAL = {
    "level": 1,
    "zero_crossings": 1,
    "loudness": 1,
    "rasta_loudness": 1,
    "sharpness": 1,
    "flux": 1,
    "log_mel13": 13,
    "mfcc40": 13,
    "slope": 2,
    "bands": 4,
    "centroid": 1,
    "rolloff": 4,
    "spectral_entropy": 1,
    "spectral_peaks": 3,
}


def spectral(rate: int = 16000, frame: int = 1024, hop: int = 256, bands: int = 128) -> FrontendSpec:
    """All of `SPECTRAL`, from so many mel bands."""
    kinds = [Descriptor(kind, size) for kind, size in SPECTRAL.items()]
    return FrontendSpec(rate, frame, hop, (*kinds, Descriptor("log_mel", bands, ())))


class Probe:
    """One `struct ser_frontend` and the functions that work on it."""

    def __init__(self, spec: FrontendSpec, flags: Sequence[str] = ("-O2",)) -> None:
        self.spec = spec
        path = shared_library("frontend-probe", {**sources(spec), "probe.c": _PROBE}, flags)
        self._library = ctypes.CDLL(str(path))
        self._library.probe_size.restype = ctypes.c_size_t
        self._library.ser_frontend_push.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
        self._state = (ctypes.c_uint64 * (self._library.probe_size() // 8))()
        self.reset()

    def reset(self) -> None:
        self._library.ser_frontend_reset(self._state)

    def push(self, pcm: NDArray[np.int16]) -> None:
        self._library.ser_frontend_push(self._state, pcm.ctypes.data, len(pcm))

    def finish(self) -> NDArray[np.int32] | None:
        features = np.empty(self.spec.features, np.int32)
        status = self._library.ser_frontend_finish(self._state, features.ctypes.data_as(ctypes.c_void_p))
        return None if status else features

    @property
    def truncated(self) -> bool:
        return bool(self._library.probe_truncated(self._state))

    def features(self, pieces: Iterable[NDArray[np.int16]]) -> NDArray[np.int32] | None:
        self.reset()
        for piece in pieces:
            self.push(np.ascontiguousarray(piece))
        return self.finish()


def standardize(
    standardizer: Standardizer, spec: FrontendSpec, features: NDArray[np.int32]
) -> NDArray[np.int8]:
    """Let the C hear utterances, int32 (n, features), of somebody new: int8, what the network reads."""
    library = _standardizer_library(standardizer, spec)
    # Larger than any `struct ser_speaker`; its first bytes are the number heard.
    speaker = np.zeros(spec.features + 8, np.int16)
    given = np.ascontiguousarray(features, np.int32)
    inputs = np.empty(given.shape, np.int8)
    for utterance, read in zip(given, inputs, strict=True):
        library.ser_standardize(_place(speaker), _place(utterance), _place(read))
        library.ser_follow(_place(speaker), _place(utterance))
    return inputs


def _place(array: NDArray[np.generic]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


@functools.cache
def _standardizer_library(standardizer: Standardizer, spec: FrontendSpec) -> ctypes.CDLL:
    tree = {**sources(spec), **standardizer.sources()}
    return ctypes.CDLL(str(shared_library("standardizer-probe", tree, ("-O2",))))


def speech_like(samples: int, seed: int = 0, amplitude: float = 0.5, rate: int = 16000) -> NDArray[np.int16]:
    """Harmonics of a gliding pitch in syllables, with a little noise."""
    random = np.random.default_rng(seed)
    time = np.arange(samples) / rate
    phase = 2 * np.pi * np.cumsum(120 + 60 * np.sin(2 * np.pi * 1.3 * time + seed)) / rate
    voice = sum(np.sin(k * phase) / k**1.2 for k in range(1, 25))
    envelope = np.clip(np.sin(2 * np.pi * 3 * time + seed) + 0.4, 0, 1)
    sound = envelope * voice / 3 + 0.002 * random.standard_normal(samples)
    return np.clip(np.round(sound * amplitude * 32767), -32768, 32767).astype(np.int16)
