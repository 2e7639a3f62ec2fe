"""The rendered project in other hands: any folder, compiler, generator and flags, and inside other projects."""

from __future__ import annotations

import ctypes
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from board_models import BoardModel, speech

from sertool import __version__
from sertool.compilers import STRICT, run_tool, shared_library, write_sources
from sertool.device import Client, EmulatedBoard
from sertool.engines.cortex_m import LINKER_SCRIPT, CortexM, bare_elf
from sertool.errors import SertoolError
from sertool.firmware.footprints import PUBLIC, footprints, link_library
from sertool.firmware.image import Image
from sertool.firmware.memory import memory_map
from sertool.frontend import Frontend
from sertool.graph.reference import run
from sertool.targets import Target, load, names

Built = Callable[[BoardModel, Target], Image]

COMPILERS = ("arm-none-eabi-gcc", "clang")
GENERATORS = ("Unix Makefiles", "Ninja")
#: What people's folders are called, as far as CMake itself can live in them.
FOLDERS = ("a space (and) Grüße", "a$HOME", "b #1", "c'd", "e=f")


def boots(folder: Path, target: str) -> bool:
    client = Client(EmulatedBoard(load(target), folder / "firmware.elf"))
    try:
        return client.wait_for_banner().selftest_passed
    finally:
        client.close()


def make(folder: Path, *words: str) -> str:
    return run_tool(["make", "-j2", *words], folder)


def cmake(folder: Path, *words: str, build: str = "build-cmake") -> Path:
    run_tool(["cmake", "-B", build, *words], folder)
    run_tool(["cmake", "--build", build, "-j2"], folder)
    return folder / build


@pytest.fixture
def project(model: BoardModel, tmp_path: Path) -> Path:
    """The project of the STM32F405, in a folder whose name is not the easiest."""
    folder = tmp_path / FOLDERS[0]
    write_sources(model.project(load("stm32")), folder)
    return folder


def test_make_again_does_nothing_and_other_flags_do_everything(project: Path) -> None:
    make(project)
    assert make(project) == "make: Nothing to be done for 'all'.\n"
    assert make(project, "lib") == "make: Nothing to be done for 'lib'.\n"
    assert make(project, "EXTRA=-DX").count(" -c ") == len(list(project.rglob("*.c"))) - 1  # the example
    make(project, "clean")
    assert not (project / "build").exists()


def test_the_library_exports_only_its_own_names(project: Path) -> None:
    make(project, "lib")
    listed = run_tool(["arm-none-eabi-nm", "-g", "--defined-only", "build/libsertool.a"], project)
    symbols = [line.split()[-1] for line in listed.splitlines() if len(line.split()) == 3]
    assert {"ser_init", "ser_push", "ser_classify", "ser_labels"} <= set(symbols)
    assert [name for name in symbols if not name.startswith(("ser_", "SER_"))] == []


@pytest.mark.parametrize("language", ["c99", "c++11"])
def test_every_header_compiles_alone(project: Path, language: str) -> None:
    headers = sorted(path.relative_to(project) for path in project.rglob("*.h"))
    folders = sorted({f"-I{path.parent}" for path in headers})
    flags = [flag for flag in STRICT if not flag.endswith("prototypes") and not flag.startswith("-std")]
    kind = "c++" if language.startswith("c++") else "c"
    # rows.h is a kernel's loop: it is included where the kernel's name is defined.
    for header in (path for path in headers if path.name != "rows.h"):
        (project / "alone").write_text(f'#include "{header}"\nextern int there_is_something;\n')
        run_tool(
            ["arm-none-eabi-gcc", *load("stm32").core.flags, "-x", kind, f"-std={language}", *flags,
             "-Wno-unused-function", *folders, "-fsyntax-only", "alone"],
            project,
        )  # fmt: skip


