"""Faults in both directions of the serial line, by the ten thousand, in virtual time.

    python tests/campaigns/protocol_faults.py --seed 1 --count 20000 [--device c]

The host under test talks to a model of the device written from the protocol's specification, which keeps nobody
(`model`) or lets speakers enrol and keeps them (`enrolling`), or to the device layer in C, which keeps nobody
either. Every answer that it accepts must be the one that was due; every other outcome is an error that says
what happened, in time. Prints for each kind of fault how often it was injected and what became of the command
in which it was; exit status 1 when anything was accepted that was not due, or came late.
"""

from __future__ import annotations

import argparse
import random
import struct
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "firmware"))
sys.path.insert(0, str(Path(__file__).parent))

from faulty_line import KINDS, Device, Line
from protocol_model import (
    ABORT,
    CLASSIFY,
    END,
    MOST,
    SELFTEST_PAYLOAD,
    ModelDevice,
    Shape,
    encode,
    end_payload,
    info_payload,
    layer_payloads,
    run_payload,
)

from sertool.device import Client, DeviceError, Heard, Info, Ran, SelfTest
from sertool.device.messages import ErrorCode
from sertool.errors import SertoolError

#: Commands of the client, as often as they are drawn.
ASKED = (
    *("info", "run", "run", "selftest", "abort", "classify", "classify", "classify"),
    *("forget", "enroll", "enroll", "keep", "kept"),
)
TIMEOUT = 9.0
TRIES = 3


@dataclass(frozen=True)
class World:
    """A device, and what the right answers are: to INFO and SELFTEST, to vectors, to sounds, as payloads."""

    device: Callable[[], Device]
    features: int
    info: bytes
    selftest: bytes
    run: Callable[[bytes], list[bytes]]
    end: Callable[[bytes], bytes]
    vectors: Sequence[bytes]
    sounds: Sequence[bytes]


@dataclass
class Tally:
    """What was injected, by direction and kind, with how each came out; what must never be, in words."""

    injected: Counter[tuple[str, str]] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    commands: int = 0
    untouched_failed: int = 0
    unrecovered: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    slowest: dict[bool, float] = field(default_factory=lambda: {False: 0.0, True: 0.0})

    @property
    def faults(self) -> int:
        return sum(self.injected.values())


def model_world(enrolls: bool = False) -> World:
    shape = Shape(enrolls=enrolls)
    rng = random.Random(7)
    return World(
        device=lambda: ModelDevice(shape),
        features=shape.features,
        info=info_payload(shape),
        selftest=SELFTEST_PAYLOAD,
        run=lambda vector: [*layer_payloads(shape, vector), run_payload(shape, vector)],
        end=lambda sound: end_payload(shape, sound),
        vectors=[rng.randbytes(shape.features) for _ in range(20)],
        sounds=[
            *(rng.randbytes(2 * size) for size in (200, 256, 300, 511, 512, 513, 700, 1024)),
            *trapped(rng),
        ],
    )


def trapped(rng: random.Random) -> Iterator[bytes]:
    """Sounds whose samples are frames: what a damaged piece must not turn into."""
    for kind in (END, CLASSIFY, ABORT):
        yield b"".join(encode(kind, sequence) for sequence in range(100)) + rng.randbytes(60)


def said(value: object) -> list[bytes]:
    """What a parsed answer says, as the payloads that it must have been read from."""
    if isinstance(value, Heard):
        numbers = (value.label, value.frames, value.truncated, value.sound, value.certainty, value.doubts)
        words = struct.pack("<6I", *numbers)
        arrays = (value.features, value.input, value.logits, value.probabilities)
        return [words + b"".join(values.tobytes() for values in arrays)]
    if isinstance(value, Ran):
        results = struct.pack("<I", value.label) + value.logits.tobytes() + value.probabilities.tobytes()
        return [*value.layers, results]
    if isinstance(value, SelfTest):
        verdict = (value.verdict.failed, value.verdict.image, value.verdict.seal)
        numbers = (*verdict, value.stack, value.stack_used, len(value.blocks), *value.blocks)
        return [struct.pack(f"<{len(numbers)}I", *numbers)]
    return []


