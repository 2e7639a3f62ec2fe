"""Tasks side by side: what they return, and how a dead or renewed process is answered."""

from __future__ import annotations

import os
import warnings

import pytest
from joblib import delayed

from sertool.errors import SertoolError
from sertool.experiments.processes import side_by_side


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_task_returns(jobs: int) -> None:
    with side_by_side((delayed(divmod)(number, 3) for number in range(7)), jobs) as done:
        assert sorted(done) == [divmod(number, 3) for number in range(7)]


def test_no_task() -> None:
    with side_by_side([], 2) as done:
        assert list(done) == []


def test_a_dead_process_is_told() -> None:
    with (
        pytest.raises(SertoolError, match="a worker process died") as caught,
        side_by_side([delayed(os._exit)(1), delayed(os.getpid)()], 2) as done,
    ):
        list(done)
    assert caught.value.where == "workers.jobs = 2"


def test_what_a_task_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError), side_by_side([delayed(divmod)(1, 0)], 2) as done:
        list(done)


@pytest.mark.filterwarnings("always")
def test_a_renewed_process_is_no_news_but_other_warnings_are() -> None:
    said = ["A worker stopped while some jobs were given to the executor.", "something else"]
    with warnings.catch_warnings(record=True) as heard:
        with side_by_side((delayed(warnings.warn)(text) for text in said), 1) as done:
            assert list(done) == [None, None]
        warnings.warn(said[0], stacklevel=1)
    assert [str(warning.message) for warning in heard] == [said[1], said[0]]
