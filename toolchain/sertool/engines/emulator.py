"""The engine `emulator`: the machine code of one Cortex-M core, in Unicorn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool.answers import UNCHOSEN, Enrolment, Rule
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
from sertool.engines.cortex_m import CortexM, bare_elf, check_core
from sertool.firmware.program import render_model
from sertool.frontend import FrontendSpec
from sertool.graph.checks import check_inputs
from sertool.graph.graph import IntegerGraph
from sertool.standardization import Standardizer

#: Most inferences in one call of the emulated code, most bytes of their inputs and traces, and samples in one
#: piece of sound.
_BATCH = 64
_BATCH_BYTES = 2**20
_PIECE = 16384


class EmulatorEngine:
    """Runs exactly the sources that a board compiles, as cross-compiled for `cpu` (see `cores.EMULATED`).

    Without `spec` and `standardizer` it holds the model alone, and `classify` is refused. Instructions are
    counted where asked for, by a second, slower emulator. Raises SertoolError for what cannot be rendered
    or compiled, and where Unicorn is missing.
    """

    def __init__(
        self,
        graph: IntegerGraph,
        spec: FrontendSpec | None = None,
        standardizer: Standardizer | None = None,
        cpu: str = "cortex-m4",
        *,
        rule: Rule = UNCHOSEN,
    ) -> None:
        self._graph, self._spec, self._cpu = graph, spec, check_core(cpu)
        self._arena_bytes = render_model(graph).arena_bytes
        self._elf = bare_elf("model", engine_sources(graph, spec, standardizer, rule), cpu)
        self._fast = self._core(counting=False)
        self._counting: _Core | None = None

    @property
    def name(self) -> str:
        """Name in reports: `emulator:` and the core."""
        return f"emulator:{self._cpu}"

    @property
    def elf(self) -> Path:
        """The cross-compiled code: no start-up, every function of the model, front end and glue."""
        return self._elf

    def run(self, *inputs: NDArray[np.int8]) -> Trace:
        """Run `inputs`, for each of the graph's an int8 array (clips, *shape); every layer is in the trace."""
        check_inputs(self.name, self._graph, inputs)
        size, core, rows = trace_bytes(self._graph), self._fast, input_rows(inputs)
        raw = np.zeros((len(rows), size), np.uint8)
        for start in range(0, len(rows), core.batch):
            batch = rows[start : start + core.batch]
            core.cpu.write(core.inputs, batch)
            core.cpu.call("ser_probe_run", core.inputs, len(batch), core.arena, core.traces)
            traces = core.cpu.read(core.traces, np.uint8, len(batch) * size)
            raw[start : start + core.batch] = traces.reshape(-1, size)
        return split_trace(self._graph, raw)

    def forget(self) -> None:
        """Forget the speaker; refused as `classify` is for an engine without front end."""
        check_hears(self.name, self._spec)
        self._fast.cpu.call("ser_forget")

    def enroll(self) -> Enrolment:
        """Let the speaker enrol with what was classified last; refused as `forget` is."""
        check_hears(self.name, self._spec)
        return Enrolment(self._fast.cpu.call("ser_enroll"))

    def classify(self, pcm: NDArray[np.int16]) -> Classification:
        """Classify int16 `pcm` (samples,) through the public functions.

        Raises SertoolError for sound that is too short or of another type, and for an engine without front end.
        """
        spec = check_pcm(self.name, self._spec, pcm)
        core = self._fast
        self._push(core, pcm)
        if core.cpu.call("ser_probe_classify", core.features, core.inputs, core.summary):
            raise too_short(self.name, spec, pcm)
        features = core.cpu.read(core.features, np.int32, spec.features)
        given = core.cpu.read(core.inputs, np.int8, spec.features)
        summary = core.cpu.read(core.summary, np.int32, summary_size(self._graph))
        return classification(self._graph, features, given, self.run(given[np.newaxis]), summary)

    def instructions(self, *inputs: NDArray[np.int8]) -> NDArray[np.int64]:
        """Count the instructions of each inference, without a trace: int64 (clips,)."""
        check_inputs(self.name, self._graph, inputs)
        core, rows = self._counter(), input_rows(inputs)
        counts = np.zeros(len(rows), np.int64)
        for clip, values in enumerate(rows):
            core.cpu.write(core.inputs, values)
            core.cpu.call("ser_model_run", core.inputs, core.arena, 0, 0)
            counts[clip] = core.cpu.instructions
        return counts

    def audio_instructions(self, pcm: NDArray[np.int16]) -> float:
        """Count the instructions that hearing `pcm` takes, per second of it: the front end without inference.

        Raises SertoolError as `classify` does; too short is only what is empty.
        """
        spec = check_pcm(self.name, self._spec, pcm)
        if not len(pcm):
            raise too_short(self.name, spec, pcm)
        return self._push(self._counter(), pcm) * spec.sample_rate / len(pcm)

    def stack(self, *values: NDArray[np.int8]) -> int:
        """Bytes of stack that one inference touches, of int8 `values` of each input's shape."""
        inputs = [each[np.newaxis] for each in values]
        check_inputs(self.name, self._graph, inputs)
        core = self._fast
        core.cpu.write(core.inputs, input_rows(inputs))
        core.cpu.call("ser_model_run", core.inputs, core.arena, 0, 0)
        return core.cpu.stack

    def __enter__(self) -> EmulatorEngine:
        return self

    def __exit__(self, *exception: object) -> None:
        for core in (self._fast, self._counting):
            if core is not None:
                core.cpu.__exit__(*exception)

    def _push(self, core: _Core, pcm: NDArray[np.int16]) -> int:
        core.cpu.call("ser_init")
        executed = core.cpu.instructions
        for start in range(0, len(pcm), _PIECE):
            piece = pcm[start : start + _PIECE]
            core.cpu.write(core.pcm, piece)
            core.cpu.call("ser_push", core.pcm, len(piece))
            executed += core.cpu.instructions
        return executed

    def _counter(self) -> _Core:
        if self._counting is None:
            self._counting = self._core(counting=True)
        return self._counting

    def _core(self, *, counting: bool) -> _Core:
        return _Core(CortexM(self._elf, self._cpu, counting=counting), self._graph, self._arena_bytes)


class _Core:
    """An emulated core and the addresses of the buffers that its calls take."""

    def __init__(self, cpu: CortexM, graph: IntegerGraph, arena_bytes: int) -> None:
        self.cpu = cpu
        clip = graph.input_bytes + trace_bytes(graph)
        self.batch = max(1, min(_BATCH, _BATCH_BYTES // clip))
        self.inputs = cpu.buffer(self.batch * graph.input_bytes)
        self.traces = cpu.buffer(self.batch * trace_bytes(graph))
        self.arena = cpu.buffer(arena_bytes)
        self.features = cpu.buffer(4 * graph.input_bytes)
        self.summary = cpu.buffer(4 * summary_size(graph))
        self.pcm = cpu.buffer(2 * _PIECE)