PARENT = """\
cmake_minimum_required(VERSION 3.20)
project(parent C CXX)
add_subdirectory("{folder}" sertool)
add_executable(app app.cpp)
target_link_libraries(app PRIVATE sertool)
"""
APP = """\
#include <cstdio>
#include "sertool.h"
#include "ser_kernels.h"
int main()
{
    ser_result result;
    ser_init();
    static const int16_t pcm[SER_FRAME_LENGTH] = {};
    ser_push(pcm, SER_FRAME_LENGTH);
    std::printf("%d %s", ser_classify(&result), ser_labels[result.label]);
}
"""


@pytest.mark.parametrize("compilers", [("gcc", "g++"), ("clang", "clang++")])
def test_a_project_in_cpp_takes_the_library_in(
    model: BoardModel, project: Path, tmp_path: Path, compilers: tuple[str, str]
) -> None:
    parent = tmp_path / "parent"
    write_sources({"CMakeLists.txt": PARENT.format(folder=project), "app.cpp": APP}, parent)
    c, cpp = compilers
    build = cmake(parent, f"-DCMAKE_C_COMPILER={c}", f"-DCMAKE_CXX_COMPILER={cpp}")
    status, label = run_tool([build / "app"], build).split(" ", 1)
    assert status == "0"
    assert label in model.graph.labels


def test_public_headers_define_only_their_own_names(project: Path) -> None:
    """What an application sees: every header in the library's public folders."""
    headers = [path for folder in ("generated", "runtime/include") for path in (project / folder).glob("*.h")]
    assert [path.name for path in headers if not path.name.startswith("ser")] == []
    text = "\n".join(path.read_text() for path in headers)
    defined = re.findall(r"^#define (\w+)", text, re.MULTILINE)
    kinds = r"^typedef .*?\b(\w+);|^(?:struct|enum|union) (\w+) \{|^} (\w+);"
    named = re.findall(kinds, text, re.MULTILINE)
    assert len(defined) > 30
    assert [name for name in defined if not name.startswith(("SER_", "SERTOOL_"))] == []
    names = [name for found in named for name in found if name]
    assert len(names) == 7
    assert [name for name in names if not name.startswith("ser_")] == []


def test_a_build_folder_with_spaces_is_refused_by_name(project: Path) -> None:
    with pytest.raises(SertoolError, match="make cannot work with spaces there"):
        make(project, "BUILD=a b")


CROSS_PARENT = """\
cmake_minimum_required(VERSION 3.20)
project(parent C CXX)
add_subdirectory("{folder}" sertool)
add_executable(app app.cpp)
target_link_options(app PRIVATE -nodefaultlibs)
target_link_libraries(app PRIVATE sertool -Wl,--start-group c gcc nosys -Wl,--end-group)
"""
CROSS_APP = """\
#include "sertool.h"
int main()
{
    ser_init();
    return ser_push(nullptr, 0), ser_classify(nullptr);
}
"""


@pytest.mark.parametrize("flags", ["-mcpu=cortex-m4 -mfpu=fpv4-sp-d16 -mfloat-abi=hard", "-mcpu=cortex-m3"])
def test_a_project_for_another_core_takes_the_library_in_with_its_own_flags(
    project: Path, tmp_path: Path, flags: str
) -> None:
    parent = tmp_path / "parent"
    write_sources({"CMakeLists.txt": CROSS_PARENT.format(folder=project), "app.cpp": CROSS_APP}, parent)
    settings = {
        "SYSTEM_NAME": "Generic",
        "SYSTEM_PROCESSOR": "arm",
        "C_COMPILER": "arm-none-eabi-gcc",
        "CXX_COMPILER": "arm-none-eabi-g++",
        "TRY_COMPILE_TARGET_TYPE": "STATIC_LIBRARY",
        "C_FLAGS": f"-mthumb {flags}",
        "CXX_FLAGS": f"-mthumb {flags}",
    }
    # The other project's own settings of such names are none of the library's.
    build = cmake(
        parent, *(f"-DCMAKE_{key}={value}" for key, value in settings.items()), "-DEXTRA=--no-such-flag"
    )
    said = run_tool(["arm-none-eabi-readelf", "-A", "sertool/libsertool.a"], build)
    assert ("VFP registers" in said) == ("hard" in flags)


