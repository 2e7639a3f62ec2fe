"""Flashing a build: the image is checked before, the board asked after; tool and board are stand-ins."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from board_models import BoardModel

from sertool.cli.flash import flashed_text
from sertool.compilers import write_sources
from sertool.errors import CheckFailed, SertoolError
from sertool.firmware.image import build_image, image_files
from sertool.project import BuildFolder, Project
from sertool.project.manifest import Manifest, TargetRecord
from sertool.stages.flash import Flashed, flash
from sertool.targets import load

TARGET = load("stm32")
MANIFEST = Manifest(
    name="test speech",
    target=TargetRecord.of(TARGET, "stm32"),
    settings=None,
    places=(),
    recordings=None,
    checkpoint=None,
    model={},
    files={},
    sources="0" * 64,
    versions={"sertool": "1.2.3"},
)


@pytest.fixture(scope="module")
def flashable(model: BoardModel) -> BoardModel:
    build = dataclasses.replace(model.build, manifest=MANIFEST.digest)
    return dataclasses.replace(model, build=build)


@pytest.fixture(scope="module")
def built_once(flashable: BoardModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("build") / "stm32"
    folder = BuildFolder(root)
    write_sources(flashable.project(TARGET), folder.firmware)
    build_image(folder.firmware, TARGET, folder.image)
    folder.write(folder.manifest, MANIFEST)
    folder.stamp("compile", "0" * 64, [folder.image])
    return root


@pytest.fixture
def folder(built_once: Path, tmp_path: Path) -> BuildFolder:
    return BuildFolder(Path(shutil.copytree(built_once, tmp_path / "build" / "stm32")))


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first runner's tool; returns the file that it leaves where it ran."""
    (tmp_path / "tools").mkdir()
    path = tmp_path / "tools" / "st-flash"
    path.write_text('#!/bin/sh\necho "$@" > "$0.log"\necho "Flash written and verified! jolly good!"\n')
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}:{os.environ['PATH']}")
    return path.with_name("st-flash.log")


def run(folder: BuildFolder, port: str | None = None, target: str = "stm32", **options: Any) -> Flashed:
    return flash(Project(target=target), folder, port=port, **options)


def test_without_a_port_nothing_is_verified_and_that_is_said(folder: BuildFolder, tool: Path) -> None:
    done = run(folder)
    assert (done.runner, done.written, done.verified) == ("st-flash", True, False)
    assert tool.read_text() == f"--reset write {folder.image / 'firmware.bin'} 0x8000000\n"
    assert done.manifest == MANIFEST.digest
    assert done.bytes == (folder.image / "firmware.bin").stat().st_size


def test_the_board_is_asked_what_it_carries(
    folder: BuildFolder, tool: Path, serve: Callable[[BoardModel], str], flashable: BoardModel
) -> None:
    done = run(folder, serve(flashable))
    assert (done.written, done.verified) == (True, True)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("none", "nobody is kept there"),
        ("state", "a speaker whom it knew before is still known"),
        ("foreign", "what is kept there is of another model, and not taken"),
        ("damaged", "what stands there is no whole state, and not taken"),
        ("unread", "it has not looked there"),
    ],
)
def test_what_the_board_kept_is_told(folder: BuildFolder, tool: Path, kept: str, said: str) -> None:
    done = dataclasses.replace(run(folder), kept=kept)
    assert flashed_text(done).endswith(f"is not in the image: {said}")
    assert "kept" not in flashed_text(dataclasses.replace(done, place=None, kept=None))


def test_a_board_that_carries_something_else_is_told(
    folder: BuildFolder, tool: Path, serve: Callable[[BoardModel], str], model: BoardModel
) -> None:
    with pytest.raises(
        CheckFailed, match="the board carries another build, manifest 0123456789abcdef"
    ) as caught:
        run(folder, serve(model))
    assert caught.value.allowed == MANIFEST.digest
    assert tool.exists()


def test_a_port_that_cannot_be_opened_is_told_before_anything_is_written(
    folder: BuildFolder, tool: Path
) -> None:
    with pytest.raises(SertoolError, match="cannot open the serial port"):
        run(folder, "/dev/no-such-port")
    assert not tool.exists()


def test_a_dry_run_checks_and_writes_nothing(folder: BuildFolder, tool: Path) -> None:
    done = run(folder, dry_run=True)
    assert done.runner == "st-flash"
    assert done.commands["st-flash"] == f"st-flash --reset write {folder.image / 'firmware.bin'} 0x8000000"
    assert (done.written, tool.exists()) == (False, False)
    (folder.image / "firmware.bin").write_bytes(b"")
    with pytest.raises(CheckFailed, match=r"firmware\.bin is not what the ELF file beside it loads"):
        run(folder, dry_run=True)


