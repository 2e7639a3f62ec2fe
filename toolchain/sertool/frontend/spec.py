"""What the front end computes: the frozen description that training, tables and firmware share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sertool.errors import SertoolError
from sertool.plain_values import Source, from_plain, path_of

FRAME_LENGTHS = (256, 512, 1024, 2048)
SAMPLE_RATES = (8000, 48000)
MEL_BANDS = tuple(range(8, 257, 8))
CHROMA_BINS = (12, 24, 36)
FUNCTIONALS = ("mean", "deviation")

#: Features carry this many more fractional bits than the descriptor values that they summarize.
FUNCTIONAL_BITS = 4

#: Frames after which an utterance is cut, SER_MAX_FRAMES of the C.
MAX_FRAMES = 65535


@dataclass(frozen=True)
class Descriptor:
    """A low-level descriptor and how many values of it a frame gives."""

    kind: str
    size: int


#: Real units in one step of each descriptor's integers (dB of power, dB, parts of the frame's largest).
STEPS: Mapping[str, float] = {"log_mel": 3.010299956639812 / 1024, "mfcc": 1 / 256, "chroma": 1 / 32768}


@dataclass(frozen=True)
class StoredSpec:
    """A `FrontendSpec` as `to_dict` writes it: each descriptor is its kind and size."""

    sample_rate: int
    frame_length: int
    hop_length: int
    descriptors: tuple[tuple[str, int], ...]
    functionals: tuple[str, ...]
    mel_bands: int


@dataclass(frozen=True)
class FrontendSpec:
    """Framing, low-level descriptors of each frame, and functionals of each over the utterance.

    Frames start at multiples of `hop_length` and lie wholly inside the utterance (librosa's `center=False`).
    `mel_bands` is the size of the one mel filterbank, which `log_mel` shows and `mfcc` transforms.

    Raises `SertoolError`, saying what is allowed, for anything that the C front end does not support.
    """

    sample_rate: int = 16000
    frame_length: int = 1024
    hop_length: int = 256
    descriptors: tuple[Descriptor, ...] = (
        Descriptor("mfcc", 40),
        Descriptor("chroma", 12),
        Descriptor("log_mel", 128),
    )
    functionals: tuple[str, ...] = FUNCTIONALS
    mel_bands: int = 128

    Stored: ClassVar[Any] = StoredSpec

    def __post_init__(self) -> None:
        _check_framing(self)
        _check_descriptors(self)
        if self.uses_mel:
            _check_mel(self)
        if not self.functionals or self.functionals != tuple(f for f in FUNCTIONALS if f in self.functionals):
            raise SertoolError(
                f"no such functionals: {list(self.functionals)}",
                where="front end, functionals",
                allowed=f"one or more of {list(FUNCTIONALS)}, in this order",
            )

    def size(self, kind: str) -> int:
        """How many values of a descriptor a frame gives; 0 when it is left out."""
        return next((descriptor.size for descriptor in self.descriptors if descriptor.kind == kind), 0)

    @property
    def uses_mel(self) -> bool:
        """Whether the mel filterbank is computed, shown or not."""
        return bool(self.size("log_mel") or self.size("mfcc"))

    @property
    def values(self) -> int:
        """Descriptor values of a frame."""
        return sum(descriptor.size for descriptor in self.descriptors)

    @property
    def longest(self) -> int:
        """Samples of an utterance that are heard at most; what follows is ignored."""
        return self.frame_length + (MAX_FRAMES - 1) * self.hop_length

    @property
    def features(self) -> int:
        """Length of the feature vector of an utterance."""
        return self.values * len(self.functionals)

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names such as `mfcc[3].mean`, in the order of the feature vector."""
        return tuple(
            f"{descriptor.kind}[{index}].{functional}"
            for functional in self.functionals
            for descriptor in self.descriptors
            for index in range(descriptor.size)
        )

    @property
    def feature_steps(self) -> tuple[float, ...]:
        """Real units (dB, or parts of one for chroma) in one step of each feature's integer."""
        steps = [STEPS[descriptor.kind] for descriptor in self.descriptors for _ in range(descriptor.size)]
        return tuple(step / 2**FUNCTIONAL_BITS for step in steps * len(self.functionals))

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that change with any field."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold and `from_dict` reads back."""
        return {
            "sample_rate": self.sample_rate,
            "frame_length": self.frame_length,
            "hop_length": self.hop_length,
            "descriptors": [[descriptor.kind, descriptor.size] for descriptor in self.descriptors],
            "functionals": list(self.functionals),
            "mel_bands": self.mel_bands,
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> FrontendSpec:
        """Read what `to_dict` wrote; raises `SertoolError` naming the field that is wrong or missing."""
        return from_plain(cls, fields, Source("a front end", path_of))

    @classmethod
    def from_stored(cls, stored: StoredSpec) -> FrontendSpec:
        """Make the specification of what `to_dict` wrote; raises `SertoolError` as the class does."""
        return cls(
            stored.sample_rate,
            stored.frame_length,
            stored.hop_length,
            tuple(Descriptor(kind, size) for kind, size in stored.descriptors),
            stored.functionals,
            stored.mel_bands,
        )


def _refuse(name: str, value: object, allowed: str) -> SertoolError:
    return SertoolError(f"{name} cannot be {value!r}", where="front end", allowed=allowed)


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_framing(spec: FrontendSpec) -> None:
    low, high = SAMPLE_RATES
    if not _is_int(spec.sample_rate) or not low <= spec.sample_rate <= high:
        raise _refuse("sample_rate", spec.sample_rate, f"{low} to {high} Hz")
    if spec.frame_length not in FRAME_LENGTHS:
        raise _refuse("frame_length", spec.frame_length, f"one of {list(FRAME_LENGTHS)}")
    hops = [spec.frame_length // parts for parts in (8, 4, 2, 1)]
    if spec.hop_length not in hops:
        raise _refuse("hop_length", spec.hop_length, f"one of {hops}, divisors of the frame length")


def _check_descriptors(spec: FrontendSpec) -> None:
    kinds = [descriptor.kind for descriptor in spec.descriptors]
    if not kinds or len(set(kinds)) < len(kinds) or not set(kinds) <= set(STEPS):
        raise _refuse("descriptors", kinds, f"one or more of {list(STEPS)}, each once")
    if spec.size("mfcc") and not (_is_int(spec.size("mfcc")) and 2 <= spec.size("mfcc") <= spec.mel_bands):
        raise _refuse("the number of MFCC", spec.size("mfcc"), f"2 to mel_bands ({spec.mel_bands})")
    if "chroma" in kinds and spec.size("chroma") not in CHROMA_BINS:
        raise _refuse("the number of chroma bins", spec.size("chroma"), f"one of {list(CHROMA_BINS)}")
    if "log_mel" in kinds and spec.size("log_mel") != spec.mel_bands:
        raise _refuse("the number of log-mel bands", spec.size("log_mel"), f"mel_bands ({spec.mel_bands})")


def _check_mel(spec: FrontendSpec) -> None:
    from sertool.frontend.filters import mel_filters

    if spec.mel_bands not in MEL_BANDS:
        raise _refuse("mel_bands", spec.mel_bands, f"a multiple of 8 from {MEL_BANDS[0]} to {MEL_BANDS[-1]}")

    def heard(bands: int) -> bool:
        return bool(mel_filters(spec.sample_rate, spec.frame_length, bands).any(axis=1).all())

    if not heard(spec.mel_bands):
        most = max(bands for bands in MEL_BANDS if heard(bands))
        raise _refuse(
            "mel_bands", spec.mel_bands, f"at most {most} here: more would leave bands between two bins"
        )


#: The published recipe as far as it is known (means only), and means and deviations of the same descriptors.
PRESETS: Mapping[str, FrontendSpec] = {
    "laq180": FrontendSpec(functionals=("mean",)),
    "moments": FrontendSpec(),
}


def preset(name: str) -> FrontendSpec:
    """Return a preset by name."""
    if name not in PRESETS:
        raise SertoolError(f"no front-end preset named {name!r}", allowed=", ".join(PRESETS))
    return PRESETS[name]
