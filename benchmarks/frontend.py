"""The front end's accuracy, speed, instructions and bytes: benchmarks/frontend.json.

    SERTOOL_CORPORA=... python benchmarks/frontend.py

Accuracy against the same definitions in float64, and speed beside librosa, on the corpora that SERTOOL_CORPORA
has; instructions are counted on emulated cores. Executed instructions, not cycles. What cannot be measured
here stays in the file as it was.
"""

# ruff: noqa: E402
from __future__ import annotations

import os

# One thread each, so that speeds compare; set before numpy is loaded.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import functools
import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from keeping import attempt, left_as_it_is, standing
from numpy.typing import NDArray

from sertool import corpora
from sertool.compilers import compiler_version, cross_tool
from sertool.cores import EMULATED
from sertool.engines.cortex_m import CortexM, bare_elf
from sertool.files import write_atomic
from sertool.frontend import Frontend, FrontendSpec, preset, sources
from sertool.frontend.layout import layout
from sertool.frontend.parity import Differences, compare, compared
from sertool.progress import track

CORPORA = ("emodb", "savee", "ravdess", "tess")
GOALS = {
    "parity": {
        "log_mel": {"mean": 0.002, "p99.9": 0.02, "max": 0.06},
        "mfcc": {"mean": 0.006, "p99.9": 0.15, "max": 0.5},
        "chroma": {"mean": 0.001, "max": 0.005},
    },
    "times_librosa": 3.0,
    "instructions_per_second": {"cortex-m4": 5.0e6, "cortex-m3": 6.0e6, "cortex-m0": 16e6},
    "ram_bytes": 10_000,
    "table_bytes": 14_000,
}
#: One second of audio, the same framing: CMSIS-DSP 1.10.3, MFCC alone, counted in the same emulator.
PEERS = {
    "arm_mfcc_f32": {"cortex-m4": 6.84e6, "cortex-m3": 150e6, "cortex-m0": 287e6},
    "arm_mfcc_q31": {"cortex-m4": 13.6e6, "cortex-m3": 13.7e6, "cortex-m0": 103e6},
    "arm_mfcc_q15": {"cortex-m4": 10.0e6, "cortex-m3": 13.9e6, "cortex-m0": 53.4e6},
}
STATE = """\
#include "ser_frontend.h"
extern struct ser_frontend state;
struct ser_frontend state;
"""

#: More than any descriptor's state.
STATE_BYTES = 4096

Pcm = NDArray[np.int16]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".json"))
    parser.add_argument("--every", type=int, default=1, help="take every n-th clip of each corpus")
    options = parser.parse_args()
    spec = preset("moments")
    given = {name: attempt(name, functools.partial(paths, name, options.every)) for name in CORPORA}
    found = {name: clips for name, clips in given.items() if clips}
    result = standing(options.output, {})
    result |= {"spec": spec.to_dict(), "goals": GOALS, "peers": PEERS}
    if absent := [name for name in CORPORA if name not in found]:
        # Both are of all corpora together: of some of them they would say something else.
        left_as_it_is("parity, speed", f"no {', '.join(absent)} below SERTOOL_CORPORA")
    else:
        clips = [clip for clips in found.values() for clip in thin(clips, 30)]
        result |= attempt("parity", lambda: {"parity": parity(spec, found)}) or {}
        result |= attempt("speed", lambda: {"speed": speed(spec, clips)}) or {}
    result |= attempt("cores", lambda: cores(spec)) or {}
    write_atomic(options.output, json.dumps(result, indent=2) + "\n")


def cores(spec: FrontendSpec) -> dict[str, Any]:
    """Count on every core; the compiler that its figures are of."""
    return {
        "cores": {core: count(spec, core) for core in EMULATED},
        "compiler": compiler_version(cross_tool("gcc")),
    }


def paths(name: str, every: int) -> list[Path]:
    """Clips of a corpus; none where it is absent."""
    root = Path(os.environ.get("SERTOOL_CORPORA", "")) / name
    if "SERTOOL_CORPORA" not in os.environ or not root.is_dir():
        return []
    return [clip.path for clip in corpora.load(root).clips][::every]


