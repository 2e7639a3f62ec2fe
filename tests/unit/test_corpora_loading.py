from __future__ import annotations

from pathlib import Path

import pytest
from corpora_clips import PATTERN, write_clip, write_clips, write_labelled

from sertool.corpora import EMOTIONS, Corpus, load
from sertool.errors import SertoolError


def told(corpus: Corpus) -> list[tuple[str, str, str, str | None]]:
    return [(corpus.relative(c), c.speaker, c.emotion, c.sentence) for c in corpus.clips]


def test_emodb_as_its_owners_publish_it(tmp_path: Path) -> None:
    write_clips(
        tmp_path, [f"wav/03a01{letter}a.wav" for letter in "WLEAFTN"] + ["wav/16b10Td.wav", "wav/03b01N.wav"]
    )
    corpus = load(tmp_path)
    assert (corpus.kind, corpus.name) == ("emodb", "emodb")
    assert told(corpus)[0] == ("wav/03a01Aa.wav", "03", "fear", "a01")
    assert told(corpus)[-1] == ("wav/16b10Td.wav", "16", "sadness", "b10")
    assert corpus.emotions == ("anger", "boredom", "disgust", "fear", "happiness", "neutral", "sadness")


def test_ravdess_speech_zip_with_song_and_second_copy(tmp_path: Path) -> None:
    top = "audio_speech_actors_01-24/"
    names = [f"Actor_01/03-01-0{e}-01-02-01-01.wav" for e in range(1, 9)]
    write_clips(tmp_path, [*names, top + names[0], "Actor_02/03-02-06-01-02-01-02.wav"])
    corpus = load(tmp_path)
    assert corpus.kind == "ravdess"
    assert told(corpus)[5] == ("Actor_01/03-01-06-01-02-01-01.wav", "Actor_01", "fear", "02")
    assert [clip.emotion for clip in corpus.clips] == [
        *("neutral", "calm", "happiness", "sadness", "anger", "fear", "disgust", "surprise")
    ]
    assert any("1 files of song or video channels" in note for note in corpus.notes)
    assert any("1 files repeat the name" in note and top in note for note in corpus.notes)


