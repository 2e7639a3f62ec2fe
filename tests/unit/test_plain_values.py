"""Plain values into dataclasses: every refusal names the place; nothing of another type gets through."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

import pytest

from sertool.errors import SertoolError
from sertool.plain_values import Between, Digest, Fraction, Name, Source, WrongValue, from_plain, to_plain

SOURCE = Source("the example", lambda keys: "/".join(map(str, keys)), "make it again")


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Word:
    """Stored as its letters, joined."""

    letters: tuple[str, ...]

    Stored: ClassVar[Any] = str

    @classmethod
    def from_stored(cls, text: str) -> Word:
        if not text.isalpha():
            raise ValueError(f"{text} is no word")
        return cls(tuple(text))


@dataclass(frozen=True)
class Part:
    bits: Annotated[int, Between(1, 8)]
    share: Fraction = 0.5

    def __post_init__(self) -> None:
        if self.bits == 7:
            raise WrongValue("seven", "bits")


@dataclass(frozen=True)
class Whole:
    name: Name = "x"
    parts: tuple[Part, ...] = ()
    pair: tuple[str, int] = ("a", 1)
    counts: Mapping[str, int] = field(default_factory=dict)
    colour: Colour = Colour.RED
    mode: Literal["on", "off"] = "on"
    digest: Digest | None = None
    word: Word | None = None
    flag: bool = False


def read(**values: object) -> Whole:
    return from_plain(Whole, values, SOURCE)


def test_values_arrive_with_their_types_and_go_back() -> None:
    plain = {
        "name": "y",
        "parts": [{"bits": 3, "share": 1}],
        "pair": ["b", 2],
        "counts": {"odd key": 4},
        "colour": "blue",
        "mode": "off",
        "digest": "0" * 64,
        "flag": True,
    }
    whole = read(**plain)
    assert whole == Whole(
        "y", (Part(3, 1.0),), ("b", 2), {"odd key": 4}, Colour.BLUE, "off", "0" * 64, None, True
    )
    assert to_plain(whole) == {**plain, "word": None}
    assert read(word="abc").word == Word(("a", "b", "c"))


DEEP: list[Any] = []
for _ in range(100_000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("values", "place", "message"),
    [
        ({"nmae": 1}, "nmae", "unknown key 'nmae'\n  where: nmae\n.*\n  try: did you mean name?"),
        ({"parts": [{}]}, "parts/0", r"the key 'parts\[0\].bits' is missing"),
        ({"parts": [{"bits": 3}, {"bits": 9}]}, "parts/1/bits", "bits = 9 cannot be used\n.*\n.*1 to 8"),
        ({"parts": [{"bits": 7}]}, "parts/0/bits", "seven"),
        ({"parts": [{"bits": True}]}, "parts/0/bits", "True has the wrong type"),
        ({"parts": [{"bits": 3.0}]}, "parts/0/bits", "3.0 has the wrong type"),
        ({"parts": [{"bits": 10**5000}]}, "parts/0/bits", "an integer of 16610 bits has the wrong type"),
        ({"parts": [{"bits": 3, "share": 10**400}]}, "parts/0/share", "an integer of 1329 bits"),
        ({"parts": [{"bits": 3, "share": float("nan")}]}, "parts/0/share", "nan has the wrong type"),
        ({"parts": [{"bits": 3, "share": float("inf")}]}, "parts/0/share", "inf has the wrong type"),
        ({"parts": [{"bits": 3, "share": -0.1}]}, "parts/0/share", "-0.1 cannot be used"),
        ({"parts": {}}, "parts", "a table has the wrong type"),
        ({"parts": DEEP}, "parts/0", "a list has the wrong type"),
        ({"pair": ["a"]}, "pair", "pair has 1 entries"),
        ({"pair": ["a", "b"]}, "pair/1", "has the wrong type"),
        ({"counts": {"a\ud800": 1}}, "counts", r"\\ud800.* has the wrong type"),
        ({"counts": {"a": None}}, "counts/a", "None has the wrong type"),
        ({"colour": "green"}, "colour", "allowed: one of red, blue"),
        ({"mode": []}, "mode", "allowed: one of on, off"),
        ({"digest": "0" * 63}, "digest", "64 hexadecimal digits"),
        ({"name": "two\nlines"}, "name", "cannot be used"),
        ({"name": ""}, "name", "cannot be used"),
        ({"name": "nul\0"}, "name", "has the wrong type"),
        ({"name": "half \udc00"}, "name", "has the wrong type"),
        ({"word": "a b"}, "word", "a b is no word"),
        ({"word": "a " * 999}, "word", r"^.{400,430} \.\.\.\n"),
        ({"word": 3}, "word", "allowed: a string"),
        ({"flag": 0}, "flag", "has the wrong type"),
    ],
)
def test_refusals_name_the_place(values: dict[str, object], place: str, message: str) -> None:
    with pytest.raises(SertoolError, match=message) as caught:
        read(**values)
    assert caught.value.where == place
    assert caught.value.what.startswith("in the example: ")
    assert caught.value.hint
    str(caught.value).encode()
