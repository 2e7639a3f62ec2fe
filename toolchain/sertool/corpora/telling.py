"""What a person says of the files, beside or instead of their names: tables, lists, patterns, a layout."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sertool.corpora.labels import check_word
from sertool.corpora.layout import ASPECTS, Layout, parts_of
from sertool.corpora.sheets import Row, match, read_list, read_table
from sertool.errors import SertoolError

_SHOWN = 3

Facts = dict[str, dict[Path, str]]
"""Aspect (label, speaker, part), then file, then word: aspects that nobody speaks of are not in it."""


@dataclass(frozen=True)
class Telling:
    """Everything that says label, speaker or part of the files of a corpus. None of it is needed.

    labels: a table with the columns file, label and, where it has them, speaker and part; speakers: one with
    file and speaker. label_pattern, speaker_pattern: regular expressions with groups of these names, searched
    in the path below the corpus. validation_list, test_list: files with a path a line; what is in neither
    trains. layout: what the folders mean, as `Layout.parse` reads it.
    """

    layout: str | None = None
    labels: str | Path | None = None
    label_pattern: str | None = None
    speakers: str | Path | None = None
    speaker_pattern: str | None = None
    validation_list: str | Path | None = None
    test_list: str | Path | None = None

    def facts(self, root: Path, files: Sequence[Path]) -> Facts:
        """What is said of the files below `root`.

        Raises SertoolError for a source that cannot be read or used, and for two that say the same.
        """
        told: Facts = {}
        sources: dict[str, str] = {}
        for name, found in self._sources(root, files):
            for aspect, words in found.items():
                if aspect in sources:
                    raise SertoolError(
                        f"two sources of {aspect}s: {sources[aspect]} and {name}", allowed="one of them"
                    )
                told[aspect], sources[aspect] = words, name
        return told

    def _sources(self, root: Path, files: Sequence[Path]) -> Iterable[tuple[str, Facts]]:
        if self.layout is not None:
            yield "the layout", by_layout(Layout.parse(self.layout), root, files)
        if self.labels is not None:
            yield "the table of labels", _table(Path(self.labels), "label", root, files, ("speaker", "part"))
        if self.label_pattern is not None:
            yield "the label pattern", _pattern(self.label_pattern, "label", root, files, ("speaker",))
        if self.speakers is not None:
            yield "the table of speakers", _table(Path(self.speakers), "speaker", root, files)
        if self.speaker_pattern is not None:
            yield "the speaker pattern", _pattern(self.speaker_pattern, "speaker", root, files)
        if self.validation_list is not None or self.test_list is not None:
            yield "the lists", {"part": _lists(self.validation_list, self.test_list, root, files)}


def by_layout(layout: Layout, root: Path, files: Sequence[Path]) -> Facts:
    """What the folders say. Raises SertoolError for a folder of the level `part` that names none."""
    facts = {aspect: layout.told(aspect, root, files) for aspect in ASPECTS if aspect in layout.levels}
    if "part" in facts:
        meant = parts_of(facts["part"].values())
        strange = sorted(set(facts["part"].values()) - set(meant))
        if strange:
            raise SertoolError(
                f"no part of a split: {', '.join(strange[:_SHOWN])}",
                where=root,
                allowed="folders called train, validation (or val, valid, dev) and test",
            )
        facts["part"] = {path: meant[name] for path, name in facts["part"].items()}
    return facts


def _table(path: Path, aspect: str, root: Path, files: Sequence[Path], more: Sequence[str] = ()) -> Facts:
    what = f"the table of {aspect}s"
    rows = read_table(path, what, ("file", aspect), more)
    matched = match(rows, what, root, files)
    spoken = [name for name in (aspect, *more) if rows and name in rows[0].values]
    return {name: {file: _word(name, row) for file, row in matched.items()} for name in spoken}


def _word(aspect: str, row: Row) -> str:
    word = row.values[aspect]
    if aspect != "part":
        return check_word(aspect, word, row.where)
    part = parts_of([word, "test"]).get(word)
    if part is None:
        raise SertoolError(
            f"no part of a split: {word!r}",
            where=row.where,
            allowed="train, validation (or val, valid, dev), test",
        )
    return part


def _pattern(pattern: str, aspect: str, root: Path, files: Sequence[Path], more: Sequence[str] = ()) -> Facts:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise SertoolError(f"the {aspect} pattern is no regular expression: {error}", where=pattern) from error
    if aspect not in compiled.groupindex:
        raise SertoolError(
            f"the {aspect} pattern names no {aspect}",
            where=pattern,
            allowed=rf"a regular expression with a named group, such as (?P<{aspect}>[^/_]+)_\d+\.wav",
        )
    hits = {path: compiled.search(path.relative_to(root).as_posix()) for path in files}
    return {
        name: {path: check_word(name, hit[name], path) for path, hit in hits.items() if hit and hit[name]}
        for name in (aspect, *more)
        if name in compiled.groupindex
    }


def _lists(
    validation: str | Path | None, test: str | Path | None, root: Path, files: Sequence[Path]
) -> dict[Path, str]:
    if test is None:
        raise SertoolError(
            "a list of validation clips and none of test clips: there is nothing to report on",
            where=validation,
            allowed="a test list, with or without a validation list",
        )
    parts = dict.fromkeys(files, "train")
    where: dict[Path, Row] = {}
    for part, given in (("test", test), ("validation", validation)):
        if given is None:
            continue
        for path, row in match(
            read_list(Path(given), f"the {part} list"), f"the {part} list", root, files
        ).items():
            if path in where:
                raise SertoolError(
                    f"a clip in both lists: {row.values['file']}",
                    where=row.where,
                    hint=f"also {where[path].where}",
                )
            parts[path], where[path] = part, row
    return parts


def demand(
    words: Mapping[Path, str], paths: Iterable[Path], complain: Callable[[int, str], str], root: Path
) -> None:
    """Raise SertoolError, made from how many and which, unless there is a word for each of the paths."""
    silent = [path.relative_to(root).as_posix() for path in paths if not words.get(path)]
    if silent:
        shown = ", ".join(silent[:_SHOWN]) + (", ..." if len(silent) > _SHOWN else "")
        raise SertoolError(complain(len(silent), shown), where=root)
