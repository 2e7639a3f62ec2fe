"""Building a rendered project: make, then the files of an image."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sertool.caches import seal, sealed, trim, use
from sertool.compilers import compiler_version, cross_tool, run_tool
from sertool.digests import tree_digest, value_digest
from sertool.errors import SertoolError
from sertool.files import staged_folder
from sertool.locations import cache_folder
from sertool.targets import Target

_LIBRARY = "libsertool.a"
_OVERFLOW = re.compile(r"region `(\w+)' overflowed by (\d+) bytes")


@dataclass(frozen=True)
class Image:
    """The files of a built image.

    `calls` is the compiler's call graph with each function's stack, `library` the front end, model and kernels
    for applications of one's own.
    """

    elf: Path
    hex: Path
    bin: Path
    map: Path
    calls: Path
    library: Path

    @property
    def paths(self) -> tuple[Path, ...]:
        """All of them."""
        return self.elf, self.hex, self.bin, self.map, self.calls, self.library


class DoesNotFit(SertoolError):
    """The image is too large for the target; `over` has the bytes too many of "flash", "ram" or both."""

    def __init__(self, target: Target, over: Mapping[str, int]) -> None:
        self.over = dict(over)
        sizes = {"flash": target.memory.image.length, "ram": target.memory.ram.length}
        super().__init__(
            f"the firmware does not fit {target.name}: "
            + ", ".join(f"{region} is {over[region]} bytes too small" for region in over),
            allowed=", ".join(f"{sizes[region]} bytes of {region}" for region in over),
            hint="a plan with fewer bits (quantization.bits), a smaller net, fewer features, "
            "or a larger target",
        )


def image_files(folder: Path) -> Image:
    """The files of the image in `folder`, whether they are there or not."""
    names = [*(f"firmware.{kind}" for kind in ("elf", "hex", "bin", "map", "ci")), _LIBRARY]
    return Image(*(folder / name for name in names))


def build_image(project: Path, target: Target, folder: Path) -> Image:
    """Build the rendered project in the folder `project` with make; leave the image's files in `folder`.

    The build runs in a copy, so that `project` stays as it is and `folder` appears whole or not at all. What
    was built of the same sources with the same compiler before is taken from the user's cache.
    Raises DoesNotFit when the linker ran out of memory, SertoolError for any other failure.
    """
    key = (tree_digest(project, but=(project / "README.md",)), compiler_version(cross_tool()))
    cached = cache_folder("images") / f"{target.name}-{value_digest(key)[:20]}"
    kept = image_files(cached)
    if not all(map(sealed, kept.paths)):
        _build(project, target, cached)
        trim(cached.parent)
    use(cached)
    with staged_folder(folder) as stage:
        for path in kept.paths:
            shutil.copyfile(path, stage / path.name)
    return image_files(folder)


def _build(project: Path, target: Target, folder: Path) -> None:
    """Build the image into `folder`, each file sealed."""
    with tempfile.TemporaryDirectory(prefix="sertool-build-") as temporary:
        copy = Path(temporary) / "firmware"
        shutil.copytree(project, copy, ignore=shutil.ignore_patterns("build*"))
        try:
            run_tool(["make", "--silent", f"-j{os.cpu_count() or 1}"], copy)
        except SertoolError as error:
            over = {region.lower(): int(bytes_) for region, bytes_ in _OVERFLOW.findall(error.what)}
            if over:
                raise DoesNotFit(target, over) from error
            raise
        with staged_folder(folder) as stage:
            for kind in ("elf", "hex", "bin", "map"):
                shutil.copyfile(copy / "build" / f"firmware.{kind}", stage / f"firmware.{kind}")
            shutil.copyfile(copy / "build" / _LIBRARY, stage / _LIBRARY)
            graphs = sorted((copy / "build").rglob("*.ci"))
            (stage / "firmware.ci").write_text("".join(path.read_text() for path in graphs), encoding="utf-8")
            for path in image_files(stage).paths:
                seal(path)
