"""The emulated core itself: calls, memory, counts, and what it says when the code goes wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pytest
import unicorn

from sertool.cores import EMULATED
from sertool.engines.cortex_m import CortexM, bare_elf
from sertool.errors import CheckFailed, SertoolError

SOURCE = """
#include <stdint.h>

int32_t weigh(const int32_t *values, int32_t count, int32_t a, int32_t b, int32_t c, int32_t d);
void store(int32_t *place, int32_t value);
int32_t deep(int32_t depth);
void forever(void);
uint32_t next(void);
uint32_t counter = 41;

int32_t weigh(const int32_t *values, int32_t count, int32_t a, int32_t b, int32_t c, int32_t d)
{
    int32_t sum = 0;
    for (int32_t i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum + a + 10 * b + 100 * c + 1000 * d;
}

void store(int32_t *place, int32_t value)
{
    *place = value;
}

__attribute__((noinline)) int32_t deep(int32_t depth)
{
    volatile int32_t kept[16];
    kept[depth & 15] = depth;
    return depth > 0 ? deep(depth - 1) + kept[depth & 15] : 0;
}

void forever(void)
{
    for (;;) {
        __asm volatile("");
    }
}

uint32_t next(void)
{
    return ++counter;
}
"""


@pytest.fixture(scope="module", params=EMULATED)
def core(request: pytest.FixtureRequest) -> Iterator[CortexM]:
    with CortexM(bare_elf("probe", {"probe.c": SOURCE}, request.param), request.param) as made:
        yield made


def test_arguments_results_and_memory(core: CortexM) -> None:
    values = core.buffer(np.arange(10, dtype=np.int32))
    assert core.call("weigh", values, 10, -1, 2, 3, 4) == 45 - 1 + 20 + 300 + 4000
    core.write("counter", np.array([7], np.uint32))
    assert [core.call("next"), core.call("next")] == [8, 9]
    assert core.read("counter", np.uint32, 1).tolist() == [9]
    assert core.symbol("counter").size == 4


def test_instructions_are_counted(core: CortexM) -> None:
    values = core.buffer(4 * 200)
    counts = []
    for count in (0, 100, 200):
        core.call("weigh", values, count, 0, 0, 0, 0)
        counts.append(core.instructions)
    assert 0 < counts[0] < 40
    # The loop's body is the same number of instructions each time.
    assert (counts[2] - counts[1]) % 100 == 0


def test_every_instruction_counts_once(core: CortexM) -> None:
    executed: list[int] = []
    values = core.buffer(np.arange(50, dtype=np.int32))
    with CortexM(core.elf, core.core) as watched:
        # Unicorn's own hook of every single instruction is the truth.
        watched._uc.hook_add(unicorn.UC_HOOK_CODE, lambda *call: executed.append(call[1]))
        for name, *arguments in (("weigh", values, 50, 1, 2, 3, 4), ("deep", 30), ("next",)):
            executed.clear()
            watched.call(name, *arguments)
            assert watched.instructions == len(executed) > 0


def test_stack_is_measured(core: CortexM) -> None:
    used = []
    for depth in (10, 20, 30):
        core.call("deep", depth)
        used.append(core.stack)
    assert used[2] - used[1] == used[1] - used[0]
    # A frame holds sixteen words, the return address and what alignment adds.
    assert 10 * 68 <= used[1] - used[0] <= 10 * 96


@pytest.mark.parametrize("address", [0, 0x0800_0000, 0x4000_0000])
def test_a_forbidden_access_names_the_place(core: CortexM, address: int) -> None:
    with pytest.raises(CheckFailed, match=rf"failed in store: .*access to 0x{address:08x}.*\(store \+ 0x"):
        core.call("store", address, 1)
    assert core.call("weigh", 0, 0, 5, 0, 0, 0) == 5


def test_a_stack_that_overflows_is_a_fault(core: CortexM) -> None:
    with pytest.raises(CheckFailed, match=r"failed in deep: .*access to 0x27ff.*\(deep \+ 0x"):
        core.call("deep", 10**6)


def test_a_function_that_never_returns_is_ended(core: CortexM) -> None:
    with pytest.raises(CheckFailed, match=r"forever: still running after 0.1 s.*\(forever \+ 0x"):
        core.call("forever", timeout=0.1)


def test_a_missing_symbol_is_named(core: CortexM) -> None:
    with pytest.raises(SertoolError, match="no symbol 'nothing'"):
        core.call("nothing")


def test_unaligned_accesses_are_faults_where_asked_for() -> None:
    elf = bare_elf("probe", {"probe.c": SOURCE}, "cortex-m0")
    with CortexM(elf, "cortex-m0", aligned=True) as core:
        place = core.buffer(16)
        core.call("store", place + 4, 1)
        with pytest.raises(CheckFailed, match=f"store: unaligned access, access to 0x{place + 1:08x}"):
            core.call("store", place + 1, 1)


def test_counting_can_be_left_out() -> None:
    with CortexM(bare_elf("probe", {"probe.c": SOURCE}, "cortex-m4"), counting=False) as core:
        assert core.call("next") == 42
        assert core.instructions == 0


def test_buffers_have_an_end() -> None:
    with CortexM(bare_elf("probe", {"probe.c": SOURCE}, "cortex-m4")) as core:
        core.buffer(2**23)
        with pytest.raises(SertoolError, match="no room for a buffer of 9000000 bytes"):
            core.buffer(9_000_000)


def test_an_elf_beyond_the_memory_is_refused() -> None:
    source = 'const char far[4] __attribute__((section(".far"))) = {1};\n'
    script = {"far.c": source}
    elf = bare_elf("far", script, "cortex-m4", ("-O2", "-Wl,--section-start=.far=0x90000000"))
    with pytest.raises(SertoolError, match="a segment at 0x90000000 has no memory"):
        CortexM(elf)


def test_without_unicorn_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    elf = bare_elf("probe", {"probe.c": SOURCE}, "cortex-m4")
    monkeypatch.setitem(sys.modules, "unicorn", None)
    with pytest.raises(SertoolError, match=r"pip install 'sertool\[verify\]'"):
        CortexM(elf)