MICROPHONE = """\
#include "sertool.h"

static const int16_t *sound;
static size_t left, shown;

size_t board_record(int16_t *pcm, size_t room);
void board_show(const char *emotion, unsigned percent);
int32_t hear_utterance(void);
int32_t heard(const int16_t *pcm, size_t samples);
size_t percent_shown(void);

size_t board_record(int16_t *pcm, size_t room)
{
    size_t samples = left < room ? left : room;
    for (size_t i = 0; i < samples; i++) {
        pcm[i] = *sound++;
    }
    left -= samples;
    return samples;
}

void board_show(const char *emotion, unsigned percent)
{
    shown = emotion[0] != 0 ? percent : 101;
}

int32_t heard(const int16_t *pcm, size_t samples)
{
    sound = pcm;
    left = samples;
    return hear_utterance();
}

size_t percent_shown(void)
{
    return shown;
}
"""


def test_the_example_gives_the_label_of_the_reference(model: BoardModel) -> None:
    project = model.project(load("stm32"))
    listed = set(project["sources.txt"].split())
    sources = {
        path: text
        for path, text in project.items()
        if path in listed or (path.endswith(".h") and not path.startswith("platform/"))
    }
    sources |= {"example/listen.c": project["example/listen.c"], "microphone.c": MICROPHONE}
    host = ctypes.CDLL(str(shared_library("example", sources)))
    frontend = Frontend(model.spec)
    with CortexM(bare_elf("example", sources, "cortex-m4"), "cortex-m4", counting=False) as core:
        for seed in range(4):
            pcm = speech(seed, 5000 + 500 * seed)
            trace = run(model.graph, model.standardizer.apply(frontend.features(pcm)[np.newaxis]))
            label = int(trace["label"].ravel()[0])
            percent = (int(trace["probabilities"].ravel()[label]) + 128) * 100 // 256
            assert host.heard(pcm.ctypes.data_as(ctypes.c_void_p), len(pcm)) == label
            assert host.percent_shown() == percent
            assert core.call("heard", core.buffer(pcm), len(pcm)) == label
            assert core.call("percent_shown") == percent
        for samples in (model.spec.frame_length - 1, 5000):
            silence = np.zeros(samples, np.int16)
            assert core.call("heard", core.buffer(silence), len(silence)) == 2**32 - 1


def test_the_project_says_its_version_and_its_licence(model: BoardModel) -> None:
    project = model.project(load("stm32"))
    assert f'#define SERTOOL_VERSION "{__version__}"' in project["runtime/include/sertool.h"]
    assert project["LICENSE"] == (Path(__file__).parents[2] / "LICENSE").read_text()


def test_the_public_calls_are_those_of_the_header(model: BoardModel) -> None:
    header = model.project(load("stm32"))["runtime/include/sertool.h"]
    assert tuple(re.findall(r"^\w[\w *]*?\b(ser_\w+)\(", header, re.MULTILINE)) == PUBLIC


def test_calls_take_what_the_table_says(model: BoardModel, built: Built, tmp_path: Path) -> None:
    target = load("stm32")
    image = built(model, target)
    write_sources(model.project(target), tmp_path / "p")
    linked = link_library(tmp_path / "p", image, target, LINKER_SCRIPT, tmp_path)
    taken = footprints(image, linked, target)
    with CortexM(linked["all"], "cortex-m4") as core:
        sound, result = core.buffer(speech(1, 2000)), core.buffer(4096)
        given = core.buffer(model.spec.features)
        arguments = {"ser_push": (sound, 2000), "ser_classify": (result,), "ser_run": (given, 0, 0, result)}
        for name in PUBLIC:
            core.call(name, *arguments.get(name, ()))
            assert core.stack <= taken[name].stack, name
    # The utterance, the last features and input, and the arena: everything that the library keeps.
    whole = memory_map(linked["all"], target)
    assert (
        max(one.flash for one in taken.values()) < whole.flash.used <= memory_map(image.elf, target).flash.used
    )
    assert whole.ram.used == taken["ser_classify"].ram


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_generator_in_any_folder(model: BoardModel, built: Built, tmp_path: Path, folder: str) -> None:
    place = tmp_path / folder
    write_sources(model.project(load("stm32")), place)
    make(place)
    expected = built(model, load("stm32")).bin.read_bytes()
    assert (place / "build" / "firmware.bin").read_bytes() == expected
    for generator in GENERATORS:
        build = cmake(place, "-G", generator, build=f"a build by {generator}")
        assert (build / "firmware.bin").read_bytes() == expected


