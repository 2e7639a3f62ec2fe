"""What a label may be, and which spellings are one label."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from sertool.corpora.emotions import emotion_of
from sertool.errors import SertoolError

LONGEST = 64
"""Bytes (UTF-8) of a label: every image carries all of them."""


def check_word(what: str, word: str, where: str | Path) -> str:
    """Return a label's or speaker's name in Unicode's form NFC, without space around it.

    Labels become lines of labels.txt and of the device's reply, so they hold no line end and nothing that does
    not print. Raises SertoolError, naming `what` and `where`, for a name that cannot be used.
    """
    word = unicodedata.normalize("NFC", word.strip())
    if not word or not word.isprintable() or len(word.encode(errors="surrogateescape")) > LONGEST:
        raise SertoolError(
            f"this {what} cannot be used: {word!r}",
            where=where if str(where).isprintable() else ascii(str(where)),
            allowed=f"printable characters, 1 to {LONGEST} bytes of UTF-8, no line end or tabulator",
        )
    return word


def unify(raw: Mapping[Path, str]) -> tuple[dict[Path, str], list[str]]:
    """Give each file its label: an emotion of `EMOTIONS`, or the commonest of the spellings that are one.

    Spellings are one label when they differ in case, in what separates words, or in Unicode's form. The notes
    say what was read as what. Raises SertoolError for a label that cannot be used.
    """
    checked: dict[str, str] = {}
    for path, word in raw.items():
        if word not in checked:
            checked[word] = check_word("label", word, path)
    counts = Counter(checked[word] for word in raw.values())
    groups: dict[str, list[str]] = {}
    for word in sorted(counts, key=lambda word: (-counts[word], word)):
        groups.setdefault(emotion_of(word) or _key(word), []).append(word)
    final = {word: emotion_of(word) or group[0] for group in groups.values() for word in group}
    read = {
        " and ".join(sorted(group)): final[group[0]]
        for group in groups.values()
        if {final[group[0]]} != {*group}
    }
    spelled = sum(len(group) > 1 for group in groups.values())
    notes = (
        [f"labels read as: {'; '.join(f'{one} as {name}' for one, name in sorted(read.items()))}"]
        if read
        else []
    )
    if len({*raw.values()}) > len({*checked.values()}) and not spelled:
        notes.append("labels that differ only in Unicode's form or space around them were read as one")
    return {path: final[checked[word]] for path, word in raw.items()}, notes


def _key(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", word.casefold())
