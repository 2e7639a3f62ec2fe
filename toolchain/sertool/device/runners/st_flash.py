"""st-flash of the stlink tools. Source of its messages: stlink-org/stlink, src/st-flash/flash.c and usb.c."""

from __future__ import annotations

from sertool.device.runners.runner import Abilities, Job, Runner


def _command(job: Job) -> tuple[str, ...]:
    serial = ("--serial", job.probe) if job.probe else ()
    return ("st-flash", *serial, "--reset", "write", job.bin, f"{job.flash:#x}")


RUNNER = Runner(
    name="st-flash",
    program="st-flash",
    install="apt-get install stlink-tools",
    abilities=Abilities("bin", chooses_probe=True, verifies=True, resets=True),
    command=_command,
    unusable=("couldn't find any st-link",),
    failures=(r"\berror\b", "failed to", "== -1", "unknown memory region"),
)
