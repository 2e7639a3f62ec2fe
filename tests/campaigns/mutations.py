"""Damage done to files: of bytes, of the tree that a JSON text is, of the lines of a TOML or CSV file."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

#: Stand for texts that `json.dumps` cannot write.
_RAW = {
    "@@digits@@": "1" * 5000,
    "@@zeros@@": "1" + "0" * 400,
    "@@endless@@": "1e999",
    "@@deep list@@": "[" * 3000 + "]" * 3000,
    "@@deep table@@": '{"a":' * 3000 + "1" + "}" * 3000,
    "@@less deep@@": "[" * 60 + "]" * 60,
    "@@surrogate@@": r'"\ud800"',
    "@@NUL@@": r'"a\u0000b"',
}
VALUES: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 2, 7, 0.5, -0.5, 1e308, -1e308, 5e-324, float("nan"), float("inf"),
    2**31, 2**53, 2**63, -(2**63), 10**30, "", "x", " ", "..", "/", "../../x", "\n", "a\tb", "\x1b[31m",
    "ä" * 50, "long " * 5000, "<script>", "0", "1", "ternary",
    [], [[]], [1], ["x"], [None], {}, {"": 0}, {"a": {}}, *_RAW,
)  # fmt: skip
_TOML = (
    "true", "-1", "0", "1", "2.5", "nan", "inf", "-inf", "1e308", "9223372036854775808", "0x" + "f" * 5000,
    "1" * 5000, "1" + "0" * 400, "1979-05-27", "07:32:00", '""', '"x"', '"a\\u0000b"', '"\\n"', '"..', "'/'",
    "", '"' + "long " * 5000 + '"', "[]", "[[]]", "[1, 2]", '["x"]', "{}", "{a = 1}", "[" * 3000,
    "[" * 3000 + "]" * 3000,
)  # fmt: skip


def of_bytes(random: random.Random, data: bytes) -> bytes:
    """Flip, cut, remove, double or overwrite somewhere."""
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        at = random.randrange(len(changed) or 1)
        end = at + random.choice((1, 1, 2, 4, 8, 100, 4096))
        match random.randrange(6):
            case 0:
                changed[at : at + 1] = bytes([random.randrange(256)])
            case 1 if at < len(changed):
                changed[at] ^= 1 << random.randrange(8)
            case 2:
                del changed[at:]
            case 3:
                del changed[at:end]
            case 4:
                changed[at:at] = changed[at:end]
            case _:
                changed[at:end] = random.choice((b"\0", b"\xff", b"\x80", b"[", b"9")) * len(changed[at:end])
    return bytes(changed)


def of_json(random: random.Random, value: Any) -> bytes:
    """Change a few places of a tree and write it as JSON, now and then with a key twice."""
    root = copy.deepcopy(value)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        if random.random() < 0.02 or not (isinstance(root, dict | list) and root):
            root = copy.deepcopy(random.choice(VALUES))
        else:
            _of_tree(random, root)
    text = json.dumps(root)
    for mark, raw in _RAW.items():
        text = text.replace(f'"{mark}"', raw)
    if isinstance(root, dict) and root and random.random() < 0.02:
        key, item = random.choice(list(root.items()))
        text = text[:-1] + f", {json.dumps(key)}: {json.dumps(item)}}}"
    return text.encode()


def _of_tree(random: random.Random, value: Any) -> None:
    while True:
        if isinstance(value, dict):
            keys: list[Any] = list(value)
        else:
            keys = list(range(len(value)))
        key = random.choice(keys)
        inner = value[key]
        if not (isinstance(inner, dict | list) and inner) or random.random() < 0.15:
            break
        value = inner
    match random.randrange(8):
        case 0:
            del value[key]
        case 1 if isinstance(value, dict):
            value[random.choice((key.upper(), key + "s", "", "x" * 3000, "é", *keys))] = value.pop(key)
        case 2 if isinstance(value, list):
            value.append(copy.deepcopy(value[key]))
        case 3:
            other = random.choice(keys)
            value[key], value[other] = value[other], value[key]
        case 4 if isinstance(value[key], int | float):
            value[key] = random.choice(
                (-value[key], value[key] + 1, value[key] * 2, str(value[key]), float(value[key]))
            )
        case 5 if isinstance(value[key], str):
            value[key] = random.choice((value[key] + "x", value[key][1:], value[key] * 2, [value[key]]))
        case _:
            value[key] = copy.deepcopy(random.choice(VALUES))


def of_lines(random: random.Random, data: bytes) -> bytes:
    """Change lines of a TOML file: a value, a key, or which lines there are."""
    lines = data.decode().splitlines()
    for _ in range(random.choice((1, 1, 2, 3))):
        at = random.randrange(len(lines))
        key, sign, _ = lines[at].partition("=")
        match random.randrange(6):
            case 0:
                del lines[at]
                lines = lines or [""]
            case 1:
                lines.insert(random.randrange(len(lines)), lines[at])
            case 2 if sign:
                renamed = random.choice((key.strip() + "s", "", "a." * 2000 + "b", "[x]"))
                lines[at] = f"{renamed} ={lines[at].partition('=')[2]}"
            case 3:
                lines[at] = random.choice(("[x]", "[[x]]", "]", '"', "#" * 5000, "x", "\ufeff", *lines))
            case _:
                lines[at] = f"{key}= {random.choice(_TOML)}" if sign else lines[at][:-1]
    return "\n".join(lines).encode()


def one_of(random: random.Random, *ways: Callable[[], bytes]) -> bytes:
    """Damage in one of several ways."""
    return random.choice(ways)()
