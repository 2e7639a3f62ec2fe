"""A small model with its front end, its project for any target, and its device layer on this machine."""

from __future__ import annotations

import ctypes
import functools
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import networks
from sertool.compilers import SourceTree, shared_library
from sertool.engines.host import HostEngine
from sertool.firmware.core import core_sources
from sertool.firmware.golden import make_golden
from sertool.firmware.project import BuildInfo, project_sources
from sertool.frontend import Frontend, FrontendSpec, preset
from sertool.graph import IntegerGraph
from sertool.standardization import STANDARDIZATIONS, Standardizer
from sertool.targets import Target, load

HOST_PORT = Path(__file__).with_name("host_port.c")


@dataclass(frozen=True, eq=False)
class BoardModel:
    """Everything that an image is made of."""

    graph: IntegerGraph
    spec: FrontendSpec
    standardizer: Standardizer
    build: BuildInfo

    def project(self, target: Target) -> dict[str, str]:
        core = core_sources(self.graph, self.spec, self.standardizer)
        return dict(project_sources(core, target, self.build))

    def host(self) -> HostEngine:
        return HostEngine(self.graph, self.spec, self.standardizer)


def speech(seed: int, samples: int = 6000) -> NDArray[np.int16]:
    """A gliding tone in noise that swells, int16."""
    rng = np.random.default_rng(seed)
    pitch = np.cumsum(rng.uniform(0.02, 0.3) * np.linspace(1, rng.uniform(0.5, 2), samples))
    swell = np.linspace(0.1, 1, samples)
    return (swell * (rng.integers(500, 9000) * np.sin(pitch) + rng.normal(0, 300, samples))).astype(np.int16)


@functools.cache
def board_model(
    features: str = "laq180",
    hidden: Sequence[int] = (24,),
    plan: Sequence[str] = ("ternary", "5"),
    standardization: str = "fixed",
) -> BoardModel:
    spec = preset(features)
    graph = networks.network((spec.features, *hidden, 7), plan, seed=3)
    frontend = Frontend(spec)
    heard = np.stack([frontend.features(speech(seed)) for seed in range(5)])
    standardizer = Standardizer.fit(
        heard, following=STANDARDIZATIONS[standardization], speakers=["one"] * 5, labels=[*"abaab"]
    )
    build = BuildInfo(
        name="test speech",
        version="1.2.3",
        manifest="0123456789abcdef" * 4,
        labels=graph.labels,
        sample_rate=spec.sample_rate,
        golden=make_golden(graph, frontend, standardizer),
        max_samples=20000,
        speaker=standardizer.speaker_bytes,
    )
    return BoardModel(graph, spec, standardizer, build)


def device_sources(model: BoardModel) -> SourceTree:
    """The project without its platform, on the port of this machine."""
    project = model.project(load("stm32"))
    wanted = ("runtime/", "generated/")
    kept = {path: text for path, text in project.items() if path.startswith(wanted)}
    del kept["runtime/device/ser_app.c"]
    return {**kept, "host_port.c": HOST_PORT.read_text()}


class Loopback:
    """The device layer in this process, as a byte stream. A read that finds nothing is a silence."""

    name = "loopback"

    def __init__(self, model: BoardModel) -> None:
        library = shared_library("device", device_sources(model), ("-O1",))
        with tempfile.TemporaryDirectory() as folder:
            # The loader hands one file's library out once; a copy has a state of its own.
            self._device = ctypes.CDLL(str(shutil.copy(library, Path(folder) / library.name)))
        self._device.host_take.restype = ctypes.c_size_t
        self._device.ser_device_receiving.restype = ctypes.c_bool
        self._device.host_flash.restype = ctypes.POINTER(ctypes.c_uint8)
        self._device.host_seal()
        self._device.host_selftest()
        self.damage = bytearray()

    def write(self, data: bytes) -> None:
        """Every byte of `self.damage` is added to the byte at its place, once."""
        sent = bytearray(data)
        for index, value in enumerate(self.damage[: len(sent)]):
            sent[index] ^= value
        self.damage.clear()
        for byte in sent:
            self._device.ser_device_receive(ctypes.c_uint8(byte))

    @property
    def flash(self) -> Any:
        """The bytes of what counts as flashed."""
        return self._device.host_flash()

    @property
    def pages(self) -> Any:
        """The 4096 bytes of the pages in which the device keeps its speaker, where it does."""
        place = self._device.host_kept
        place.restype = ctypes.POINTER(ctypes.c_uint8)
        return place()

    def reset(self) -> None:
        """Let the device begin anew, with what its flash keeps."""
        self._device.host_selftest()

    def read(self, timeout: float) -> bytes:
        taken = self.take()
        if not taken and self._device.ser_device_receiving():
            self._device.ser_device_timeout()
            taken = self.take()
        return taken

    def close(self) -> None:
        pass

    def take(self) -> bytes:
        """What the device has said since it was last asked."""
        room = ctypes.create_string_buffer(1 << 14)
        taken = self._device.host_take(room, ctypes.c_size_t(len(room)))
        return room.raw[:taken]
