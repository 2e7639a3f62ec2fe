"""The two C compilers: the host's, and GCC for ARM Cortex-M; found, run, and their refusals explained."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sertool.caches import seal, sealed, trim, use
from sertool.errors import SertoolError
from sertool.files import staged_folder
from sertool.locations import cache_folder, firmware_templates

#: Relative POSIX path to file content; what rendering yields and what compilers and writers take.
SourceTree = Mapping[str, str]

#: Every compiler, host and target, GCC and clang, takes the runtime with these and no warning.
STRICT = (
    "-std=c99", "-Wall", "-Wextra", "-Werror", "-Wshadow", "-Wconversion", "-Wno-sign-conversion",
    "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wundef", "-Wvla", "-Wpedantic",
)  # fmt: skip

CROSS_PREFIX = "arm-none-eabi-"


def runtime_sources(*folders: str) -> dict[str, str]:
    """Read the runtime's C files below the named folders (`include`, `frontend`, ...) of `runtime`.

    Returns paths such as `runtime/frontend/mel.c`, in sorted order.
    """
    root = firmware_templates()
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted((root / "runtime" / folder).rglob("*.[ch]"))
    }


def write_sources(sources: SourceTree, folder: Path) -> None:
    """Write a source tree below `folder`."""
    for name, content in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def host_compiler() -> str:
    """Return the host's C compiler: `CC`, else cc, gcc or clang on the path."""
    chosen = os.environ.get("CC")
    for name in (chosen,) if chosen else ("cc", "gcc", "clang"):
        found = shutil.which(name)
        if found:
            return found
    raise SertoolError(
        "no C compiler for this machine was found",
        where=f"CC={chosen}" if chosen else "PATH",
        allowed="cc, gcc or clang, or the one that CC names",
        hint="apt-get install gcc",
    )


def cross_tool(name: str = "gcc") -> str:
    """Return a tool of the `arm-none-eabi` toolchain: gcc, objcopy, size, ..."""
    found = shutil.which(CROSS_PREFIX + name)
    if found:
        return found
    raise SertoolError(
        f"the cross-compiler for ARM Cortex-M was not found: {CROSS_PREFIX}{name}",
        where="PATH",
        hint="apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi (then: sertool doctor)",
    )


@functools.cache
def compiler_version(compiler: str) -> str:
    """First line of what the compiler prints about itself."""
    return subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )[0]


def run_tool(command: Sequence[str | Path], folder: Path) -> str:
    """Run a compiler or binary tool in `folder`; return its output, raise with its standard error."""
    try:
        done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True)
    except OSError as error:
        raise SertoolError(f"cannot run {command[0]}: {error.strerror}", hint="run: sertool doctor") from error
    if done.returncode:
        raise SertoolError(
            f"{Path(command[0]).name} failed with status {done.returncode}:\n{done.stderr.strip()[-4000:]}",
            where=folder,
        )
    return done.stdout


def shared_library(name: str, sources: SourceTree, flags: Sequence[str] = ("-O3",)) -> Path:
    """Compile a source tree into a shared library in the user's cache, keyed by sources, flags and compiler.

    Include paths are every folder of the tree that holds a header. Compiled once; later calls, also from
    other processes, find the same file, unless it was damaged since.
    """
    compiler = host_compiler()
    digest = hashlib.sha256(repr((sorted(sources.items()), tuple(flags), compiler_version(compiler))).encode())
    folder = cache_folder("libraries") / f"{name}-{digest.hexdigest()[:20]}"
    library = folder / f"lib{name}.so"
    if not sealed(library):
        includes = sorted({str(Path(path).parent) for path in sources if path.endswith(".h")})
        units = sorted(path for path in sources if path.endswith(".c"))
        with tempfile.TemporaryDirectory(prefix="sertool-sources-") as place, staged_folder(folder) as stage:
            write_sources(sources, Path(place))
            run_tool(
                [compiler, *STRICT, *flags, "-shared", "-fPIC", *(f"-I{path}" for path in includes), *units,
                 "-o", stage.absolute() / library.name],
                Path(place),
            )  # fmt: skip
            seal(stage / library.name)
        trim(folder.parent)
    use(folder)
    return library
