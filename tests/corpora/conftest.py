"""Real recordings, found through SERTOOL_CORPORA; without them these tests say so and do not run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sertool.corpora import Corpus, load


@pytest.fixture(scope="session")
def real_corpus() -> Callable[[str], Corpus]:
    """Load a real corpus by name, or skip the test with the reason."""

    def find(name: str) -> Corpus:
        base = os.environ.get("SERTOOL_CORPORA")
        if not base:
            pytest.skip("SERTOOL_CORPORA is not set: sertool ships no recordings of people")
        if not (Path(base) / name).is_dir():
            pytest.skip(f"{name} is not in SERTOOL_CORPORA={base}: sertool ships no recordings of people")
        return load(name)

    return find
