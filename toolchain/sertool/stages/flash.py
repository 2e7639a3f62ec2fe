"""Writing the image to the board on the desk, and asking the board whether it carries it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from sertool.errors import CheckFailed
from sertool.firmware.image import Image, image_files
from sertool.firmware.load_image import load_image
from sertool.project import BuildFolder, Project
from sertool.project.manifest import digest_in
from sertool.targets import Target, load


@dataclass(frozen=True)
class Flashed:
    """What was done, or would be: the runner that writes, the build's manifest.

    `commands` has the command of each runner that was asked for, in the target's order, `obstacles` why some
    cannot be used; `runner` is None where a dry run finds none that can. `verified` says that the board on
    `port` proved that it carries the build. `place`, first and last address, is where the board may keep a
    speaker, which is no part of the image; `kept` is what the board says that it found there.
    """

    runner: str | None
    commands: dict[str, str]
    obstacles: dict[str, str]
    manifest: str
    bytes: int
    port: str | None
    written: bool
    verified: bool
    place: tuple[int, int] | None = None
    kept: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return dataclasses.asdict(self)


def flash(
    project: Project,
    folder: BuildFolder,
    *,
    runner: str | None = None,
    port: str | None = None,
    probe: str | None = None,
    timeout: float = 120.0,
    dry_run: bool = False,
    say: Callable[[str], None] = lambda text: None,
) -> Flashed:
    """Flash `image/` with the first of the target's runners that can be used, or with the one named.

    With a serial port the board is asked afterwards. `say` gets what the tools print. `dry_run` checks the
    image and decides, runs nothing, and needs no tool. Raises CheckFailed when the image is not the one that
    was built, or the board does not carry it afterwards; SertoolError as `write_flash`.
    """
    from sertool.device.flashing import attempts, confirm, write_flash
    from sertool.device.streams import SerialStream

    target, image = load(project.target), image_files(folder.image)
    manifest, size = _check(folder, image, target)
    region = target.memory.kept
    place = (region.origin, region.end - 1) if region else None
    files = {"elf": str(image.elf), "hex": str(image.hex), "bin": str(image.bin)}
    planned = attempts(target, **files, runner=runner, port=port, probe=probe)
    commands = {one.runner.name: one.line for one in planned}
    if dry_run:
        obstacles = {one.runner.name: one.obstacle for one in planned if one.obstacle}
        first = next((name for name in commands if name not in obstacles), None)
        return Flashed(first, commands, obstacles, manifest, size, port, False, False, place)
    if port is not None:
        # A port that cannot be opened is told before anything is written.
        SerialStream(port, target.serial.baud).close()
    used, obstacles = write_flash(planned, timeout, say)
    kept = None if port is None else confirm(port, target, manifest)
    found = None if kept is None else kept.name.lower()
    verified = port is not None
    return Flashed(used.runner.name, commands, obstacles, manifest, size, port, True, verified, place, found)


def _check(folder: BuildFolder, image: Image, target: Target) -> tuple[str, int]:
    """The manifest's hash and the image's size, once it is sure that the image is the one that was built."""
    loaded = load_image(image, target)
    manifest = digest_in(folder)
    if manifest.encode() not in loaded:
        raise CheckFailed(
            "the image is of another build than the manifest beside it",
            where=image.elf,
            allowed=f"manifest {manifest}",
            hint="build it again: sertool build",
        )
    changed = folder.changed("compile")
    if changed:
        raise CheckFailed(
            f"{changed[0]} is no longer as the build left it",
            where=folder.root,
            hint="build it again: sertool build",
        )
    return manifest, len(loaded)
