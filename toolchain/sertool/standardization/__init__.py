"""From integer features to the network's int8 input, by the same integers in numpy and on the chip."""

from collections.abc import Mapping
from types import MappingProxyType

from sertool.standardization.enrolled import Enrolled
from sertool.standardization.neutral import Neutral
from sertool.standardization.running import Running
from sertool.standardization.speaker import Speaker
from sertool.standardization.standardizer import INPUT, Standardizer
from sertool.standardization.variety import Variety

#: Whether and how a standardizer follows its speaker, by the name that settings have for it.
STANDARDIZATIONS: Mapping[str, Running | Enrolled | None] = MappingProxyType(
    {"fixed": None, "running": Running(), "enrolled": Enrolled()}
)

__all__ = ["INPUT", "STANDARDIZATIONS", "Enrolled", "Neutral", "Running", "Speaker", "Standardizer", "Variety"]