@pytest.mark.parametrize("form", ["AudioData/{s}/{c}.wav", "{s}_{c}.wav"])
def test_savee_in_folders_and_flat(tmp_path: Path, form: str) -> None:
    codes = ("a01", "d02", "f03", "h04", "n30", "sa05", "su06")
    write_clips(tmp_path, [form.format(s=s, c=c) for s in ("DC", "KL") for c in codes])
    corpus = load(tmp_path)
    assert (corpus.kind, corpus.speakers) == ("savee", ("DC", "KL"))
    assert {clip.sentence: clip.emotion for clip in corpus.clips} == dict(
        zip(codes, ("anger", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"), strict=True)
    )


def test_tess_with_its_odd_spellings_and_nested_copy(tmp_path: Path) -> None:
    names = [
        "OAF_Fear/OAF_back_fear.wav",
        "OAF_Pleasant_surprise/OAF_back_ps.wav",
        "OAF_neutral/OA_bite_neutral.wav",
        "YAF_pleasant_surprised/YAF_back_ps.wav",
        "YAF_Sad/YAF_back_SAD.wav",
    ]
    nested = "TESS Toronto emotional speech set data/"
    write_clips(tmp_path, names + [nested + name for name in names])
    corpus = load(tmp_path)
    assert (corpus.kind, corpus.speakers, len(corpus.clips)) == ("tess", ("OAF", "YAF"), 5)
    assert ("OAF_neutral/OA_bite_neutral.wav", "OAF", "neutral", "bite") in told(corpus)
    assert ("YAF_pleasant_surprised/YAF_back_ps.wav", "YAF", "surprise", "back") in told(corpus)
    assert any("5 files repeat" in note for note in corpus.notes)


def test_strangers_in_a_known_corpus_are_named(tmp_path: Path) -> None:
    write_clips(tmp_path, ["wav/03a01Wa.wav", "wav/03a01Na.wav", "wav/hello.wav"])
    assert load(tmp_path).notes == (
        "1 audio files are not named as emodb names its clips and were left out: wav/hello.wav",
        "only 03 speaks, of the 10 speakers of emodb: is the folder one too deep?",
    )


def test_folder_of_labels(tmp_path: Path) -> None:
    write_clips(
        tmp_path / "mine", ["Happy/a.wav", "happiness/deep/b.flac", "bored to death/c.wav", "loose.wav"]
    )
    corpus = load(tmp_path / "mine")
    assert (corpus.kind, corpus.name, corpus.speakers) == ("folder", "mine", ("unknown",))
    assert corpus.emotions == ("bored to death", "happiness")
    assert corpus.notes == (
        "labels read as: Happy and happiness as happiness",
        "labels that are no emotion known here, taken as they are: bored to death",
        "1 audio files without a label were left out: loose.wav",
        "speakers are unknown: give a table or a pattern to split by speaker",
    )


def test_speakers_by_pattern(tmp_path: Path) -> None:
    corpus = load(write_labelled(tmp_path, speakers=3, each=2), speaker_pattern=PATTERN)
    assert corpus.speakers == ("s00", "s01", "s02")
    assert corpus.counts() == {e: {"s00": 2, "s01": 2, "s02": 2} for e in ("anger", "sadness")}


def test_speakers_by_table(tmp_path: Path) -> None:
    write_clips(tmp_path / "c", ["anger/1.wav", "sadness/2.wav"])
    table = tmp_path / "who.csv"
    table.write_text("file,age,speaker\nanger/1.wav,30,ann\nsadness/2.wav,40,bob\n")
    assert told(load(tmp_path / "c", speakers=table)) == [
        ("anger/1.wav", "ann", "anger", None),
        ("sadness/2.wav", "bob", "sadness", None),
    ]


def test_name_is_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_labelled(tmp_path / "Mine", speakers=1, each=1)
    monkeypatch.setenv("SERTOOL_CORPORA", str(tmp_path))
    assert load("mine").root == (tmp_path / "Mine").resolve()
    with pytest.raises(SertoolError, match=r"no such corpus: theirs(.|\n)*one of mine"):
        load("theirs")
    monkeypatch.delenv("SERTOOL_CORPORA")
    with pytest.raises(SertoolError, match="set SERTOOL_CORPORA"):
        load("mine")


def test_a_link_to_a_folder_above_ends(tmp_path: Path) -> None:
    write_labelled(tmp_path, speakers=1, each=1)
    (tmp_path / "anger" / "round").symlink_to(tmp_path)
    assert len(load(tmp_path).clips) == 2


def test_vocabulary_is_sorted() -> None:
    assert list(EMOTIONS) == sorted(EMOTIONS)


def test_missing_path(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match="no such corpus"):
        load(tmp_path / "nowhere")


@pytest.mark.parametrize(("place", "message"), [("/", "all of the disk"), ("a" * 5000, "can be called so")])
def test_what_is_no_folder_of_recordings_is_told_at_once(place: str, message: str) -> None:
    with pytest.raises(SertoolError, match=message):
        load(place)


def test_file_instead_of_folder(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match="a corpus is a folder, this is a file"):
        load(write_clip(tmp_path / "a.wav"))


def test_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("hello")
    with pytest.raises(SertoolError, match="no audio in this folder"):
        load(tmp_path)


def test_unknown_kind(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match=r"unknown kind of corpus: iemocap\n  allowed: emodb, ravdess"):
        load(tmp_path, kind="iemocap")


def test_wrong_kind(tmp_path: Path) -> None:
    write_clips(tmp_path, ["wav/03a01Wa.wav", "wav/03a01Na.wav"])
    with pytest.raises(SertoolError, match=r"no file here is named as tess names(.|\n)*OAF_back_fear"):
        load(tmp_path, kind="tess")


def test_kind_that_cannot_be_told(tmp_path: Path) -> None:
    write_clips(tmp_path, ["one.wav", "two.wav"])
    with pytest.raises(SertoolError, match=r"cannot tell what corpus this is: one\.wav, two\.wav"):
        load(tmp_path)
    with pytest.raises(SertoolError, match="no sub-folder with audio"):
        load(tmp_path, kind="folder")


def test_one_label(tmp_path: Path) -> None:
    write_labelled(tmp_path, speakers=1, each=2, emotions=("anger",))
    with pytest.raises(SertoolError, match=r"only one emotion in this corpus: anger \(2 clips\)"):
        load(tmp_path)


def test_table_for_a_known_kind(tmp_path: Path) -> None:
    write_clips(tmp_path, ["wav/03a01Wa.wav", "wav/03a01Na.wav"])
    with pytest.raises(SertoolError, match="is for the kind folder; this corpus is emodb"):
        load(tmp_path, speaker_pattern=PATTERN)


def test_table_and_pattern(tmp_path: Path) -> None:
    write_labelled(tmp_path, speakers=1, each=1)
    (tmp_path / "who.csv").write_text("file,speaker\nanger/s00_00.wav,ann\nsadness/s00_00.wav,bob\n")
    with pytest.raises(
        SertoolError, match="two sources of speakers: the table of speakers and the speaker pattern"
    ):
        load(tmp_path, speaker_pattern=PATTERN, speakers=tmp_path / "who.csv")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "cannot read the table of speakers"),
        (b"\xff\xfe\x00", "cannot read the table of speakers"),
        (b"", r"lacks the column file and the column speaker(.|\n)*has: nothing"),
        (b"file,who\n", r"lacks the column speaker(.|\n)*has: file, who"),
        (b"file,speaker\nanger/s00_00.wav,ann\n", r"nothing says who speaks in 1 clips: sadness/s00_00\.wav"),
        (
            b"file,speaker\nanger/s00_00.wav\nsadness/s00_00.wav,bob\n",
            r"a row of the table of speakers has no speaker(.|\n)*who\.csv:2",
        ),
    ],
)
def test_bad_table(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    write_labelled(tmp_path / "c", speakers=1, each=1)
    if content is not None:
        (tmp_path / "who.csv").write_bytes(content)
    with pytest.raises(SertoolError, match=complaint):
        load(tmp_path / "c", speakers=tmp_path / "who.csv")


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("(", "no regular expression"),
        (r"s\d", "names no speaker"),
        (r"anger/(?P<speaker>s\d+)", r"nothing says who speaks in 1 clips: sadness/s00_00\.wav"),
    ],
)
def test_bad_pattern(tmp_path: Path, pattern: str, complaint: str) -> None:
    write_labelled(tmp_path, speakers=1, each=1)
    with pytest.raises(SertoolError, match=complaint):
        load(tmp_path, speaker_pattern=pattern)
