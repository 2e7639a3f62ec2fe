"""From PCM to integer features, by the same C on this machine and on the chip."""

from sertool.frontend.extraction import Reader, extract
from sertool.frontend.library import Frontend, TooShort
from sertool.frontend.rendered import sources
from sertool.frontend.spec import PRESETS, Descriptor, FrontendSpec, preset
from sertool.frontend.standardizer import Standardizer

__all__ = [
    "PRESETS",
    "Descriptor",
    "Frontend",
    "FrontendSpec",
    "Reader",
    "Standardizer",
    "TooShort",
    "extract",
    "preset",
    "sources",
]
