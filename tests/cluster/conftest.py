"""Clusters, ended with the test that started them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from dask_processes import Cluster


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[int], Cluster]]:
    """Start a cluster of so many workers."""
    with ExitStack() as closing:
        yield lambda workers: Cluster(Path(tempfile.mkdtemp(dir=tmp_path)), workers, closing)
