"""Commands and replies of the protocol; `runtime/device/ser_device.h` is their specification."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.answers import Certainty, Doubt, certainty_of
from sertool.device.payloads import Payload
from sertool.device.verdict import Verdict

_BANNER = re.compile(
    r"sertool (?P<name>[^\r\n]+) (?P<version>[^\r\n ]+) target=(?P<target>\S+) "
    r"manifest=(?P<manifest>[0-9a-f]{64}) image=0x(?P<image>[0-9a-f]{8}) seal=0x(?P<seal>[0-9a-f]{8}) "
    r"(kept=(?P<kept>none|state|foreign|damaged|unread) )?"
    r"selftest=(?P<result>passed|FAILED)(?P<failed>( [^\s]+)*)\r?\n"
)

_HASH = re.compile("[0-9a-f]{64}")

#: Bytes of a PCM frame with one sample.
_SMALLEST_PIECE = 6

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
    "heard",
    "most_heard",
)


#: Causes of a reset, by their bit in `enum ser_reset`.
_RESETS = ("power", "pin", "watchdog", "software", "lock-up", "sleep")


class Command(enum.IntEnum):
    """Types of the frames that the host sends."""

    INFO = 0x01
    RUN = 0x02
    SELFTEST = 0x03
    FORGET = 0x04
    KEEP = 0x05
    KEPT = 0x06
    ENROLL = 0x07
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
    NOT_FORGOTTEN = 11
    UNSUITABLE = 12
    ENOUGH_HEARD = 13
    ENROLLS_NOBODY = 14


class Kept(enum.IntEnum):
    """What a board keeps of its speaker over a reset, or became of keeping it: `enum ser_kept`."""

    NONE = 0
    STATE = 1
    FOREIGN = 2
    DAMAGED = 3
    MOVED = 4
    WORN = 5
    UNREAD = 6

    @classmethod
    def parse(cls, payload: bytes, where: str) -> Kept:
        """Read the reply to KEEP or KEPT; raise MalformedReply, naming `where`, for what cannot be one."""
        fields = Payload(payload, where)
        kept = cls(fields.below(len(cls), "what is kept"))
        fields.end()
        return kept


@dataclass(frozen=True)
class Banner:
    """The line that the device says at boot; `kept` is None where it keeps nothing over a reset."""

    name: str
    version: str
    target: str
    manifest: str
    image: int
    seal: int
    said_passed: bool
    failed: tuple[str, ...]
    kept: Kept | None = None

    @property
    def selftest_passed(self) -> bool:
        """Whether the device says so, and the image's CRC-32 is what follows from its seal."""
        return self.said_passed and not self.failed and Verdict(0, self.image, self.seal).passed

    @classmethod
    def find(cls, text: str) -> Banner | None:
        """The last whole banner in `text`."""
        found = list(_BANNER.finditer(text))
        if not found:
            return None
        name, version, target, manifest = found[-1].group("name", "version", "target", "manifest")
        image, seal = (int(word, 16) for word in found[-1].group("image", "seal"))
        passed, failed = found[-1]["result"] == "passed", tuple(found[-1]["failed"].split())
        kept = Kept[found[-1]["kept"].upper()] if found[-1]["kept"] else None
        return cls(name, version, target, manifest, image, seal, passed, failed, kept)


@dataclass(frozen=True)
class Info:
    """What the device says of itself; sizes in bytes, `max_samples` of an utterance in samples.

    `heard` are the utterances of its speaker that count, at most `most_heard`, which is 0 where standardization
    follows nobody. `reset` has the causes of its last reset, none when they are not known.
    """

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
    heard: int
    most_heard: int
    reset: tuple[str, ...]
    verdict: Verdict
    name: str
    version: str
    target: str
    manifest: str
    labels: tuple[str, ...]

    @classmethod
    def parse(cls, payload: bytes, where: str = "reply to INFO") -> Info:
        """Read the reply to INFO; raise MalformedReply, naming `where`, for what cannot be one."""
        fields = Payload(payload, where)
        sizes = dict(zip(_SIZES, fields.words(len(_SIZES)), strict=True))
        reset = fields.word()
        verdict = Verdict(*fields.words(3))
        name, version, target, manifest, *labels = fields.lines(least=5)
        for size in ("features", "classes", "layers", "sample_rate", "max_samples"):
            fields.require(sizes[size] > 0, f"{size} is 0")
        fields.require(sizes["max_payload"] >= _SMALLEST_PIECE, f"max_payload is {sizes['max_payload']}")
        fields.require(
            sizes["heard"] <= sizes["most_heard"], f"{sizes['heard']} utterances of {sizes['most_heard']} count"
        )
        fields.require(reset < 1 << len(_RESETS), f"it was reset for {reset:#x}")
        fields.require(len(labels) == sizes["classes"], f"{len(labels)} labels of {sizes['classes']} classes")
        fields.require(bool(_HASH.fullmatch(manifest)), f"its manifest is {manifest!r}")
        return cls(
            **sizes,
            reset=tuple(cause for bit, cause in enumerate(_RESETS) if reset >> bit & 1),
            verdict=verdict,
            name=name,
            version=version,
            target=target,
            manifest=manifest,
            labels=tuple(labels),
        )


