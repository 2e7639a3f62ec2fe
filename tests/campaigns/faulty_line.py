"""A serial line in virtual time that does to what goes over it whatever a plan says."""

from __future__ import annotations

import heapq
import itertools
import random
import struct
import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

from protocol_model import (
    ABORT,
    CLASSIFY,
    CRC,
    END,
    ENROLL,
    ERROR,
    FORGET,
    INFO,
    KEEP,
    LAYER,
    PCM,
    PROTOCOL,
    REPLY,
    RUN,
    SELFTEST,
    TIMEOUT,
    encode,
)

BYTE_SECONDS = 10 / 115200
PATIENCE = 1.0
#: Sync bytes and the version that both ends speak; what looks like the beginning of a frame and is noise.
BEGUN = b"\xa5\x5a" + bytes([PROTOCOL])
LOOK_ALIKES = (
    b"\xa5",
    b"\x5a",
    b"\xa5\x5a",
    BEGUN,
    b"\xa5" + BEGUN,
    BEGUN + b"\x92\x01\x00\xff\xff",
    BEGUN + b"\x11\x00\x00\x04\x02",
    b"\xa5\x5a" + bytes([PROTOCOL + 1]) + b"\x01\x00\x00\x00\x00",
)
COMMANDS = (INFO, RUN, SELFTEST, FORGET, ENROLL, CLASSIFY, PCM, END, ABORT)
#: Seconds that a device computes before it answers, at most.
SECONDS = {RUN: 0.05, SELFTEST: 2.0, END: 0.2, PCM: 0.02}


class Device(Protocol):
    """ModelDevice, or the device layer in C."""

    banner: bytes

    @property
    def receiving(self) -> bool: ...
    def receive(self, data: bytes) -> None: ...
    def timeout(self) -> None: ...
    def take(self) -> bytes: ...
    def restart(self) -> None: ...


