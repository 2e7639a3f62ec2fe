"""OpenOCD 0.12. Source of its messages: startup.tcl (`program`), src/jtag/drivers."""

from __future__ import annotations

from sertool.device.runners.runner import Abilities, Job, Runner


def _command(job: Job) -> tuple[str, ...]:
    serial = ("-c", f"adapter serial {job.probe}") if job.probe else ()
    # Braces: a path with a space is one word of Tcl.
    return (
        "openocd",
        *("-f", f"interface/{job.arguments['interface']}.cfg", *serial),
        *("-f", f"target/{job.arguments['target']}.cfg"),
        *("-c", f"program {{{job.elf}}} verify reset exit"),
    )


RUNNER = Runner(
    name="openocd",
    program="openocd",
    install="apt-get install openocd",
    abilities=Abilities("elf", chooses_probe=True, verifies=True, resets=True),
    command=_command,
    arguments=("interface", "target"),
    unusable=("unable to find a matching CMSIS-DAP device", "open failed", "no device found"),
    failures=(r"\*\* .* failed \*\*", r"^error:"),
)
