"""dfu-util, to the boot loader in ROM of ST's chips. Source of its messages: its main.c and dfuse.c."""

from __future__ import annotations

from sertool.device.runners.runner import Abilities, Job, Runner


def _command(job: Job) -> tuple[str, ...]:
    serial = ("-S", job.probe) if job.probe else ()
    return ("dfu-util", "-a", "0", *serial, "-s", f"{job.flash:#x}:leave", "-D", job.bin)


RUNNER = Runner(
    name="dfu-util",
    program="dfu-util",
    install="apt-get install dfu-util",
    abilities=Abilities("bin", chooses_probe=True, resets=True),
    command=_command,
    unusable=("no dfu capable usb device", "more than one dfu capable usb device"),
    # The chip has left the boot loader when it is asked for its last status: that is no failure.
    failures=(r"\berror\b(?! during download get_status)", "cannot open", "unable to"),
)
