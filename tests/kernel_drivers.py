"""Calling one kernel on one layer, on this machine and on an emulated core, without rendering a model."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sertool.compilers import SourceTree, runtime_sources, shared_library
from sertool.engines.cortex_m import CortexM, bare_elf
from sertool.firmware.dense import scratch_bytes
from sertool.firmware.pack import PackedDense, pack
from sertool.graph import FullyConnected, Rounding
from sertool.graph.operators.softmax import SoftmaxParameters

#: Bytes before and after what a kernel may write, and what they hold.
GUARD, GUARD_BYTE = 32, 0x5A


class Driver(Protocol):
    """Runs a layer's kernel on int8 inputs (count, inputs): int8 (count, outputs)."""

    def dense(self, layer: FullyConnected, inputs: NDArray[np.int8]) -> NDArray[np.int8]: ...

    def softmax(self, parameters: SoftmaxParameters, logits: NDArray[np.int8]) -> NDArray[np.int8]: ...


def kernel_sources(rounding: Rounding = Rounding.DOUBLE) -> SourceTree:
    """Every kernel there is, with one of the two roundings."""
    other = next(mode for mode in Rounding if mode is not rounding)
    headers = runtime_sources("include")
    kernels = runtime_sources("kernels")
    return headers | {path: text for path, text in kernels.items() if f"_{other.value}." not in path}


def check(driver: Driver, layer: FullyConnected, inputs: NDArray[np.int8], rounding: Rounding) -> None:
    """Assert that the kernel gives what the reference gives, or say where first and how often not."""
    expected = layer.run([inputs], rounding)
    got = driver.dense(layer, inputs)
    differ = np.argwhere(expected != got)
    if len(differ):
        clip, index = differ[0]
        raise AssertionError(
            f"{layer.name} at width {layer.width}, input {clip}, index {index}: expected "
            f"{expected[clip, index]}, got {got[clip, index]}; {len(differ)} of {expected.size} differ"
        )


def struct(packed: PackedDense, addresses: Sequence[int], pointer: str) -> bytes:
    """`struct ser_dense` as bytes; `pointer` is the machine's pointer as a numpy type."""
    sizes = np.array([packed.inputs, packed.outputs, packed.stride], "<u2")
    clamp = np.array([packed.output_zero_point, packed.lowest, packed.highest], "<i2")
    return np.array(addresses, pointer).tobytes() + sizes.tobytes() + clamp.tobytes() + bytes(4)


class HostDriver:
    """The kernels compiled for this machine, with `flags`."""

    def __init__(self, rounding: Rounding = Rounding.DOUBLE, flags: Sequence[str] = ("-O2",)) -> None:
        self.library = ctypes.CDLL(str(shared_library("kernels", kernel_sources(rounding), flags)))

    def dense(self, layer: FullyConnected, inputs: NDArray[np.int8], short: int = 0) -> NDArray[np.int8]:
        """Run the kernel; the output array lacks `short` bytes."""
        packed = pack(layer)
        arrays = (packed.weights, packed.bias, packed.multiplier, packed.shift)
        layout = ctypes.create_string_buffer(struct(packed, [array.ctypes.data for array in arrays], "<u8"))
        kernel = getattr(self.library, packed.kernel)
        got = np.empty((len(inputs), layer.outputs), np.int8)
        for given, row in zip(inputs, got, strict=True):
            # Arrays of their own and of the exact size, so that a sanitizer sees a step beyond them.
            values, output = given.copy(), np.empty(layer.outputs - short, np.int8)
            scratch = np.empty(scratch_bytes(layer) // 4, np.uint32)
            kernel(layout, *(ctypes.c_void_p(array.ctypes.data) for array in (values, scratch, output)))
            row[:] = output
        return got

    def softmax(self, parameters: SoftmaxParameters, logits: NDArray[np.int8]) -> NDArray[np.int8]:
        layout = ctypes.create_string_buffer(softmax_struct(parameters, logits.shape[1]))
        got = logits.copy()
        for row in got:
            values = row.copy()
            pointer = ctypes.c_void_p(values.ctypes.data)
            self.library.ser_softmax_int8(layout, pointer, pointer)
            row[:] = values
        return got


class CoreDriver:
    """The kernels cross-compiled and run on an emulated core; unaligned accesses are faults with `aligned`."""

    def __init__(
        self,
        core: str,
        rounding: Rounding = Rounding.DOUBLE,
        flags: Sequence[str] = ("-O2",),
        *,
        aligned: bool = False,
    ) -> None:
        elf: Path = bare_elf("kernels", kernel_sources(rounding), core, flags)
        self.cpu = CortexM(elf, core, counting=False, aligned=aligned)
        self.memory = self.cpu.buffer(1 << 21)

    def dense(self, layer: FullyConnected, inputs: NDArray[np.int8]) -> NDArray[np.int8]:
        packed, place = pack(layer), _Places(self.cpu, self.memory)
        arrays = (packed.weights, packed.bias, packed.multiplier, packed.shift)
        addresses = [place.put(array) for array in arrays]
        layout = place.put(np.frombuffer(struct(packed, addresses, "<u4"), np.uint8))
        scratch = place.guarded(scratch_bytes(layer))
        output = place.guarded(layer.outputs)
        # An odd address: nothing promises that inputs are aligned.
        given = place.put(np.zeros(layer.inputs + 1, np.int8)) + 1
        got = np.empty((len(inputs), layer.outputs), np.int8)
        for values, row in zip(inputs, got, strict=True):
            self.cpu.write(given, values)
            self.cpu.call(packed.kernel, layout, given, scratch, output)
            row[:] = self.cpu.read(output, np.int8, layer.outputs)
        place.check(scratch, scratch_bytes(layer))
        place.check(output, layer.outputs)
        return got

    def softmax(self, parameters: SoftmaxParameters, logits: NDArray[np.int8]) -> NDArray[np.int8]:
        place = _Places(self.cpu, self.memory)
        layout = place.put(np.frombuffer(softmax_struct(parameters, logits.shape[1]), np.uint8))
        values = place.guarded(logits.shape[1])
        got = np.empty_like(logits)
        for given, row in zip(logits, got, strict=True):
            self.cpu.write(values, given)
            self.cpu.call("ser_softmax_int8", layout, values, values)
            row[:] = self.cpu.read(values, np.int8, len(given))
        place.check(values, logits.shape[1])
        return got


def softmax_struct(parameters: SoftmaxParameters, size: int) -> bytes:
    """`struct ser_softmax` as bytes."""
    words = np.array([parameters.multiplier, parameters.diff_min], "<i4")
    return words.tobytes() + np.array([size, parameters.left_shift], "<u2").tobytes()


class _Places:
    def __init__(self, cpu: CortexM, start: int) -> None:
        self.cpu, self.next = cpu, start

    def put(self, values: NDArray[Any]) -> int:
        address = self.next
        self.cpu.write(address, values)
        self.next = (address + values.nbytes + 7) & ~7
        return address

    def guarded(self, size: int) -> int:
        return self.put(np.full(size + 2 * GUARD, GUARD_BYTE, np.uint8)) + GUARD

    def check(self, address: int, size: int) -> None:
        for start in (address - GUARD, address + size):
            guard = self.cpu.read(start, np.uint8, GUARD)
            assert (guard == GUARD_BYTE).all(), f"{self.cpu.core} wrote outside its {size} bytes"
