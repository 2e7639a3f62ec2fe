"""Keeping states in a simulated flash: power lost anywhere, bits that stick, by the hundred thousand.

    python tests/campaigns/kept_states.py --seed 1 --count 10000

A trial is a new flash in which 29 times a state is kept or forgotten. Prints how many were kept and how often
power was lost; exit status 1, with the line of `tests/firmware/kept_states.c`, where anything but the state
from before or the new one was read.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from sertool.compilers import STRICT, host_compiler, run_tool
from sertool.locations import firmware_templates

SCENARIOS = ("plain", "foreign", "forged", "garbage", "wear", "wrap", "cut", "stuck")
_SANITIZED = ("-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def compiled(folder: Path) -> Path:
    """Compile the journal with its flash into `folder`; return the program."""
    runtime = firmware_templates() / "runtime"
    units = (runtime / "keeping" / "journal.c", runtime / "device" / "ser_crc32.c")
    driver = Path(__file__).parents[1] / "firmware" / "kept_states.c"
    includes = [f"-I{runtime / name}" for name in ("include", "keeping", "device")]
    program = folder / "kept_states"
    run_tool([host_compiler(), *STRICT, *_SANITIZED, *includes, *units, driver, "-o", program], folder)
    return program


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program = compiled(Path(folder))
        return subprocess.run([program, "anything", str(asked.seed), str(asked.count)]).returncode


if __name__ == "__main__":
    sys.exit(main())
