"""An image knows when it is damaged, and which stage of its self-test failed."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from bare_boards import BareBoard
from board_models import BoardModel, Loopback
from elftools.elf.elffile import ELFFile

from sertool.compilers import run_tool, write_sources
from sertool.device import Banner, Client, EmulatedBoard
from sertool.device.verdict import damaged_blocks
from sertool.engines.board import BoardEngine
from sertool.errors import CheckFailed
from sertool.firmware.image import Image
from sertool.targets import Target, load

sys.path.insert(0, str(Path(__file__).parents[1] / "campaigns"))

from image_flips import campaign, table

Built = Callable[[BoardModel, Target], Image]


def symbols(elf: Path) -> dict[str, int]:
    with elf.open("rb") as stream:
        return {
            one.name: one["st_value"] for one in ELFFile(stream).get_section_by_name(".symtab").iter_symbols()
        }


def booted(target: Target, image: bytes) -> Banner:
    banner = Banner.find(BareBoard(target).boot(image, "selftest=").text)
    assert banner is not None
    return banner


def flipped(image: bytes, at: int) -> bytes:
    return image[:at] + bytes([image[at] ^ 1]) + image[at + 1 :]


@pytest.mark.parametrize("name", ["stm32f405", pytest.param("microbit", marks=pytest.mark.slow)])
def test_elf_hex_and_bin_carry_the_crc_that_the_image_says(model: BoardModel, built: Built, name: str) -> None:
    target = load(name)
    image = built(model, target)
    flashed = image.bin.read_bytes()
    assert flashed[-8:] == b"ser\0" + zlib.crc32(flashed[:-8]).to_bytes(4, "little")
    for kind, path in (("ihex", image.hex), ("elf32-littlearm", image.elf)):
        whole = image.bin.parent / f"from-{kind}.bin"
        run_tool(["arm-none-eabi-objcopy", "-I", kind, "-O", "binary", path, whole], image.bin.parent)
        assert whole.read_bytes() == flashed, kind
        whole.unlink()
    banner = booted(target, flashed)
    assert (banner.image, banner.seal) == (zlib.crc32(flashed), zlib.crc32(flashed[:-8]))
    assert banner.selftest_passed


#: A symbol, bytes behind it, and the stages that fail when a bit is flipped there.
STAGES = [
    ("ser_golden_features", 0, {"image", "features"}),
    ("ser_golden_standardized", 0, {"image", "standardization"}),
    ("ser_golden_results", 4, {"image", "result"}),
    ("ser_golden_layers", 0, {"image", "layer-0"}),
    ("ser_golden_layers", 16 + 4, {"image", "layer-1"}),
    ("ser_golden_layers", 8, {"image", "softmax"}),
    ("ser_golden_layers", 12, {"image", "label"}),
    ("ser_golden_input", 2, {"image", "layer-0", "layer-1", "softmax", "label", "result"}),
    ("ser_vectors", 60, {"image"}),
]


@pytest.mark.parametrize(("symbol", "behind", "failed"), STAGES)
def test_the_stage_that_failed_is_said(
    model: BoardModel, built: Built, symbol: str, behind: int, failed: set[str]
) -> None:
    target = load("stm32f405")
    image = built(model, target)
    at = symbols(image.elf)[symbol] - target.memory.flash.origin + behind
    banner = booted(target, flipped(image.bin.read_bytes(), at))
    assert not banner.said_passed
    assert {"image"} <= set(banner.failed) <= failed
    assert len(banner.failed) >= min(2, len(failed))


def test_a_flip_in_the_standardizer_is_no_longer_silent(model: BoardModel, built: Built) -> None:
    target = load("stm32f405")
    image = built(model, target)
    found, at = symbols(image.elf), -target.memory.flash.origin
    for table_ in ("offsets", "multipliers", "shifts"):
        place = found[f"ser_standardizer_{table_}"] + at
        for byte in range(place, place + 40, 7):
            assert "image" in booted(target, flipped(image.bin.read_bytes(), byte)).failed


def test_an_image_that_was_never_sealed_says_so(model: BoardModel, built: Built) -> None:
    target = load("stm32f405")
    flashed = built(model, target).bin.read_bytes()
    assert booted(target, flashed[:-8] + bytes(8)).failed == ("unsealed",)


def test_the_damaged_kib_is_found_by_a_host_that_has_the_image(model: BoardModel) -> None:
    stream = Loopback(model)
    client = Client(stream, timeout=0.5)
    image = bytes(stream.flash[at] for at in range(1544))
    assert damaged_blocks(image, client.selftest().blocks, 0) == []
    stream.flash[1030] ^= 4
    found = client.selftest()
    assert found.verdict.stages() == ("image",)
    assert damaged_blocks(image, found.blocks, 0x0800_0000) == [(0x0800_0400, 0x0800_0607)]


def test_a_host_is_told_where_an_emulated_board_is_damaged(
    model: BoardModel, built: Built, tmp_path: Path
) -> None:
    target = load("stm32f405")
    image = built(model, target)
    at = symbols(image.elf)["weights_0"] - target.memory.flash.origin
    damaged = tmp_path / "firmware.bin"
    damaged.write_bytes(flipped(image.bin.read_bytes(), at))
    begin = target.memory.flash.origin + at // 1024 * 1024
    client = Client(EmulatedBoard(target, damaged))
    client.wait_for_banner()
    with pytest.raises(
        CheckFailed, match=f"failed its self-test: image, .*damaged: {begin:#010x} to {begin + 1023:#010x}"
    ):
        BoardEngine(model.graph, client, "board", flashed=(target.memory.flash.origin, image.bin.read_bytes()))


def test_a_build_without_the_last_step_boots_unsealed(model: BoardModel, tmp_path: Path) -> None:
    write_sources(model.project(load("stm32")), tmp_path)
    run_tool(["make", "--silent", "build/linked.elf"], tmp_path)
    client = Client(EmulatedBoard(load("stm32"), tmp_path / "build" / "linked.elf"))
    try:
        assert client.wait_for_banner().failed == ("unsealed",)
        assert client.info().verdict.stages() == ("unsealed",)
    finally:
        client.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["stm32f405", "microbit"])
@pytest.mark.parametrize("qemu", [False, True])
def test_no_flipped_bit_or_byte_goes_undetected(model: BoardModel, built: Built, name: str, qemu: bool) -> None:
    target = load(name)
    found = campaign(target, built(model, target), seed=5, count=30 if qemu else 150, jobs=2, qemu=qemu)
    assert [flip for flip, outcome in found if outcome == "undetected"] == [], table(found)
