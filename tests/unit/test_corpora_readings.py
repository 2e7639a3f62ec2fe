"""Folders that can be read in one way, which is taken and said."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from folder_trees import ACTORS, CREMAD, EACH, LABELS, RAVDESS, basic, counts, grid, tree
from sertool.corpora import load

READ = {
    "labels": (grid("{e}/{k}.wav", e=LABELS, k=EACH), basic(3), {"unknown"}, None, ""),
    "speaker above label": (
        grid("{s}/{e}/{k}.wav", s=("0001", "0002"), e=LABELS, k=EACH),
        basic(6),
        {"0001", "0002"},
        None,
        "read as corpus.layout = 'speaker/label': speakers: 0001, 0002; labels: Angry, Happy, Sad",
    ),
    "worded speakers above label": (
        grid("spk_{s}/{e}/{k}.wav", s=(1, 2), e=LABELS, k=EACH),
        basic(6),
        {"spk_1", "spk_2"},
        None,
        "read as corpus.layout = 'speaker/label'",
    ),
    "speaker, label, part": (
        grid("{s}/{e}/{p}/{k}.wav", s=("0001", "0002"), e=LABELS, p=("train", "evaluation", "test"), k=EACH),
        basic(18),
        {"0001", "0002"},
        {"train": 18, "validation": 18, "test": 18},
        "parts: evaluation, test, train",
    ),
    "parts above labels": (
        grid("{p}/{e}/{k}.wav", p=("train", "val", "test"), e=LABELS, k=EACH),
        basic(9),
        {"unknown"},
        {"train": 9, "validation": 9, "test": 9},
        "read as corpus.layout = 'part/label': parts: test, train, val",
    ),
    "training and dev": (
        grid("{p}/{s}/{e}/{k}.wav", p=("Training", "DEV", "eval"), s=("F01", "M02"), e=LABELS, k=EACH),
        basic(18),
        {"F01", "M02"},
        {"train": 18, "validation": 18, "test": 18},
        "corpus.layout = 'part/speaker/label'",
    ),
    "numbers below labels": (
        grid("{e}/{s}/{k}.wav", e=LABELS, s=("0001", "0002"), k=EACH),
        basic(6),
        {"0001", "0002"},
        None,
        "read as corpus.layout = 'label/speaker': labels: Angry, Happy, Sad; speakers: 0001, 0002",
    ),
    "numbers that come back under no other label": (
        [f"{e}/{10 * i + k}/x.wav" for i, e in enumerate(LABELS) for k in range(3)],
        basic(3),
        {"unknown"},
        None,
        "",
    ),
    "persons below labels": (
        grid("{e}/{s}/{k}.wav", e=LABELS, s=("alice", "bob"), k=EACH),
        basic(6),
        {"unknown"},
        None,
        "alice, bob come back below several labels: if they speak, say corpus.layout = 'label/speaker'",
    ),
    "one folder that holds it": (
        grid("stuff/{e}/{k}.wav", e=LABELS, k=EACH),
        basic(3),
        {"unknown"},
        None,
        "read as corpus.layout = '*/label': passed over: stuff",
    ),
    "audio and video": (
        grid("{a}/{e}/{k}.wav", a=("audio", "video"), e=LABELS, k=EACH),
        basic(6),
        {"unknown"},
        None,
        "passed over: audio, video",
    ),
    "sessions": (
        grid("session{a}/{e}/{k}.wav", a=(1, 2), e=LABELS, k=EACH),
        basic(6),
        {"unknown"},
        None,
        "passed over: session1, session2",
    ),
    "gender above labels": (
        grid("{g}/{e}/{k}.wav", g=("male", "female"), e=LABELS, k=EACH),
        basic(6),
        {"unknown"},
        None,
        "passed over: female, male",
    ),
    "gender and speakers": (
        grid("{e}/{g}/{s}/{k}.wav", e=LABELS, g=("male", "female"), s=("s1", "s2"), k=EACH),
        basic(12),
        {"s1", "s2"},
        None,
        "corpus.layout = 'label/*/speaker'",
    ),
    "numbered labels": (
        grid("{e}/{k}.wav", e=("01_angry", "02-happy", "3 sad"), k=EACH),
        basic(3),
        {"unknown"},
        None,
        "labels read as: 01_angry as anger; 02-happy as happiness; 3 sad as sadness",
    ),
    "two languages": (
        grid("{e}/{k}.wav", e=("Wut", "anger", "Freude", "happy", "tristesse"), k=EACH),
        {"anger": 6, "happiness": 6, "sadness": 3},
        {"unknown"},
        None,
        "labels read as: Freude and happy as happiness; Wut and anger as anger; tristesse as sadness",
    ),
    "two spellings": (
        grid("{e}/{k}.wav", e=("Road Rage", "road_rage", "ROAD-RAGE", "calm"), k=EACH),
        {"ROAD-RAGE": 9, "calm": 3},
        {"unknown"},
        None,
        "labels read as: ROAD-RAGE and Road Rage and road_rage as ROAD-RAGE",
    ),
    "two forms of Unicode": (
        grid("{e}/{k}.wav", e=("g\u00eane", "ge\u0302ne", "calm"), k=EACH),
        {"g\u00eane": 6, "calm": 3},
        {"unknown"},
        None,
        "labels that differ only in Unicode's form or space around them were read as one",
    ),
    "an empty folder": (
        [*grid("{e}/{k}.wav", e=LABELS, k=EACH), "fear/"],
        basic(3),
        {"unknown"},
        None,
        "1 folder holds no audio that is read: fear",
    ),
    "formats that are not read": (
        [*grid("{e}/{k}.wav", e=LABELS, k=EACH), "fear/1.m4a", "fear/2.M4A", "Sad/3.mp4", "Sad/note.txt"],
        basic(3),
        {"unknown"},
        None,
        "2 files .m4a, 1 file .mp4 were left out: their format is not read",
    ),
    "suffixes of formats that are read": (
        [
            "Angry/a.wave",
            "Angry/b.WAV",
            "Angry/c.aifc",
            "Happy/d.oga",
            "Happy/e.wav",
            "Happy/f.wav",
            *grid("Sad/{k}.wav", k=EACH),
        ],
        basic(3),
        {"unknown"},
        None,
        "",
    ),
    "a label of one clip": (
        [*grid("{e}/{k}.wav", e=LABELS, k=EACH), "fear/1.wav"],
        {**basic(3), "fear": 1},
        {"unknown"},
        None,
        "",
    ),
    "a folder that is no emotion": (
        grid("{e}/{k}.wav", e=("angry", "sad", "backup"), k=EACH),
        {"anger": 3, "sadness": 3, "backup": 3},
        {"unknown"},
        None,
        "labels that are no emotion known here, taken as they are: backup",
    ),
    "numbers alone": (
        grid("{e}/{k}.wav", e=("0", "1"), k=EACH),
        {"0": 3, "1": 3},
        {"unknown"},
        None,
        "the labels are numbers: 0, 1",
    ),
    "labels of one's own": (
        grid("{e}/{k}.wav", e=("hotline", "desk"), k=EACH),
        {"hotline": 3, "desk": 3},
        {"unknown"},
        None,
        "",
    ),
    "stress with persons": (
        grid("{e}/{s}/{k}.wav", e=("stress", "no_stress"), s=("alice", "bob"), k=EACH),
        {"stress": 6, "no_stress": 6},
        {"unknown"},
        None,
        "if they speak, say corpus.layout = 'label/speaker'",
    ),
    "SAVEE flat and nested": (
        ["DC_a01.wav", "KL_n01.wav", "AudioData/DC/a01.wav", "AudioData/KL/n01.wav", "AudioData/KL/f02.wav"],
        {"anger": 1, "neutral": 1, "fear": 1},
        {"DC", "KL"},
        None,
        "2 files repeat the name of another clip and were left out",
    ),
    "one actor's folder": (
        [name for name in RAVDESS if name.endswith("-01.wav")],
        dict.fromkeys(("anger", "calm", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"), 2),
        {"Actor_01"},
        None,
        "only Actor_01 speaks, of the 24 speakers of ravdess: is the folder one too deep?",
    ),
    "RAVDESS in two zips": (
        [f"Audio_Speech_Actors_01-24/{name}" for name in ACTORS],
        dict.fromkeys(("anger", "calm", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"), 6),
        {"Actor_01", "Actor_02", "Actor_03"},
        None,
        "",
    ),
    "RAVDESS sorted by its own emotions": (
        [f"{('angry' if n[6:8] == '05' else 'fearful')}/{n}" for n in RAVDESS if n[6:8] in ("05", "06")],
        {"anger": 6, "fear": 6},
        {"Actor_01", "Actor_02", "Actor_03"},
        None,
        "",
    ),
    "RAVDESS divided": (
        [f"{'test' if name.startswith('Actor_03') else 'train'}/{name}" for name in ACTORS],
        dict.fromkeys(("anger", "calm", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"), 6),
        {"Actor_01", "Actor_02", "Actor_03"},
        {"train": 32, "test": 16},
        "divided into train, validation and test by folders",
    ),
    "a known corpus and a few others": (
        [*(f"ravdess/{name}" for name in ACTORS), "Music/1.wav"],
        dict.fromkeys(("anger", "calm", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"), 6),
        {"Actor_01", "Actor_02", "Actor_03"},
        None,
        "1 audio files are not named as ravdess names its clips and were left out: Music/1.wav",
    ),
    "CREMA-D, whose copies are lossy": (
        [
            *(f"AudioMP3/{name}.mp3" for name in CREMAD),
            *(f"AudioWAV/{name}.wav" for name in CREMAD),
            "AudioWAV/1040_ITH_SAD_X.wav",
        ],
        {**dict.fromkeys(("anger", "disgust", "fear", "happiness", "neutral"), 2), "sadness": 3},
        {"1001", "1002", "1040"},
        None,
        "12 files repeat the name of another clip and were left out: AudioMP3/",
    ),
}


@pytest.mark.parametrize("shape", READ)
def test_one_reading_is_taken_and_said(tmp_path: Path, shape: str) -> None:
    names, labels, speakers, parts, note = READ[shape]
    corpus = load(tree(tmp_path / "c", names))
    assert counts(corpus) == labels
    assert set(corpus.speakers) == speakers
    assert corpus.divided == (parts is not None)
    assert parts is None or Counter(clip.part for clip in corpus.clips) == parts
    assert note in "\n".join(corpus.notes)
    assert note or not any("read as" in one for one in corpus.notes if not one.startswith("labels"))
