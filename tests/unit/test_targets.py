from __future__ import annotations

import re
from pathlib import Path

import pytest

from sertool import targets
from sertool.device import runners
from sertool.device.runners import RUNNERS
from sertool.errors import SertoolError
from sertool.targets import check, load, names

INVALID = Path(__file__).parents[1] / "targets"

#: File of tests/targets, line that the error names, and a piece of what it says.
RULES = {
    "syntax": (3, "not valid TOML"),
    "missing_key": (6, "clock_hz"),
    "missing_table": (1, "'serial' is missing"),
    "unknown_key": (14, "unknown key 'stak'"),
    "wrong_type": (8, "core.clock_hz = 'fast'"),
    "unknown_cpu": (7, "unknown cpu 'cortex-a53'"),
    "unknown_platform": (4, "unknown platform 'stm32h7'"),
    "clock_zero": (8, "clock_hz = 0"),
    "bad_name": (2, "name 'My Board'"),
    "bad_alias": (5, "name 'B'"),
    "empty_memory": (12, "length = 0"),
    "memory_beyond_32_bits": (12, "32-bit addresses"),
    "unaligned_flash": (11, "origin = 0x8000004"),
    "overlapping_memory": (12, "flash and ram overlap"),
    "small_stack": (13, "stack = 128"),
    "unaligned_stack": (13, "stack = 2044"),
    "stack_larger_than_ram": (13, "stack = 262144"),
    "slow_baud": (16, "baud = 300"),
    "missing_setting": (19, "needs settings.hse_hz"),
    "unknown_setting": (21, "no settings.lse_hz"),
    "negative_setting": (20, "settings.hse_hz = -1"),
    "unknown_runner": (23, "unknown runner 'st-flasher': one of st-flash, openocd, pyocd"),
    "missing_runner_argument": (24, "openocd needs arguments.target"),
    "unknown_runner_argument": (24, "st-flash has no arguments.speed: none"),
    "broken_runner_argument": (24, "arguments.target = 'two words'"),
    "same_runner_twice": (22, "two runners have the same name"),
    "foreign_core": (7, "the platform stm32f4 has no cortex-m0: cortex-m4"),
    "foreign_clock": (8, "runs its cortex-m0 at 16000000 Hz, not at 32000000"),
    "clock_too_fast": (8, "clock_hz = 169000000 must be 168000000 or less"),
    "impossible_clock": (8, "clock_hz = 100000001 of 8000000 Hz: the nearest is 100000000"),
    "flash_nowhere": (
        11,
        "flash at 0x00000000 to 0x000fffff is not there: the platform stm32f4 has 0x08000000",
    ),
    "flash_too_large": (11, "flash at 0x08000000 to 0x081fffff is not there"),
    "ram_nowhere": (12, "ram at 0x20000000 to 0x2002ffff is not there"),
    "unreachable_baud": (
        16,
        "cannot be made of the serial line's 42000000 Hz: the nearest is 2625000, 34.4% off",
    ),
    "inexact_baud": (16, "the nearest is 4000000, 2.4% off"),
    "crystal_too_fast": (20, "settings.hse_hz = 30000000: a crystal must have 4000000 to 26000000"),
    "useless_crystal": (20, "settings.hse_hz is of no use with oscillator = internal"),
    "no_crystal": (19, "oscillator = bypass needs settings.hse_hz"),
    "unknown_choice": (21, "settings.oscillator = lsi must be one of crystal, bypass, internal"),
    "foreign_pin": (22, "settings.tx_pin = PA9 is no pin of USART2: PA2, PD5"),
    "same_pin": (21, "tx_pin and rx_pin are one pin"),
    "unaligned_uart": (20, "a multiple of 0x1000"),
    "kept_within_image": (
        14,
        "kept at 0x080a0000 to 0x080dffff must be the end of flash, 0x0800",
    ),
    "kept_all_of_flash": (14, "kept at 0x08000000 to 0x080fffff must be the end of flash"),
    "kept_half_a_page": (
        14,
        "must be two equal parts, each of whole pages: 0x4000 bytes from 0x08000000",
    ),
    "kept_on_a_board_that_cannot": (15, "the platform mps2 cannot write flash"),
    "setting_of_another_type": (20, "settings.hse_hz = fast must be an integer from 1000000 to 50000000"),
}


