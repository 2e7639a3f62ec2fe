"""The C project of one board: the core that every engine compiles, and what makes it an image."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import PurePosixPath

from sertool.compilers import STRICT, SourceTree, runtime_sources
from sertool.device.runners import RUNNERS, Job
from sertool.errors import SertoolError
from sertool.firmware.golden import Golden
from sertool.locations import firmware_templates, licence
from sertool.rendering import render
from sertool.targets import Runner, Target
from sertool.version import __version__

#: What every compiler of the rendered project takes: for the library (speed), the rest (size), and both.
LIBRARY = ("-O2",)
DEVICE = ("-Os",)
COMMON = (
    *(flag for flag in STRICT if flag != "-Werror"),
    "-ffreestanding", "-ffunction-sections", "-fdata-sections", "-fno-common", "-g",
)  # fmt: skip
LINK = ("-nostdlib", "-static", "-Wl,--gc-sections", "-Wl,--fatal-warnings")
#: What GCC alone takes. Without a C library, memcpy must not be made of a call to memcpy.
GCC = ("-fstack-usage", "-fcallgraph-info=su")
GCC_DEVICE = ("-fno-tree-loop-distribute-patterns",)
#: What clang alone takes: unrolled as it likes, one function wants more stack than a small board has.
CLANG = ("-fno-unroll-loops",)

#: What is rendered besides the core. `board.h` is no name to show whoever includes the library.
_GENERATED = {
    "platform/board.h": "board.h",
    **{f"generated/{name}": name for name in ("ser_build.h", "ser_golden.h", "ser_golden.c")},
}
_ROOT = ("sources.txt", "linker.ld", "Makefile", "CMakeLists.txt", "README.md")
_PUBLIC = ("generated", "runtime/include")
#: A C library's headers, for where there is none: it is searched last.
_LIBC = "platform/libc"
_EXAMPLE = "example/listen.c"
#: C of the device and the platforms that only an image has which keeps what it knows of a speaker.
_KEEPS = re.compile(r"/ser_(kept_state|flash_\w+)\.[ch]$")
#: Bytes around a state in flash, and of what is programmed at once: `ser_journal.h`, `ser_flash.h`.
_RECORD, _STEP = 20, 32


@dataclass(frozen=True)
class BuildInfo:
    """What an image knows of itself.

    `name` and `version` of the project, `manifest` its SHA-256 (64 hexadecimal digits), `labels` in the
    model's order, `sample_rate` in Hz, `golden` what the self-test must find, `max_samples` the longest
    utterance that the device takes before it refuses more, `speaker` the bytes of what it knows of a speaker: 0
    where it follows nobody.
    """

    name: str
    version: str
    manifest: str
    labels: tuple[str, ...]
    sample_rate: int
    golden: Golden
    max_samples: int = 16000 * 120
    speaker: int = 0
    sertool: str = __version__

    def __post_init__(self) -> None:
        for text in (self.name, self.version, *self.labels):
            if not text or not text.isprintable():
                raise SertoolError(
                    f"the image cannot carry the text {text!r}", allowed="printable characters, at least one"
                )
        if not re.fullmatch("[0-9a-f]{64}", self.manifest):
            raise SertoolError(f"not a manifest hash: {self.manifest!r}", allowed="64 hexadecimal digits")


def project_sources(core: SourceTree, target: Target, build: BuildInfo) -> SourceTree:
    """Every file of the project: `core` (see `core_sources`), platform, device layer and build files.

    The same arguments give the same text.
    """
    keeps = _keeps(target, build)
    library = {**core, **(_keeping_sources() if build.speaker else {})}
    rest = {**runtime_sources("device"), **_platform_sources(target)}
    tree = {**library, **{path: text for path, text in rest.items() if keeps or not _KEEPS.search(path)}}
    context = {
        "keeps": keeps,
        "target": target,
        "build": build,
        "golden": build.golden,
        "banner": f"sertool {build.name} {build.version} target={target.name} manifest={build.manifest}",
        "lines": (build.name, build.version, target.name, build.manifest, *build.labels),
    }
    for path, name in _GENERATED.items():
        tree[path] = render(f"project/{name}.in", **context)
    context |= {
        "library": [path for path in sorted(library) if path.endswith(".c")],
        "device": [path for path in sorted(tree) if path.endswith(".c") and path not in library],
        "includes": _includes(tree, library),
        "libc": _LIBC,
        "flags": {
            "core": target.core.flags, "common": COMMON, "link": LINK, "library": LIBRARY, "device": DEVICE,
            "gcc": GCC, "gcc_device": GCC_DEVICE,
            "clang": CLANG,
        },
        "needs_port": {runner.name for runner in target.runners if RUNNERS[runner.name].abilities.needs_port},
        "recipes": {runner.name: _recipe(runner, target) for runner in target.runners},
    }  # fmt: skip
    for name in _ROOT:
        tree[name] = render(f"project/{name}.in", **context)
    tree[_EXAMPLE] = (firmware_templates() / _EXAMPLE).read_text(encoding="utf-8")
    tree["LICENSE"] = licence().read_text(encoding="utf-8")
    return dict(sorted(tree.items()))


def _keeps(target: Target, build: BuildInfo) -> bool:
    """Whether the image keeps what it knows of a speaker; raises SertoolError where that does not fit."""
    kept = target.memory.kept
    if not build.speaker or kept is None:
        return False
    record = -(-(build.speaker + _RECORD) // _STEP) * _STEP
    if record > kept.length // 2:
        raise SertoolError(
            f"what is known of a speaker takes {record} bytes of a page, and does not fit {target.name}",
            where="memory.kept",
            allowed=f"{kept.length // 2} bytes, half of it",
            hint="fewer features, or a target with a larger memory.kept, or none",
        )
    return True


def _keeping_sources() -> dict[str, str]:
    """What a library keeps a speaker with, when an application asks for it."""
    wanted = re.compile("runtime/(keeping/.*|include/ser_(keeping|flash).h|device/ser_crc32.[ch])")
    return {path: text for path, text in runtime_sources("").items() if wanted.fullmatch(path)}


def _recipe(runner: Runner, target: Target) -> str:
    files = {kind: f"$(BUILD)/firmware.{kind}" for kind in ("elf", "hex", "bin")}
    job = Job(**files, flash=target.memory.flash.origin, arguments=runner.arguments, port="$(PORT)")
    return shlex.join(RUNNERS[runner.name].command(job))


def _includes(tree: SourceTree, core: SourceTree) -> dict[str, list[str]]:
    """Folders of headers: the library's public ones, those it needs besides, those of the rest."""

    def folders(paths: SourceTree) -> set[str]:
        return {str(PurePosixPath(path).parent) for path in paths if path.endswith(".h")}

    library = folders(core) - set(_PUBLIC)
    return {
        "public": list(_PUBLIC),
        "library": sorted(library),
        "device": sorted(folders(tree) - library - {*_PUBLIC, _LIBC}),
    }


def _platform_sources(target: Target) -> dict[str, str]:
    root = firmware_templates() / "platforms"
    return {
        f"platform/{path.relative_to(root / folder).as_posix()}": path.read_text(encoding="utf-8")
        for folder in ("common", target.platform)
        for path in sorted((root / folder).rglob("*.[ch]"))
    }
