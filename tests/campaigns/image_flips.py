"""Flips bits and bytes of a built image, boots it, and asks whether anyone would take it for whole.

    python tests/campaigns/image_flips.py --target stm32f405 --seed 0 --count 5000

Every other damage is one bit, every other one a whole byte, anywhere in what is flashed. Detected: the banner
says that the self-test failed, or its numbers contradict each other; a fault, which an image reports or which
locks the core up; no banner in time. `--qemu` boots in QEMU; without it Unicorn does, some ten times as quick,
where a fault ends the run and is not reported. Exit status 1 when a damage went undetected.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from elftools.elf.elffile import ELFFile

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "firmware")]

from bare_boards import BareBoard  # noqa: E402
from board_models import BoardModel, board_model  # noqa: E402

from sertool.compilers import write_sources  # noqa: E402
from sertool.device import Banner, Client, EmulatedBoard  # noqa: E402
from sertool.errors import CheckFailed, SertoolError  # noqa: E402
from sertool.firmware.image import Image, build_image  # noqa: E402
from sertool.targets import Target, load  # noqa: E402

#: Seconds after which a board without a banner counts as silent; an undamaged one takes a tenth.
PATIENCE = 3.0


@dataclass(frozen=True)
class Flip:
    """A byte of the image, the section that it is in, and what is added to it modulo 2."""

    at: int
    section: str
    bits: int

    def of(self, image: bytes) -> bytes:
        """The image so damaged."""
        return image[: self.at] + bytes([image[self.at] ^ self.bits]) + image[self.at + 1 :]


def flips(image: Image, seed: int, count: int) -> Iterator[Flip]:
    """`count` damages of `image`: one bit, then any bits of a byte, in turn."""
    rng = np.random.default_rng(seed)
    places = [section for section, size in sections(image) for _ in range(size)]
    for index in range(count):
        at = int(rng.integers(len(places)))
        bits = int(rng.integers(1, 256)) if index % 2 else 1 << int(rng.integers(8))
        yield Flip(at, places[at], bits)


def sections(image: Image) -> list[tuple[str, int]]:
    """Names and sizes of what is flashed, in the order of its bytes."""
    with image.elf.open("rb") as stream:
        file = ELFFile(stream)
        segments = [one for one in file.iter_segments() if one["p_type"] == "PT_LOAD" and one["p_filesz"]]
        placed = [
            (segment["p_paddr"] + one["sh_addr"] - segment["p_vaddr"], one.name, one["sh_size"])
            for segment in segments
            for one in file.iter_sections()
            if one["sh_size"] and one["sh_type"] != "SHT_NOBITS" and segment.section_in_segment(one)
        ]
    found = [(name, size) for _, name, size in sorted(placed)]
    assert sum(size for _, size in found) == image.bin.stat().st_size
    return found


class Bench:
    """Boots damaged images of one target."""

    def __init__(self, target: Target, image: bytes, qemu: bool) -> None:
        self.target, self.image, self.qemu = target, image, qemu

    def outcome(self, flip: Flip) -> tuple[Flip, str]:
        """What a host sees of the image with this damage; "undetected" when it believes that all is well."""
        damaged = flip.of(self.image)
        return flip, self._in_qemu(damaged) if self.qemu else self._in_unicorn(damaged)

    def _in_unicorn(self, image: bytes) -> str:
        run = BareBoard(self.target).boot(image, "selftest=", PATIENCE)
        banner = Banner.find(run.text)
        return _judged(banner) if banner else "fault" if run.ended.startswith("fault") else "silent"

    def _in_qemu(self, image: bytes) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "firmware.bin"
            path.write_bytes(image)
            client = Client(EmulatedBoard(self.target, path), timeout=PATIENCE)
            try:
                return _judged(client.wait_for_banner())
            except CheckFailed:
                return "fault"
            except SertoolError as error:
                return "lock-up" if "ended with status" in error.what else "silent"
            finally:
                client.close()


def _judged(banner: Banner) -> str:
    return "undetected" if banner.selftest_passed else "failed"


def campaign(
    target: Target, image: Image, seed: int, count: int, jobs: int, qemu: bool
) -> list[tuple[Flip, str]]:
    """Outcomes of `count` damages."""
    bench = Bench(target, image.bin.read_bytes(), qemu)
    _, whole = bench.outcome(Flip(0, "", 0))
    assert whole == "undetected", f"the image as it was built: {whole}"
    with multiprocessing.Pool(jobs) as pool:
        return list(pool.imap(bench.outcome, flips(image, seed, count), chunksize=8))


def table(found: Sequence[tuple[Flip, str]]) -> str:
    """One row a section: damages by what came of them."""
    outcomes = ("failed", "fault", "lock-up", "silent", "undetected")
    rows = [f"{'section':10}" + "".join(f"{name:>12}" for name in outcomes)]
    counts = Counter((flip.section, outcome) for flip, outcome in found)
    for section in dict.fromkeys(flip.section for flip, _ in sorted(found, key=lambda one: one[0].at)):
        rows.append(f"{section:10}" + "".join(f"{counts[section, name]:12,}" for name in outcomes))
    total = Counter(outcome for _, outcome in found)
    rows.append(f"{'all':10}" + "".join(f"{total[name]:12,}" for name in outcomes))
    return "\n".join(rows)


def built(model: BoardModel, target: Target, folder: Path) -> Image:
    """Build the image that is damaged."""
    write_sources(model.project(target), folder / "firmware")
    return build_image(folder / "firmware", target, folder / "image")


def main() -> int:
    """Run the campaign that the command line asks for."""
    parser = argparse.ArgumentParser(description="damage images and boot them")
    parser.add_argument("--target", default="stm32f405")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--qemu", action="store_true")
    chosen = parser.parse_args()
    target = load(chosen.target)
    with tempfile.TemporaryDirectory() as folder:
        image = built(board_model(), target, Path(folder))
        found = campaign(target, image, chosen.seed, chosen.count, chosen.jobs, chosen.qemu)
    print(table(found))
    missed = [flip for flip, outcome in found if outcome == "undetected"]
    for flip in missed:
        print(f"undetected: byte {flip.at:#x} of {flip.section}, bits {flip.bits:#04x}")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
