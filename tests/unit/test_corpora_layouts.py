"""Folders that can be read in several ways, or in none: somebody has to say which."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from folder_trees import ACTORS, EACH, LABELS, RAVDESS, basic, counts, grid, sorted_by, tree
from sertool.corpora import load
from sertool.corpora.emotions import _WORDS, EMOTIONS, canonical_emotion, plain
from sertool.corpora.layout import Layout
from sertool.errors import SertoolError

ASKED = {
    "persons above labels": (
        grid("{s}/{e}/{k}.wav", s=("alice", "bob"), e=LABELS, k=EACH),
        {
            "corpus.layout = 'speaker/label' (speakers: alice, bob) gives anger 6, happiness 6": basic(6),
            "corpus.layout = '*/label' (passed over: alice, bob) gives anger 6, happiness 6": basic(6),
            "corpus.layout = 'label' (labels: alice, bob) gives alice 9, bob 9; speakers unknown": {
                "alice": 9,
                "bob": 9,
            },
        },
    ),
    "emotions below stress": (
        grid("{s}/{e}/{k}.wav", s=("stress", "no_stress"), e=("angry", "sad"), k=EACH),
        {
            "corpus.layout = 'label' (labels: no_stress, stress) gives no_stress 6, stress 6": {
                "stress": 6,
                "no_stress": 6,
            },
            "corpus.layout = '*/label' (": {"anger": 6, "sadness": 6},
        },
    ),
    "two levels of unknown words": (
        grid("{s}/{e}/{k}.wav", s=("yes", "no"), e=("alice", "bob"), k=EACH),
        {
            "corpus.layout = 'label/speaker' (speakers: alice, bob) gives no 6, yes 6; 2 speakers": {
                "yes": 6,
                "no": 6,
            },
            "corpus.layout = 'label' (passed over: alice, bob)": {"yes": 6, "no": 6},
            "corpus.layout = 'speaker/label' (speakers: no, yes) gives alice 6, bob 6": {"alice": 6, "bob": 6},
        },
    ),
    "numbers above unknown words": (
        grid("{s}/{e}/{k}.wav", s=("01", "02"), e=("hotline", "desk"), k=EACH),
        {
            "corpus.layout = 'speaker/label' (speakers: 01, 02)": {"hotline": 6, "desk": 6},
            "corpus.layout = 'label' (labels: 01, 02)": {"01": 6, "02": 6},
        },
    ),
    "labels and speakers side by side": (
        grid("{e}/{k}.wav", e=("angry", "sad"), k=EACH) + grid("0001/{e}/{k}.wav", e=("angry", "sad"), k=EACH),
        {
            "corpus.layout = 'label' (labels: 0001, angry, sad)": {"anger": 3, "sadness": 3, "0001": 6},
            "corpus.layout = '*/label' (": {"anger": 3, "sadness": 3},
        },
    ),
    "RAVDESS sorted by stress": (
        sorted_by("stress"),
        {
            "corpus.kind = ravdess (the file names tell) gives anger 6, calm 6,": dict.fromkeys(
                ("anger", "calm", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"), 6
            ),
            "corpus.layout = 'label' (labels: no_stress, stress) gives no_stress 36, stress 12; 3 speakers": {
                "stress": 12,
                "no_stress": 36,
            },
        },
    ),
    "RAVDESS sorted by a word nobody knows": (
        sorted_by("zap"),
        {
            "corpus.kind = ravdess": dict.fromkeys(
                ("anger", "calm", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"), 6
            ),
            "corpus.layout = 'label' (labels: no_zap, zap)": {"zap": 12, "no_zap": 36},
        },
    ),
    "folders that contradict the names": (
        [f"{('angry' if n[6:8] == '03' else 'sad')}/{n}" for n in RAVDESS if n[6:8] in ("03", "04")],
        {
            "corpus.kind = ravdess": {"happiness": 6, "sadness": 6},
            "corpus.layout = 'label'": {"anger": 6, "sadness": 6},
        },
    ),
    "one's own files among a known corpus's": (
        [f"{('angry' if n[6:8] == '05' else 'fearful')}/{n}" for n in RAVDESS if n[6:8] in ("05", "06")]
        + grid("angry/mine{k}.wav", k=EACH),
        {"corpus.kind = ravdess": {"anger": 6, "fear": 6}, "corpus.layout = 'label'": {"anger": 9, "fear": 6}},
    ),
}


@pytest.mark.parametrize("shape", ASKED)
def test_of_several_readings_somebody_says_which(tmp_path: Path, shape: str) -> None:
    names, options = ASKED[shape]
    root = tree(tmp_path / "c", names)
    with pytest.raises(SertoolError, match=rf"this folder can be read in {len(options)} ways") as caught:
        load(root)
    for shown, labels in options.items():
        assert shown in caught.value.what
        setting, _, rest = shown.partition(" = ")
        value = rest.split("'")[1] if "'" in rest else rest.split()[0]
        assert counts(load(root, **{setting.removeprefix("corpus."): value})) == labels


REFUSED = {
    "four corpora": (
        [
            "Crema/1001_DFA_ANG_XX.wav",
            "Crema/1001_DFA_HAP_XX.wav",
            *(f"Ravdess/{name}" for name in ACTORS),
            "Savee/DC_a01.wav",
            "Savee/DC_f01.wav",
            "Tess/OAF_Fear/OAF_back_fear.wav",
        ],
        "this folder holds several corpora: Crema (cremad, 2 clips), Ravdess (ravdess, 48 clips), "
        "Savee (savee, 2 clips), Tess (tess, 1 clips)",
        "give one of them, such as {root}/Ravdess; to join several, name every file",
    ),
    "two corpora by name": (
        grid("{c}/{e}/{k}.wav", c=("IEMOCAP", "ESD"), e=LABELS, k=EACH),
        "this folder holds several corpora: ESD (9 clips), IEMOCAP (9 clips)",
        "such as {root}/",
    ),
    "a corpus among other things": (
        [*(f"ravdess/{name}" for name in ACTORS), *grid("Music/{k}.wav", k=range(60))],
        "this folder holds a corpus and more: Music (60 clips), ravdess (ravdess, 48 clips)",
        "such as {root}/ravdess",
    ),
    "parts without labels": (
        grid("{p}/{k}.wav", p=("train", "test"), k=EACH),
        "nothing tells a label: the folders look like parts of a split (test, train)",
        "corpus.layout = label: they are the labels",
    ),
    "speakers alone": (
        grid("Actor_{s}/{k}.wav", s=("01", "02"), k=EACH),
        "nothing tells a label: the folders look like speakers (Actor_01, Actor_02)",
        "corpus.labels = TABLE or corpus.label_pattern",
    ),
    "gender alone": (
        grid("{s}/{k}.wav", s=("male", "female"), k=EACH),
        "nothing tells a label: the folders look like gender (female, male)",
        "corpus.layout",
    ),
    "a part among labels": (
        grid("{e}/{k}.wav", e=("angry", "sad", "test"), k=EACH),
        "parts of a split stand beside labels: test beside angry, sad",
        "corpus.layout = label",
    ),
    "processed copies": (
        grid("{e}/{k}.wav", e=("angry", "angry_noise", "sad", "Sad-pitch+2"), k=EACH),
        "labels of their own, or processed copies of what lies beside them? Sad-pitch+2, angry_noise",
        "corpus.layout = label",
    ),
    "one label": (
        grid("angry/{s}/{k}.wav", s=("x", "y"), k=EACH),
        "only one emotion in this corpus: anger (6 clips)",
        "give the folder that holds the folders of all labels",
    ),
    "nothing that is read": (
        ["angry/1.m4a", "sad/2.m4a", "sad/3.webm"],
        "no audio in this folder that is read: 2 files .m4a, 1 file .webm",
        "convert the recordings to WAV",
    ),
    "a line end in a label": (
        grid("{e}/{k}.wav", e=("a\nb", "calm"), k=EACH),
        r"this label cannot be used: 'a\nb'",
        None,
    ),
    "a tabulator in a label": (
        grid("{e}/{k}.wav", e=("a\tb", "calm"), k=EACH),
        r"this label cannot be used: 'a\tb'",
        None,
    ),
    "a separator of lines in a label": (
        grid("{e}/{k}.wav", e=("a\u2028b", "calm"), k=EACH),
        r"this label cannot be used: 'a\u2028b'",
        None,
    ),
    "a label of 65 bytes": (
        grid("{e}/{k}.wav", e=("\u00e9" * 32 + "x", "calm"), k=EACH),
        "this label cannot be used: '\u00e9",
        None,
    ),
}


@pytest.mark.parametrize("shape", REFUSED)
def test_what_tells_no_label_is_refused_with_the_way_out(tmp_path: Path, shape: str) -> None:
    names, message, hint = REFUSED[shape]
    root = tree(tmp_path / "c", names)
    with pytest.raises(SertoolError) as caught:
        load(root)
    assert message in caught.value.what
    assert hint is None or hint.format(root=root) in str(caught.value.hint)
    assert "\n" not in str(caught.value.where)


@pytest.mark.parametrize("name", ["angry", "Actor_05", "test"])
def test_a_folder_too_deep_is_told_by_its_name(tmp_path: Path, name: str) -> None:
    root = tree(tmp_path, [f"{name}/{k}.wav" for k in EACH]) / name
    with pytest.raises(SertoolError, match="cannot tell what corpus this is") as caught:
        load(root)
    assert (
        caught.value.hint
        == f"this folder looks like one of the folders of a corpus: give the one above, {tmp_path}"
    )


def test_64_bytes_are_a_label(tmp_path: Path) -> None:
    corpus = load(tree(tmp_path, grid("{e}/{k}.wav", e=("\u00e9" * 32, "calm"), k=EACH)))
    assert "\u00e9" * 32 in corpus.emotions


def test_of_a_layout_speakers_come_from_known_names(tmp_path: Path) -> None:
    corpus = load(tree(tmp_path, sorted_by("stress")), layout="label")
    assert (corpus.kind, corpus.speakers) == ("ravdess", ("Actor_01", "Actor_02", "Actor_03"))
    assert {clip.sentence for clip in corpus.clips} == {"01", "02"}
    assert "speakers are those that the file names tell" in corpus.notes
    assert load(tmp_path, layout="label", kind="folder").speakers == ("unknown",)


def test_a_layout_passes_over_what_it_does_not_name(tmp_path: Path) -> None:
    root = tree(
        tmp_path, [*grid("site/{s}/{e}/deep/{k}.wav", s=("a", "b"), e=LABELS, k=EACH), "site/loose.wav"]
    )
    corpus = load(root, layout=" */Speaker/label/ ")
    assert (counts(corpus), corpus.speakers) == (basic(6), ("a", "b"))
    assert "1 audio files without a label were left out: site/loose.wav" in corpus.notes


@pytest.mark.parametrize("text", ["", "labels", "label/label", "*/*", "label//speaker", "speaker\\label", "/"])
def test_no_layout(text: str) -> None:
    with pytest.raises(SertoolError, match="no layout") as caught:
        Layout.parse(text)
    assert "such as speaker/label" in str(caught.value.allowed)


def test_folders_of_a_part_have_to_name_one(tmp_path: Path) -> None:
    root = tree(tmp_path, grid("{p}/{e}/{k}.wav", p=("train", "extra"), e=LABELS, k=EACH))
    with pytest.raises(SertoolError, match="no part of a split: extra"):
        load(root, layout="part/label")


def test_a_speaker_below_the_label_has_to_be_there(tmp_path: Path) -> None:
    root = tree(tmp_path, [*grid("{e}/{s}/{k}.wav", e=LABELS, s=("a", "b"), k=EACH), "Sad/x.wav"])
    with pytest.raises(SertoolError, match=r"nothing says who speaks in 1 clips: Sad/x\.wav"):
        load(root, layout="label/speaker")


def test_words_name_one_emotion_each() -> None:
    words = [(plain(word), emotion) for emotion, line in _WORDS.items() for word in line.split()]
    assert len(dict(words)) == len({*words})
    assert {emotion for _, emotion in words} == {*EMOTIONS}


@pytest.mark.parametrize(
    ("label", "emotion"),
    [
        ("ANGRY", "anger"),
        (" Pleasant-Surprise ", "surprise"),
        ("colère", "anger"),
        (unicodedata.normalize("NFD", "dégoût"), "disgust"),
        ("07_surprised", "surprise"),
        ("радость", "happiness"),
        ("悲しみ", "sadness"),
        ("angriest", "angriest"),
        ("7", "7"),
    ],
)
def test_emotions_by_their_words(label: str, emotion: str) -> None:
    assert canonical_emotion(label) == emotion
