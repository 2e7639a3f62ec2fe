"""The engine `reference`: the specification itself, for comparisons to start from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.engines.base import Trace
from sertool.graph import reference
from sertool.graph.graph import IntegerGraph


class ReferenceEngine:
    """Runs the graph by `sertool.graph.reference`; holds nothing that would have to be freed."""

    name = "reference"

    def __init__(self, graph: IntegerGraph) -> None:
        self._graph = graph

    def run(self, *inputs: NDArray[np.int8]) -> Trace:
        """Run `inputs`, for each of the graph's an int8 array (clips, *shape); every layer is in the trace."""
        return reference.run(self._graph, *inputs)

    def __enter__(self) -> ReferenceEngine:
        return self

    def __exit__(self, *exception: object) -> None:
        pass
