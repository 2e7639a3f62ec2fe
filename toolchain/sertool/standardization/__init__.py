"""From integer features to the network's int8 input, by the same integers in numpy and on the chip."""

from collections.abc import Mapping
from types import MappingProxyType

from sertool.standardization.running import Running, Speaker
from sertool.standardization.standardizer import INPUT, Standardizer
from sertool.standardization.variety import Variety

#: Whether and how a standardizer follows its speaker, by the name that settings have for it.
STANDARDIZATIONS: Mapping[str, Running | None] = MappingProxyType({"fixed": None, "running": Running()})

__all__ = ["INPUT", "STANDARDIZATIONS", "Running", "Speaker", "Standardizer", "Variety"]
