"""The tables of docs/frontend.md about presets and their parts, from benchmarks/descriptors.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sertool.experiments.result_tables import table

Found = Mapping[str, Any]

#: What the parts of are left out.
WHOLE = "prosody"
WITHOUT = f"{WHOLE} without "
CORES = ("cortex-m4", "cortex-m0")
PROTOCOLS = ("speaker", "speaker-running", "random10")


def tables(found: Found) -> dict[str, Callable[[], str]]:
    """What renders each table, by name."""
    makers = {"descriptor-accuracy": accuracy, "descriptor-costs": costs, "descriptor-ablation": ablation}
    return {name: partial(make, found) for name, make in makers.items()}


def accuracy(found: Found) -> str:
    """Each set of features whole, by protocol."""
    body = [
        (name, str(_features(found, name)), *(_scores(rows[name]) for rows in found["accuracy"].values()))
        for name in _names(found)
        if not name.startswith(WITHOUT)
    ]
    return table(("features", "number", *map(str.upper, found["accuracy"])), body)


def costs(found: Found) -> str:
    """Millions of instructions a second and bytes; what groups add to the whole."""
    body = []
    for name, cores in found["costs"].items():
        row = cores[CORES[0]]
        body.append(
            (
                name,
                *(f"{cores[core]['instructions_per_second'] / 1e6:.2f} M" for core in CORES),
                f"{row['ram_bytes']:,}",
                f"{row['table_bytes']:,}",
                *(f"{cores[core]['code_bytes']:,}" for core in CORES),
            )
        )
    header = ("front end", "instructions a second, M4", "M0", "RAM", "tables", "code, M4", "M0")
    return table(header, body)


def ablation(found: Found) -> str:
    """What leaving a part out changes, in points."""
    body = []
    for name in _names(found):
        if name.startswith(WITHOUT):
            rows = [(corpus[name], corpus[WHOLE]) for corpus in found["accuracy"].values()]
            changes = (
                ", ".join(f"{round(part[key] - whole[key], 1) or 0.0:+.1f}" for key in PROTOCOLS)
                for part, whole in rows
            )
            body.append((name.removeprefix(WITHOUT), str(_features(found, name)), *changes))
    return table(("without", "features left", *map(str.upper, found["accuracy"])), body)


def _names(found: Found) -> list[str]:
    return list(dict.fromkeys(name for rows in found["accuracy"].values() for name in rows))


def _features(found: Found, name: str) -> int:
    """The same of every corpus."""
    return next(int(rows[name]["features"]) for rows in found["accuracy"].values())


def _scores(row: Found) -> str:
    return " / ".join(str(row.get(protocol, "–")) for protocol in PROTOCOLS)
