"""Folders as people have them, as lists of file names, and empty trees of them."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

from sertool.corpora import Corpus

LABELS = ("Angry", "Happy", "Sad")
EACH = ("x", "y", "z")
RAVDESS = [
    f"03-01-{e:02d}-01-{s:02d}-01-{a:02d}.wav" for a, e, s in itertools.product((1, 2, 3), range(1, 9), (1, 2))
]
ACTORS = [f"Actor_{name[-6:-4]}/{name}" for name in RAVDESS]
CREMAD = [f"{a}_DFA_{e}_XX" for a in (1001, 1002) for e in ("ANG", "DIS", "FEA", "HAP", "NEU", "SAD")]


def grid(form: str, **axes: Any) -> list[str]:
    return [form.format(**dict(zip(axes, values, strict=True))) for values in itertools.product(*axes.values())]


def tree(root: Path, names: list[str]) -> Path:
    """Empty files: loading decodes nothing."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(exist_ok=True) if name.endswith("/") else path.touch()
    return root


def sorted_by(word: str) -> list[str]:
    """RAVDESS, sorted by its user into `word` (anger and fear) and `no_`."""
    return [f"{'' if name[6:8] in ('05', '06') else 'no_'}{word}/{name}" for name in RAVDESS]


def counts(corpus: Corpus) -> dict[str, int]:
    return dict(Counter(clip.emotion for clip in corpus.clips))


def basic(each: int) -> dict[str, int]:
    return {"anger": each, "happiness": each, "sadness": each}
