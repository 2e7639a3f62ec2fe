"""F0 and voicing beside librosa's pyin and yin, beside float64, and what they cost: benchmarks/pitch.json.

    SERTOOL_CORPORA=... python benchmarks/pitch.py

Twenty clips of each corpus, drawn with a fixed seed. pyin (Mauch and Dixon 2014) looks at the whole clip; ours
knows no later frame. Instructions are counted on emulated cores. What cannot be measured here stays in the file
as it was.
"""

# ruff: noqa: E402
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from frontend import CORPORA, STATE, paths, samples
from keeping import attempt, left_as_it_is, standing
from numpy.typing import NDArray

from sertool.compilers import compiler_version, cross_tool
from sertool.cores import EMULATED
from sertool.corpora.synthesis import perform
from sertool.engines.cortex_m import CortexM, bare_elf
from sertool.files import write_atomic
from sertool.frontend import Descriptor, Frontend, FrontendSpec, sources
from sertool.frontend.parity import reference
from sertool.progress import track

KINDS = ("f0", "voicing", "harmonicity")
SPEC = FrontendSpec(descriptors=tuple(Descriptor(kind, 1) for kind in KINDS))
CLIPS = 20
#: Hz that librosa looks in, those of ours.
LOWEST, HIGHEST = 57.0, 500.0
#: Octaves: 5 %.
CLOSE = np.log2(1.05)
#: Frames of the synthetic voice that are counted.
FRAMES = 80
TABLES = ("ser_correlate_units", "ser_correlate_twiddles", "ser_pitch_window", "ser_log_table")
#: Instructions of a frame that pitch is meant to stay below.
GOALS = {"cortex-m4": 15_000, "cortex-m0": 45_000}

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    found = {name: attempt(name, functools.partial(paths, name, 1)) for name in CORPORA}
    result = standing(options.output, {}) | {"spec": SPEC.to_dict(), "goals": GOALS}
    if absent := [name for name in CORPORA if not found[name]]:
        left_as_it_is("agreement", f"no {', '.join(absent)} below SERTOOL_CORPORA")
    else:
        drawn = {name: draw(clips or []) for name, clips in found.items()}
        result |= attempt("agreement", lambda: {"agreement": agreement(drawn)}) or {}
    result |= attempt("cores", cores) or {}
    write_atomic(options.output, json.dumps(result, indent=2) + "\n")


def draw(clips: Sequence[Path]) -> list[Path]:
    chosen = np.random.default_rng(0).permutation(len(clips))[:CLIPS]
    return [clips[index] for index in sorted(chosen.tolist())]


def agreement(drawn: Mapping[str, Sequence[Path]]) -> dict[str, Any]:
    """Compare frame by frame: rows of each corpus."""
    frontend = Frontend(SPEC)
    rows = {}
    for name, clips in drawn.items():
        tracks = [compare(frontend, path) for path in track(clips, f"Pitch, {name}", total=len(clips))]
        ours, truth, yin, pyin = (np.concatenate(column) for column in zip(*tracks, strict=True))
        rows[name] = {"clips": len(clips), "frames": len(ours)} | figures(ours, truth, yin, pyin)
        print(name, rows[name], flush=True)
    return rows


def compare(frontend: Frontend, path: Path) -> tuple[Floats, Floats, Floats, Floats]:
    """F0 in Hz of each frame by ours, by float64, by yin and by pyin; 0 where unvoiced."""
    import librosa

    pcm = samples(path)
    own = [
        np.where(f0 > 0, 27.5 * 2 ** (f0 / 12), 0)[:, 0]
        for f0 in (frontend.real_units(pcm)["f0"], reference(pcm, SPEC)["f0"])
    ]
    framing = {"sr": SPEC.sample_rate, "frame_length": SPEC.frame_length, "hop_length": SPEC.hop_length}
    sound = (pcm / np.float32(32768)).astype(np.float32)
    yin = librosa.yin(sound, fmin=LOWEST, fmax=HIGHEST, center=False, **framing)
    pyin, _, _ = librosa.pyin(sound, fmin=LOWEST, fmax=HIGHEST, center=False, fill_na=0.0, **framing)
    return own[0], own[1], yin[: len(own[0])], pyin[: len(own[0])]


