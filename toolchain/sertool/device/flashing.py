"""Writing an image to a board with the first of its runners that this machine can use, and asking the board."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sertool.device.client import Client
from sertool.device.messages import Kept
from sertool.device.runners import RUNNERS, Job, Runner
from sertool.device.streams import SerialStream
from sertool.device.tool_process import Ended, run_in_the_open
from sertool.errors import CheckFailed, SertoolError
from sertool.targets import Target


@dataclass(frozen=True)
class Attempt:
    """A runner, its command, and why it cannot be used here; None when nothing speaks against it."""

    runner: Runner
    command: tuple[str, ...]
    obstacle: str | None

    @property
    def line(self) -> str:
        """The command as it would be typed."""
        return shlex.join(self.command)


def attempts(
    target: Target,
    *,
    elf: str,
    hex: str,
    bin: str,
    runner: str | None = None,
    port: str | None = None,
    probe: str | None = None,
) -> tuple[Attempt, ...]:
    """The target's runners, in its order, or the one named; raise SertoolError when it has no such runner."""
    if not target.runners:
        raise SertoolError(
            f"the target {target.name} describes no tool that flashes it", hint="add [[runners]]"
        )
    asked = [one for one in target.runners if runner in (None, one.name)]
    if not asked:
        raise SertoolError(
            f"the target {target.name} has no runner {runner!r}",
            allowed=", ".join(one.name for one in target.runners),
        )
    found = []
    for one in asked:
        tool = RUNNERS[one.name]
        job = Job(elf, hex, bin, target.memory.flash.origin, one.arguments, port, probe)
        found.append(Attempt(tool, tool.command(job), _obstacle(tool, port, probe)))
    return tuple(found)


def write_flash(
    planned: Sequence[Attempt], timeout: float, say: Callable[[str], None]
) -> tuple[Attempt, dict[str, str]]:
    """Run the first runner that can be used, for at most `timeout` seconds; `say` gets all that is printed.

    Returns it, and why each runner before it could not be used. Raises SertoolError when none can be, and when
    one fails: by its status, by what it prints, or by taking too long. Then flash may be half-written.
    """
    obstacles: dict[str, str] = {}
    for attempt in planned:
        obstacle = attempt.obstacle
        if obstacle is None:
            say(f"$ {attempt.line}\n")
            obstacle = _run(attempt, timeout, say)
        if obstacle is None:
            return attempt, obstacles
        obstacles[attempt.runner.name] = obstacle
        say(f"{attempt.runner.name} cannot be used: {obstacle}\n")
    raise _nothing_usable(obstacles)


def confirm(port: str, target: Target, manifest: str) -> Kept | None:
    """Ask the board on the serial port what it carries, and let it test itself.

    Returns what it kept of its speaker over the reset, None where it has no place for that. Raises CheckFailed
    when it is silent, carries another build than `manifest`, or fails its self-test.
    """
    client = Client(SerialStream(port, target.serial.baud))
    try:
        found = client.info().manifest
        passed = found == manifest and client.selftest().passed
        kept = client.kept()
    except CheckFailed:
        raise
    except SertoolError as error:
        raise CheckFailed(
            f"the image was written, and the board does not say so: {error.what}", where=port, hint=error.hint
        ) from error
    finally:
        client.close()
    if found != manifest:
        raise CheckFailed(
            f"the board carries another build, manifest {found}",
            where=port,
            allowed=manifest,
            hint="is this port that board's? Reset it, and flash again",
        )
    if not passed:
        raise CheckFailed(
            "the board carries this build and fails its self-test", where=port, hint="flash it again"
        )
    return kept


def _run(attempt: Attempt, timeout: float, say: Callable[[str], None]) -> str | None:
    """Run a runner to its end; return why it cannot be used, None when it has written, raise when it failed."""
    runner = attempt.runner
    try:
        ended = run_in_the_open(attempt.command, timeout, say)
    except OSError as error:
        return f"cannot be started: {error.strerror}"
    obstacle = runner.complaint(runner.unusable, ended.output)
    failure = _failure(runner, ended, timeout)
    if failure and obstacle:
        return obstacle
    if failure:
        raise SertoolError(
            f"{runner.name} {failure}: what is in flash now is not known",
            where=attempt.line,
            hint="check the cable, the probe and the board's power, then flash again",
        )
    return None


def _failure(runner: Runner, ended: Ended, timeout: float) -> str | None:
    if ended.status is None:
        return f"did not end within {timeout:g} seconds and was ended"
    if ended.status < 0:
        return f"was killed by signal {-ended.status}"
    said = runner.complaint((*runner.unusable, *runner.failures), ended.output)
    if ended.status:
        return f"failed with status {ended.status}" + (f", saying {said!r}" if said else "")
    return f"says {said!r}, though its status is 0" if said else None


def _obstacle(runner: Runner, port: str | None, probe: str | None) -> str | None:
    if shutil.which(runner.program) is None:
        return _missing(runner)
    if probe is not None and not runner.abilities.chooses_probe:
        return "it cannot be told which probe to use"
    if runner.abilities.needs_port and port is None:
        return "it needs the serial port, device.port"
    return None


def _nothing_usable(obstacles: dict[str, str]) -> SertoolError:
    missing = [RUNNERS[name].install for name, why in obstacles.items() if why == _missing(RUNNERS[name])]
    return SertoolError(
        "no tool can flash this board: " + "; ".join(f"{name}: {why}" for name, why in obstacles.items()),
        hint="connect a probe, or name one with device.probe" + "".join(f"; or {how}" for how in missing),
    )


def _missing(runner: Runner) -> str:
    return f"{runner.program} is not installed"
