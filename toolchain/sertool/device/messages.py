"""Commands and replies of the protocol; `runtime/device/ser_device.h` is their specification."""

from __future__ import annotations

import enum
import re
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BANNER = re.compile(
    r"sertool (?P<name>[^\r\n]+) (?P<version>[^\r\n ]+) target=(?P<target>\S+) "
    r"manifest=(?P<manifest>[0-9a-f]{64}) selftest=(?P<result>passed|FAILED)\r?\n"
)


_SIZES = (
    "max_payload",
    "features",
    "classes",
    "layers",
    "sample_rate",
    "max_samples",
    "flash",
    "ram",
    "stack",
    "stack_used",
)


class Command(enum.IntEnum):
    """Types of the frames that the host sends."""

    INFO = 0x01
    RUN = 0x02
    SELFTEST = 0x03
    CLASSIFY = 0x10
    PCM = 0x11
    END = 0x12
    ABORT = 0x13


REPLY = 0x80
LAYER = 0xC0
ERROR = 0xFF


class ErrorCode(enum.IntEnum):
    """Why the device refuses a frame."""

    CRC = 1
    VERSION = 2
    TOO_LONG = 3
    TIMEOUT = 4
    UNKNOWN_TYPE = 5
    LENGTH = 6
    ORDER = 7
    OFFSET = 8
    TOO_MUCH_PCM = 9
    TOO_SHORT = 10


@dataclass(frozen=True)
class Banner:
    """The line that the device says at boot."""

    name: str
    version: str
    target: str
    manifest: str
    selftest_passed: bool

    @classmethod
    def find(cls, text: str) -> Banner | None:
        """The last whole banner in `text`."""
        found = list(_BANNER.finditer(text))
        if not found:
            return None
        name, version, target, manifest, result = found[-1].group(
            "name", "version", "target", "manifest", "result"
        )
        return cls(name, version, target, manifest, result == "passed")


@dataclass(frozen=True)
class Info:
    """What the device says of itself; sizes in bytes, `max_samples` of an utterance in samples."""

    max_payload: int
    features: int
    classes: int
    layers: int
    sample_rate: int
    max_samples: int
    flash: int
    ram: int
    stack: int
    stack_used: int
    selftest_passed: bool
    name: str
    version: str
    target: str
    manifest: str
    labels: tuple[str, ...]

    @classmethod
    def parse(cls, payload: bytes) -> Info:
        """Read the reply to INFO."""
        *numbers, passed = struct.unpack_from("<11I", payload)
        name, version, target, manifest, *labels = payload[44:].decode().splitlines()
        sizes = dict(zip(_SIZES, numbers, strict=True))
        return cls(
            **sizes,
            selftest_passed=bool(passed),
            name=name,
            version=version,
            target=target,
            manifest=manifest,
            labels=tuple(labels),
        )


@dataclass(frozen=True, eq=False)
class Heard:
    """Reply to END: features int32 (F,), model input int8 (F,), logits and probabilities int8 (C,)."""

    label: int
    frames: int
    truncated: bool
    features: NDArray[np.int32]
    input: NDArray[np.int8]
    logits: NDArray[np.int8]
    probabilities: NDArray[np.int8]

    @classmethod
    def parse(cls, payload: bytes, features: int, classes: int) -> Heard:
        """Read the reply of a device with that many features and classes."""
        label, frames, truncated = struct.unpack_from("<3I", payload)
        values = np.frombuffer(payload, "<i4", features, 12).astype(np.int32)
        bytes_ = np.frombuffer(payload, np.int8, offset=12 + 4 * features)
        vector, logits, probabilities = np.split(bytes_, [features, features + classes])
        return cls(label, frames, bool(truncated), values, vector, logits, probabilities)


@dataclass(frozen=True, eq=False)
class Ran:
    """Reply to RUN: the raw values of each layer in order, then label, logits, probabilities int8 (C,)."""

    layers: tuple[bytes, ...]
    label: int
    logits: NDArray[np.int8]
    probabilities: NDArray[np.int8]

    @classmethod
    def parse(cls, layers: tuple[bytes, ...], payload: bytes) -> Ran:
        """Read the last frame of the reply; `layers` are the payloads before it, without their index."""
        values = np.frombuffer(payload, np.int8, offset=4)
        logits, probabilities = np.split(values, 2)
        return cls(layers, struct.unpack_from("<I", payload)[0], logits, probabilities)


@dataclass(frozen=True)
class SelfTest:
    """Reply to SELFTEST: golden vectors run and failed, the first failed one, whether the golden sound's
    features are equal; bytes of stack reserved, and used at any time since reset.
    """

    vectors: int
    failed: int
    first_failed: int
    speech_equal: bool
    stack: int
    stack_used: int

    @property
    def passed(self) -> bool:
        """Whether everything was equal."""
        return self.failed == 0 and self.speech_equal

    @classmethod
    def parse(cls, payload: bytes) -> SelfTest:
        """Read the reply to SELFTEST."""
        vectors, failed, first, speech, stack, used = struct.unpack("<6I", payload)
        return cls(vectors, failed, first, bool(speech), stack, used)
