"""The engine `host`: the rendered C as a shared library of this machine."""

from __future__ import annotations

import _ctypes
import ctypes
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool.answers import UNCHOSEN, Enrolment, Rule
from sertool.compilers import shared_library
from sertool.engines.base import Classification, Trace
from sertool.engines.compiled import (
    check_hears,
    check_pcm,
    classification,
    engine_sources,
    input_rows,
    split_trace,
    summary_size,
    too_short,
    trace_bytes,
)
from sertool.firmware.program import render_model
from sertool.frontend import FrontendSpec
from sertool.graph.checks import check_inputs
from sertool.graph.graph import IntegerGraph
from sertool.standardization import Standardizer


class HostEngine:
    """Runs exactly the sources that a board compiles, as this machine compiles them.

    Without `spec` and `standardizer` it holds the model alone, and `classify` is refused. Each engine loads a
    library of its own, so that no two share the C code's static buffers; one engine is for one thread. `flags`
    go to the compiler. Raises SertoolError for what cannot be rendered or compiled.
    """

    name = "host"

    def __init__(
        self,
        graph: IntegerGraph,
        spec: FrontendSpec | None = None,
        standardizer: Standardizer | None = None,
        *,
        rule: Rule = UNCHOSEN,
        flags: Sequence[str] = ("-O3",),
    ) -> None:
        self._graph, self._spec = graph, spec
        self._arena = np.zeros(render_model(graph).arena_words, np.uint32)
        built = shared_library("model", engine_sources(graph, spec, standardizer, rule), flags)
        with tempfile.TemporaryDirectory() as folder:
            # The loader hands one file's library out once; a copy has static buffers of its own.
            self._library = ctypes.CDLL(str(shutil.copy(built, Path(folder) / built.name)))

    def run(self, *inputs: NDArray[np.int8]) -> Trace:
        """Run `inputs`, for each of the graph's an int8 array (clips, *shape); every layer is in the trace."""
        check_inputs(self.name, self._graph, inputs)
        given = input_rows(inputs)
        raw = np.zeros((len(given), trace_bytes(self._graph)), np.uint8)
        self._library.ser_probe_run(
            _pointer(given), ctypes.c_size_t(len(given)), _pointer(self._arena), _pointer(raw)
        )
        return split_trace(self._graph, raw)

    def forget(self) -> None:
        """Forget the speaker; refused as `classify` is for an engine without front end."""
        check_hears(self.name, self._spec)
        self._library.ser_forget()

    def enroll(self) -> Enrolment:
        """Let the speaker enrol with what was classified last; refused as `forget` is."""
        check_hears(self.name, self._spec)
        return Enrolment(self._library.ser_enroll())

    def classify(self, pcm: NDArray[np.int16]) -> Classification:
        """Classify int16 `pcm` (samples,) through the library's public functions.

        Raises SertoolError for sound that is too short or of another type, and for an engine without front end.
        """
        spec = check_pcm(self.name, self._spec, pcm)
        samples = np.ascontiguousarray(pcm)
        features = np.zeros(spec.features, np.int32)
        given = np.zeros(spec.features, np.int8)
        summary = np.zeros(summary_size(self._graph), np.int32)
        self._library.ser_init()
        self._library.ser_push(_pointer(samples), ctypes.c_size_t(len(samples)))
        if self._library.ser_probe_classify(_pointer(features), _pointer(given), _pointer(summary)):
            raise too_short(self.name, spec, pcm)
        return classification(self._graph, features, given, self.run(given[np.newaxis]), summary)

    def __enter__(self) -> HostEngine:
        return self

    def __exit__(self, *exception: object) -> None:
        handle, self._library = self._library._handle, None  # type: ignore[assignment]
        _ctypes.dlclose(handle)


def _pointer(array: NDArray[np.generic]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)
