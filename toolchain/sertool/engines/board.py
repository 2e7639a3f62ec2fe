"""The engine `board`: the very image that is flashed, over its serial line, in QEMU or on a desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.answers import Enrolment
from sertool.device.client import Client
from sertool.device.link import DeviceError
from sertool.device.messages import ErrorCode, Info, SelfTest
from sertool.device.qemu import EmulatedBoard
from sertool.device.streams import SerialStream
from sertool.device.verdict import damaged_blocks
from sertool.engines.base import Classification, Trace
from sertool.engines.compiled import input_rows, split_trace, trace_bytes
from sertool.errors import CheckFailed, SertoolError
from sertool.graph.checks import check_inputs
from sertool.graph.graph import IntegerGraph, Role
from sertool.targets import Target

#: What became of an utterance that a device refuses to let enrol.
_NOT_ENROLLED = {
    ErrorCode.ORDER: Enrolment.NOTHING_HEARD,
    ErrorCode.UNSUITABLE: Enrolment.UNSUITABLE,
    ErrorCode.ENOUGH_HEARD: Enrolment.ENOUGH_HEARD,
    ErrorCode.ENROLLS_NOBODY: Enrolment.ENROLLS_NOBODY,
}


class BoardEngine:
    """Runs a graph on a device that carries it; made by `emulated` or `on_port`.

    Raises SertoolError when the device carries another graph, CheckFailed when its self-test failed.
    """

    def __init__(
        self,
        graph: IntegerGraph,
        client: Client,
        name: str,
        manifest: str | None = None,
        flashed: tuple[int, bytes] | None = None,
    ) -> None:
        """Take over `client`; `manifest` is the hash that the device must carry, None for any.

        `flashed`, the first address of flash and the bytes from there on, is to name what is damaged.
        """
        self._flashed = flashed
        self.name = name
        self._graph = graph
        self._client = client
        try:
            self.info = client.info()
            self._check(self.info, manifest)
        except BaseException:
            client.close()
            raise

    @classmethod
    def emulated(
        cls, graph: IntegerGraph, elf: Path, target: Target, manifest: str | None = None
    ) -> BoardEngine:
        """Boot the image `elf` in the emulator of `target`."""
        client = Client(EmulatedBoard(target, elf))
        try:
            client.wait_for_banner()
        except BaseException:
            client.close()
            raise
        return cls(graph, client, f"board:{target.name}", manifest)

    @classmethod
    def on_port(
        cls,
        graph: IntegerGraph,
        port: str,
        target: Target,
        manifest: str | None = None,
        image: bytes | None = None,
    ) -> BoardEngine:
        """Talk to the board on the serial port `port`, which must be running and should carry `image`."""
        client = Client(SerialStream(port, target.serial.baud))
        try:
            client.abort()
        except BaseException:
            client.close()
            raise
        flashed = None if image is None else (target.memory.flash.origin, image)
        return cls(graph, client, f"board:{port}", manifest, flashed)

    def __enter__(self) -> BoardEngine:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the emulator, or let go of the port."""
        self._client.close()

    def run(self, *inputs: NDArray[np.int8]) -> Trace:
        """Run the one input, int8 (clips, features), one after the other; every layer is in the trace."""
        check_inputs(self.name, self._graph, inputs)
        rows = input_rows(inputs)
        raw = np.frombuffer(b"".join(map(self._layers, rows)), np.uint8)
        return split_trace(self._graph, raw.reshape(len(rows), trace_bytes(self._graph)))

    def forget(self) -> None:
        """Let the device hear somebody new; who is kept in its flash stays there."""
        if self._client.kept() is None:
            self._client.forget()
        else:
            self._client.selftest()

    def enroll(self) -> Enrolment:
        """Let the speaker enrol with what was classified last."""
        try:
            self._client.enroll()
        except DeviceError as error:
            if error.code not in _NOT_ENROLLED:
                raise
            return _NOT_ENROLLED[error.code]
        return Enrolment.ENROLLED

    def classify(self, pcm: NDArray[np.int16]) -> Classification:
        """Let the device hear int16 `pcm` (samples,); then run what its front end made of it, layer by layer.

        The trace takes logits, probabilities and label from the first, its other layers from the second.
        Raises SertoolError for sound that is too short, too long or of another type.
        """
        if pcm.dtype != np.int16 or pcm.ndim != 1:
            raise SertoolError(
                f"the sound is {pcm.dtype} of shape {pcm.shape}",
                where=f"engine {self.name!r}",
                allowed="int16 of shape (samples,)",
            )
        heard = self._client.classify(pcm)
        results: dict[str, NDArray[Any]] = {
            self._graph.roles[Role.LOGITS]: heard.logits,
            self._graph.roles[Role.PROBABILITIES]: heard.probabilities,
            self._graph.roles[Role.LABEL]: np.array([heard.label], np.int32),
        }
        trace = self.run(heard.input[np.newaxis])
        whole = {name: results[name][np.newaxis] if name in results else trace[name] for name in trace}
        return Classification(heard.features, heard.input, whole, heard.label, heard.certainty, heard.doubts)

    def selftest(self) -> SelfTest:
        """Let the device test itself; it also says how much of its stack it has used."""
        return self._client.selftest()

    def _layers(self, row: NDArray[np.int8]) -> bytes:
        layers = self._client.run(row).layers
        sizes, due = [len(values) for values in layers], [layer.output.bytes for layer in self._graph.layers]
        if sizes != due:
            raise CheckFailed(
                f"the device's layers have {', '.join(map(str, sizes))} bytes",
                where=self.name,
                allowed=", ".join(map(str, due)),
                hint="flash the image of this build",
            )
        return b"".join(layers)

    def _check(self, info: Info, manifest: str | None) -> None:
        graph = self._graph
        expected = (graph.input.size, len(graph.layers), graph.labels)
        if (info.features, info.layers, info.labels) != expected:
            raise SertoolError(
                f"the device carries another model: {info.name} {info.version}",
                where=self.name,
                allowed=f"{graph.input.size} features, {len(graph.layers)} layers, "
                f"labels {', '.join(graph.labels)}",
                hint="flash the image of this build",
            )
        if manifest is not None and info.manifest != manifest:
            raise SertoolError(
                f"the device carries another build, manifest {info.manifest}",
                where=self.name,
                allowed=manifest,
                hint="flash the image of this build",
            )
        if not info.verdict.passed:
            failed = ", ".join(info.verdict.stages())
            raise CheckFailed(
                f"the device failed its self-test: {failed}{self._damage()}",
                where=self.name,
                hint="flash the image of this build",
            )

    def _damage(self) -> str:
        if self._flashed is None:
            return ""
        origin, image = self._flashed
        found = damaged_blocks(image, self._client.selftest().blocks, origin)
        ranges = ", ".join(f"{first:#010x} to {last:#010x}" for first, last in found)
        return f"; damaged: {ranges}" if found else ""
