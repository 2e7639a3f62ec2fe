"""Runners that succeed, fail, hang, ask, lie and leave children: stand-ins, the only tools that there are."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from sertool.device import tool_process
from sertool.device.flashing import Attempt, attempts, write_flash
from sertool.device.runners import RUNNERS
from sertool.errors import SertoolError
from sertool.targets import load

TARGET = load("stm32")
FILES = {"elf": "/image of mine/firmware.elf", "hex": "/image/firmware.hex", "bin": "/image/firmware.bin"}


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tools: the stand-ins, and what their scripts need."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("sh", "sleep", "cat"):
        (folder / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(tools: Path, name: str, script: str = 'echo "$0 $*" > "$0.log"') -> Path:
    path = tools / RUNNERS[name].program
    path.write_text(f"#!{tools}/sh\n{script}\n")
    path.chmod(0o755)
    return path.with_name(f"{path.name}.log")


def plan(runner: str | None = None, port: str | None = None, probe: str | None = None) -> tuple[Attempt, ...]:
    return attempts(TARGET, **FILES, runner=runner, port=port, probe=probe)


def flash(runner: str | None = None, timeout: float = 60.0) -> tuple[Attempt, dict[str, str], str]:
    said: list[str] = []
    used, obstacles = write_flash(plan(runner), timeout, said.append)
    return used, obstacles, "".join(said)


def refusal(runner: str | None = None, timeout: float = 60.0) -> SertoolError:
    with pytest.raises(SertoolError) as caught:
        write_flash(plan(runner), timeout, lambda text: None)
    return caught.value


COMMANDS = {
    "st-flash": ("st-flash --reset write /image/firmware.bin 0x8000000", "--serial P"),
    "openocd": (
        "openocd -f interface/stlink.cfg -f target/stm32f4x.cfg "
        "-c 'program {/image of mine/firmware.elf} verify reset exit'",
        "-c 'adapter serial P'",
    ),
    "pyocd": ("pyocd flash --no-wait --target stm32f405rg /image/firmware.hex", "--uid P"),
    "cubeprogrammer": ("STM32_Programmer_CLI -c port=SWD -w /image/firmware.hex -v -rst", "sn=P"),
    "dfu-util": ("dfu-util -a 0 -s 0x8000000:leave -D /image/firmware.bin", "-S P"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_runner_writes_its_file_and_can_be_told_a_probe(name: str) -> None:
    command, probe = COMMANDS[name]
    assert plan(name)[0].line == command
    assert f" {probe} " in plan(name, probe="P")[0].line
    assert FILES[RUNNERS[name].abilities.writes] in command


def test_every_runner_of_the_targets_has_a_command_here() -> None:
    assert COMMANDS.keys() == RUNNERS.keys()


def test_the_first_installed_tool_is_used_and_the_others_are_accounted_for(tools: Path) -> None:
    openocd, dfu = install(tools, "openocd"), install(tools, "dfu-util")
    used, obstacles, said = flash()
    assert used.runner.name == "openocd"
    assert obstacles == {"st-flash": "st-flash is not installed"}
    assert "st-flash cannot be used: st-flash is not installed\n$ openocd -f" in said
    assert openocd.exists()
    assert not dfu.exists()


def test_the_named_tool_is_used(tools: Path) -> None:
    install(tools, "openocd")
    log = install(tools, "dfu-util")
    flash("dfu-util")
    assert log.read_text().endswith(f"-s 0x8000000:leave -D {FILES['bin']}\n")


def test_no_tool_says_how_to_get_one(tools: Path) -> None:
    error = refusal()
    assert error.what.startswith("no tool can flash this board: st-flash: st-flash is not installed; openocd:")
    assert "apt-get install stlink-tools" in str(error.hint)


def test_unknown_runner_and_target_without_runners() -> None:
    with pytest.raises(SertoolError, match="has no runner 'jlink'") as caught:
        plan("jlink")
    assert caught.value.allowed == ", ".join(RUNNERS)
    with pytest.raises(SertoolError, match="mps2-an386 describes no tool"):
        attempts(load("m4"), **FILES)


#: What the tools say when there is no probe, or more than one and nobody to choose.
NO_PROBE = {
    "st-flash": "2024-01-01T00:00:00 WARN usb.c: Couldn't find any ST-Link devices",
    "openocd": "Error: unable to find a matching CMSIS-DAP device",
    "pyocd": "\x1b[31mNo connected debug probes\x1b[0m",
    "cubeprogrammer": "\x1b[31mError: No debug probe detected.\x1b[0m",
    "dfu-util": "dfu-util: More than one DFU capable USB device found! Try `--list'",
}


@pytest.mark.parametrize("status", [0, 1])
@pytest.mark.parametrize("name", NO_PROBE)
def test_without_a_probe_the_next_runner_is_tried(tools: Path, name: str, status: int) -> None:
    for other in RUNNERS:
        install(tools, other, f'cat <<"END"\n{NO_PROBE[other]}\nEND\nexit {status}')
    last = "openocd" if name != "openocd" else "pyocd"
    install(tools, last)
    tools_in_order = [one.runner.name for one in plan()]
    used, obstacles, _ = flash()
    assert used.runner.name == last
    assert list(obstacles) == tools_in_order[: tools_in_order.index(last)]
    error = refusal(name)
    assert error.what.startswith(f"no tool can flash this board: {name}: ")
    assert "device.probe" in str(error.hint)


def test_a_tool_that_asks_which_probe_gets_no_answer_and_does_not_wait(tools: Path) -> None:
    ask = "printf \"Enter the number of the debug probe or 'q' to quit> \"; read answer || exit 1"
    install(tools, "pyocd", ask)
    assert "Enter the number of the debug probe" in refusal("pyocd").what
    install(tools, "dfu-util")
    assert flash()[0].runner.name == "dfu-util"


LIES = {
    "st-flash": "ERROR common.c: Flash memory is write protected",
    "openocd": "** Verify Failed **",
    "pyocd": "0001423 C flash program page failure [__main__]",
    "cubeprogrammer": "\x1b[31mError: Data mismatch found at address 0x08000000\x1b[0m",
    "dfu-util": 'dfu-util: Error during special command "SET_ADDRESS" get_status',
}


@pytest.mark.parametrize("name", LIES)
def test_status_0_is_not_believed_where_the_tool_prints_an_error(tools: Path, name: str) -> None:
    install(tools, name, f"cat <<'END'\nwriting\n{LIES[name]}\ndone\nEND")
    error = refusal(name)
    assert error.what.startswith(f"{name} says ")
    assert "though its status is 0: what is in flash now is not known" in error.what


def test_a_tool_that_fails_is_not_followed_by_another(tools: Path) -> None:
    install(tools, "st-flash", "echo Failed to connect to target >&2; exit 3")
    other = install(tools, "openocd")
    error = refusal()
    assert error.what.startswith("st-flash failed with status 3, saying 'Failed to connect to target'")
    assert str(error.where).startswith("st-flash --reset write")
    assert not other.exists()


def test_a_tool_that_vanishes_midway_is_named(tools: Path) -> None:
    install(tools, "st-flash", "echo begun; kill -9 $$")
    assert refusal().what.startswith("st-flash was killed by signal 9")


@pytest.mark.parametrize("content", [b"\x7fELF nonsense", b"#!/no/such/shell\n"])
def test_a_tool_that_cannot_be_started_is_passed_over(tools: Path, content: bytes) -> None:
    install(tools, "st-flash")
    (tools / "st-flash").write_bytes(content)
    install(tools, "openocd")
    used, obstacles, _ = flash()
    assert used.runner.name == "openocd"
    assert obstacles["st-flash"].startswith("cannot be started: ")


def test_output_comes_as_it_is_printed_whatever_it_is(tools: Path) -> None:
    said: list[str] = []
    wait = 'while [ ! -e "$0.go" ]; do sleep 0.01; done'
    install(
        tools, "st-flash", rf"printf 'name? '; {wait}; printf '\377\000\303'; sleep 0.1; printf '\251 done\n'"
    )

    def say(text: str) -> None:
        said.append(text)
        if "name? " in text:
            (tools / "st-flash.go").touch()

    write_flash(plan("st-flash"), 60.0, say)
    assert "".join(said).endswith("name? \ufffd\0é done\n")


def running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def ends(pid: int) -> bool:
    """Whether a process that was sent a signal is gone, as soon as the kernel has seen to it."""
    until = time.monotonic() + 60
    while running(pid) and time.monotonic() < until:
        time.sleep(0.01)
    return not running(pid)


@pytest.mark.parametrize("deaf", ["", "trap '' TERM INT HUP; "])
def test_a_tool_that_hangs_is_ended_with_its_children(
    tools: Path, deaf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = [0]
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + 3600 * hours[0])
    monkeypatch.setattr(tool_process, "time", clock)
    install(
        tools, "st-flash", f'{deaf}sleep 600 & echo $! > "$0.log"; echo waiting; while :; do sleep 600; done'
    )

    def say(text: str) -> None:
        hours[0] += "waiting" in text

    with pytest.raises(SertoolError, match="st-flash did not end within 120 seconds and was ended"):
        write_flash(plan(), 120.0, say)
    assert ends(int((tools / "st-flash.log").read_text()))


def test_children_that_a_tool_leaves_do_not_hold_it_up_and_are_ended(tools: Path) -> None:
    install(tools, "st-flash", 'sleep 600 & echo $! > "$0.log"; echo written')
    assert "written\n" in flash(timeout=300.0)[2]
    assert ends(int((tools / "st-flash.log").read_text()))


def test_ctrl_c_ends_the_tool(tools: Path) -> None:
    install(tools, "st-flash", 'echo $$ > "$0.log"; echo begun; while :; do sleep 60; done')

    def say(text: str) -> None:
        if "begun" in text:
            threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGINT)).start()

    with pytest.raises(KeyboardInterrupt):
        write_flash(plan(), 60.0, say)
    assert ends(int((tools / "st-flash.log").read_text()))


def test_a_probe_that_a_runner_cannot_be_told_passes_it_over(
    tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from sertool.device import flashing

    st_flash = RUNNERS["st-flash"]
    dumb = replace(st_flash, abilities=replace(st_flash.abilities, chooses_probe=False, needs_port=True))
    monkeypatch.setattr(flashing, "RUNNERS", {**RUNNERS, "st-flash": dumb})
    for name in RUNNERS:
        install(tools, name)
    assert plan(probe="P")[0].obstacle == "it cannot be told which probe to use"
    assert plan()[0].obstacle == "it needs the serial port, device.port"
    assert plan(port="/dev/ttyACM0")[0].obstacle is None
