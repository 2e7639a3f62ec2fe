"""The table of settings: it says all of `sertool.toml`, and everything else is made from it."""

from __future__ import annotations

import dataclasses
import tomllib
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sertool.corpora import PROTOCOLS
from sertool.errors import SertoolError
from sertool.frontend import PRESETS
from sertool.laq import STRATEGIES
from sertool.project import Project, load_project, resolve_project
from sertool.project.new import template
from sertool.project.options import MAKING, OPTIONS, SECTIONS, lies_in, setting, written
from sertool.standardization import STANDARDIZATIONS

FLAGGED = [option for option in OPTIONS if option.flag]


def keys(table: type, above: str = "") -> Iterator[str]:
    """Every key that `sertool.toml` can have, dotted."""
    hints = typing.get_type_hints(table)
    for field in dataclasses.fields(table):
        name = f"{above}{field.name}"
        yield from (
            keys(hints[field.name], f"{name}.") if dataclasses.is_dataclass(hints[field.name]) else [name]
        )


def test_every_key_of_the_file_has_one_row() -> None:
    rows = [option.key for option in OPTIONS]
    assert sorted(rows) == sorted(keys(Project))


def test_no_two_options_have_one_name() -> None:
    flags = [flag for option in FLAGGED for flag in (option.flag, option.short) if flag]
    assert len(set(flags)) == len(flags)


def test_what_a_row_speaks_of_is_there() -> None:
    every = set(keys(Project))
    tables = {key.rpartition(".")[0] for key in every}
    for option in OPTIONS:
        assert every.issuperset((*option.also, *option.rivals)), option.key
        assert all(setting(Project(), key) is not None for key in option.also), option.key
    assert tables.issuperset(SECTIONS)


def test_a_setting_without_a_default_has_an_example() -> None:
    assert {option.key for option in OPTIONS if option.default is None} == {
        option.key for option in OPTIONS if option.example is not None
    }


def test_help_names_what_the_rooms_know() -> None:
    comments = {option.key: option.comment for option in OPTIONS}
    for key, words in (
        ("corpus.protocol", PROTOCOLS),
        ("frontend.preset", PRESETS),
        ("frontend.standardization", STANDARDIZATIONS),
        ("quantization.strategy", STRATEGIES),
    ):
        assert all(word in comments[key] for word in words)


def test_the_commented_file_shows_every_key_in_lines_that_fit() -> None:
    text = template({})
    assert max(map(len, text.splitlines())) <= 112
    shown = tomllib.loads(text)
    uncommented = tomllib.loads(text.replace("\n# path", "\npath").replace("\n# kind", "\nkind"))
    assert uncommented["corpus"]["path"] == "emodb"
    for option in OPTIONS:
        table: Any = shown
        *tables, last = option.key.split(".")
        for name in tables:
            table = table[name]
        assert (last in table) == (option.default is not None)
        assert f"{last} = " in text


def test_the_commented_file_means_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "sertool.toml").write_text(template({}))
    assert load_project(tmp_path / "sertool.toml") == dataclasses.replace(Project(), output=tmp_path / "build")


def test_hidden_sizes_are_written_as_they_are_read() -> None:
    assert written((128, 64)) == "128,64"
    assert resolve_project(Project(), hidden=(128, 64)).training.hidden == (128, 64)


def test_an_option_that_there_is_not() -> None:
    with pytest.raises(TypeError, match="no option epoch; there are name, target"):
        resolve_project(Project(), epoch=3)


def test_every_refused_option_is_named() -> None:
    for option in FLAGGED:
        if option.annotation is int and option.name not in ("fold",):
            with pytest.raises(SertoolError) as caught:
                resolve_project(Project(), **{option.name: -1})
            assert str(option.flag) == caught.value.where


def test_all_that_decides_about_a_network_is_put_out_of_force_by_a_checkpoint() -> None:
    deciding = {option.key for option in OPTIONS if option.decides and not lies_in(option.key, MAKING)}
    assert deciding == {"name", "target"}