def figures(ours: Floats, truth: Floats, yin: Floats, pyin: Floats) -> dict[str, float]:
    """Parts of frames; a frame is steady where pyin's F0 is there and moves less than 3 % to both sides."""
    both, kept = (pyin > 0) & (ours > 0), (ours > 0) & (truth > 0)
    moves = np.abs(octaves(pyin[1:], pyin[:-1], (pyin[1:] > 0) & (pyin[:-1] > 0)))
    still = np.pad(moves < np.log2(1.03), 1)
    steady = both & still[1:] & still[:-1]
    from_pyin, from_yin = octaves(ours, pyin, both), octaves(ours, yin, both)
    from_truth = np.abs(octaves(ours, truth, kept))
    return {
        "voiced_by_pyin": float((pyin > 0).mean()),
        "voiced_by_ours": float((ours > 0).mean()),
        "voicing_as_pyin": float(((ours > 0) == (pyin > 0)).mean()),
        "voiced_by_pyin_and_ours": part(ours > 0, pyin > 0),
        "f0_as_pyin": part(np.abs(from_pyin) < CLOSE, both),
        "f0_as_pyin_where_steady": part(np.abs(from_pyin) < CLOSE, steady),
        "f0_as_yin": part(np.abs(from_yin) < CLOSE, both),
        "yin_as_pyin": part(np.abs(octaves(yin, pyin, both)) < CLOSE, both),
        "octave_up": part(from_pyin > 0.5, both),
        "octave_down": part(from_pyin < -0.5, both),
        "voicing_as_float64": float(((ours > 0) == (truth > 0)).mean()),
        "f0_as_float64": part(from_truth < CLOSE, kept),
        "cents_from_float64": float(1200 * from_truth[kept & (from_truth < CLOSE)].mean()),
    }


def octaves(one: Floats, other: Floats, among: Flags) -> Floats:
    """How far `one` is above `other`, infinitely where a frame is not `among` those that have both."""
    return np.where(among, np.log2(np.where(among, one, 1) / np.where(among, other, 1)), np.inf)


def part(flags: Flags, among: Flags) -> float:
    return float(flags[among].mean())


def cores() -> dict[str, Any]:
    """Count on every core; the compiler that its figures are of."""
    return {"cores": {core: count(core) for core in EMULATED}, "compiler": compiler_version(cross_tool("gcc"))}


def count(core: str) -> dict[str, Any]:
    """Instructions of a frame of a synthetic voice, mean and largest; bytes of state, stack and tables."""
    pcm = perform("anger", 1, 0)
    expected = Frontend(SPEC).descriptors(pcm)
    elf = bare_elf("pitch-benchmark", {**sources(SPEC), "state.c": STATE}, core)
    counts: dict[str, list[int]] = {}
    stack, exact = 0, True
    with CortexM(elf, core) as emulated:
        state = emulated.buffer(np.zeros(2, np.int32))
        frame, work = emulated.buffer(2 * SPEC.frame_length), emulated.buffer(4 * (SPEC.frame_length + 4))
        pitch, value = emulated.buffer(8), emulated.buffer(4)

        def call(function: str, *arguments: int) -> int:
            nonlocal stack
            result = emulated.call(f"ser_{function}", *arguments)
            counts.setdefault(function, []).append(emulated.instructions)
            if function in ("pitch", *KINDS):
                stack = max(stack, emulated.stack)
            return result

        for index in range(FRAMES):
            emulated.write(frame, pcm[index * SPEC.hop_length :][: SPEC.frame_length])
            peak = 0
            for at in range(0, SPEC.frame_length, SPEC.hop_length):
                peak |= call("peak", frame + 2 * at)
            gain = 16 - peak.bit_length()
            call("window_pass", frame, gain, work)
            call("fft", work)
            call("power", work)
            call("pitch", state, work, gain, pitch)
            for kind, given in {"f0": pitch, "voicing": pitch, "harmonicity": work}.items():
                call(kind, given, value)
                exact &= int(emulated.read(value, np.int32, 1)[0]) == int(expected[kind][index, 0])
        symbols = emulated.symbols.values()
    ours = {kind: counts[kind] for kind in ("pitch", *KINDS)}
    result = {
        "exact": exact,
        "instructions_per_frame": {kind: round(sum(each) / FRAMES) for kind, each in ours.items()},
        "most_instructions_per_frame": {kind: max(each) for kind, each in ours.items()},
        "state_bytes": 8,
        "stack_bytes": stack,
        "table_bytes": sum(symbol.size for symbol in symbols if symbol.name in TABLES),
    }
    print(core, result, flush=True)
    return result


if __name__ == "__main__":
    main()
