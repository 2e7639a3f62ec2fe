"""In which line of a TOML file a key, a table or an entry of a list stands."""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping
from types import MappingProxyType

from sertool.plain_values import Keys

_BLANK = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
#: A key between dots: bare, or in quotes of either kind.
_WORD = re.compile(r'[ \t]*(?:([\w-]+)|"((?:\\.|[^"\\])*)"|\'([^\']*)\')[ \t]*', re.ASCII)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED: Mapping[str, str] = MappingProxyType({"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"})
#: Any value but lists and tables: strings, those of several lines first, then all without quotes.
_PLAIN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'|[^,\]}#\r\n]*', re.DOTALL
)


def line_of(text: str, keys: Keys) -> int:
    """Return the line, from 1, of what `keys` lead to, or of the innermost thing around it that has one.

    `text` is valid TOML.
    """
    scanner = _Scanner(text)
    lines = {**scanner.around, **scanner.lines}
    return next((lines[keys[:end]] for end in range(len(keys), 0, -1) if keys[:end] in lines), 1)


class _Scanner:
    """Goes through valid TOML once.

    `lines` are those of what is written there, `around` those where a table around it is first spoken of.
    """

    def __init__(self, text: str) -> None:
        self.lines: dict[Keys, int] = {}
        self.around: dict[Keys, int] = {}
        self._text = text
        self._place = 0
        self._ends = [found.start() for found in re.finditer("\n", text)]
        self._entries: dict[Keys, int] = {}
        self._document()

    def _document(self) -> None:
        table: Keys = ()
        while not self._at_end():
            if self._text.startswith("[[", self._place):
                table = self._array_header()
            elif self._text.startswith("[", self._place):
                line, table = self._line(), self._resolved(self._key(1))
                self._note(table, line)
                self._place += 1
            else:
                self._pair(table)

    def _at_end(self) -> bool:
        self._skip(_BLANK)
        return self._place >= len(self._text)

    def _array_header(self) -> Keys:
        line, key = self._line(), self._key(2)
        self._place += 2
        table = (*self._resolved(key[:-1]), key[-1])
        number = self._entries[table] = self._entries.get(table, -1) + 1
        self._note((*table, number), line)
        return (*table, number)

    def _resolved(self, key: Keys) -> Keys:
        """Lead through arrays of tables to their latest entries."""
        table: Keys = ()
        for word in key:
            table = (*table, word)
            if table in self._entries:
                table = (*table, self._entries[table])
        return table

    def _pair(self, table: Keys) -> None:
        line, key = self._line(), (*table, *self._key())
        self._note(key, line)
        self._place += 1
        self._value(key)

    def _value(self, keys: Keys) -> None:
        self._skip(_SPACE)
        self._note(keys, self._line())
        opening = self._text[self._place : self._place + 1]
        if opening in ("[", "{"):
            self._place += 1
            number = 0
            while not self._at_end() and self._text[self._place] not in "]}":
                if opening == "[":
                    self._value((*keys, number))
                    number += 1
                else:
                    self._pair(keys)
            self._place += 1
        else:
            self._skip(_PLAIN)

    def _key(self, opening: int = 0) -> Keys:
        """Read a key, dotted or not, behind as many brackets."""
        self._place += opening
        words: list[str] = []
        while True:
            found = _WORD.match(self._text, self._place)
            assert found is not None
            bare, quoted, literal = found.groups()
            words.append(bare or literal or _unescaped(quoted or ""))
            self._place = found.end()
            if not self._text.startswith(".", self._place):
                return tuple(words)
            self._place += 1

    def _note(self, keys: Keys, line: int) -> None:
        self.lines.setdefault(keys, line)
        for end in range(1, len(keys)):
            self.around.setdefault(keys[:end], line)

    def _line(self) -> int:
        return bisect.bisect_left(self._ends, self._place) + 1

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._place)
        assert found is not None
        self._place = found.end()


def _unescaped(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else _ESCAPED.get(found[3], found[3])

    return _ESCAPE.sub(character, text)
