"""The kind `folder`: one sub-folder per label, and speakers from a CSV file or a pattern over the names."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from sertool.corpora.model import Clip, canonical_emotion
from sertool.errors import SertoolError

UNKNOWN = "unknown"


def clips_by_folder(
    root: Path,
    files: tuple[Path, ...],
    corpus: str,
    *,
    speakers: str | Path | None = None,
    pattern: str | None = None,
) -> tuple[list[Clip], list[str]]:
    """Label every file with its first folder below `root`; return the clips and notes on what was left out.

    Without `speakers` (CSV) or `pattern`, every clip's speaker is "unknown".

    Raises SertoolError if there are no sub-folders, if both sources of speakers are given, if the CSV cannot be
    read, lacks the columns `file` and `speaker` or a clip, or if the pattern does not compile, lacks the group
    `speaker` or does not match a clip.
    """
    if speakers is not None and pattern is not None:
        raise SertoolError("two sources of speakers: a table and a pattern", allowed="one of them")
    below = {path: path.relative_to(root) for path in files}
    labelled = [path for path in files if len(below[path].parts) > 1]
    if not labelled:
        raise SertoolError(
            "no sub-folder with audio, so no labels",
            where=root,
            allowed="one sub-folder per label, such as anger/clip.wav",
        )
    names = [below[path].as_posix() for path in labelled]
    if speakers is not None:
        voices = _from_table(names, Path(speakers))
    elif pattern is not None:
        voices = _from_pattern(names, pattern)
    else:
        voices = dict.fromkeys(names, UNKNOWN)
    clips = [
        Clip(path, voices[name], canonical_emotion(below[path].parts[0]), corpus)
        for path, name in zip(labelled, names, strict=True)
    ]
    loose = len(files) - len(labelled)
    notes = [f"{loose} audio files outside the label folders were left out"] if loose else []
    if speakers is None and pattern is None:
        notes.append("speakers are unknown: give a table or a pattern to split by speaker")
    return clips, notes


def _from_table(names: list[str], table: Path) -> dict[str, str]:
    try:
        with table.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            columns = tuple(reader.fieldnames or ())
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SertoolError(f"cannot read the table of speakers: {error}", where=table) from error
    lacking = [column for column in ("file", "speaker") if column not in columns]
    if lacking:
        raise SertoolError(
            f"the table of speakers lacks {' and '.join(f'the column {name}' for name in lacking)}",
            where=table,
            allowed="a first line with the columns file (path below the corpus) and speaker",
            hint=f"its first line has: {', '.join(columns) or 'nothing'}",
        )
    voices = {Path(row["file"] or "").as_posix(): (row["speaker"] or "").strip() for row in rows}
    _demand(names, voices, "the table of speakers has no speaker for {} clips: {}", table)
    return voices


def _from_pattern(names: list[str], pattern: str) -> dict[str, str]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise SertoolError(f"the speaker pattern is no regular expression: {error}", where=pattern) from error
    if "speaker" not in compiled.groupindex:
        raise SertoolError(
            "the speaker pattern names no speaker",
            where=pattern,
            allowed=r"a regular expression with a named group, such as (?P<speaker>[^/_]+)_\d+\.wav",
        )
    matches = {name: compiled.search(name) for name in names}
    voices = {name: found["speaker"] or "" for name, found in matches.items() if found}
    _demand(names, voices, "the speaker pattern finds no speaker in {} clips: {}", pattern)
    return voices


def _demand(names: list[str], voices: dict[str, str], complaint: str, where: str | Path) -> None:
    silent = [name for name in names if not voices.get(name)]
    if silent:
        shown = ", ".join(silent[:3]) + (", ..." if len(silent) > 3 else "")
        raise SertoolError(complaint.format(len(silent), shown), where=where)
