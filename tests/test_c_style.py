"""The rules of docs/architecture.md for C: where variables may be kept, and one style."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[1] / "firmware_templates"

#: C that may keep variables: the device and the boards, which are there once, and the library's one instance.
KEEPING = ("runtime/device/", "platforms/", "runtime/sertool.c")


def bare(text: str) -> str:
    """C without comments, texts, directives and what stands in braces: what is at file scope."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.DOTALL)
    text = re.sub(r'"(\\.|[^"\\])*"', '""', text)
    text = re.sub(r"^\s*#(\\\n|.)*", "", text, flags=re.MULTILINE)
    while "{" in text:
        shorter = re.sub(r"\{[^{}]*\}", " @ ", text)
        if shorter == text:
            break
        text = shorter
    return text


def variables(text: str) -> list[str]:
    """The variables that a C file defines at file scope, as far as they can change."""
    found = []
    # A function's body ends without a semicolon, so its head would join the next declaration.
    for statement in re.split(r";|\)\s*@", bare(text)):
        declared = " ".join(statement.split()).split("=")[0]
        plain = declared and "(" not in declared and "typedef" not in declared and "extern" not in declared
        if plain and not re.search(r"\bconst\b|^(struct|union|enum) ?\w* ?@?$|^@", declared):
            found.append(declared.strip())
    return found


def test_variables_of_c_are_found() -> None:
    text = """
    #define A(x) \\
        int x;
    struct shape { int inside; };
    static const int table[2] = {1, 2};
    extern int elsewhere;
    typedef int number;
    static int counter;
    struct shape one = {1};
    int f(int x) { int local = x; return local; }
    uint32_t words[4];
    """
    assert variables(text) == ["static int counter", "struct shape one", "uint32_t words[4]"]


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.[ch]")), ids=lambda path: path.name)
def test_c_keeps_no_variables_but_in_the_device(path: Path) -> None:
    name, text = path.relative_to(TEMPLATES).as_posix(), path.read_text(encoding="utf-8")
    if not name.startswith(KEEPING):
        assert variables(text) == []
        assert re.search(r"^[ \t]+static (?!const\b)", text, re.MULTILINE) is None


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.[ch]")), ids=lambda path: path.name)
def test_c_has_one_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if not path.is_relative_to(TEMPLATES / "runtime" / "frontend"):
        # There single words are copied in inner loops, where -ffreestanding makes a call of a plain memcpy.
        assert "__builtin_mem" not in text, "memcpy, memset: of string.h"
    head = re.compile(r"^ *(?:\} )?(?:if|for|while|else)\b[^\n]*", re.MULTILINE)
    code = re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment[0].count("\n"), text, flags=re.DOTALL)
    for found in head.finditer(code):
        line = found[0].rstrip(" \\")
        goes_on = line.endswith((",", "&&", "||")) or line.count("(") > line.count(")")
        repeats = line.lstrip().startswith("} while")
        assert line.endswith("{") or goes_on or repeats, f"no braces: {line.strip()}"


PUBLIC = (*TEMPLATES.glob("runtime/include/*.h"), *TEMPLATES.glob("project/ser_model.h.in"))


@pytest.mark.parametrize("path", sorted(PUBLIC), ids=lambda path: path.name)
def test_functions_of_public_headers_are_c_s_in_cpp_too(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = [found.start() for found in re.finditer(r"^[a-z][\w *]*\(", text, re.MULTILINE)]
    begins, ends = text.find('extern "C" {'), text.rfind("#ifdef __cplusplus")
    assert bool(functions) == (begins > 0)
    assert all(begins < place < ends for place in functions)