def thin(clips: Sequence[Path], most: int) -> Sequence[Path]:
    return clips[:: max(1, len(clips) // most)][:most]


def samples(path: Path) -> Pcm:
    return corpora.read_pcm(path, 16000).samples


def parity(spec: FrontendSpec, found: Mapping[str, Sequence[Path]]) -> dict[str, Any]:
    """Differences from float64 per corpus and in total."""
    frontend = Frontend(spec)

    def one(path: Path) -> dict[str, Differences]:
        differences = compared(spec)
        compare(frontend, samples(path), differences)
        return differences

    rows: dict[str, Any] = {}
    total = compared(spec)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, clips in found.items():
            corpus = compared(spec)
            for differences in track(pool.map(one, clips), f"Parity, {name}", total=len(clips)):
                for kind, seen in differences.items():
                    corpus[kind] += seen
                    total[kind] += seen
            rows[name] = {"clips": len(clips)} | {kind: seen.to_dict() for kind, seen in corpus.items()}
            print(name, summary(corpus), flush=True)
    rows["all"] = {"clips": sum(len(clips) for clips in found.values())}
    rows["all"] |= {kind: seen.to_dict() for kind, seen in total.items()}
    print("all", summary(total), flush=True)
    return rows


def summary(differences: Mapping[str, Differences]) -> str:
    return ", ".join(
        f"{kind} {d.mean:.5f} / {d.quantile(0.999):.4f} / {d.largest:.4f}" for kind, d in differences.items()
    )


def speed(spec: FrontendSpec, clips: Sequence[Path]) -> dict[str, Any]:
    """Milliseconds for a second of audio: ours and librosa's on one thread in turn, then ours on all cores."""
    frontend = Frontend(spec)
    sounds = [samples(path) for path in clips]
    seconds = sum(map(len, sounds)) / spec.sample_rate
    floats = [(sound / np.float32(32768)).astype(np.float32) for sound in sounds]
    with_librosa(floats[0], spec)

    def everywhere() -> None:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(frontend.features, sounds))

    times: dict[str, list[float]] = {"ours": [], "librosa": [], "ours_all_cores": []}
    for _ in range(5):
        times["ours"].append(timed(lambda: [frontend.features(sound) for sound in sounds]))
        times["librosa"].append(timed(lambda: [with_librosa(sound, spec) for sound in floats]))
        times["ours_all_cores"].append(timed(everywhere))
    best = {name: min(runs) / seconds * 1e3 for name, runs in times.items()}
    result = {
        "clips": len(clips),
        "seconds_of_audio": seconds,
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "ms_per_second_of_audio": best,
        "times_librosa": best["librosa"] / best["ours"],
        "times_librosa_all_cores": best["librosa"] / best["ours_all_cores"],
    }
    print(f"{result['times_librosa']:.2f} times librosa on one thread, {best}", flush=True)
    return result


def with_librosa(sound: NDArray[np.float32], spec: FrontendSpec) -> list[NDArray[Any]]:
    """Compute the same features by librosa, its short-time transform shared by all descriptors."""
    import librosa

    frame, hop = spec.frame_length, spec.hop_length
    power = np.abs(librosa.stft(sound, n_fft=frame, hop_length=hop, center=False)) ** 2
    mel = librosa.feature.melspectrogram(S=power, sr=spec.sample_rate, n_mels=spec.size("log_mel"))
    log_mel = librosa.power_to_db(mel, top_db=None)
    mfcc = librosa.feature.mfcc(S=log_mel, n_mfcc=spec.size("mfcc"))
    chroma = librosa.feature.chroma_stft(S=power, sr=spec.sample_rate, tuning=0)
    values = (mfcc, chroma, log_mel)
    return [value.mean(axis=1) for value in values] + [value.std(axis=1) for value in values]


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def voice(length: int, rate: int) -> Pcm:
    """Harmonics of a gliding pitch over a little noise: counts hardly depend on the sound."""
    at = np.arange(length) / rate
    phase = 2 * np.pi * np.cumsum(140 + 40 * np.sin(2 * np.pi * 2 * at)) / rate
    sound = sum(np.sin(k * phase) / k for k in range(1, 30)) / 4
    noise = np.random.default_rng(0).standard_normal(length) * 0.003
    return np.round(np.clip(sound + noise, -1, 1) * 20000).astype(np.int16)


def count(spec: FrontendSpec, core: str) -> dict[str, Any]:
    """Instructions for a second of audio, in all and by stage; bytes of state, stack, tables and code."""
    frames = 16
    pcm = voice(spec.frame_length + frames * spec.hop_length, spec.sample_rate)
    per_second = spec.sample_rate / spec.hop_length
    elf = bare_elf("frontend-benchmark", {**sources(spec), "state.c": STATE}, core)
    with CortexM(elf, core) as emulated:
        state, features = emulated.address("state"), emulated.buffer(4 * spec.features)
        place = emulated.buffer(pcm)
        emulated.call("ser_frontend_reset", state)
        emulated.call("ser_frontend_push", state, place, spec.frame_length)
        emulated.call("ser_frontend_push", state, place + 2 * spec.frame_length, frames * spec.hop_length)
        whole, stack = emulated.instructions / frames, emulated.stack
        emulated.call("ser_frontend_finish", state, features)
        finish = emulated.instructions
        exact = np.array_equal(emulated.read(features, np.int32, spec.features), Frontend(spec).features(pcm))
        stages = count_stages(spec, emulated, pcm[: spec.frame_length])
        symbols = emulated.symbols.values()
        ours = [symbol for symbol in symbols if symbol.name.startswith("ser_")]
        result = {
            "exact": exact,
            "instructions_per_second": round(whole * per_second),
            "instructions_per_frame": round(whole),
            "instructions_per_frame_by_stage": stages | {"framing": round(whole) - sum(stages.values())},
            "instructions_of_finish": finish,
            "ram_bytes": emulated.symbol("state").size,
            "stack_bytes": stack,
            "table_bytes": sum(symbol.size for symbol in ours if not symbol.function),
            "code_bytes": sum(symbol.size for symbol in symbols if symbol.function),
        }
    print(core, f"{whole * per_second / 1e6:.3f} M/s", result, flush=True)
    return result


def count_stages(spec: FrontendSpec, emulated: CortexM, frame: Pcm) -> dict[str, int]:
    """Instructions of each stage of one frame, called one by one."""
    plan = layout(spec)
    work, values = emulated.buffer(4 * (spec.frame_length + 4)), emulated.buffer(4 * plan.stored)
    given = {"pcm": emulated.buffer(frame), "power": work}
    peak = emulated.call("ser_peak", given["pcm"])
    stages = {"peak": emulated.instructions}
    given["gain"] = 16 - peak.bit_length()
    given |= {place.kind.name: values + 4 * place.at for place in plan.places}
    calls = {
        "window_pass": [given["pcm"], given["gain"], work],
        "fft": [work],
        "power": [work],
        **{
            kind.name: [
                *([emulated.buffer(STATE_BYTES)] if kind.state else []),
                *(given[name] for name in (*kind.needs, kind.name)),
            ]
            for kind in spec.computed
        },
        "count": [emulated.address("state")],
    }
    for stage, arguments in calls.items():
        emulated.call(f"ser_{stage}", *arguments)
        stages[stage] = emulated.instructions
    return stages


if __name__ == "__main__":
    main()