@dataclass(frozen=True, eq=False)
class Heard:
    """Reply to END: features int32 (F,), model input int8 (F,), logits and probabilities int8 (C,).

    `sound` is the CRC-32 of the samples that the device heard, as little-endian int16; `frames` are those that
    count, none in silence.
    """

    label: int
    frames: int
    truncated: bool
    sound: int
    certainty: Certainty
    doubts: Doubt
    features: NDArray[np.int32]
    input: NDArray[np.int8]
    logits: NDArray[np.int8]
    probabilities: NDArray[np.int8]

    @classmethod
    def parse(cls, payload: bytes, features: int, classes: int, where: str = "reply to END") -> Heard:
        """Read the reply of a device with that many features and classes; raise MalformedReply as `Info`."""
        fields = Payload(payload, where)
        label = fields.below(classes, "the label")
        frames, truncated, sound = fields.word(), fields.flag("truncated"), fields.word()
        certainty = Certainty(fields.below(len(Certainty), "the certainty"))
        doubts = Doubt(fields.below(2 * max(Doubt), "the doubts"))
        fields.require(certainty is certainty_of(doubts), f"it is {certainty.name} with doubts {doubts:#x}")
        fields.require(frames > 0 or Doubt.NO_VOICE in doubts, "it heard no frame of sound")
        heard = cls(
            label,
            frames,
            truncated,
            sound,
            certainty,
            doubts,
            fields.int32(features),
            fields.int8(features),
            fields.int8(classes),
            fields.int8(classes),
        )
        fields.end()
        return heard


@dataclass(frozen=True, eq=False)
class Ran:
    """Reply to RUN: the raw values of each layer in order, then label, logits, probabilities int8 (C,)."""

    layers: tuple[bytes, ...]
    label: int
    logits: NDArray[np.int8]
    probabilities: NDArray[np.int8]

    @classmethod
    def parse(cls, layers: tuple[bytes, ...], payload: bytes, classes: int, where: str = "reply to RUN") -> Ran:
        """Read the last frame of the reply of a device with that many classes; raise MalformedReply as `Info`.

        `layers` are the payloads before it, without their index.
        """
        fields = Payload(payload, where)
        ran = cls(layers, fields.below(classes, "the label"), fields.int8(classes), fields.int8(classes))
        fields.end()
        return ran


@dataclass(frozen=True)
class SelfTest:
    """Reply to SELFTEST: what it found; bytes of stack reserved, and used at any time since reset.

    `blocks` are CRC-32 of each KiB of the image, see `damaged_blocks`.
    """

    verdict: Verdict
    stack: int
    stack_used: int
    blocks: tuple[int, ...]

    @property
    def passed(self) -> bool:
        """Whether everything was equal."""
        return self.verdict.passed

    @classmethod
    def parse(cls, payload: bytes, where: str = "reply to SELFTEST") -> SelfTest:
        """Read the reply to SELFTEST; raise MalformedReply as `Info`."""
        fields = Payload(payload, where)
        verdict, stack, used = Verdict(*fields.words(3)), fields.word(), fields.word()
        found = cls(verdict, stack, used, fields.words(fields.word()))
        fields.end()
        return found


@dataclass(frozen=True)
class Refusal:
    """An ERROR frame: why (an ErrorCode), the type of the frame that is refused, and what would be allowed."""

    code: ErrorCode
    type: int
    allowed: int

    @classmethod
    def parse(cls, payload: bytes, where: str = "an ERROR") -> Refusal:
        """Read an ERROR; raise MalformedReply as `Info`."""
        fields = Payload(payload, where)
        code, kind, *nothing = fields.take(4)
        fields.require(code in list(ErrorCode), f"it has no error {code}")
        fields.require(not any(nothing), "bytes that are 0 are not")
        refusal = cls(ErrorCode(code), kind, fields.word())
        fields.end()
        return refusal
