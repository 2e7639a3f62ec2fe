"""Values that nobody can mean are answered by one clear error before any work, by every command."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sertool.cli.main import cli, main
from sertool.errors import SertoolError
from sertool.project.options import OPTIONS, Option

LONG = "x" * 5000
ODD = {
    int: ("-1", str(2**64), str(-(2**64)), "nan", "1e999", "0x10", "1.5", LONG),
    float: ("nan", "inf", "-inf", "1e999", "-1", "-0.001", "100", "half", LONG),
    tuple: ("0", "-1", "1e9", ",", "8,", "8,0", "8,65536", str(2**64), "8;8", LONG),
    str: (LONG, "a\nb"),
    Path: (LONG,),
}
#: Numbers that a setting may well have, in the order of `ODD`.
FINE = {"fold": ("-1",)}
#: The commands that take all that others take some of.
STARTS = {"build": "sertool.stages.build.build", "sweep": "sertool.stages.sweep.sweep"}


def kind(option: Option) -> type:
    return next(each for each in ODD if getattr(option.annotation, "__origin__", option.annotation) is each)


CASES = [
    (name, option, value)
    for name in STARTS
    for option in OPTIONS
    if option.flag and any(option.flag in parameter.opts for parameter in cli.commands[name].params)
    if option.annotation is not bool
    for value in ODD[kind(option)]
    if value not in FINE.get(option.name, ())
]


@pytest.mark.parametrize(
    ("command", "option", "value"), CASES, ids=lambda each: getattr(each, "name", str(each)[:12])
)
def test_odd_values_are_refused_before_the_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, option: Option, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    begun: list[object] = []

    def begin(project: object, *_: object, **__: object) -> None:
        begun.append(project)
        raise SertoolError("it began")

    monkeypatch.setattr(STARTS[command], begin)
    result = CliRunner().invoke(cli, [command, str(option.flag), value])
    assert result.exit_code != 0
    error = result.exception
    if isinstance(error, SertoolError):
        assert not (begun and option.annotation in (int, float)), f"{option.flag} {value}"
    else:
        assert isinstance(error, SystemExit), repr(error)
        assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("train", "--corpus", ""), "--corpus is empty"),
        (("train", "--corpus="), "--corpus is empty"),
        (("build", "-o", ""), "-o is empty"),
        (("simulate", "--port", ""), "--port is empty"),
        (("classify", ""), "an argument is empty"),
        (("train", "--fold", "99"), "no fold 99 in protocol random10"),
        (("train", "--fold", "-1"), "no fold -1"),
        (("build", "--fold", "99", "--max-instructions", "9000"), "no fold 99"),
        (("train", "--seed", "-1"), "seed = -1 cannot be used"),
        (("train", "--seed", str(2**64)), "has more than 64 bits"),
        (("build", "--board-clips", "-1"), "-1 is not in the range"),
        (("build", "--epochs", "0"), "epochs = 0 cannot be used"),
        (("build", "--hidden", "0"), "sizes from 1 to 65535"),
        (("build", "--members", "0"), "members = 0 cannot be used"),
        (("build", "--members", "3"), "members = 3 cannot share hidden = [512, 128, 64, 32]"),
        (("build", "--members", "3", "--hidden", "16"), "members = 3 cannot share hidden = [16]"),
        (("build", "--max-bytes", "0"), "max_bytes = 0 cannot be used"),
        (("build", "--max-bytes", "1"), "1"),
        (("build", "--bits", "4,4"), "too few widths"),
        (("build", "--name", "a" * 101), "1 to 100 printable characters"),
        (("report", "--max-flash", "0"), "0 is not in the range"),
        (("simulate", "--clips", "0"), "0 is not in the range"),
        (("sweep", "--jobs", "0"), "0 jobs can do nothing"),
        (("sweep", "--seeds", "-1"), "seeds = -1 cannot be used"),
        (("train", "--corpus", LONG), "no folder can be called so"),
        (("train", "--project", LONG), "no file can have a name as long"),
        (("train", "--target", f"{LONG}.toml"), "target file"),
        (("train", "-o", LONG), "cannot write"),
        (("build", "--again", LONG), "cannot read"),
        (("classify", LONG), "model.tflite is not there yet"),
        (("corpus", "audit", LONG), "no folder can be called so"),
        (("corpus", "synthesize", LONG), "no file can have a name as long"),
        (("corpus", "synthesize", "x", "--seed", "-1"), "seed"),
        (("new", LONG), "no file can have a name as long"),
        (("targets", "show", LONG), "unknown target"),
        (("report", "--results", LONG), "cannot read"),
    ],
    ids=lambda each: " ".join(each)[:40] if isinstance(each, tuple) else "",
)
def test_one_clear_error_and_nothing_left(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    speech: Path,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    spoken = arguments[0] in ("train", "build") and "corpus" not in arguments[1]
    place = ("--corpus", str(speech)) if spoken else ()
    monkeypatch.setattr(sys, "argv", ["sertool", *arguments, *place])
    with pytest.raises(SystemExit) as end:
        main()
    said = capsys.readouterr()
    assert end.value.code == 2, said.err
    assert message in said.err
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []
