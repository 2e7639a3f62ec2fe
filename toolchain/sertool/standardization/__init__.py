"""From integer features to the network's int8 input, by the same integers in numpy and on the chip."""

from sertool.standardization.fixed import INPUT, Standardizer

__all__ = ["INPUT", "Standardizer"]
