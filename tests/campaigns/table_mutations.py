"""Damage done to a sweep's results through SQL: to a column of a row, and to the tables."""

from __future__ import annotations

import json
import random
from typing import Any

import mutations

STATEMENTS = (
    "DROP TABLE study", "DELETE FROM results", "CREATE TABLE x (a)", "PRAGMA user_version = 9",
    "PRAGMA user_version = -1", "PRAGMA application_id = 0", "ALTER TABLE results DROP COLUMN ram",
    "UPDATE study SET position = -position - 1",
    "CREATE TRIGGER t AFTER INSERT ON study BEGIN DELETE FROM results; END", "PRAGMA journal_mode = WAL",
)  # fmt: skip


def column(drawn: random.Random, value: object) -> tuple[Any, ...]:
    """A value in SQL, with what its marks stand for."""
    match drawn.randrange(5):
        case 0 if isinstance(value, str):
            return "CAST(? AS TEXT)", mutations.of_bytes(drawn, value.encode())
        case 1 if isinstance(value, str) and value.startswith("["):
            return "?", mutations.of_json(drawn, json.loads(value)).decode()
        case 2 if isinstance(value, str):
            return "?", drawn.choice(
                ("", "x", "1e999", "[]", "[[]]", "1-2-3", value * 2, value[1:], value + ",1")
            )
        case 3:
            return "?", drawn.choice((0, -1, 1, 2**31, 2**53, 2**63 - 1, -(2**63)))
        case _:
            texts = ("NULL", "0.5", "x'ff'", "zeroblob(99)", "CAST(x'ff00' AS TEXT)")
            return (drawn.choice(texts),)