def test_a_dry_run_needs_no_tool(folder: BuildFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    told = run(folder, dry_run=True)
    write = f"st-flash --reset write {folder.image / 'firmware.bin'} 0x8000000"
    assert (told.runner, list(told.commands)) == (None, [one.name for one in TARGET.runners])
    assert told.obstacles.keys() == told.commands.keys()
    lines = flashed_text(told).split("\n")
    assert lines[0] == f"cannot run: {write} (st-flash is not installed)"
    assert (len(lines), lines[-1]) == (len(told.commands) + 1, "nothing was written")
    openocd = tmp_path / "openocd"
    openocd.write_text("#!/bin/sh\n")
    openocd.chmod(0o755)
    told = run(folder, dry_run=True)
    assert (told.runner, f"would run: {told.commands['openocd']}" in flashed_text(told)) == ("openocd", True)
    with pytest.raises(SertoolError, match="no tool can flash this board: st-flash: st-flash is not installed"):
        run(folder, runner="st-flash")


def edit(kind: str, change: Callable[[bytes], bytes]) -> Callable[[BuildFolder], None]:
    def damage(folder: BuildFolder) -> None:
        path = folder.image / f"firmware.{kind}"
        path.write_bytes(change(path.read_bytes()))

    return damage


def other_byte(data: bytes, at: int = 3000) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def other_record(data: bytes) -> bytes:
    """HEX with another byte in one record, and the record's checksum right."""
    lines = data.split(b"\r\n" if b"\r\n" in data else b"\n")
    record = bytearray.fromhex(lines[5][1:].decode())
    record[4] ^= 1
    record[-1] = -sum(record[:-1]) & 0xFF
    lines[5] = b":" + record.hex().upper().encode()
    return b"\n".join(lines)


def other_manifest(folder: BuildFolder) -> None:
    folder.write(folder.manifest, dataclasses.replace(MANIFEST, name="another"))


def everything_of_another_build(folder: BuildFolder) -> None:
    """ELF, HEX and BIN that agree with each other and the manifest, and are not what the build left."""
    image = image_files(folder.image)
    old, new = (ord("t").to_bytes(), ord("T").to_bytes())
    before = image.bin.read_bytes()
    at = before.index(b"test speech")
    image.bin.write_bytes(before[:at] + new + before[at + 1 :])
    image.elf.write_bytes(image.elf.read_bytes().replace(old + b"est speech", new + b"est speech"))
    for kind, file in (("ihex", image.hex), ("binary", image.bin)):
        subprocess.run(["arm-none-eabi-objcopy", "-O", kind, image.elf, file], check=True)


WRONG = {
    "hex with another byte": (
        edit("hex", other_record),
        "firmware.hex is not what the ELF file beside it loads",
    ),
    "hex with a wrong checksum": (
        edit("hex", lambda data: data.replace(b"A", b"B", 1)),
        "firmware.hex is damaged",
    ),
    "hex without its end": (edit("hex", lambda data: data[:-15]), "firmware.hex is damaged"),
    "hex that is none": (edit("hex", lambda data: b"\xff\xfe"), "firmware.hex is damaged"),
    "empty hex": (edit("hex", lambda data: b""), "firmware.hex is damaged: its end is missing"),
    "bin with another byte": (edit("bin", other_byte), "firmware.bin is not what the ELF file"),
    "bin cut off": (edit("bin", lambda data: data[:-1]), "firmware.bin is not what the ELF file"),
    "elf that is none": (edit("elf", lambda data: b"no elf"), "firmware.elf is damaged"),
    "elf cut off": (edit("elf", lambda data: data[:1000]), "firmware.elf is damaged"),
    "no bin": (lambda folder: (folder.image / "firmware.bin").unlink(), "there is no image to flash"),
    "no manifest": (lambda folder: folder.manifest.unlink(), "manifest.json is not there yet"),
    "another manifest": (other_manifest, "the image is of another build than the manifest beside it"),
    "all of another build": (everything_of_another_build, "image/firmware.* is no longer as the build left it"),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_image_that_was_not_built_is_not_flashed(folder: BuildFolder, tool: Path, case: str) -> None:
    damage, what = WRONG[case]
    damage(folder)
    with pytest.raises(SertoolError, match=what):
        run(folder)
    assert not tool.exists()


def test_an_image_of_another_board_is_not_flashed(folder: BuildFolder, tool: Path) -> None:
    with pytest.raises(CheckFailed, match="the image is for addresses 0x8000000 to ") as caught:
        run(folder, target="microbit")
    assert caught.value.allowed == "0x0 to 0x3efff, the flash of microbit"


def sertool(folder: BuildFolder, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from sertool.cli.main import main; main()", "flash"]
    return subprocess.run(
        [*command, "--output", str(folder.root.parent), *options], capture_output=True, text=True, timeout=60
    )


def test_the_command_shows_the_tool_and_says_what_is_known(
    folder: BuildFolder,
    tool: Path,
    serve: Callable[[BoardModel], str],
    flashable: BoardModel,
    model: BoardModel,
) -> None:
    done = sertool(folder)
    assert done.returncode == 0
    assert "$ st-flash --reset write" in done.stderr
    assert "jolly good!" in done.stderr
    assert "nothing was verified: name the board's serial port with --port" in done.stdout
    assert (
        "0x080c0000 to 0x080fffff, where a speaker may be kept, is not in the image: left as it is"
        in done.stdout
    )
    assert f"manifest {MANIFEST.digest}, and passed" in sertool(folder, "--port", serve(flashable)).stdout
    wrong = sertool(folder, "--port", serve(model))
    assert (wrong.returncode, "the board carries another build" in wrong.stderr) == (1, True)
    tool.unlink()
    dry = sertool(folder, "--dry-run", "--probe", "066AFF")
    assert "would run: st-flash --serial 066AFF --reset write" in dry.stdout
    assert dry.stdout.endswith("nothing was written\n")
    assert not tool.exists()


def test_a_tool_that_waits_ends_with_its_time(folder: BuildFolder, tool: Path) -> None:
    (tool.parent / "st-flash").write_text("#!/bin/sh\necho waiting\n/bin/sleep 60\n")
    done = sertool(folder, "--timeout", "0.5")
    assert done.returncode == 2
    assert "st-flash did not end within 0.5 seconds" in done.stderr