@pytest.mark.parametrize("name", names())
def test_builtin_target_is_valid(name: str) -> None:
    target = load(name)
    assert target.name == name
    assert target.qemu is not None
    assert target.to_dict()["memory"]["stack"] == target.memory.stack  # type: ignore[index]


def test_every_rule_has_a_file() -> None:
    assert {path.stem for path in INVALID.glob("*.toml")} == {f"invalid_{rule}" for rule in RULES}


@pytest.mark.parametrize("rule", RULES)
def test_rule(rule: str) -> None:
    line, what = RULES[rule]
    path = INVALID / f"invalid_{rule}.toml"
    with pytest.raises(SertoolError, match=re.escape(what)) as caught:
        check(path)
    assert caught.value.where == f"{path}:{line}"


def test_what_is_kept_is_where_the_chip_erases() -> None:
    macros = [load(name).wiring.macros for name in ("stm32f405", "microbit")]
    kept = ("kept_origin", "kept_bytes", "kept_page", "kept_first")
    assert [[found[name] for name in kept] for found in macros] == [
        [0x080C_0000, 0x2_0000, 0x2_0000, 10],
        [0x3_F000, 0x800, 0x400, 252],
    ]
    assert load("microbit").memory.image.end == 0x3_F000
    mps2 = load("mps2-an385")
    assert mps2.memory.image == mps2.memory.flash
    assert "kept" not in mps2.to_dict()["memory"]  # type: ignore[operator]
    assert "kept_origin" not in mps2.wiring.macros


def test_alias() -> None:
    assert load("stm32") == load("stm32f405")


def test_unknown_target_names_the_known_and_the_nearest() -> None:
    with pytest.raises(SertoolError, match="unknown target 'stm32f450'") as caught:
        load("stm32f450")
    assert caught.value.hint == "did you mean stm32f405?"
    assert "microbit" in str(caught.value.allowed)


def test_path_of_ones_own_file(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(Path(INVALID / "invalid_syntax.toml").read_text().replace("A board", '"Mine"'))
    assert load(own) == load(str(own))
    assert load(own).title == "Mine"


def test_missing_file() -> None:
    with pytest.raises(SertoolError, match="cannot read the target file"):
        load("nowhere/board.toml")


def test_two_targets_of_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sertool.targets import loading

    text = (INVALID / "invalid_syntax.toml").read_text().replace("A board", '"Mine"')
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(
            text.replace('"board"', f'"{name}"').replace("platform", 'aliases = ["both"]\nplatform', 1)
        )
    monkeypatch.setattr(loading, "builtin_targets", lambda: tmp_path)
    with pytest.raises(SertoolError, match="two targets are called 'both'"):
        loading.load("one")


def test_builtin_name_is_its_file_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sertool.targets import loading

    text = (INVALID / "invalid_syntax.toml").read_text().replace("A board", '"Mine"')
    (tmp_path / "other.toml").write_text(text)
    monkeypatch.setattr(loading, "builtin_targets", lambda: tmp_path)
    with pytest.raises(SertoolError, match="name = 'board'"):
        check(tmp_path / "other.toml")


def test_runners_are_those_of_the_device_room() -> None:
    assert {name: RUNNERS[name].arguments for name in RUNNERS} == dict(targets.runners.RUNNERS)
    assert all(runner.name == name for name, runner in RUNNERS.items())
    modules = {path.stem for path in Path(str(runners.__file__)).parent.glob("*.py")} - {"__init__", "runner"}
    assert modules == {name.replace("-", "_") for name in RUNNERS}
