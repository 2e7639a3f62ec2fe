"""A device in Python, written from what ser_frame.h and ser_device.h say and from nothing else.

It computes what nobody could guess: every value of an answer is a hash of everything that was asked, so that an
answer to another question, or to other sound, is never equal.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

INFO, RUN, SELFTEST, FORGET, KEEP, KEPT, ENROLL = range(1, 8)
CLASSIFY, PCM, END, ABORT = range(0x10, 0x14)
REPLY, LAYER, ERROR = 0x80, 0xC0, 0xFF
CRC, VERSION, TOO_LONG, TIMEOUT, UNKNOWN, LENGTH, ORDER, OFFSET, TOO_MUCH, TOO_SHORT = range(1, 11)
ENOUGH, NOBODY = 13, 14
#: What is kept of a speaker over a restart; with how many utterances one enrols.
NONE, STATE = 0, 1
MOST = 3
MAX_PAYLOAD = 4 + 2 * 256
PROTOCOL = 4
#: What the self-test found: failed stages, CRC-32 of the image, CRC-32 that its seal says.
VERDICT = (0, 0xD8998692, 0)
SELFTEST_PAYLOAD = struct.pack("<8I", *VERDICT, 3, 4, 2, 5, 6)


def encode(kind: int, sequence: int, payload: bytes = b"", version: int = PROTOCOL) -> bytes:
    body = struct.pack("<BBHH", version, kind, sequence, len(payload)) + payload
    return b"\xa5\x5a" + body + struct.pack("<I", zlib.crc32(body))


def digest(label: str, data: bytes, size: int) -> bytes:
    return hashlib.shake_128(label.encode() + data).digest(size)


@dataclass(frozen=True)
class Shape:
    """What a device is of: bytes of its layers, least and most samples of an utterance; whether speakers enrol
    and are kept.
    """

    features: int = 7
    classes: int = 3
    layers: tuple[int, ...] = (5, 3, 3, 4)
    least: int = 200
    most: int = 2000
    enrolls: bool = False


#: How a banner ends, whatever it begins with.
BANNER_END = f" image={VERDICT[1]:#010x} seal={VERDICT[2]:#010x} selftest=passed\r\n".encode()


def banner() -> bytes:
    return b"\r\nsertool model 1.0 target=model manifest=" + b"0a" * 32 + BANNER_END


def info_payload(shape: Shape) -> bytes:
    sizes = (MAX_PAYLOAD, shape.features, shape.classes, len(shape.layers), 16000, shape.most)
    lines = ("model", "1.0", "model", "0a" * 32, *(f"label {at}" for at in range(shape.classes)))
    words = struct.pack("<16I", *sizes, 1, 2, 3, 4, 0, 0, 1, *VERDICT)
    return words + "".join(f"{line}\n" for line in lines).encode()


def layer_payloads(shape: Shape, vector: bytes) -> list[bytes]:
    return [digest(f"layer {at}", vector, size) for at, size in enumerate(shape.layers)]


def run_payload(shape: Shape, vector: bytes) -> bytes:
    label = digest("label", vector, 1)[0] % shape.classes
    return struct.pack("<I", label) + digest("results", vector, 2 * shape.classes)


def end_payload(shape: Shape, sound: bytes) -> bytes:
    label = digest("label", sound, 1)[0] % shape.classes
    doubts = digest("doubts", sound, 1)[0] % 8
    words = struct.pack("<6I", label, 1 + len(sound) // 512, 0, zlib.crc32(sound), doubts > 0, doubts)
    return words + digest("heard", sound, 5 * shape.features + 2 * shape.classes)


class ModelDevice:
    """Takes bytes, gives the bytes of its answers."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.banner = banner()
        self._flash = self.became = NONE
        self.counted = 0
        self.restart()

    def restart(self) -> None:
        self.recalled = self._flash
        # Who is kept comes back; the model keeps of a speaker that there was one.
        self.heard, self.waiting = 0, False
        self._kept = b""
        self._sound: bytes | None = None
        self._ended = b""
        self._obeyed = b""
        self._said: list[bytes] = []

    @property
    def receiving(self) -> bool:
        return bool(self._kept)

    def take(self) -> bytes:
        said, self._said = b"".join(self._said), []
        return said

    def receive(self, data: bytes) -> None:
        # Byte by byte, since each byte that ends damage is reported on its own.
        for byte in data:
            self._kept += bytes([byte])
            self._judge(reported=False)

    def timeout(self) -> None:
        header = self._kept[2:6].ljust(4, b"\0") if len(self._kept) >= 8 else bytes(4)
        self._refuse(header[1], struct.unpack("<H", header[2:])[0], TIMEOUT, 1000)
        while self._kept:
            self._kept = self._kept[1:]
            self._judge(reported=True)

    def _judge(self, reported: bool) -> None:
        while True:
            while self._kept and not b"\xa5\x5a".startswith(self._kept[:2]):
                self._kept = self._kept[1:]
            if len(self._kept) < 8:
                return
            version, kind, sequence, length = struct.unpack("<BBHH", self._kept[2:8])
            error, allowed = CRC, 0
            if version != PROTOCOL:
                error, allowed = VERSION, PROTOCOL
            elif length > MAX_PAYLOAD:
                error, allowed = TOO_LONG, MAX_PAYLOAD
            elif len(self._kept) < 12 + length:
                return
            elif self._kept[8 + length : 12 + length] == struct.pack(
                "<I", zlib.crc32(self._kept[2 : 8 + length])
            ):
                frame, self._kept = self._kept[: 12 + length], self._kept[12 + length :]
                self._obey(frame, kind, sequence, frame[8:-4])
                continue
            if not reported:
                self._refuse(kind, sequence, error, allowed)
            reported = True
            self._kept = self._kept[1:]

    def _refuse(self, kind: int, sequence: int, error: int, allowed: int) -> None:
        self._said.append(encode(ERROR, sequence, struct.pack("<BBxxI", error, kind, allowed)))

    def _obey(self, frame: bytes, kind: int, sequence: int, payload: bytes) -> None:
        found = self._command(kind, payload, frame == self._obeyed)
        if isinstance(found, tuple):
            self._refuse(kind, sequence, *found)
            return
        self._obeyed = frame
        *layers, reply = found
        for at, values in enumerate(layers):
            self._said.append(encode(LAYER, sequence, struct.pack("<I", at) + values))
        self._said.append(encode(kind | REPLY, sequence, reply))

    def _command(self, kind: int, payload: bytes, again: bool) -> list[bytes] | tuple[int, int]:
        commands: dict[int, Callable[[bytes, bool], list[bytes] | tuple[int, int]]] = {
            INFO: lambda payload, again: [info_payload(self.shape)],
            RUN: self._run,
            SELFTEST: self._selftest,
            FORGET: self._forget,
            ENROLL: self._enroll,
            **({KEEP: self._keep, KEPT: self._recalled} if self.shape.enrolls else {}),
            CLASSIFY: self._classify,
            PCM: self._pcm,
            END: self._end,
            ABORT: self._abort,
        }
        if kind not in commands:
            return UNKNOWN, 0
        due = {RUN: self.shape.features}.get(kind, 0)
        if kind != PCM and len(payload) != due:
            return LENGTH, due
        return commands[kind](payload, again)

    def _run(self, payload: bytes, again: bool) -> list[bytes] | tuple[int, int]:
        if self._sound is not None:
            return ORDER, 0
        return [*layer_payloads(self.shape, payload), run_payload(self.shape, payload)]

    def _selftest(self, payload: bytes, again: bool) -> list[bytes] | tuple[int, int]:
        if self._sound is not None:
            return ORDER, 0
        self.heard, self.waiting = 0, False
        return [SELFTEST_PAYLOAD]

    def _forget(self, payload: bytes, again: bool) -> list[bytes] | tuple[int, int]:
        if self._sound is not None:
            return ORDER, 0
        self.heard, self.waiting, self._flash = 0, False, NONE
        return [b""]

    def _keep(self, payload: bytes, again: bool) -> list[bytes] | tuple[int, int]:
        if self._sound is not None:
            return ORDER, 0
        if not again:
            self.became = STATE if self.heard else NONE
            self._flash = self.became or self._flash
            self.waiting = False
        return [struct.pack("<I", self.became)]

    def _recalled(self, payload: bytes, again: bool) -> list[bytes] | tuple[int, int]:
        return (ORDER, 0) if self._sound is not None else [struct.pack("<I", self.recalled)]

    def _enroll(self, payload: bytes, again: bool) -> list[bytes] | tuple[int, int]:
        if self._sound is not None:
            return ORDER, 0
        if not self.shape.enrolls:
            return NOBODY, 0
        if not again:
            if not self.waiting:
                return ORDER, 0
            if self.heard == MOST:
                return ENOUGH, MOST
            self.heard, self.waiting = self.heard + 1, False
            self.counted = self.heard
        return [struct.pack("<I", self.counted)]

    def _classify(self, payload: bytes, again: bool) -> list[bytes]:
        self._sound, self.waiting = b"", False
        return [b""]

    def _abort(self, payload: bytes, again: bool) -> list[bytes]:
        self._sound, self.waiting = None, False
        return [b""]

    def _pcm(self, payload: bytes, again: bool) -> list[bytes] | tuple[int, int]:
        if not 6 <= len(payload) <= MAX_PAYLOAD or len(payload) % 2:
            return LENGTH, MAX_PAYLOAD
        if self._sound is None:
            return ORDER, 0
        heard = len(self._sound) // 2
        if not again:
            if struct.unpack("<I", payload[:4])[0] != heard:
                return OFFSET, heard
            if heard + len(payload) // 2 - 2 > self.shape.most:
                return TOO_MUCH, self.shape.most
            self._sound += payload[4:]
        return [struct.pack("<I", len(self._sound) // 2)]

    def _end(self, payload: bytes, again: bool) -> list[bytes] | tuple[int, int]:
        if again:
            return [end_payload(self.shape, self._ended)]
        if self._sound is None:
            return ORDER, 0
        if len(self._sound) // 2 < self.shape.least:
            return TOO_SHORT, 0
        self._ended, self._sound, self.waiting = self._sound, None, True
        return [end_payload(self.shape, self._ended)]
