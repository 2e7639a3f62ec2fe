"""What a built model hears in audio files, one after another, as a device does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool import corpora
from sertool.answers import Utterances, certainty_of, doubts_of_labels, doubts_of_sound, utterance
from sertool.frontend import Frontend, Sound, TooShort
from sertool.graph import Role
from sertool.graph.tensors import Values
from sertool.progress import track
from sertool.stages.built_model import Model


def utterances(paths: Sequence[Path], model: Model) -> Utterances:
    """Hear audio files. Raises SertoolError, naming the file, for one that is damaged or has no whole frame."""
    frontend = Frontend(model.spec)
    return Utterances.of(_utterance(path, frontend) for path in track(paths, "Sounds", len(paths)))


def judged(
    model: Model, heard: Utterances, inputs: NDArray[np.int8], trace: Mapping[str, Values]
) -> NDArray[np.int32]:
    """Certainty and doubts of each answer, int32 (n, 2); `trace` is what the model gave for `inputs`."""
    roles = model.graph.roles
    probabilities, labels = trace[roles[Role.PROBABILITIES]], trace[roles[Role.LABEL]][:, 0]
    of_labels = doubts_of_labels(model.rule, inputs, probabilities.astype(np.int8), labels.astype(np.int32))
    of_sounds = [doubts_of_sound(model.spec, sound) for sound in heard.sounds]
    doubts = [about | int(of) for about, of in zip(of_sounds, of_labels, strict=True)]
    return np.array([[certainty_of(each), each] for each in doubts], np.int32)


def _utterance(path: Path, frontend: Frontend) -> tuple[NDArray[np.int32], Sound]:
    pcm = corpora.read_pcm(path, frontend.spec.sample_rate).samples
    try:
        return utterance(frontend, pcm)
    except TooShort as error:
        raise TooShort(error.what, where=path, allowed=error.allowed, hint=error.hint) from error
