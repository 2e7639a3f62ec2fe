"""The C front end as a shared library: what training's features are made with."""

from __future__ import annotations

import ctypes
import hashlib
import platform
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sertool.compilers import runtime_sources, shared_library
from sertool.errors import SertoolError
from sertool.frontend.descriptors import KINDS
from sertool.frontend.layout import layout
from sertool.frontend.rendered import sources
from sertool.frontend.spec import FrontendSpec


class TooShort(SertoolError):
    """A clip has no whole frame, or none that counts."""


class Frontend:
    """The front end of `spec`, compiled for this machine once and kept in the user's cache.

    Methods may be called from many threads at once: the state of an utterance lives on the caller's stack, and
    the interpreter's lock is free meanwhile.
    """

    def __init__(self, spec: FrontendSpec) -> None:
        self.spec = spec
        self._plan = layout(spec)
        tree = dict(sources(spec)) | runtime_sources("host")
        self.digest = hashlib.sha256(repr(sorted(tree.items())).encode()).hexdigest()[:16]
        path = shared_library(f"frontend-{_processor()}", tree, ("-O3", "-march=native"))
        library = ctypes.CDLL(str(path))
        pcm = np.ctypeslib.ndpointer(np.int16, 1, flags="C_CONTIGUOUS")
        out = np.ctypeslib.ndpointer(np.int32, flags=("C_CONTIGUOUS", "WRITEABLE"))
        self._features = library.ser_host_features
        self._features.argtypes = (pcm, ctypes.c_size_t, out)
        self._features.restype = ctypes.c_size_t
        self._descriptors = library.ser_host_descriptors
        self._descriptors.argtypes = (pcm, ctypes.c_size_t, out)
        self._descriptors.restype = ctypes.c_size_t

    def features(self, pcm: ArrayLike) -> NDArray[np.int32]:
        """Features (features,) of one utterance, int16 samples at the specification's rate.

        `spec.feature_steps` has the unit of each; samples after `spec.longest` are ignored. Raises `TooShort`
        when there is no whole frame, or no frame that counts.
        """
        samples = self._samples(pcm)
        features = np.empty(self.spec.features, np.int32)
        if self._features(samples, len(samples), features) == 0:
            raise TooShort("no frame is loud enough to count", hint="listen to it: it may be silent")
        return features

    def descriptors(self, pcm: ArrayLike) -> Mapping[str, NDArray[np.int32]]:
        """Values (frames, size) of every kind that is computed, by name; `KINDS[name].step` real units each.

        Raises `TooShort` when there is no whole frame.
        """
        samples = self._samples(pcm)
        frames = 1 + (len(samples) - self.spec.frame_length) // self.spec.hop_length
        values = np.empty((frames, self._plan.stored), np.int32)
        self._descriptors(samples, len(samples), values)
        return {place.kind.name: values[:, place.at : place.at + place.size] for place in self._plan.places}

    def real_units(self, pcm: ArrayLike) -> Mapping[str, NDArray[np.float64]]:
        """Like `descriptors`, in real units."""
        return {kind: values * KINDS[kind].step for kind, values in self.descriptors(pcm).items()}

    def _samples(self, pcm: ArrayLike) -> NDArray[np.int16]:
        samples = np.ascontiguousarray(pcm)
        if samples.dtype != np.int16 or samples.ndim != 1:
            raise SertoolError(
                f"PCM of type {samples.dtype} and shape {samples.shape}", allowed="int16 samples, one channel"
            )
        if len(samples) < self.spec.frame_length:
            seconds = self.spec.frame_length / self.spec.sample_rate
            raise TooShort(
                f"{len(samples)} samples are less than a frame",
                allowed=f"at least {self.spec.frame_length} samples ({seconds:g} s)",
            )
        return samples


def _processor() -> str:
    """Digest of this processor's abilities, since the library uses all of them."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = [platform.processor()]
    about = [line for line in lines if line.split("\t")[0] in ("model name", "flags", "Features")]
    return hashlib.sha256("\n".join(sorted(set(about or lines))).encode()).hexdigest()[:8]
