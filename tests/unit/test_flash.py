from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sertool.device import flash
from sertool.errors import SertoolError
from sertool.firmware.image import Image, image_files
from sertool.targets import Runner, load

TARGET = load("stm32")


@pytest.fixture
def image(tmp_path: Path) -> Image:
    image = image_files(tmp_path)
    for path in (image.elf, image.hex, image.bin):
        path.write_bytes(b"")
    return image


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tools, the only ones that there are."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(tools: Path, name: str, script: str = 'echo "$0 $*" > "$0.log"') -> Path:
    path = tools / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return tools / f"{name}.log"


def test_first_installed_tool_is_used(image: Image, tools: Path) -> None:
    openocd, dfu = install(tools, "openocd"), install(tools, "dfu-util")
    said = flash(image, TARGET)
    assert said.startswith("openocd -f interface/stlink.cfg")
    assert f"program {image.elf} verify reset exit" in openocd.read_text()
    assert not dfu.exists()


def test_named_tool_is_used(image: Image, tools: Path) -> None:
    install(tools, "openocd")
    dfu = install(tools, "dfu-util")
    flash(image, TARGET, runner="dfu-util")
    assert f"-s 0x8000000:leave -D {image.bin}" in dfu.read_text()


def test_port_is_handed_on(image: Image, tools: Path) -> None:
    target = replace(TARGET, runners=(Runner("boot", ("boot", "-p", "{port}", "{hex}"), "-"),))
    log = install(tools, "boot")
    with pytest.raises(SertoolError, match="boot needs the serial port"):
        flash(image, target)
    flash(image, target, port="/dev/ttyACM0")
    assert f"-p /dev/ttyACM0 {image.hex}" in log.read_text()


def test_no_tool(image: Image, tools: Path) -> None:
    with pytest.raises(SertoolError, match="no tool to flash stm32f405 was found") as caught:
        flash(image, TARGET)
    assert caught.value.allowed == "st-flash, openocd, pyocd, STM32_Programmer_CLI, dfu-util"
    assert "apt-get install stlink-tools" in str(caught.value.hint)


def test_named_tool_is_missing(image: Image, tools: Path) -> None:
    install(tools, "openocd")
    with pytest.raises(SertoolError, match="no tool to flash") as caught:
        flash(image, TARGET, runner="st-flash")
    assert caught.value.allowed == "st-flash"


def test_unknown_runner(image: Image) -> None:
    with pytest.raises(SertoolError, match="has no runner 'jlink'"):
        flash(image, TARGET, runner="jlink")


def test_target_without_runners(image: Image) -> None:
    with pytest.raises(SertoolError, match="mps2-an386 describes no tool"):
        flash(image, load("m4"))


def test_no_image(image: Image, tools: Path) -> None:
    install(tools, "st-flash")
    image.bin.unlink()
    with pytest.raises(SertoolError, match="there is no image to flash") as caught:
        flash(image, TARGET)
    assert caught.value.where == str(image.bin)


def test_tool_refuses(image: Image, tools: Path) -> None:
    install(tools, "st-flash", "echo no target connected >&2; exit 3")
    with pytest.raises(SertoolError, match="st-flash failed with status 3:\nno target connected"):
        flash(image, TARGET)
