"""Who calls whom in a linked image, and how much stack each function takes for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sertool.compilers import cross_tool, run_tool
from sertool.errors import SertoolError

#: Operation and operands, as objdump prints them.
Instruction = tuple[str, str]

_FUNCTION = re.compile(r"^[0-9a-f]+ <([^>]+)>:$")
_INSTRUCTION = re.compile(r"^ *[0-9a-f]+:\t[0-9a-f ]+\t([a-z][\w.]*)(?:\t([^;@]*))?")
_BRANCH = re.compile(r"\bb(?:l|x|lx)?(?:\w\w)?(?:\.[nw])?$")
_BRANCH_TARGET = re.compile(r"<([^>+]+)(?:\+0x[0-9a-f]+)?>")
_NODE = re.compile(r'^node: \{ title: "[^"]*" label: "([^"\\]+)\\n[^"]*\\n(\d+) bytes \(([^)]+)\)')
_LOWERED = re.compile(r"sp, (?:sp, )?#(\d+)|\[sp, #-(\d+)\]!")


@dataclass(frozen=True)
class Function:
    """A function: bytes of stack for itself, whom it calls, whether it also calls through a pointer."""

    stack: int
    calls: frozenset[str]
    indirect: bool


def call_graph(elf: Path, compiled: Path) -> Mapping[str, Function]:
    """Read the functions of the image `elf`, by name.

    Calls, tail calls included, come from its disassembly, so that those into libgcc are there too. Stack sizes
    come from the compiler's own account in `compiled` (`*.ci`, written by `-fcallgraph-info=su`), those of
    libgcc's functions from the instructions that lower the stack pointer. Static functions of one name count
    as one that does what both do.
    """
    sizes = _compiled_sizes(compiled)
    listing = run_tool([cross_tool("objdump"), "-d", elf], elf.parent)
    graph: dict[str, Function] = {}
    for name, instructions in _functions(listing.splitlines()):
        twin = graph.get(name, Function(0, frozenset(), False))
        stack = sizes[name] if name in sizes else sum(_lowered(*one) for one in instructions)
        calls = {called for one in instructions for called in _called(*one)} - {name}
        if any(operation == "bl" and f"<{name}>" in operands for operation, operands in instructions):
            calls.add(name)
        indirect = any(
            operation == "blx" or (operation == "bx" and not _returns(instructions[:place], operands))
            for place, (operation, operands) in enumerate(instructions)
        )
        graph[name] = Function(max(stack, twin.stack), twin.calls | calls, twin.indirect or indirect)
    return graph


def _returns(before: Sequence[Instruction], register: str) -> bool:
    """Tell whether `bx register` goes back: by lr, or by what was popped last into the register."""
    named = re.compile(rf"\b{register}\b")
    last = next((operation for operation, operands in reversed(before) if named.search(operands)), "")
    return register == "lr" or last == "pop"


def _compiled_sizes(compiled: Path) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for line in compiled.read_text(encoding="utf-8").splitlines():
        node = _NODE.match(line)
        if node:
            name, size, kind = node.groups()
            if kind not in ("static", "dynamic,bounded"):
                raise SertoolError(f"{name} takes stack without bound ({kind})", where=compiled)
            sizes[name] = max(int(size), sizes.get(name, 0))
    return sizes


def _functions(lines: Sequence[str]) -> Iterator[tuple[str, list[Instruction]]]:
    name, instructions = "", list[Instruction]()
    for line in lines:
        begins, instruction = _FUNCTION.match(line), _INSTRUCTION.match(line)
        if begins:
            if name:
                yield name, instructions
            name, instructions = begins[1], []
        elif instruction:
            instructions.append((instruction[1], (instruction[2] or "").strip()))
    if name:
        yield name, instructions


def _called(operation: str, operands: str) -> Iterator[str]:
    if _BRANCH.match(operation) or operation.startswith(("cbz", "cbnz")):
        target = _BRANCH_TARGET.search(operands)
        if target:
            yield target[1]


def _lowered(operation: str, operands: str) -> int:
    if operation.startswith(("push", "stmdb")):
        return 4 * _registers(operands)
    if operation.startswith(("sub", "str")):
        amount = _LOWERED.search(operands)
        return int(amount[1] or amount[2]) if amount else 0
    return 0


def _registers(operands: str) -> int:
    listed = operands[operands.index("{") + 1 : operands.index("}")].split(", ")
    ranges = (re.fullmatch(r"r(\d+)-r(\d+)", one) for one in listed)
    return sum(int(span[2]) - int(span[1]) + 1 if span else 1 for span in ranges)
