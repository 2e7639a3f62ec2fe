from __future__ import annotations

import re
from pathlib import Path

import pytest

from sertool.compilers import cross_tool, run_tool
from sertool.errors import CheckFailed, SertoolError
from sertool.firmware.callgraph import call_graph
from sertool.firmware.image import Image, image_files
from sertool.firmware.stack import EXCEPTION_FRAME, worst_case_stack
from sertool.targets import load

TARGET = load("stm32")


def build(folder: Path, code: str, cpu: str = "cortex-m4") -> Image:
    image = image_files(folder)
    (folder / "firmware.c").write_text(code)
    run_tool(
        [cross_tool(), f"-mcpu={cpu}", "-mthumb", "-Os", "-ffreestanding", "-fno-ipa-cp", "-fno-inline",
         "-fno-optimize-sibling-calls", "-fcallgraph-info=su", "-c", "firmware.c"],
        folder,
    )  # fmt: skip
    run_tool([cross_tool(), f"-mcpu={cpu}", "-mthumb", "-nostdlib", "-Wl,-eser_reset", "firmware.o", "-lgcc",
              "-o", image.elf], folder)  # fmt: skip
    return image


def test_deepest_chain(tmp_path: Path) -> None:
    image = build(
        tmp_path,
        """
        volatile int sink;
        static void shallow(void) { sink++; }
        static void deep(void) { volatile char room[200]; room[sink & 7] = 1; shallow(); }
        void ser_reset(void) { volatile char room[40]; room[sink & 7] = 1; shallow(); deep(); sink++; }
        """,
    )
    worst = worst_case_stack(image, TARGET)
    graph = call_graph(image.elf, image.calls)
    assert worst.path == ("ser_reset", "deep", "shallow")
    assert worst.bytes == sum(graph[name].stack for name in worst.path) + EXCEPTION_FRAME
    assert 240 + EXCEPTION_FRAME <= worst.bytes <= 300 + EXCEPTION_FRAME


def test_library_functions_are_counted(tmp_path: Path) -> None:
    code = "volatile unsigned long long a, b; void ser_reset(void) { a = a / b; }"
    image = build(tmp_path, code, "cortex-m0")
    graph = call_graph(image.elf, image.calls)
    assert "__aeabi_uldivmod" in graph["ser_reset"].calls
    assert graph["__udivmoddi4"].stack >= 20
    assert "__udivmoddi4" in worst_case_stack(image, TARGET).path


def test_a_return_by_what_was_popped_is_no_call(tmp_path: Path) -> None:
    """On ARMv6-M a function whose arguments stand partly on the stack goes back so, and calls otherwise."""
    code = """
    struct pair { unsigned m; int e; };
    volatile int sink;
    struct pair other(struct pair a) { a.e += sink; return a; }
    struct pair over(struct pair a, struct pair b) { struct pair r = other(a); r.e += b.e - a.e; return r; }
    void ser_reset(void) { struct pair p = {1, 2}; sink = over(p, p).e; }
    """
    image = build(tmp_path, code, "cortex-m0")
    assert re.search(
        r"<over>:.*?bx\s+r[0-7]", run_tool([cross_tool("objdump"), "-d", image.elf], tmp_path), re.S
    )
    assert worst_case_stack(image, TARGET).path == ("ser_reset", "over", "other")
    code = "void (*volatile f)(void); void ser_reset(void) { f(); f(); }"
    with pytest.raises(CheckFailed, match="ser_reset calls through a pointer"):
        worst_case_stack(build(tmp_path, code, "cortex-m0"), TARGET)


def test_recursion(tmp_path: Path) -> None:
    code = """
    volatile int sink;
    int odd(int n); int even(int n) { return sink ? odd(n - sink) + 1 : 0; }
    int odd(int n) { return even(n - sink) + 1; }
    void ser_reset(void) { sink = even(9); }
    """
    with pytest.raises(CheckFailed, match="recursion: ser_reset > even > odd > even"):
        worst_case_stack(build(tmp_path, code), TARGET)


def test_recursion_into_itself(tmp_path: Path) -> None:
    code = """
    volatile int sink; int f(int n) { return sink ? f(n - sink) + n : 0; }
    void ser_reset(void) { sink = f(9); }
    """
    with pytest.raises(CheckFailed, match="recursion: ser_reset > f > f"):
        worst_case_stack(build(tmp_path, code), TARGET)


def test_unknown_pointer(tmp_path: Path) -> None:
    code = "void (*volatile f)(void); void ser_reset(void) { f(); f(); }"
    with pytest.raises(CheckFailed, match="ser_reset calls through a pointer"):
        worst_case_stack(build(tmp_path, code), TARGET)


def test_stack_without_bound(tmp_path: Path) -> None:
    code = """
    volatile int n; void use(char *p) { n = p[0]; }
    void ser_reset(void) { char room[n]; use(room); }
    """
    with pytest.raises(SertoolError, match="ser_reset takes stack without bound"):
        worst_case_stack(build(tmp_path, code), TARGET)


def test_more_than_reserved(tmp_path: Path) -> None:
    code = "volatile int n; void ser_reset(void) { volatile char room[3000]; room[n] = 1; }"
    with pytest.raises(CheckFailed, match=r"the stack can grow to 30\d\d bytes: ser_reset") as caught:
        worst_case_stack(build(tmp_path, code), TARGET)
    assert caught.value.allowed == f"memory.stack = {TARGET.memory.stack}"
