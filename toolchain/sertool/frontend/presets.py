"""Front ends that have a name."""

from __future__ import annotations

from collections.abc import Mapping, Set

from sertool.errors import SertoolError
from sertool.frontend.functionals import FUNCTIONALS
from sertool.frontend.spec import Descriptor, FrontendSpec

#: How a voice moves: descriptors of its loudness, spectrum and pitch, each with the functionals of any value.
_MOVING = {
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
    "voicing": 1,
    "harmonicity": 1,
}
_OF_ANY = tuple(name for name, functional in FUNCTIONALS.items() if functional.of is None)


def _of(*functionals: str) -> tuple[Descriptor, ...]:
    sizes = {"mfcc": 40, "chroma": 12, "log_mel": 128}
    return tuple(Descriptor(kind, size, functionals) for kind, size in sizes.items())


def _moving(without: Set[str] = frozenset()) -> tuple[Descriptor, ...]:
    functionals = tuple(name for name in _OF_ANY if name not in without)
    summed = tuple(Descriptor(kind, size, functionals) for kind, size in _MOVING.items() if kind not in without)
    return (Descriptor("gate", 2, ()), *summed, Descriptor("f0", 1, (*functionals, "prosody")))


_LEFT_OUT = {"delta_skewness", "delta_autocorrelation", "spectral_entropy", "flux"}

#: The published recipe as far as it is known (means only), and means and deviations of the same descriptors;
#: how loudness, spectrum and pitch move, the same with half the frames and a quarter fewer features; all of it.
PRESETS: Mapping[str, FrontendSpec] = {
    "laq180": FrontendSpec(descriptors=_of("mean")),
    "moments": FrontendSpec(descriptors=_of("mean", "deviation")),
    "prosody": FrontendSpec(descriptors=_moving()),
    "prosody-lean": FrontendSpec(hop_length=512, descriptors=_moving(_LEFT_OUT)),
    "full": FrontendSpec(descriptors=(*_moving(), *_of("mean", "deviation"))),
}


def preset(name: str) -> FrontendSpec:
    """Return a preset by name."""
    if name not in PRESETS:
        raise SertoolError(f"no front-end preset named {name!r}", allowed=", ".join(PRESETS))
    return PRESETS[name]
