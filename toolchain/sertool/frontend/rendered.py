"""The C sources of a front end: the runtime's files that a specification needs, and its rendered tables."""

from __future__ import annotations

from typing import Any

from sertool.compilers import SourceTree, runtime_sources
from sertool.frontend.spec import FrontendSpec
from sertool.frontend.tables import (
    Table,
    chroma_tables,
    fft_gain,
    first_radix,
    mel_tables,
    mfcc_tables,
    transform_tables,
)
from sertool.rendering import render

_ALWAYS = ("frontend.c", "describe.c", "window.c", "fft.c", "power.c", "accumulate.c")
#: Files that come with a descriptor or a functional, and only with it.
_OPTIONAL = {
    "mel": ("mel.c",),
    "mfcc": ("mfcc.c",),
    "chroma": ("chroma.c",),
    "mean": ("mean.c",),
    "deviation": ("deviation.c",),
}


def sources(spec: FrontendSpec) -> SourceTree:
    """Source tree of the front end, standardization not included.

    Every board and the host compile exactly these files. What `spec` leaves out is not among them.
    """
    tables, config = tables_of(spec)
    used = {descriptor.kind for descriptor in spec.descriptors} | set(spec.functionals)
    if spec.uses_mel:
        used.add("mel")
    units = {*_ALWAYS, *(unit for part in used for unit in _OPTIONAL.get(part, ()))}
    runtime = runtime_sources("include", "frontend")
    wanted = {
        name: text
        for name, text in runtime.items()
        if name == "runtime/include/ser_frontend.h"
        or (name.startswith("runtime/frontend/") and (name.endswith(".h") or name.rpartition("/")[2] in units))
    }
    return wanted | {
        "generated/ser_frontend_config.h": render("project/ser_frontend_config.h.in", **config),
        "generated/ser_frontend_tables.c": render("project/ser_frontend_tables.c.in", tables=tables, **config),
    }


def tables_of(spec: FrontendSpec) -> tuple[list[Table], dict[str, Any]]:
    """Return the constant arrays of `spec` and the constants of its rendered configuration."""
    tables = list(transform_tables(spec.frame_length))
    mfcc, chroma, bands = spec.size("mfcc"), spec.size("chroma"), spec.mel_bands if spec.uses_mel else 0
    config: dict[str, Any] = {
        "digest": spec.digest,
        "sample_rate": spec.sample_rate,
        "frame_length": spec.frame_length,
        "hop_length": spec.hop_length,
        "fft_gain": fft_gain(first_radix(spec.frame_length)),
        "mel_bands": bands,
        "mfcc": mfcc,
        "chroma": chroma,
        "values": spec.values,
        "stored_values": spec.values,
        "use_mean": int("mean" in spec.functionals),
        "use_deviation": int("deviation" in spec.functionals),
        "features": spec.features,
    }
    at = 0
    for descriptor in spec.descriptors:
        config[f"{descriptor.kind}_at"] = at
        at += descriptor.size
    if bands and not spec.size("log_mel"):
        config["log_mel_at"] = at
        config["stored_values"] += bands
    parts = []
    if bands:
        parts.append(mel_tables(spec))
    if mfcc:
        parts.append(mfcc_tables(spec))
    if chroma:
        parts.append(chroma_tables(spec))
    for more, constants in parts:
        tables += more
        config |= constants
    return tables, config
