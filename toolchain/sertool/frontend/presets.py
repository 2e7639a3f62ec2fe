"""Front ends that have a name."""

from __future__ import annotations

from collections.abc import Mapping

from sertool.errors import SertoolError
from sertool.frontend.spec import Descriptor, FrontendSpec


def _of(*functionals: str) -> FrontendSpec:
    sizes = {"mfcc": 40, "chroma": 12, "log_mel": 128}
    return FrontendSpec(descriptors=tuple(Descriptor(kind, size, functionals) for kind, size in sizes.items()))


#: The published recipe as far as it is known (means only), and means and deviations of the same descriptors.
PRESETS: Mapping[str, FrontendSpec] = {
    "laq180": _of("mean"),
    "moments": _of("mean", "deviation"),
}


def preset(name: str) -> FrontendSpec:
    """Return a preset by name."""
    if name not in PRESETS:
        raise SertoolError(f"no front-end preset named {name!r}", allowed=", ".join(PRESETS))
    return PRESETS[name]
