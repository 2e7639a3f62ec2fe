"""The C sources of a front end: files of the runtime that a specification needs, and what is rendered of it."""

from __future__ import annotations

from collections.abc import Iterator

from sertool.compilers import SourceTree, runtime_sources
from sertool.frontend.framing import MAX_FRAMES
from sertool.frontend.functional import WHEN, Accumulator, Functional
from sertool.frontend.kind import Kind
from sertool.frontend.layout import Layout, Run, layout
from sertool.frontend.spec import FrontendSpec
from sertool.frontend.spectrum import fft_gain, first_radix, transform_tables
from sertool.frontend.tables import Rendered
from sertool.rendering import render

_ROOT = "runtime/frontend"
_GROUND = ("frontend.c", "sound.c", "window.c", "fft.c", "power.c")
_GENERATED = ("ser_frontend_config.h", "ser_frontend_state.h", "ser_frontend_calls.c", "ser_frontend_tables.c")
#: C of what a kind needs that is no kind.
_GIVEN = {"pcm": "frontend->pcm", "power": "(uint32_t *)frontend->work", "gain": "gain"}


def sources(spec: FrontendSpec) -> SourceTree:
    """Source tree of the front end, standardization not included.

    Every board and the host compile exactly these files. What `spec` leaves out is not among them.
    """
    plan = layout(spec)
    tables, constants = tables_of(spec)
    runtime = runtime_sources("frontend")
    wanted = {f"{_ROOT}/{name}" for name in (*_GROUND, *_files(plan))} | _ground_headers(runtime)
    context = {
        "spec": spec,
        "plan": plan,
        "headers": [name.rpartition("/")[2] for name in _files(plan) if name.endswith(".h")],
        "calls": [(place.kind, _arguments(place.kind)) for place in plan.places],
        "counts": {when: [_count(run) for run in plan.counts if run.of.when == when] for when in WHEN},
        "condition": f"frontend->values[{_place(spec.gate.name)}] != 0" if spec.gate else "",
        "summaries": [_summary(run) for run in plan.summaries],
        "fft_gain": fft_gain(first_radix(spec.frame_length)),
        "max_frames": MAX_FRAMES,
        "tables": tables,
        "constants": constants,
    }
    return {name: runtime[name] for name in sorted(wanted)} | {
        f"generated/{name}": render(f"project/{name}.in", **context) for name in _GENERATED
    }


def _ground_headers(runtime: SourceTree) -> set[str]:
    return {name for name in runtime if name.endswith(".h") and name.rpartition("/")[0] == _ROOT}


def tables_of(spec: FrontendSpec) -> Rendered:
    """Return the constant arrays of `spec`, and the constants of its rooms by name, without `SER_`."""
    tables = {table.name: table for table in transform_tables(spec.frame_length)}
    constants: dict[str, int | str] = {}
    sizes = spec.sizes
    for kind in spec.computed:
        more, own = kind.tables(spec, sizes)
        for table in more:
            assert tables.setdefault(table.name, table) == table, f"only one table is named {table.name}"
        constants |= own
    for accumulator in layout(spec).kept:
        constants |= accumulator.constants(spec)
    return list(tables.values()), constants


def _files(plan: Layout) -> Iterator[str]:
    """Files of `runtime/frontend` that come with a descriptor, accumulator or functional, and only with it."""
    rooms = (
        ("descriptors", [place.kind for place in plan.places]),
        ("accumulators", list(plan.kept)),
        ("functionals", list(dict.fromkeys(run.of for run in plan.summaries))),
    )
    for room, parts in rooms:
        for part in parts:
            yield from (f"{room}/{part.name}.c", f"{room}/ser_{part.name}.h", *part.sources)


def _arguments(kind: Kind) -> list[str]:
    """C of what the function of a kind is handed, its values last."""
    state = [f"&frontend->states.{kind.name}"] if kind.state else []
    needs = [_GIVEN.get(need, f"frontend->values + {_place(need)}") for need in kind.needs]
    return [*state, *needs, f"frontend->values + {_place(kind.name)}"]


def _count(run: Run[Accumulator]) -> str:
    """The call of an accumulator."""
    given = {"values": f"frontend->values + {run.at}", **_known(run)}
    given |= {need: f"frontend->values + {_place(need)}" for need in run.of.needs if need not in given}
    arguments = [given[need] for need in (run.of.name, *run.of.needs)]
    count = [] if run.of.once else [str(run.size)]
    return f"{run.of.function}({', '.join(arguments + count)});"


def _summary(run: Run[Functional]) -> str:
    """The call of a functional."""
    arguments = [_known(run)[need] for need in run.of.needs]
    return f"ser_{run.of.name}({', '.join(arguments)}, frontend->frames, {run.size}, features + {run.at});"


def _known(run: Run[Accumulator] | Run[Functional]) -> dict[str, str]:
    """C of what the function of an accumulator or a functional may need."""
    kept = {name: f"frontend->counted.{name} + {start}" for name, start in run.kept.items()}
    return {"shift": str(run.shift), "frames": "frontend->frames", **kept}


def _place(kind: str) -> str:
    return f"SER_{kind.upper()}_AT"