@pytest.mark.slow
@pytest.mark.parametrize("target", names())
@pytest.mark.parametrize("compiler", COMPILERS)
def test_every_board_boots_however_it_was_built(
    model: BoardModel, built: Built, tmp_path: Path, target: str, compiler: str
) -> None:
    write_sources(model.project(load(target)), tmp_path)
    make(tmp_path, f"CC={compiler}")
    assert boots(tmp_path / "build", target)
    expected = [(tmp_path / "build" / name).read_bytes() for name in ("firmware.bin", "firmware.hex")]
    if compiler == COMPILERS[0]:
        image = built(model, load(target))
        assert [image.bin.read_bytes(), image.hex.read_bytes()] == expected
    # Each generator meets each compiler, and with either compiler half of the boards.
    generator = GENERATORS[(names().index(target) + COMPILERS.index(compiler)) % len(GENERATORS)]
    build = cmake(tmp_path, "-G", generator, f"-DCMAKE_C_COMPILER={compiler}")
    assert [(build / name).read_bytes() for name in ("firmware.bin", "firmware.hex")] == expected


@pytest.mark.slow
@pytest.mark.parametrize("flags", ["-O0", "-Os", "-O3", "-flto", "-O3 -flto"])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_no_warning_and_a_board_that_boots_at_any_optimization(
    model: BoardModel, tmp_path: Path, compiler: str, flags: str
) -> None:
    # What one compiler makes for ARMv7-M at some flags, the other makes for ARMv8-M.
    target = "stm32f405" if (flags in {"-O0", "-O3", "-O3 -flto"}) == (compiler == "clang") else "mps2-an505"
    write_sources(model.project(load(target)), tmp_path)
    make(tmp_path, f"CC={compiler}", f"EXTRA={flags}")
    assert boots(tmp_path / "build", target)


@pytest.mark.slow
@pytest.mark.parametrize("compiler", COMPILERS)
def test_cmake_passes_more_flags_on(project: Path, compiler: str) -> None:
    make(project, f"CC={compiler}", "EXTRA=-O3 -flto")
    build = cmake(project, f"-DCMAKE_C_COMPILER={compiler}", "-DSERTOOL_EXTRA=-O3;-flto")
    assert (build / "firmware.bin").read_bytes() == (project / "build" / "firmware.bin").read_bytes()


@pytest.mark.slow
def test_sources_may_be_read_only_and_move(project: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(project, moved)
    for path in (moved, *moved.rglob("*")):
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    # As root nothing is read-only: whoever wrote would be seen by what is there afterwards.
    before = sorted(moved.rglob("*"))
    make(moved, f"BUILD={tmp_path / 'out'}")
    run_tool(["cmake", "-S", moved, "-B", tmp_path / "out-cmake"], tmp_path)
    run_tool(["cmake", "--build", tmp_path / "out-cmake"], tmp_path)
    assert sorted(moved.rglob("*")) == before
    assert (tmp_path / "out" / "firmware.bin").read_bytes() == (
        tmp_path / "out-cmake" / "firmware.bin"
    ).read_bytes()
    shutil.move(project, tmp_path / "again")
    make(tmp_path / "again")
    assert (tmp_path / "again" / "build" / "firmware.bin").read_bytes() == (
        tmp_path / "out" / "firmware.bin"
    ).read_bytes()


@pytest.mark.slow
def test_the_project_needs_no_c_library(project: Path) -> None:
    """Neither headers nor archives: `-nostdinc` leaves what the compiler itself brings."""
    brought = run_tool(["arm-none-eabi-gcc", "-print-file-name=include"], project).strip()
    make(project, f"EXTRA=-nostdinc -isystem {brought}")
