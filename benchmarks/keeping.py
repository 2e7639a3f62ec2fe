"""What a benchmark cannot measure here stays in its file as it stands there, and is named on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sertool.errors import CheckFailed, SertoolError

Result = TypeVar("Result")


def standing(path: Path, otherwise: Any) -> Any:
    """Return what stands in a file of JSON, `otherwise` where there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else otherwise


def left_as_it_is(what: str, why: str) -> None:
    """Name what was not measured."""
    print(f"not measured, left as it is: {what}: {why}", file=sys.stderr, flush=True)


def attempt(what: str, work: Callable[[], Result]) -> Result | None:
    """Measure, or name what this machine lacks for it and return None; a check that fails is no lack."""
    try:
        return work()
    except CheckFailed:
        raise
    except (SertoolError, ImportError) as error:
        left_as_it_is(what, str(error).replace("\n", ";"))
        return None
