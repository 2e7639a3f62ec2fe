"""The net as a funnel: one trapezoid a layer, its sides as tall as its inputs and outputs, striped by width."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sertool.graph.quantization import Width
from sertool.report.report import Layer, Network

_LEFT, _RIGHT = 4.0, 96.0
#: Height of the drawing's band in its own units; the middle line is the axis of symmetry.
BAND = 100.0


@dataclass(frozen=True)
class Strand:
    """A line through a trapezoid, one for each bit of its weights: y at the left and right edge."""

    left: float
    right: float


@dataclass(frozen=True)
class Shape:
    """One layer: x, width and middle in per cent; the polygon in a box of 100 by `BAND`."""

    layer: Layer
    index: int
    x: float
    width: float
    points: str
    strands: tuple[Strand, ...]
    bits: int

    @property
    def middle(self) -> float:
        """x of the middle, in per cent."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class Boundary:
    """A number of units between two layers, at x in per cent."""

    x: float
    units: int


@dataclass(frozen=True)
class Funnel:
    """The whole drawing."""

    shapes: tuple[Shape, ...]
    boundaries: tuple[Boundary, ...]


def funnel(network: Network) -> Funnel:
    """Lay out a net; heights grow with the square root of the number of units, else 7 beside 512 is a hair."""
    units = (network.layers[0].inputs, *(layer.outputs for layer in network.layers))
    step = (_RIGHT - _LEFT) / len(network.layers)
    half = [BAND / 2 * math.sqrt(count / max(units)) for count in units]
    shapes = tuple(
        _shape(layer, index, _LEFT + index * step, step, half[index], half[index + 1])
        for index, layer in enumerate(network.layers)
    )
    return Funnel(shapes, tuple(Boundary(_LEFT + index * step, count) for index, count in enumerate(units)))


def _shape(layer: Layer, index: int, x: float, width: float, left: float, right: float) -> Shape:
    middle, gap = BAND / 2, 1.5
    corners = (
        (gap, middle - left),
        (100 - gap, middle - right),
        (100 - gap, middle + right),
        (gap, middle + left),
    )
    bits = Width.parse(layer.width).bits
    fractions = [(line + 1) / (bits + 1) * 2 - 1 for line in range(bits)]
    return Shape(
        layer=layer,
        index=index + 1,
        x=x,
        width=width,
        points=" ".join(f"{px:.2f},{py:.2f}" for px, py in corners),
        strands=tuple(Strand(middle + left * part, middle + right * part) for part in fractions),
        bits=bits,
    )
