"""Lines of keys in TOML: in these documents every integer is the line that it stands in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from test_toml_tables import Outer

from sertool.errors import SertoolError
from sertool.toml_lines import line_of
from sertool.toml_tables import load_table

DOCUMENTS = {
    "tables": "a = 1\n[b]\na = 3\n\n[b.c]\na = 6\n[d]\na = 8\n",
    "a key that several tables have": "[x]\nsize = 2\n[y]\nsize = 4\n[z]\nsize = 6\n",
    "dotted keys": "a.b.c = 1\na.b.d = 2\n[e]\nf . g = 4\nf.h = 5\n",
    "quoted keys": '"a b" = 1\n\'c.d\'.e = 2\n"" = 3\n["x.y".\'z\'] # [no]\n"\\u0061\\"" = 5\n',
    "a quoted key with a bracket": '["a]b"]\nx = 2\n["c # d"]\nx = 4\n',
    "arrays of tables": "[[r]]\na = 2\n[r.s]\nb = 4\n[[r]]\na = 6\n[[r.t]]\nc = 8\n[[r.t]]\nc = 10\n",
    "inline tables": 'a = { b = 1, c = { d = 1 } }\n[e]\nf = {g.h = 3, "i" = 3}\n',
    "lists": "a = [\n  2, # ]\n  3,\n  [4, 4],\n  { b = 5 },\n]\nc = 7\n",
    "strings of several lines": 'a = """\nb = 1\n[c]\n\\""" d = 2\n"""\nb = 6\n[c]\nd = 8\n',
    "literal strings of several lines": "a = '''\n[c]\nb = 1\\'''\nb = 4\n[c]\nb = 6\n",
    "strings that end in quotes": "a = \"\"\"x\"\"\"\"\"\nb = 2\nc = '''y'''''\nd = 4\n",
    "strings that look like more": 'a = "[x] # = \\" {"\nb = \'[[y]]\\\'\nc = 3 # d = "\ne = 4\n',
    "comments that look like more": "# [x]\n# a = 9\n[x] # y\na = 4 # '''\nb = 5\n",
    "numbers, dates and the rest": "a = 1979-05-27 07:32:00Z\nb = -inf\nc = true\nd = 4\n",
    "line ends of other systems": "a = 1\r\n[b]\r\nc = 3\r\nd = '''\r\nx'''\r\ne = 6\r\n",
    "separators that are no line ends": 'a = "\u2028\x85"\nb = 2\n',
    "a table after one inside it": "[a.b]\nc = 2\n[a]\nd = 4\n",
    "an empty table": "[a]\n[b]\nc = 3\n",
    "no line end at the end": "a = 1\nb = [2, 2]",
}


def leaves(value: object, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], int]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, (*keys, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*keys, index))
    elif type(value) is int:
        yield keys, value


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_value_stands_in_its_line(name: str) -> None:
    text = DOCUMENTS[name]
    found = list(leaves(tomllib.loads(text)))
    assert found
    assert [(keys, line_of(text, keys)) for keys, _ in found] == found


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        ("a = 1\n[b]\nc = 3\n", ("b",), 2),
        ("a = 1\n[b]\nc = 3\n", ("b", "d"), 2),
        ("[a.b]\nc = 2\n[a]\nd = 4\n", ("a",), 3),
        ("[a.b]\nc = 2\n", ("a",), 1),
        ("[[a]]\nb = 1\n\n[[a]]\nb = 1\n", ("a", 1), 4),
        ("[[a]]\nb = 1\n\n[[a]]\nb = 1\n", ("a", 1, "c"), 4),
        ("[[a]]\nb = 1\n\n[[a]]\nb = 1\n", ("a",), 1),
        ("\n\na = [\n 1,\n {b = 2}]\n", ("a", 1, "c"), 5),
        ("a = 1\n", ("b",), 1),
        ("", ("b",), 1),
    ],
)
def test_what_is_missing_is_told_where_it_would_be(text: str, keys: tuple[str | int, ...], line: int) -> None:
    assert line_of(text, keys) == line


def test_every_target_and_example_of_the_repository_can_be_gone_through() -> None:
    root = Path(__file__).parents[2]
    for path in [*root.glob("targets/*.toml"), root / "pyproject.toml", *root.glob("examples/**/*.toml")]:
        text = path.read_text()
        for keys, value in leaves(tomllib.loads(text)):
            line = text.split("\n")[line_of(text, keys) - 1].replace("_", "")
            assert str(value) in line or hex(value)[2:] in line.lower(), (path, keys)


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_mark_in_front_and_other_line_ends_are_no_matter(tmp_path: Path, start: str, end: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes((start + end.join(['title = "t"', "[inner]", "size = true", ""])).encode())
    with pytest.raises(SertoolError) as caught:
        load_table(path, Outer, "example")
    assert caught.value.where == f"{path}:3"
