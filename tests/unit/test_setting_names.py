"""Texts name settings; the command line says them as the options of the command that runs."""

from __future__ import annotations

import logging

import click
import pytest

from sertool.cli.main import _Told, cli
from sertool.cli.setting_names import as_options, command_of
from sertool.project.options import ARGUMENTS, FLAGS, OPTIONS


def command(*words: str) -> click.Command:
    return command_of(words, cli)


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("leave them out with corpus.skip_bad", ("build",), "leave them out with --skip-bad"),
        ("say corpus.layout = 'speaker/label'", ("corpus", "audit"), "say --layout 'speaker/label'"),
        ("(quantization.bits), a smaller net", ("build",), "(--bits), a smaller net"),
        ("where: workers.jobs = 2", ("sweep",), "where: --jobs 2"),
        ("with corpus.path.", ("train",), "with --corpus."),
        ("corpus.label_pattern and corpus.labels", ("train",), "--label-pattern and --labels"),
        # A command that has no such option reads the setting in the project's file all the same.
        ("leave them out with corpus.skip_bad", ("flash",), "leave them out with corpus.skip_bad"),
        ("corpus.kind = emodb", (), "corpus.kind = emodb"),
        # Paths and longer words are no settings.
        ("/data/corpus.path/a.wav", ("build",), "/data/corpus.path/a.wav"),
        ("corpus.path.wav corpus.labels_of corpus.pathology", ("build",), None),
        ("training.hidden = 8,8", ("build",), "--hidden 8,8"),
        ("training.batch_size = 8", ("build",), "training.batch_size = 8"),
    ],
)
def test_settings_become_options(text: str, words: tuple[str, ...], told: str | None) -> None:
    assert as_options(text, command(*words)) == (text if told is None else told)


def test_the_command_is_found_whatever_follows_it() -> None:
    assert command("corpus", "audit", "build").name == "audit"
    assert command("build", "--corpus", "train").name == "build"
    assert command("--version") is command() is cli


def test_within_a_command_its_own_options_are_meant() -> None:
    with click.Context(command("build")):
        assert as_options("corpus.skip_bad") == "--skip-bad"
    assert as_options("corpus.skip_bad") == "corpus.skip_bad"


def test_log_lines_are_told_so_too() -> None:
    record = logging.LogRecord(
        "sertool", logging.INFO, "", 0, "for real data: %s", ("corpus.path = FOLDER",), None
    )
    assert _Told(command("train")).format(record) == "for real data: --corpus FOLDER"


def test_every_setting_with_an_option_can_be_named_and_nothing_twice() -> None:
    assert {option.key for option in OPTIONS if option.flag} - FLAGS.keys() == {"name", "output", "target"}
    assert ARGUMENTS.keys().isdisjoint(option.key for option in OPTIONS)
    assert len(set(FLAGS.values())) == len(FLAGS)
