"""The embedded corpus: synthetic speakers who act seven emotions, for where there are no recordings."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool.corpora.clips import Corpus
from sertool.corpora.finding import find
from sertool.corpora.loading import read_folder
from sertool.corpora.manners import MANNERS, NEUTRAL, Manner
from sertool.corpora.sentences import SENTENCES
from sertool.corpora.telling import Telling
from sertool.corpora.voice import RATE, Speaker, utter
from sertool.errors import SertoolError
from sertool.files import staged_folder
from sertool.json_files import json_text, kept_json
from sertool.locations import cache_folder
from sertool.progress import track

# Women's formants lie some 15 % above men's (Peterson and Barney 1952); pitches within the usual ranges.
SPEAKERS = (
    Speaker("M1", 105.0, 1.00),
    Speaker("F1", 205.0, 1.16, breath=2.0),
    Speaker("M2", 125.0, 1.03, jitter=0.2),
    Speaker("F2", 185.0, 1.13),
    Speaker("M3", 95.0, 0.96, breath=1.5, jitter=0.3),
    Speaker("F3", 225.0, 1.19, jitter=0.2),
    Speaker("M4", 140.0, 1.05, breath=-1.0),
    Speaker("F4", 195.0, 1.10, breath=3.0, jitter=0.4),
)

_VERSION = 1
_MARKER = "synthetic.json"


def synthesize(
    folder: str | Path, *, seed: int = 0, speakers: int = len(SPEAKERS), utterances: int = 6
) -> Corpus:
    """Write the synthetic corpus into `folder`, one WAV (16 kHz, 16 bits) per clip, and load it.

    Seven emotions × `speakers` (2 to 8) × `utterances` (1 to 8, each another sentence). The same arguments give
    the same bytes on every machine. A folder that already holds just this corpus is loaded as it is.

    Raises SertoolError if an argument is out of range, or if the folder holds anything but a synthetic corpus.
    """
    for name, value, least, most in (
        ("seed", seed, 0, 2**32 - 1),
        ("speakers", speakers, 2, len(SPEAKERS)),
        ("utterances", utterances, 1, len(SENTENCES)),
    ):
        if not least <= value <= most:
            raise SertoolError(f"cannot synthesize with {name} = {value}", allowed=f"{least} to {most}")
    folder, recipe = Path(folder), _Recipe(True, _VERSION, seed, speakers, utterances)
    if not _holds(folder, recipe):
        _make(folder, recipe)
    return read_folder(find(folder), "synthetic", Telling())


def default_corpus() -> Corpus:
    """Synthesize the default corpus (7 emotions × 8 speakers × 6 sentences, 336 clips), or find it cached."""
    return _cached("synthetic-0", len(SPEAKERS), 6)


def few_utterances() -> Corpus:
    """Synthesize an utterance of each emotion by 2 speakers (14 clips), or find them cached."""
    return _cached("synthetic-few", 2, 1)


def _cached(name: str, speakers: int, utterances: int) -> Corpus:
    folder = cache_folder("corpora") / name
    if kept_json(folder / _MARKER, _Recipe) is None:
        # Whatever lies there in the cache is no corpus, or a damaged one.
        _make(folder, _Recipe(True, _VERSION, 0, speakers, utterances))
    return synthesize(folder, speakers=speakers, utterances=utterances)


@dataclass(frozen=True)
class _Recipe:
    """What a synthetic corpus was made by; the file that tells such a folder from any other."""

    synthetic: bool
    version: int
    seed: int
    speakers: int
    utterances: int


def _holds(folder: Path, recipe: _Recipe) -> bool:
    """Whether `folder` holds the corpus of this recipe; refuse to replace what is not a synthetic corpus."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return False
    found = kept_json(folder / _MARKER, _Recipe)
    if found is None:
        raise SertoolError(
            "this folder holds something that is not a synthetic corpus",
            where=folder,
            hint="name a new or an empty folder",
        )
    return found == recipe


def _make(folder: Path, recipe: _Recipe) -> None:
    try:
        with staged_folder(folder) as stage:
            _write(stage, recipe)
    except SertoolError:
        # Another process may have put the same corpus here in the meantime.
        if not _holds(folder, recipe):
            raise


def _write(stage: Path, recipe: _Recipe) -> None:
    jobs = [
        (emotion, speaker, utterance)
        for emotion in MANNERS
        for speaker in range(recipe.speakers)
        for utterance in range(recipe.utterances)
    ]
    for emotion, speaker, utterance in track(jobs, "synthesizing speech", len(jobs)):
        samples = perform(emotion, speaker, utterance, recipe.seed)
        path = stage / emotion / f"synth_{SPEAKERS[speaker].name}_{emotion}_{utterance + 1:02d}.wav"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(_wav(samples))
    (stage / _MARKER).write_text(json_text(recipe), encoding="utf-8")


def perform(emotion: str, speaker: int, utterance: int, seed: int = 0) -> NDArray[np.int16]:
    """Synthesize one clip: int16 mono at 16 kHz.

    How strongly a clip carries its emotion varies from clip to clip, and each speaker has a habit of their own
    for each emotion, so that emotions overlap.
    """
    place = list(MANNERS).index(emotion)
    habit = _draw(np.random.Generator(np.random.PCG64([seed, 1, place, speaker])), 0.4)
    random = np.random.Generator(np.random.PCG64([seed, 2, place, speaker, utterance]))
    strength = 0.6 + 0.6 * float(random.random())
    manner = NEUTRAL.towards(MANNERS[emotion], strength)
    return utter(
        SENTENCES[utterance], SPEAKERS[speaker], _shift(_shift(manner, habit), _draw(random, 0.85)), random
    )


# One unit of a clip's own variation of each quality of `Manner`, in its order.
_SPREAD = (0.9, 0.2, 0.9, 0.07, 25.0, 1.5, 0.6, 0.15, 1.5, 0.012)


def _draw(random: np.random.Generator, share: float) -> list[float]:
    return [share * spread * (2 * float(random.random()) - 1) * 1.5 for spread in _SPREAD]


def _shift(manner: Manner, by: list[float]) -> Manner:
    moved = [value + change for value, change in zip(vars(manner).values(), by, strict=True)]
    pitch, pitch_range, slope, rate, pause, level, tilt, jitter, breath, formants = moved
    return Manner(
        pitch,
        max(0.2, pitch_range),
        slope,
        max(0.5, rate),
        max(15.0, pause),
        level,
        tilt,
        max(0.1, jitter),
        breath,
        formants,
    )


def _wav(samples: NDArray[np.int16]) -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.astype("<i2").tobytes())
    return stream.getvalue()
