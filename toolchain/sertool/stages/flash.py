"""Writing the image to the board on the desk."""

from __future__ import annotations

from sertool.firmware.image import image_files
from sertool.project import BuildFolder, Project
from sertool.targets import load


def flash(project: Project, folder: BuildFolder, *, runner: str | None = None, port: str | None = None) -> str:
    """Flash `image/` with the first of the target's tools that is installed, or with the one named.

    Returns what was done. Raises SertoolError when there is no image, no tool, or the tool refuses.
    """
    from sertool.device import flash as write

    target = load(project.target)
    return write(image_files(folder.image), target, runner=runner, port=port)
