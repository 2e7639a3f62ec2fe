"""What the built model hears in a recording: the integers that the chip computes, on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sertool.answers import Certainty, Doubt, Enrolment, doubts_of_sound, enroll, standardized
from sertool.errors import SertoolError, printable
from sertool.graph import Role, reference
from sertool.project import BuildFolder, Project
from sertool.stages.built_model import Model, load_model
from sertool.stages.hearing import judged, utterances
from sertool.stages.recordings import kept_files
from sertool.standardization import Speaker


@dataclass(frozen=True)
class Heard:
    """One recording's label, whether to believe it, and probabilities (multiples of 1/256) by label."""

    path: Path
    label: str
    certainty: Certainty
    doubts: Doubt
    probabilities: dict[str, float]

    @property
    def confidence(self) -> float:
        """Probability of the label."""
        return self.probabilities[self.label]

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {
            "file": printable(self.path),
            "label": self.label,
            "answer": self.certainty.told,
            "doubts": self.doubts.told,
            "probabilities": self.probabilities,
        }


def classify(
    folder: BuildFolder,
    files: Sequence[Path],
    *,
    project: Project | None = None,
    one_speaker: bool = False,
    enrolled: Sequence[Path] = (),
) -> tuple[Heard, ...]:
    """Classify audio files with the model of a build folder; `project` may say to leave bad ones out.

    A model that follows its speaker hears each file as the first of somebody new; with `one_speaker` as what
    one person says, one after the other. Where speakers enrol, whoever says all files has done so with the
    audio files `enrolled`. Raises SertoolError for a missing or damaged model, for audio that cannot be read or
    holds no frame, for `one_speaker` with a model that does not follow by all that is heard, and for `enrolled`
    files that nobody can enrol with.
    """
    model = load_model(folder)
    files = kept_files(files, project or Project(), model.spec)
    if one_speaker and not model.standardizer.running:
        raise SertoolError(
            "the model follows nobody: that one person speaks would decide nothing",
            where="one_speaker",
            allowed="models that were trained with the standardization running",
        )
    known = _known(model, enrolled) if enrolled else None
    heard = utterances(files, model)
    speakers = [heard] if one_speaker else heard.singly()
    inputs = np.concatenate([standardized(model.spec, model.standardizer, each, known) for each in speakers])
    trace, roles = reference.run(model.graph, inputs), model.graph.roles
    return tuple(
        Heard(
            path,
            model.graph.labels[int(label)],
            Certainty(certainty),
            Doubt(doubts),
            {name: (int(code) + 128) / 256 for name, code in zip(model.graph.labels, codes, strict=True)},
        )
        for path, label, (certainty, doubts), codes in zip(
            files,
            trace[roles[Role.LABEL]][:, 0],
            judged(model, heard, inputs, trace).tolist(),
            trace[roles[Role.PROBABILITIES]],
            strict=True,
        )
    )


def _known(model: Model, files: Sequence[Path]) -> Speaker:
    """What the model knows of who enrols with these audio files, in their order."""
    speaker, wanted = Speaker.unknown(model.spec.features), model.standardizer.enrolled
    if wanted is None:
        raise SertoolError(
            "nobody enrols with this model",
            where="enrolled",
            allowed="models that were trained with the standardization enrolled",
        )
    if len(files) > wanted.most:
        raise SertoolError(
            f"a speaker cannot enrol with {len(files)} utterances",
            where="enrolled",
            allowed=f"at most {wanted.most}",
        )
    heard = utterances(files, model)
    for path, features, sound in zip(files, heard.features, heard.sounds, strict=True):
        if enroll(model.spec, model.standardizer, features, sound, speaker) is Enrolment.UNSUITABLE:
            raise SertoolError(
                f"nobody can enrol with this: {', '.join(doubts_of_sound(model.spec, sound).told)}",
                where=path,
                allowed="a neutral voice whose sound leaves no doubt",
            )
    return speaker