def commands(
    world: World, client: Client, line: Line, rng: random.Random
) -> tuple[str, int, int, Callable[[], bool]]:
    """Any command: its name, about how many units it takes in each direction, whether its answer is right."""
    kind = rng.choice(ASKED)
    if kind == "info":
        return kind, 1, 1, lambda: client.info() == Info.parse(world.info)
    if kind == "selftest":
        return kind, 1, 1, lambda: said(client.selftest()) == [world.selftest]
    if kind == "abort":
        return kind, 1, 1, lambda: client.abort() is None
    if kind == "forget":
        return kind, 1, 1, lambda: client.forget() is None
    if kind in ("enroll", "keep", "kept"):
        return kind, 1, 1, lambda: of_speaker(kind, client, line)
    if kind == "run":
        vector = rng.choice(world.vectors)
        due = world.run(vector)
        return kind, 1, len(due), lambda: said(client.run(np.frombuffer(vector, np.int8))) == due
    sound = rng.choice(world.sounds)
    units = 2 + -(-len(sound) // 512)
    right = [world.end(sound)]
    return kind, units, units, lambda: said(client.classify(np.frombuffer(sound, "<i2"))) == right


def of_speaker(kind: str, client: Client, line: Line) -> bool:
    """Whether the answer to ENROLL, KEEP or KEPT is the device's own, or refuses what it cannot do."""
    device = line.device
    if not isinstance(device, ModelDevice) or not device.shape.enrolls:
        # An utterance that somebody left open is told before anything else.
        refusals = {"enroll": (ErrorCode.ENROLLS_NOBODY, ErrorCode.ORDER), "keep": (ErrorCode.UNKNOWN_TYPE,)}
        if kind == "kept":
            return client.kept() is None
        return refused(client.enroll if kind == "enroll" else client.keep, refusals[kind])
    if kind == "keep":
        return client.keep() == device.became
    if kind == "kept":
        before = device.recalled
        return client.kept() in (before, device.recalled)
    # What another program sends in between may forget the speaker, or enrol before.
    able, disturbed = device.waiting and device.heard < MOST, line.disturbed
    try:
        return client.enroll() == device.counted and (able or disturbed)
    except DeviceError as error:
        if (able and not disturbed) or error.code not in (ErrorCode.ORDER, ErrorCode.ENOUGH_HEARD):
            raise
        return True


def refused(command: Callable[[], object], refusals: Sequence[ErrorCode]) -> bool:
    """Whether the device refuses the command, with one of these; raise what else it says."""
    try:
        command()
    except DeviceError as error:
        if error.code not in refusals:
            raise
        return True
    return False


def trial(world: World, seed: int, tally: Tally) -> None:
    rng = random.Random(seed)
    line = Line(world.device(), rng, world.features, deaf=rng.random() < 0.5)
    client = Client(line, TIMEOUT, line.clock, rng.randrange(0x10000))
    if rng.random() < 0.5:
        line.boot()
        line.begin({})
        client.wait_for_banner()
    before = tally.faults
    for _ in range(rng.randint(1, 5)):
        name, sent, answered, right = commands(world, client, line, rng)
        faults = {}
        for _ in range(rng.choice((0, 1, 1, 1, 2, 3, 5))):
            direction, units = rng.choice((("command", sent), ("answer", answered)))
            faults[direction, rng.randrange(units + 1)] = rng.choice(KINDS[direction])
        line.begin(faults)
        outcome = judge(f"seed {seed}, {name}, {faults}", right, tally)
        if outcome == "right" and line.repeats:
            outcome = "recovered"
        line.finish()
        tally.commands += 1
        tally.injected.update(line.injected)
        tally.outcomes.update((*fault, outcome) for fault in line.injected)
        clean = before == tally.faults - len(line.injected)
        lone = clean and len(line.injected) == 1 and line.injected[0][1] not in ("restart", "lie")
        if lone and outcome == "named":
            tally.unrecovered.append(f"seed {seed}, {name}, {faults}")
        tally.untouched_failed += outcome == "named" and not line.injected
    line.settle()
    follow(world, line, rng, seed, tally)
    for slow, seconds in line.slowest.items():
        tally.slowest[slow] = max(tally.slowest[slow], seconds)
        if seconds > TIMEOUT * (TRIES if slow else 1) + 1e-6:
            tally.late.append(f"seed {seed}: {seconds:.3f} seconds")


def follow(world: World, line: Line, rng: random.Random, seed: int, tally: Tally) -> None:
    """Over a line that is whole again, the next program must be served, whatever was before."""
    client = Client(line, TIMEOUT, line.clock, rng.randrange(0x10000))
    line.begin({})
    for _ in range(2):
        name, _, _, right = commands(world, client, line, rng)
        if judge(f"seed {seed}, {name} of the next program", right, tally) != "right":
            tally.wrong.append(f"seed {seed}: {name} of the next program failed")
    line.finish()


def judge(what: str, right: Callable[[], bool], tally: Tally) -> str:
    try:
        if right():
            return "right"
    except SertoolError:
        return "named"
    except Exception as error:
        tally.wrong.append(f"{what}: {type(error).__name__}: {error}")
        return "wrong"
    tally.wrong.append(f"{what}: another answer was accepted")
    return "wrong"


def campaign(world: World, seed: int, count: int) -> Tally:
    """Run trials, their seeds counted from `seed` on, until `count` faults are injected."""
    tally = Tally()
    while tally.faults < count:
        trial(world, seed, tally)
        seed += 1
    return tally


def table(tally: Tally) -> str:
    names = ("right", "recovered", "named", "wrong")
    lines = [f"{'direction':<10}{'fault':<12}{'injected':>9}" + "".join(f"{name:>11}" for name in names)]
    for direction, fault in sorted(tally.injected):
        counts = [tally.outcomes[direction, fault, name] for name in names]
        lines.append(
            f"{direction:<10}{fault:<12}{tally.injected[direction, fault]:>9}"
            + "".join(f"{n:>11}" for n in counts)
        )
    totals = [sum(n for (*_, name), n in tally.outcomes.items() if name == wanted) for wanted in names]
    lines.append(f"{'all':<22}{tally.faults:>9}" + "".join(f"{n:>11}" for n in totals))
    lines.append(
        f"{tally.commands} commands; {tally.untouched_failed} named in one behind the faulted one; "
        f"{len(tally.wrong)} wrong, {len(tally.late)} late, "
        f"{len(tally.unrecovered)} not recovered from a lone fault; slowest {tally.slowest[False]:.2f} s, "
        f"of those that the device computes for {tally.slowest[True]:.2f} s"
    )
    return "\n".join([*lines, *tally.wrong[:20], *tally.late[:20], *tally.unrecovered[:20]])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20000, help="faults to inject, at least")
    parser.add_argument("--device", choices=("model", "enrolling", "c"), default="model")
    options = parser.parse_args()
    if options.device == "c":
        from c_device import c_world

        world = c_world()
    else:
        world = model_world(enrolls=options.device == "enrolling")
    tally = campaign(world, options.seed, options.count)
    print(table(tally))
    return 1 if tally.wrong or tally.late or tally.unrecovered else 0


if __name__ == "__main__":
    sys.exit(main())
