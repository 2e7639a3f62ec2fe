"""What tests of the command line call `sertool` through."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

#: Runs `sertool` with arguments; `folder` is where, other keywords are environment variables.
Run = Callable[..., subprocess.CompletedProcess[str]]