class Line:
    """The host's end, as sertool's ByteStream. Units are what is faulted: frames of the host and of the device.

    `faults` gives for (direction, number of the unit since `begin`) what is to be done to it.
    """

    name = "virtual line"

    def __init__(self, device: Device, rng: random.Random, features: int, deaf: bool) -> None:
        self.now = 0.0
        self.repeats = 0
        self.exchange: tuple[int, float] | None = None
        self.slowest: dict[bool, float] = {False: 0.0, True: 0.0}
        self.injected: list[tuple[str, str]] = []
        self.device, self._rng, self._features, self._deaf = device, rng, features, deaf
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._arrived = b""
        self._held: dict[str, bytes] = {}
        self._free = {"command": 0.0, "answer": 0.0}
        self._busy = self._started = self._last_byte = 0.0
        self._faults: Mapping[tuple[str, int], str] = {}
        self._units = {"command": 0, "answer": 0}
        self._question = b""
        self._life = self._uttered = self._samples = 0

    def clock(self) -> float:
        return self.now

    @property
    def disturbed(self) -> bool:
        """Whether another program's frames come between those of this exchange."""
        return "foreign" in self._faults.values()

    def begin(self, faults: Mapping[tuple[str, int], str]) -> None:
        self._faults, self._units = faults, {"command": 0, "answer": 0}
        self.injected, self.repeats, self._uttered = [], 0, 0

    def write(self, data: bytes) -> None:
        self._measure(data)
        self._uttered += data[3] == CLASSIFY
        self.repeats += data == self._question or (data[3] == CLASSIFY and self._uttered > 1)
        self._question = data
        if data[3] == CLASSIFY:
            self._samples = 0
        elif data[3] == PCM:
            self._samples = int.from_bytes(data[8:12], "little") + (len(data) - 16) // 2
        self._send("command", data)

    def read(self, timeout: float) -> bytes:
        deadline = self.now + timeout
        while not self._arrived:
            silence = self._last_byte + PATIENCE if self.device.receiving else float("inf")
            at = min(self._events[0][0] if self._events else float("inf"), max(silence, self._busy))
            if at > deadline:
                self.now = deadline
                return b""
            self.now = max(self.now, at)
            if self._events and self._events[0][0] <= at:
                heapq.heappop(self._events)[2]()
            else:
                self.device.timeout()
                self._answer(0.0)
        # In pieces, as ports deliver them: the rest comes with the next read.
        cut = self._rng.randint(1, len(self._arrived))
        arrived, self._arrived = self._arrived[:cut], self._arrived[cut:]
        return arrived

    def close(self) -> None:
        pass

    def settle(self) -> None:
        """Let everything that is still on its way arrive, and forget it."""
        self._faults, self._held = {}, {}
        while self.read(100.0):
            pass

    def finish(self) -> None:
        """End the measuring of the last exchange."""
        self._measure(b"")

    def boot(self) -> None:
        """The device starts: deaf for a while, then it says so."""
        self._life += 1
        self.device.restart()
        self._busy = self._started = self.now + self._rng.uniform(0.05, 3.0)
        self._later(self._started, lambda: self._send("answer", self.device.banner))

    def _measure(self, data: bytes) -> None:
        sequence = data[4] | data[5] << 8 if data else -1
        if self.exchange is None or self.exchange[0] != sequence:
            if self.exchange is not None:
                slow = self._question[3] in (RUN, SELFTEST, END, FORGET, KEEP)
                self.slowest[slow] = max(self.slowest[slow], self.now - self.exchange[1])
            self.exchange = (sequence, self.now) if data else None

    def _later(self, at: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (at, next(self._order), event))

    def _deliver(self, direction: str, data: bytes, delay: float = 0.0) -> None:
        if data:
            arrive = self._hear if direction == "command" else self._come
            at = max(self.now, self._free[direction]) + len(data) * BYTE_SECONDS
            self._free[direction] = at
            self._later(at + delay, lambda: arrive(data))

    def _come(self, data: bytes) -> None:
        self._arrived += data

    def _hear(self, data: bytes) -> None:
        if self.now < self._started or (self._deaf and self.now < self._busy):
            return
        if self.now < self._busy:
            self._later(self._busy, lambda: self._hear(data))
            return
        self._last_byte = self.now
        self.device.receive(data)
        self._answer(SECONDS.get(data[3], 0.005) * self._rng.random() if len(data) > 3 else 0.0)

    def _answer(self, seconds: float) -> None:
        said, life = self.device.take(), self._life
        if said:
            at = self.now + seconds
            for unit in split(said):
                self._later(at, lambda unit=unit: life == self._life and self._send("answer", unit))
                at += len(unit) * BYTE_SECONDS
            self._busy = max(self._busy, at)

    def _send(self, direction: str, data: bytes) -> None:
        fault = self._faults.get((direction, self._units[direction]))
        self._units[direction] += 1
        if fault is None:
            self._deliver(direction, data)
        else:
            self.injected.append((direction, fault))
            getattr(self, f"_fault_{fault}")(direction, data)
        held = self._held.pop(direction, b"") if fault != "reorder" else b""
        self._deliver(direction, held, 0.001)

    # The faults; each is one line of the table of kinds.

    def _fault_drop(self, direction: str, data: bytes) -> None:
        pass

    def _fault_duplicate(self, direction: str, data: bytes) -> None:
        self._deliver(direction, data)
        self._deliver(direction, data, self._rng.choice((0.0, 0.05, 10 ** self._rng.uniform(-1, 1.5))))

    def _fault_flip(self, direction: str, data: bytes) -> None:
        damaged = bytearray(data)
        places = (range(len(data)), range(min(len(data), 8)), range(max(len(data) - 4, 0), len(data)))
        for _ in range(self._rng.choice((1, 1, 2, 8))):
            damaged[self._rng.choice(self._rng.choice(places))] ^= 1 << self._rng.randrange(8)
        self._deliver(direction, bytes(damaged))

    def _fault_noise(self, direction: str, data: bytes) -> None:
        noise = self._rng.choice((self._rng.randbytes(self._rng.randint(1, 40)), self._rng.choice(LOOK_ALIKES)))
        at = self._rng.choice((0, 0, len(data), self._rng.randrange(len(data) + 1)))
        self._deliver(direction, data[:at] + noise + data[at:])

    def _fault_truncate(self, direction: str, data: bytes) -> None:
        cut = self._rng.randrange(1, len(data))
        self._deliver(direction, self._rng.choice((data[:cut], data[cut:])))

    def _fault_reorder(self, direction: str, data: bytes) -> None:
        held = self._held.pop(direction, b"")
        self._held[direction] = data
        self._deliver(direction, held)

    def _fault_delay(self, direction: str, data: bytes) -> None:
        self._deliver(direction, data, 10 ** self._rng.uniform(-2, 1.6))

    def _fault_length(self, direction: str, data: bytes) -> None:
        true = max(len(data) - 12, 0)
        lie = self._rng.choice(
            (0, 1, true - 1, true + 1, true + 12, 516, 517, 32768, 0xFFFF, self._rng.getrandbits(16))
        )
        self._deliver(direction, data[:6] + struct.pack("<H", lie & 0xFFFF) + data[8:])

    def _fault_restart(self, direction: str, data: bytes) -> None:
        self._deliver(direction, data[: self._rng.randrange(len(data) + 1)])
        self.boot()

    def _fault_foreign(self, direction: str, data: bytes) -> None:
        """A good frame that nobody sent now: of another program, or of long ago."""
        sequence = (data[4] | data[5] << 8) + self._rng.randint(1, 0xFFFE) & 0xFFFF if len(data) > 5 else 1
        self._deliver(direction, self._foreign(direction, sequence))
        self._deliver(direction, data)

    def _foreign(self, direction: str, sequence: int) -> bytes:
        kind, chance = self._rng.choice(COMMANDS), self._rng.random()
        if direction == "command":
            sizes = {RUN: self._features, PCM: 2 * self._rng.choice((1, 100, 256))}
            # Often the very piece that the device expects next.
            offsets = (self._rng.randrange(1300), 256 * self._rng.randrange(4), self._samples)
            offset = struct.pack("<I", offsets[int(3 * chance)])
            payload = self._rng.randbytes(sizes.get(kind, 0))
            return encode(kind, sequence, offset + payload if kind == PCM else payload)
        if chance < 0.3:
            code = self._rng.choice((CRC, TIMEOUT, *range(1, 15)))
            return encode(ERROR, sequence, struct.pack("<BBxxI", code, kind, 0))
        kind = self._rng.choice((kind | REPLY, LAYER))
        return encode(kind, sequence, self._rng.randbytes(self._rng.choice((0, 4, 24, 100))))

    def _fault_lie(self, direction: str, data: bytes) -> None:
        """A whole answer, its checksum right, that the protocol does not allow."""
        whole = data[:2] == b"\xa5\x5a"
        self._deliver(direction, self._lie(data[3], data[4] | data[5] << 8, data[8:-4]) if whole else data)

    def _lie(self, kind: int, sequence: int, payload: bytes) -> bytes:
        wrong = [payload[: self._rng.randrange(len(payload))]] if payload and kind != LAYER else []
        if kind != LAYER:
            wrong.append(payload + self._rng.randbytes(self._rng.randint(1, 9)))
        words = {
            INFO | REPLY: ((0, 5), (1, 0), (2, 0), (2, 99), (3, 0), (4, 0), (5, 0), (10, 64)),
            RUN | REPLY: ((0, 99), (0, 0xFFFFFFFF)),
            SELFTEST | REPLY: ((5, 99), (5, 0), (5, 0xFFFFFFFF)),
            PCM | REPLY: ((0, 0), (0, 1), (0, 0xFFFFFFFF)),
            END | REPLY: ((0, 99), (1, 0), (2, 2), (3, zlib.crc32(payload))),
            LAYER: ((0, 99), (0, 0xFFFFFFFF)),
            ERROR: ((0, 0), (0, 99), (0, 0x01000005)),
        }
        for at, value in words.get(kind, ()):
            wrong.append(payload[: 4 * at] + struct.pack("<I", value) + payload[4 * at + 4 :])
        if kind == LAYER:
            wrong.append(payload[:3])
        if kind == INFO | REPLY:
            wrong += [
                payload[:-1],
                payload[:-2] + b"\xff\n",
                payload + b"\n",
                payload[:56] + payload[56:].upper(),
            ]
        if kind == LAYER and self._rng.random() < 0.3:
            return encode(kind, sequence, payload) + encode(kind, sequence, payload + b"!")
        if self._rng.random() < 0.1:
            return encode(self._rng.choice((0x00, 0x7F, 0x99, 0xFE)), sequence, payload)
        return encode(kind, sequence, self._rng.choice(wrong))


_BOTH = ("drop", "duplicate", "flip", "noise", "truncate", "reorder", "delay", "length", "restart", "foreign")
#: What can be done to a unit, by direction.
KINDS = {"command": _BOTH, "answer": (*_BOTH, "lie")}


def split(said: bytes) -> list[bytes]:
    """The frames that a device said one after the other."""
    units = []
    while said:
        size = 12 + (said[6] | said[7] << 8)
        units.append(said[:size])
        said = said[size:]
    return units
