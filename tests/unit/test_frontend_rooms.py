"""The front end's rooms: a thing is its files and one line of a table, and is named nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from frontend_probe import speech_like
from sertool.compilers import runtime_sources
from sertool.frontend import Descriptor, Frontend, FrontendSpec, preset, rendered, sources
from sertool.frontend.accumulators import ACCUMULATORS
from sertool.frontend.descriptors import KINDS
from sertool.frontend.framing import Framing
from sertool.frontend.functional import WHEN, Utterance
from sertool.frontend.functionals import FUNCTIONALS
from sertool.frontend.kind import GIVEN, Heard, Kind, Parity, Sizes
from sertool.frontend.parity import compare, compared
from sertool.frontend.tables import table

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / "toolchain/sertool/frontend"
C = ROOT / "firmware_templates/runtime/frontend"
ROOMS: Mapping[str, Mapping[str, Any]] = {
    "descriptors": KINDS,
    "functionals": FUNCTIONALS,
    "accumulators": ACCUMULATORS,
}


@pytest.mark.parametrize("room", ROOMS)
def test_table_files_and_page_agree(room: str) -> None:
    entries = ROOMS[room]
    assert [entry.name for entry in entries.values()] == list(entries)
    assert {path.stem for path in (PYTHON / room).glob("*.py")} == {*entries, "__init__"}
    units, headers = ({path.name for path in (C / room).glob(f"*.{end}")} for end in "ch")
    shared = {Path(name).name for entry in entries.values() for name in entry.sources}
    assert units - shared == {f"{name}.c" for name in entries}
    assert headers - shared == {f"ser_{name}.h" for name in entries}
    page = (ROOT / "docs/frontend.md").read_text(encoding="utf-8")
    chapter = page.split(f"\n## {room.capitalize()}\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", chapter, re.MULTILINE) == list(entries)


def test_names_of_all_rooms_differ() -> None:
    names = [name for table in ROOMS.values() for name in table]
    assert len(set(names)) == len(names)


def test_a_kind_comes_after_what_it_needs_and_nothing_after_what_it_consumes() -> None:
    known, gone = set(GIVEN), set[str]()
    for kind in KINDS.values():
        assert set(kind.needs) <= known - gone, kind.name
        assert set(kind.consumes) <= set(kind.needs), kind.name
        known.add(kind.name)
        gone.update(kind.consumes)


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.labels], ids=lambda each: each.name)
def test_every_value_has_a_label_or_none(kind: Kind) -> None:
    sizes = {name: other.usual for name, other in KINDS.items()}
    assert len(set(kind.labels)) == len(kind.labels) == max(kind.sizes(Framing(), sizes))


def test_functionals_need_what_there_is() -> None:
    for functional in FUNCTIONALS.values():
        assert functional.needs and set(functional.needs) <= {*ACCUMULATORS, "shift"}, functional.name


def test_an_accumulator_reads_this_frame_behind_its_writer_and_the_last_before() -> None:
    names = list(ACCUMULATORS)
    assert sorted(ACCUMULATORS.values(), key=lambda each: WHEN.index(each.when)) == list(ACCUMULATORS.values())
    for at, accumulator in enumerate(ACCUMULATORS.values()):
        assert accumulator.needs and set(accumulator.needs) <= {*names, *KINDS, "values", "shift", "frames"}
        for need in set(accumulator.needs) & set(names):
            assert (names.index(need) > at) == (ACCUMULATORS[need].when == "after"), (accumulator.name, need)


@pytest.mark.parametrize("accumulator", ACCUMULATORS.values(), ids=lambda each: each.name)
@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.counted], ids=lambda each: each.name)
def test_what_is_accumulated_fits(kind: Kind, accumulator: Any) -> None:
    assert accumulator.bits(kind.bits) <= accumulator.holds


def test_constants_and_tables_bear_the_name_of_their_kind_or_are_shared() -> None:
    spec = Framing()
    owners: dict[str, list[str]] = {}
    for kind in KINDS.values():
        sizes = {name: other.usual for name, other in KINDS.items()}
        tables, constants = kind.tables(spec, sizes)
        assert all(name.startswith(f"{kind.name.upper()}_") for name in constants), kind.name
        for each in tables:
            owners.setdefault(each.name, []).append(kind.name)
    ground = "".join(path.read_text(encoding="utf-8") for path in C.glob("*.h"))
    for name, kinds in owners.items():
        assert name.startswith(f"ser_{kinds[0]}_") or re.search(rf"\b{name}\[", ground), name


def _text_outside() -> Iterator[tuple[str, str]]:
    """Every text of toolchain and templates but those of the rooms, and the front ends that have a name."""
    for folder, ends in (("toolchain", {".py"}), ("firmware_templates", {".c", ".h", ".in"})):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in ends and path.parent.name not in ROOMS and path.name != "presets.py":
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def test_nobody_else_names_one() -> None:
    kinds = "|".join(KINDS)
    others = "|".join((*FUNCTIONALS, *ACCUMULATORS))
    naming = re.compile(
        rf"\bser_({kinds})(_AT)?\b|[\"'`]({kinds})[\"'`]|\bser_(count_)?({others})\b"
        rf"|\b({'|'.join(ROOMS)})[./]({kinds}|{others})\b",
        re.IGNORECASE,
    )
    assert [(path, match[0]) for path, text in _text_outside() for match in naming.finditer(text)] == []


_TOY_H = """\
#ifndef SER_TOY_H
#define SER_TOY_H
#include "ser_frontend_config.h"
struct ser_toy_state {
    int32_t frames;
};
extern const int16_t ser_toy_weights[2];
void ser_toy(struct ser_toy_state *state, const int16_t pcm[SER_FRAME_LENGTH],
             const int32_t log_mel[SER_LOG_MEL], int32_t values[SER_TOY]);
