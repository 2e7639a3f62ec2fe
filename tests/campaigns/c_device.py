"""The device layer in C, compiled for this machine, as a device of the fault campaign."""

from __future__ import annotations

import _ctypes
import ctypes
import shutil
import struct
import tempfile
import zlib
from pathlib import Path

import numpy as np
from board_models import board_model, device_sources, speech
from protocol_faults import World
from protocol_model import BANNER_END

import networks
from sertool.compilers import shared_library
from sertool.device import Client
from sertool.graph.reference import run


class CDevice:
    """A copy of the library is loaded at each restart: what C keeps begins as the linker left it, and no other
    device has a part in it.
    """

    def __init__(self, library: Path, banner: bytes) -> None:
        self.banner = banner
        self._library = library
        self._device: ctypes.CDLL | None = None
        self.restart()

    def restart(self) -> None:
        if self._device is not None:
            _ctypes.dlclose(self._device._handle)
        with tempfile.TemporaryDirectory() as folder:
            self._device = ctypes.CDLL(str(shutil.copy(self._library, Path(folder) / self._library.name)))
        self._device.host_take.restype = ctypes.c_size_t
        self._device.ser_device_receiving.restype = ctypes.c_bool
        self._device.host_seal()
        self._device.host_selftest()

    def __del__(self) -> None:
        if self._device is not None:
            _ctypes.dlclose(self._device._handle)

    @property
    def receiving(self) -> bool:
        return bool(self._device and self._device.ser_device_receiving())

    def receive(self, data: bytes) -> None:
        assert self._device
        for byte in data:
            self._device.ser_device_receive(byte)

    def timeout(self) -> None:
        assert self._device
        self._device.ser_device_timeout()

    def take(self) -> bytes:
        assert self._device
        room = ctypes.create_string_buffer(1 << 16)
        taken = self._device.host_take(room, ctypes.c_size_t(len(room)))
        return room.raw[:taken]


class _Direct:
    """The device without a line: what it says to INFO and SELFTEST, undisturbed."""

    name = "direct"

    def __init__(self, device: CDevice) -> None:
        self._device = device
        self.came = b""

    def write(self, data: bytes) -> None:
        self._device.receive(data)

    def read(self, timeout: float) -> bytes:
        came = self._device.take()
        self.came += came
        return came

    def close(self) -> None:
        pass


def c_world() -> World:
    """Right answers come from the numpy reference and the host engine, not from the device."""
    model = board_model()
    library = shared_library("device", device_sources(model), ("-O1",))
    build, graph = model.build, model.graph
    about = f"sertool {build.name} {build.version} target=stm32f405 manifest={build.manifest}"
    banner = f"\r\n{about}".encode() + BANNER_END
    direct = _Direct(CDevice(library, banner))
    client = Client(direct, 1.0)
    client.info()
    info, direct.came = direct.came[8:-4], b""
    client.selftest()
    host = model.host()

    def end(sound: bytes) -> bytes:
        heard = host.classify(np.frombuffer(sound, "<i2"))
        frames = 1 + (len(sound) // 2 - model.spec.frame_length) // model.spec.hop_length
        numbers = (heard.label, frames, 0, zlib.crc32(sound), heard.certainty, heard.doubts)
        words = struct.pack("<6I", *numbers)
        results = (heard.trace[graph.logits.name][0], heard.trace["probabilities"][0])
        return words + b"".join(values.tobytes() for values in (heard.features, heard.input, *results))

    def layers(vector: bytes) -> list[bytes]:
        found = run(graph, np.frombuffer(vector, np.int8)[np.newaxis])
        values = [found[layer.name][0].tobytes() for layer in graph.layers]
        return [*values, values[-1] + values[-3] + values[-2]]

    sounds = [speech(seed, samples).tobytes() for seed, samples in enumerate((2048, 2303, 2304, 2816))]
    # Chosen by chance, but the same ones for every trial: the right answers are computed once.
    vectors = [vector.tobytes() for vector in networks.inputs(graph, 12)]
    ends, runs = {sound: end(sound) for sound in sounds}, {vector: layers(vector) for vector in vectors}
    return World(
        device=lambda: CDevice(library, banner),
        features=model.spec.features,
        info=info,
        selftest=direct.came[8:-4],
        run=runs.__getitem__,
        end=ends.__getitem__,
        vectors=vectors,
        sounds=sounds,
    )
