"""The worst-case stack of an image, from its call graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sertool.errors import CheckFailed
from sertool.firmware.callgraph import Function, call_graph
from sertool.firmware.image import Image
from sertool.targets import Target

#: Where the core begins, and the one function that calls through a pointer, with what it may meet there.
_ROOT = "ser_reset"
_CALLBACKS: Mapping[str, frozenset[str]] = {"ser_model_run": frozenset({"send_layer", "check_layer"})}

#: What a core stacks when an exception interrupts it: eight words, and one to align them.
EXCEPTION_FRAME = 36

#: Bytes of stack of a chain of calls, and the functions in it.
Chain = tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class WorstCase:
    """Bytes of the deepest chain of calls, `path`, and of an exception on top of it; and what is reserved."""

    bytes: int
    path: tuple[str, ...]
    reserved: int


def worst_case_stack(image: Image, target: Target) -> WorstCase:
    """Compute how deep the stack of `image` can grow.

    No interrupt is ever taken, so there is one chain, from reset, and at its end perhaps a fault. Raises
    CheckFailed for recursion, for a call through a pointer that is not known here, and when the target
    reserves less than is needed.
    """
    graph = call_graph(image.elf, image.calls)
    depth, path = _deepest(graph, _ROOT, (), {})
    worst = WorstCase(depth + EXCEPTION_FRAME, path, target.memory.stack)
    if worst.bytes > worst.reserved:
        raise CheckFailed(
            f"the stack can grow to {worst.bytes} bytes: {' > '.join(path)}",
            where=f"target {target.name}",
            allowed=f"memory.stack = {worst.reserved}",
            hint="raise memory.stack in the target file",
        )
    return worst


def deepest(graph: Mapping[str, Function], name: str) -> int:
    """Bytes of the deepest chain of calls from the function `name` on, without what it calls by a pointer."""
    direct = {one: replace(function, indirect=False) for one, function in graph.items()}
    return _deepest(direct, name, (), {})[0]


def _deepest(
    graph: Mapping[str, Function], name: str, above: tuple[str, ...], known: dict[str, Chain]
) -> Chain:
    if name in above:
        raise CheckFailed(f"recursion: {' > '.join((*above, name))}")
    if name not in known:
        function = graph[name]
        calls = function.calls
        if function.indirect:
            if name not in _CALLBACKS:
                raise CheckFailed(f"{name} calls through a pointer: how deep the stack grows cannot be known")
            calls |= _CALLBACKS[name]
        below = [_deepest(graph, called, (*above, name), known) for called in sorted(calls & graph.keys())]
        depth, path = max(below, key=lambda chain: chain[0], default=(0, ()))
        known[name] = (function.stack + depth, (name, *path))
    return known[name]
