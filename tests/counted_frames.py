"""The rendered accumulators and functionals of a specification, fed with values that no sound need give."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from sertool.compilers import runtime_sources, shared_library
from sertool.engines.cortex_m import CortexM, bare_elf
from sertool.frontend import FrontendSpec, rendered, sources
from sertool.frontend.descriptors import KINDS
from sertool.frontend.functional import Utterance
from sertool.frontend.functionals import FUNCTIONALS
from sertool.frontend.kind import Kind
from sertool.frontend.layout import layout

_COUNT = """\
#include <string.h>

#include "ser_frontend_stages.h"

extern struct ser_frontend frontend;
struct ser_frontend frontend;

void count_rows(const int32_t *rows, int frames);
void count_rows(const int32_t *rows, int frames)
{
    for (int frame = 0; frame < frames; frame++) {
        memcpy(frontend.values, rows + frame * SER_VALUES, sizeof frontend.values);
        ser_count(&frontend);
    }
}

void start(void);
void start(void)
{
    ser_frontend_reset(&frontend);
}

int finish(int32_t *features);
int finish(int32_t *features)
{
    return ser_frontend_finish(&frontend, features);
}
"""

_MADE_H = """\
#ifndef SER_{upper}_H
#define SER_{upper}_H

#include "ser_frontend_config.h"

void ser_{name}(const int16_t pcm[SER_FRAME_LENGTH], int32_t values[SER_{upper}]);

#endif
"""
_MADE_C = """\
#include "ser_{name}.h"

void ser_{name}(const int16_t pcm[SER_FRAME_LENGTH], int32_t values[SER_{upper}])
{{
    for (int i = 0; i < SER_{upper}; i++) {{
        values[i] = pcm[i] >> 4;
    }}
}}
"""


@contextmanager
def made_kinds(*widths: int) -> Iterator[None]:
    """Kinds `made12` and so on, of any size and as many bits as their names say."""
    assert isinstance(KINDS, dict)
    kinds, read = dict(KINDS), rendered.runtime_sources
    added = {}
    for bits in widths:
        name = f"made{bits}"
        names = {"name": name, "upper": name.upper()}
        added[f"runtime/frontend/descriptors/{name}.c"] = _MADE_C.format(**names)
        added[f"runtime/frontend/descriptors/ser_{name}.h"] = _MADE_H.format(**names)
        KINDS[name] = Kind(
            name=name,
            unit="of nothing",
            step=1,
            bits=bits,
            sizes=lambda framing, sizes: range(1, 100),
            usual=1,
            needs=("pcm",),
            real=lambda framing, sizes, heard: heard["pcm"] * 2**11,
        )
    rendered.runtime_sources = lambda *folders: runtime_sources(*folders) | added  # type: ignore[assignment]
    try:
        yield
    finally:
        rendered.runtime_sources = read
        KINDS.clear()
        KINDS.update(kinds)


def rows_for(spec: FrontendSpec, given: Mapping[str, NDArray[np.int32]]) -> NDArray[np.int32]:
    """Rows (frames, values) in which the kinds of `spec` have what is given, and else 0."""
    frames = len(next(iter(given.values())))
    rows = np.zeros((frames, layout(spec).stored), np.int32)
    for place in layout(spec).places:
        if place.kind.name in given:
            rows[:, place.at : place.at + place.size] = given[place.kind.name]
    return rows


class HostCounter:
    """The accumulators and functionals of `spec` on this machine."""

    def __init__(self, spec: FrontendSpec, flags: Sequence[str] = ("-O2",)) -> None:
        self.spec, self.values = spec, layout(spec).stored
        tree = {**sources(spec), "count.c": _COUNT}
        self._library = ctypes.CDLL(str(shared_library("counter", tree, flags)))

    def features(self, rows: NDArray[np.int32], pieces: Sequence[int] = ()) -> NDArray[np.int32]:
        """Features (features,) of rows (frames, values), with a look at them between pieces."""
        given, features = np.ascontiguousarray(rows, np.int32), np.empty(self.spec.features, np.int32)
        assert given.shape[1] == self.values
        self._library.start()
        for piece in np.split(given, pieces):
            self._library.count_rows(piece.ctypes.data_as(ctypes.c_void_p), len(piece))
            self._library.finish(features.ctypes.data_as(ctypes.c_void_p))
        return features


class CoreCounter:
    """The same on an emulated core."""

    def __init__(self, spec: FrontendSpec, core: str, flags: Sequence[str] = ("-O2",)) -> None:
        self.spec = spec
        elf = bare_elf("counter", {**sources(spec), "count.c": _COUNT}, core, flags)
        self.cpu = CortexM(elf, core, counting=False)
        self._room = self.cpu.buffer(1 << 22)

    def features(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        given = np.ascontiguousarray(rows, np.int32)
        self.cpu.write(self._room, given)
        self.cpu.call("start")
        self.cpu.call("count_rows", self._room, len(given))
        assert self.cpu.call("finish", self._room) == 0
        return self.cpu.read(self._room, np.int32, self.spec.features)


def truths(spec: FrontendSpec, rows: NDArray[np.int32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What the functionals of rows (frames, values) are in truth, and how far features may be from it."""
    kinds = {
        place.kind.name: rows[:, place.at : place.at + place.size].astype(np.int64)
        for place in layout(spec).places
    }
    counted = kinds[spec.gate.name][:, 0] > 0 if spec.gate else np.ones(len(rows), np.bool_)
    found, within = [], []
    for name, descriptor in spec.summaries:
        functional = FUNCTIONALS[name]
        values = kinds[descriptor.kind]
        truth = functional.truth(Utterance(spec, KINDS[descriptor.kind].bits, values, counted, kinds))
        found.append(truth.astype(np.float64))
        within.append(np.full(len(truth), functional.within))
    return np.concatenate(found), np.concatenate(within)
