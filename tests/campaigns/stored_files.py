"""Damages every kind of file that sertool reads back; asks whether it is refused in one error or read rightly.

    python tests/campaigns/stored_files.py --kind verification laq --seed 0 --count 10000

Without `--kind` every kind has its turn. A build folder is made (`built_folder.py`), one file of it is damaged
(`mutations.py` and those beside it: bytes, or values, keys and texts where it has a structure), and what reads
that file reads it: the stages themselves, in this process. Each mutant must be read or refused with a
SertoolError within SECONDS and MEMORY; what is read must show nothing that is no number. A cache or a stamp
that is damaged must be made again without a word. Exit status 1 for anything else.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from stored_kinds import Kind, kinds

from sertool.errors import SertoolError

SECONDS = 10
MEMORY = 1 << 30


@dataclass
class Found:
    """Counts of one kind; the slowest mutant in seconds of work; what went wrong, by the mutant's number."""

    accepted: int = 0
    refused: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


class Slow(BaseException):
    """A mutant takes too long."""


@contextmanager
def watched() -> Iterator[None]:
    """Interrupt what hangs: a busy machine may take some times SECONDS."""

    def stop(*_: object) -> None:
        raise Slow

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(12 * SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _worked() -> float:
    """Seconds that this process and those that it waited for have worked, whatever else the machine does."""
    return sum(os.times()[:4])


def attack(kind: Kind, seed: int, count: int, keep: Path | None) -> Found:
    """Damage the file `count` times; each mutant depends on seed and number alone."""
    found, whole = Found(), kind.path.read_bytes()
    expected = kind.read()
    for number in range(count):
        data = kind.mutate(random.Random(f"{seed} {number}"))
        kind.path.write_bytes(data)
        start, trouble = _worked(), None
        try:
            with watched():
                shown = kind.read()
            found.accepted += 1
            if kind.made_again and shown != expected:
                trouble = "another value than before"
            elif isinstance(shown, str) and (
                odd := re.search(r"(?<![\w.])(nan|inf|-inf)(?![\w])", shown, re.I)
            ):
                trouble = f"shows {odd[0]}: {shown[max(0, odd.start() - 40) : odd.end() + 20]!r}"
        except SertoolError as error:
            found.refused += 1
            trouble = "refused" if kind.made_again else None
            if any(text and len(text) > 4000 for text in (error.what, error.where, error.allowed)):
                trouble = f"an error of {len(str(error)):,} characters"
            str(error).encode()
        except Slow:
            trouble = "no end"
        except BaseException:
            trouble = traceback.format_exc(limit=-6)
        took = _worked() - start
        found.slowest = max(found.slowest, took)
        if took > SECONDS:
            trouble = f"{took:.1f} s"
        if trouble:
            found.wrong.append(f"mutant {number}: {trouble}")
            if keep:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{number}{kind.path.suffix}").write_bytes(data)
    kind.path.write_bytes(whole)
    return found


def peak_memory() -> int:
    """Most bytes that this process ever had in memory; that of getrusage has the parent's before exec in it."""
    told = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    assert told
    return int(told[1]) * 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", nargs="+", default=["all"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="a folder for the mutants that went wrong")
    options = parser.parse_args()
    names = list(kinds(Path())) if options.kind == ["all"] else options.kind
    print(f"{'kind':17}{'mutants':>9}{'accepted':>10}{'refused':>9}{'wrong':>7}{'slowest':>10}{'memory':>10}")
    failed = False
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["SERTOOL_CACHE"] = f"{folder}/cache"
            kind = kinds(Path(folder))[name]()
            start = time.monotonic()
            found = attack(kind, options.seed, options.count, options.keep and options.keep / name)
        memory = peak_memory()
        if memory > MEMORY:
            found.wrong.append(f"{memory / 2**20:,.0f} MiB of memory")
        failed |= bool(found.wrong)
        print(
            f"{name:17}{options.count:9,}{found.accepted:10,}{found.refused:9,}{len(found.wrong):7,}"
            f"{found.slowest:8.2f} s{memory / 2**20:6,.0f} MiB   in {time.monotonic() - start:.0f} s",
            flush=True,
        )
        for what in found.wrong[:5]:
            print(f"  {what}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
