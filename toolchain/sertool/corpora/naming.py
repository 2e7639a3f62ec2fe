"""How the known corpora name their files: one rule a corpus, from a path to speaker, emotion, sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath


@dataclass(frozen=True)
class Name:
    """What a file's name tells. Two files of one corpus with the same `clip` are copies of each other."""

    speaker: str
    emotion: str
    sentence: str
    clip: str


Rule = Callable[[PurePath], "Name | None"]

_EMODB = re.compile(r"(?P<speaker>\d\d)(?P<sentence>[ab]\d\d)(?P<emotion>[WLEAFTN])[a-z]?")
_EMODB_EMOTIONS = {
    "W": "anger",  # Ärger (Wut)
    "L": "boredom",  # Langeweile
    "E": "disgust",  # Ekel
    "A": "fear",  # Angst
    "F": "happiness",  # Freude
    "T": "sadness",  # Trauer
    "N": "neutral",
}
_RAVDESS = re.compile(r"(\d\d)-(\d\d)-(0[1-8])-(\d\d)-(\d\d)-(\d\d)-(\d\d)")
_RAVDESS_EMOTIONS = ("neutral", "calm", "happiness", "sadness", "anger", "fear", "disgust", "surprise")
_SAVEE = re.compile(r"(?:(?P<speaker>DC|JE|JK|KL)_)?(?P<sentence>(?P<emotion>sa|su|a|d|f|h|n)\d\d)")
_SAVEE_EMOTIONS = {
    "a": "anger",
    "d": "disgust",
    "f": "fear",
    "h": "happiness",
    "n": "neutral",
    "sa": "sadness",
    "su": "surprise",
}
# One of the owner's files, OA_bite_neutral, lacks the F of its speaker.
_TESS = re.compile(r"(?P<speaker>[OY])AF?_(?P<sentence>[a-z]+)_(?P<emotion>[a-z]+)", re.IGNORECASE)
_TESS_EMOTIONS = {
    "angry": "anger",
    "disgust": "disgust",
    "fear": "fear",
    "happy": "happiness",
    "neutral": "neutral",
    "ps": "surprise",  # pleasant surprise
    "sad": "sadness",
}
# One of the owners' files, 1040_ITH_SAD_X, lacks an X of its level.
_CREMAD = re.compile(
    r"(?P<speaker>1\d{3})_(?P<sentence>[A-Z]{3})_(?P<emotion>ANG|DIS|FEA|HAP|NEU|SAD)_(?:LO|MD|HI|XX?)"
)
_CREMAD_EMOTIONS = {
    "ANG": "anger",
    "DIS": "disgust",
    "FEA": "fear",
    "HAP": "happiness",
    "NEU": "neutral",
    "SAD": "sadness",
}
_SYNTHETIC = re.compile(r"synth_(?P<speaker>[FM]\d)_(?P<emotion>[a-z]+)_(?P<sentence>\d\d)")


def emodb(path: PurePath) -> Name | None:
    """`03a01Fa`: speaker, sentence, first letter of the German emotion, version."""
    found = _EMODB.fullmatch(path.stem)
    return found and Name(
        found["speaker"], _EMODB_EMOTIONS[found["emotion"]], found["sentence"], path.stem.lower()
    )


def ravdess(path: PurePath) -> Name | None:
    """`03-01-06-02-01-01-07`: modality, channel, emotion, intensity, statement, repetition, actor."""
    found = _RAVDESS.fullmatch(path.stem)
    return found and Name(f"Actor_{found[7]}", _RAVDESS_EMOTIONS[int(found[3]) - 1], found[5], path.stem)


def ravdess_speech(path: PurePath) -> bool:
    """Whether a RAVDESS name says audio only (modality 03) and speech (channel 01)."""
    return path.stem.startswith("03-01-")


def savee(path: PurePath) -> Name | None:
    """`DC_a01`, or `a01` in a folder `DC`: speaker, emotion, sentence number within the emotion."""
    found = _SAVEE.fullmatch(path.stem)
    if found is None:
        return None
    speaker = found["speaker"] or path.parent.name
    if speaker not in ("DC", "JE", "JK", "KL"):
        return None
    return Name(speaker, _SAVEE_EMOTIONS[found["emotion"]], found["sentence"], f"{speaker}_{found['sentence']}")


def tess(path: PurePath) -> Name | None:
    """`OAF_back_fear`: older or younger actress, word, emotion (folders vary in spelling and are not read)."""
    found = _TESS.fullmatch(path.stem)
    emotion = found and _TESS_EMOTIONS.get(found["emotion"].lower())
    if found is None or emotion is None:
        return None
    speaker, word = f"{found['speaker'].upper()}AF", found["sentence"].lower()
    return Name(speaker, emotion, word, f"{speaker}_{word}_{emotion}")


def cremad(path: PurePath) -> Name | None:
    """`1001_DFA_ANG_XX`: speaker, sentence, emotion, level (low, medium, high, unspecified)."""
    found = _CREMAD.fullmatch(path.stem)
    return found and Name(
        found["speaker"], _CREMAD_EMOTIONS[found["emotion"]], found["sentence"], path.stem.rstrip("X")
    )


def synthetic(path: PurePath) -> Name | None:
    """`synth_F1_anger_03`: speaker, emotion, sentence; what `synthesize` writes."""
    found = _SYNTHETIC.fullmatch(path.stem)
    return found and Name(found["speaker"], found["emotion"], found["sentence"], path.stem)


RULES: dict[str, Rule] = {
    "emodb": emodb,
    "ravdess": ravdess,
    "savee": savee,
    "tess": tess,
    "cremad": cremad,
    "synthetic": synthetic,
}

# Of two copies of a clip the one without losses counts.
_LOSSY = (".mp3", ".ogg", ".oga", ".opus")


def named(files: Iterable[Path], kind: str) -> tuple[dict[Path, Name], list[Path]]:
    """What the names of `kind` tell, file by file, and the files that repeat another one's clip.

    Popular downloads hold the whole corpus a second time in a nested folder: the outer one counts.
    """
    clips: dict[str, tuple[Path, Name]] = {}
    copies = []
    for path in sorted(files, key=lambda path: (len(path.parts), path.suffix.lower() in _LOSSY)):
        name = RULES[kind](path)
        if name is None:
            continue
        if name.clip in clips:
            copies.append(path)
        else:
            clips[name.clip] = (path, name)
    return dict(clips.values()), copies


EXAMPLES = {
    "emodb": "wav/03a01Fa.wav",
    "ravdess": "Actor_01/03-01-06-01-02-01-01.wav",
    "savee": "AudioData/DC/a01.wav or DC_a01.wav",
    "tess": "OAF_Fear/OAF_back_fear.wav",
    "cremad": "AudioWAV/1001_DFA_ANG_XX.wav",
    "synthetic": "anger/synth_F1_anger_03.wav",
}

#: Of the published corpora.
SPEAKERS = {"emodb": 10, "ravdess": 24, "savee": 4, "tess": 2, "cremad": 91}
