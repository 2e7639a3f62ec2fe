"""pyOCD. Source of its messages: pyocd/core/helpers.py and pyocd/__main__.py.

Without `--no-wait` it waits for ever for a probe; with several it asks which, and there is nobody to answer.
"""

from __future__ import annotations

from sertool.device.runners.runner import Abilities, Job, Runner


def _command(job: Job) -> tuple[str, ...]:
    probe = ("--uid", job.probe) if job.probe else ()
    return ("pyocd", "flash", "--no-wait", *probe, "--target", job.arguments["target"], job.hex)


RUNNER = Runner(
    name="pyocd",
    program="pyocd",
    install="pip install pyocd; for some chips then: pyocd pack install TARGET",
    abilities=Abilities("hex", chooses_probe=True, resets=True),
    command=_command,
    arguments=("target",),
    unusable=(
        "no connected debug probe",
        "no available debug probes",
        "no target device available",
        "enter the number of the debug probe",
        "more than one debug probe matches",
    ),
    failures=(r"^\d+ *:? *(E|C|error|critical)\b", r"^(error|critical)\b", "traceback"),
)
