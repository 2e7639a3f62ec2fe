"""STM32CubeProgrammer's command line, whose status is 0 after some of its errors."""

from __future__ import annotations

from sertool.device.runners.runner import Abilities, Job, Runner


def _command(job: Job) -> tuple[str, ...]:
    serial = (f"sn={job.probe}",) if job.probe else ()
    return ("STM32_Programmer_CLI", "-c", "port=SWD", *serial, "-w", job.hex, "-v", "-rst")


RUNNER = Runner(
    name="cubeprogrammer",
    program="STM32_Programmer_CLI",
    install="STM32CubeProgrammer from st.com",
    abilities=Abilities("hex", chooses_probe=True, verifies=True, resets=True),
    command=_command,
    unusable=("no debug probe detected", "no st-?link detected"),
    failures=(r"^error\b", "cannot connect"),
)
