"""From PCM to integer features, by the same C on this machine and on the chip."""

from sertool.frontend.extraction import Reader, extract, extract_each
from sertool.frontend.library import Frontend, TooShort
from sertool.frontend.presets import PRESETS, preset
from sertool.frontend.rendered import sources
from sertool.frontend.sound import Sound, sound_of
from sertool.frontend.spec import Descriptor, FrontendSpec

__all__ = [
    "PRESETS",
    "Descriptor",
    "Frontend",
    "FrontendSpec",
    "Reader",
    "Sound",
    "TooShort",
    "extract",
    "extract_each",
    "preset",
    "sound_of",
    "sources",
]