#endif
"""
_TOY_C = """\
#include "ser_toy.h"
void ser_toy(struct ser_toy_state *state, const int16_t pcm[SER_FRAME_LENGTH],
             const int32_t log_mel[SER_LOG_MEL], int32_t values[SER_TOY])
{
    values[0] = pcm[SER_TOY_PLACE] + ser_toy_weights[0];
    values[1] = log_mel[3] + ser_toy_weights[1];
    values[2] = state->frames++;
}
"""


def _toy_real(framing: Framing, sizes: Sizes, heard: Heard) -> NDArray[np.float64]:
    frames = np.arange(len(heard["pcm"]))
    octaves = np.maximum(heard["log_mel"][:, 3] / (10 * np.log10(2)), -32767 / 1024)
    return np.stack([heard["pcm"][:, 5] * 32 - 1 / 1024, octaves + 2 / 1024, frames / 1024], axis=1)


@pytest.fixture
def table_of_kinds() -> Iterator[dict[str, Kind]]:
    """The table itself, to change; afterwards it is as it was, its order too."""
    assert isinstance(KINDS, dict)
    before = dict(KINDS)
    yield KINDS
    KINDS.clear()
    KINDS.update(before)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch, table_of_kinds: dict[str, Kind]) -> Kind:
    """A kind that no file knows: two files of C and a line of the table."""
    made = Kind(
        name="toy",
        unit="of nothing",
        step=1 / 1024,
        bits=17,
        sizes=lambda framing, sizes: (3,),
        usual=3,
        needs=("pcm", "log_mel"),
        real=_toy_real,
        tables=lambda framing, sizes: ([table("ser_toy_weights", "int16_t", [-1, 2])], {"TOY_PLACE": 5}),
        state="struct ser_toy_state",
        parity=Parity("all", (0.01, 0.01, 0.01), lambda framing, ours, theirs: (ours["toy"], theirs["toy"])),
    )
    added = {
        "runtime/frontend/descriptors/toy.c": _TOY_C,
        "runtime/frontend/descriptors/ser_toy.h": _TOY_H,
    }
    table_of_kinds["toy"] = made
    monkeypatch.setattr(rendered, "runtime_sources", lambda *folders: runtime_sources(*folders) | added)
    return made


def test_one_more_kind_needs_no_more_than_its_files_and_its_line(toy: Kind) -> None:
    log_mel = Descriptor("log_mel", 128, ("deviation",))
    spec = FrontendSpec(descriptors=(Descriptor("toy", 3, ("mean",)), Descriptor("chroma", 12), log_mel))
    pcm = speech_like(6000)
    frontend = Frontend(spec)
    values = frontend.descriptors(pcm)
    frames = len(values["toy"])
    assert values["toy"][:, 0].tolist() == [pcm[256 * frame + 5] - 1 for frame in range(frames)]
    assert (values["toy"][:, 1] == values["log_mel"][:, 3] + 2).all()
    assert values["toy"][:, 2].tolist() == list(range(frames))
    assert spec.feature_names[:4] == ("toy[0].mean", "toy[1].mean", "toy[2].mean", "chroma[0].mean")
    assert frontend.features(pcm).tolist() == summarized(spec, values)
    found = compared(spec)
    compare(frontend, pcm, found)
    assert found["toy"].count == values["toy"].size and found["toy"].largest < 0.01


def test_one_kind_less_leaves_the_others_as_they_were(table_of_kinds: dict[str, Kind]) -> None:
    whole = dict(table_of_kinds)
    for name in whole:
        table_of_kinds.clear()
        table_of_kinds.update(whole)
        rest = {other for other, kind in KINDS.items() if name not in kind.others} - {name}
        kinds = [KINDS[other] for other in sorted(rest) if KINDS[other].counted]
        spec = FrontendSpec(descriptors=tuple(Descriptor(kind.name, kind.usual) for kind in kinds))
        if name in spec.sizes:
            continue
        before = sources(spec)
        del table_of_kinds[name]
        assert sources(spec) == before


def summarized(spec: FrontendSpec, values: Mapping[str, NDArray[np.int32]]) -> list[int]:
    """Features of descriptors by the functionals' truths."""
    others = {kind: of.astype(np.int64) for kind, of in values.items()}
    features: list[int] = []
    for functional, each in spec.summaries:
        kept = others[each.kind]
        utterance = Utterance(spec, KINDS[each.kind].bits, kept, np.ones(len(kept), np.bool_), others)
        features += FUNCTIONALS[functional].truth(utterance).tolist()
    return features


SPARSE = FrontendSpec(
    16000,
    512,
    512,
    (
        Descriptor("chroma", 12, ("deviation",)),
        Descriptor("log_mel", 40, ()),
        Descriptor("mfcc", 13, ("mean", "deviation")),
    ),
)


@pytest.mark.parametrize("spec", [preset("moments"), SPARSE], ids=["moments", "sparse"])
@pytest.mark.parametrize("samples", [1024, 1280, 5000])
def test_features_are_the_truths_of_the_functionals(spec: FrontendSpec, samples: int) -> None:
    frontend = Frontend(spec)
    for pcm in (speech_like(samples), np.full(samples, -32768, np.int16), np.zeros(samples, np.int16)):
        assert frontend.features(pcm).tolist() == summarized(spec, frontend.descriptors(pcm))
