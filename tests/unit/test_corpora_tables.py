"""Labels, speakers and parts from tables, lists and patterns, in every form that spreadsheets write."""

from __future__ import annotations

import codecs
import itertools
from collections import Counter
from pathlib import Path

import pytest

from sertool.corpora import Corpus, load
from sertool.errors import SertoolError

FILES = ("a/1.wav", "a/2.wav", "b/3.wav", "b/4.wav", "b/gêne 5.wav")
TABLE = (
    ("FILE", "note", "Label", "speaker", "Part"),
    ("a/1.wav", "x", "wut", "ann", "train"),
    ("a\\2.wav", "", "happy", "bob", "Training"),
    ("./b/3.wav", "", "angry", "ann", "val"),
    ("b/../b/4.wav", "", "zornig", "cid", "TEST"),
)
TOLD = {
    "a/1.wav": ("anger", "ann", "train"),
    "a/2.wav": ("happiness", "bob", "train"),
    "b/3.wav": ("anger", "ann", "validation"),
    "b/4.wav": ("zornig", "cid", "test"),
}
ENCODINGS = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "UTF-16 little end": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "UTF-16 big end": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "UTF-16 little end without mark": lambda text: text.encode("utf-16-le"),
    "UTF-16 big end without mark": lambda text: text.encode("utf-16-be"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / "c" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "c"


def told(corpus: Corpus) -> dict[str, tuple[str, str, str | None]]:
    return {corpus.relative(clip): (clip.emotion, clip.speaker, clip.part) for clip in corpus.clips}


def labels(folder: Path, text: str | bytes) -> Path:
    path = folder / "labels.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("encoding", "separator", "end", "quote", "last"),
    list(itertools.product(ENCODINGS, ",;\t", ("\n", "\r\n", "\r"), ("", '"'), (True, False))),
)
def test_every_form_of_a_table_says_the_same(
    root: Path, encoding: str, separator: str, end: str, quote: str, last: bool
) -> None:
    text = end.join(separator.join(f"{quote}{value}{quote}" for value in row) for row in TABLE)
    text += end if last else ""
    assert told(load(root, labels=labels(root.parent, ENCODINGS[encoding](text)))) == TOLD


def test_what_the_table_does_not_name_is_left_out_and_counted(root: Path) -> None:
    corpus = load(root, labels=labels(root.parent, "file,label\na/1.wav,sad\nb/4.wav,calm\n"))
    assert told(corpus) == {"a/1.wav": ("sadness", "unknown", None), "b/4.wav": ("calm", "unknown", None)}
    assert "3 audio files without a label were left out: a/2.wav, b/3.wav, b/gêne 5.wav" in corpus.notes


def test_a_separator_that_the_table_names_and_values_with_separators(root: Path) -> None:
    text = 'sep=;\r\nfile;label\r\n"a/1.wav";"so;so"\r\n\r\n   \r\nb/3.wav; a "bit" \r\n'
    assert {e for e, _, _ in told(load(root, labels=labels(root.parent, text))).values()} == {
        "so;so",
        'a "bit"',
    }


@pytest.mark.parametrize("form", ["g\u00eane", "ge\u0302ne"])
def test_a_path_in_either_form_of_unicode(root: Path, form: str) -> None:
    text = f"file,label\nb/{form} 5.wav,sad\na/1.wav,calm\n"
    assert "b/gêne 5.wav" in told(load(root, labels=labels(root.parent, text)))


def test_a_whole_path_below_the_corpus(root: Path) -> None:
    text = f"file,label\n{root}/b/4.wav,sad\na/1.wav,calm\n"
    assert set(told(load(root, labels=labels(root.parent, text)))) == {"a/1.wav", "b/4.wav"}


LINE = "file,label,part\na/1.wav,sad,train\n"


@pytest.mark.parametrize(
    ("text", "message", "where"),
    [
        ("", "lacks the column file and the column label", "labels.csv"),
        ("file,emotion\n", "lacks the column label", "labels.csv"),
        ("file,label,LABEL\n", "has two columns label", "labels.csv:1"),
        (LINE + "a/1.wav,calm,train\n", "names a file twice: a/1.wav", "labels.csv:3"),
        (LINE + "a\\1.wav,sad,train\n", "names a file twice", "labels.csv:3"),
        (
            LINE + "a/9.wav,sad,train\nb/8.wav,calm,train\n",
            "names 2 files that are not there or no audio: a/9.wav (3)",
            "c",
        ),
        (LINE + "../x.wav,sad,train\n", "names a file outside the corpus: ../x.wav", "labels.csv:3"),
        (LINE + "C:\\x.wav,sad,train\n", "names a file outside the corpus", "labels.csv:3"),
        (LINE + "/etc/x.wav,sad,train\n", "names a file outside the corpus", "labels.csv:3"),
        (LINE + "a/2.wav,,train\n", "a row of the table of labels has no label", "labels.csv:3"),
        (LINE + ",calm,train\n", "a row of the table of labels has no file", "labels.csv:3"),
        (LINE + "a/2.wav,calm,train,more\n", "has 4 values for 3 columns", "labels.csv:3"),
        (LINE + "a/2.wav,calm,later\n", "no part of a split: 'later'", "labels.csv:3"),
        (LINE + "a/2.wav,calm\n", "no part of a split: ''", "labels.csv:3"),
        (LINE + '\n\n"a/2.wav","so\nso",test\n', r"this label cannot be used: 'so\nso'", "labels.csv:5"),
        (
            LINE + 'a/2.wav,"calm,test\n',
            "cannot read the table of labels: unexpected end of data",
            "labels.csv:3",
        ),
        (LINE.encode() + b"a/2.wav,\xe4rger,test\n", "no text in UTF-8 or UTF-16", "labels.csv:3"),
        ("file,label\na/1.wav,sad\nb/3.wav,traurig\n", "only one emotion in this corpus: sadness", "c"),
    ],
)
def test_what_is_wrong_with_a_table_is_named_with_its_line(
    root: Path, text: str | bytes, message: str, where: str
) -> None:
    with pytest.raises(SertoolError) as caught:
        load(root, labels=labels(root.parent, text))
    assert message in caught.value.what
    assert caught.value.where == str(root.parent / where)


def test_a_table_that_is_not_there(root: Path) -> None:
    with pytest.raises(SertoolError, match="cannot read the table of labels: No such file"):
        load(root, labels=root / "none.csv")


def test_a_table_that_is_too_large(root: Path) -> None:
    with (root.parent / "big.csv").open("wb") as stream:
        stream.write(b"file,label\n")
        stream.truncate(2**40)
    with pytest.raises(SertoolError, match="the table of labels is too large"):
        load(root, labels=root.parent / "big.csv")


def test_a_table_of_labels_and_one_of_speakers(root: Path) -> None:
    who = root.parent / "who.csv"
    who.write_text("speaker\tfile\nann\ta/1.wav\nbob\tb/3.wav\ncid\tb/4.wav\n")
    table = labels(root.parent, "file,label\na/1.wav,sad\nb/3.wav,calm\n")
    assert {speaker for _, speaker, _ in told(load(root, labels=table, speakers=who)).values()} == {
        "ann",
        "bob",
    }
    table = labels(root.parent, "file,label\na/1.wav,sad\na/2.wav,calm\n")
    with pytest.raises(SertoolError, match=r"nothing says who speaks in 1 clips: a/2\.wav"):
        load(root, labels=table, speakers=who)
    table = labels(root.parent, "file,label,speaker\na/1.wav,sad,x\n")
    with pytest.raises(
        SertoolError, match="two sources of speakers: the table of labels and the table of speakers"
    ):
        load(root, labels=table, speakers=who)


def test_labels_and_speakers_by_pattern(tmp_path: Path) -> None:
    for name in ("x_ann_sad.wav", "y_bob_wut.wav", "z_ann_calm.wav", "noise.wav"):
        (tmp_path / name).touch()
    corpus = load(tmp_path, label_pattern=r"_(?P<speaker>[a-z]+)_(?P<label>[a-z]+)\.wav")
    assert told(corpus) == {
        "x_ann_sad.wav": ("sadness", "ann", None),
        "y_bob_wut.wav": ("anger", "bob", None),
        "z_ann_calm.wav": ("calm", "ann", None),
    }
    assert "1 audio files without a label were left out: noise.wav" in corpus.notes
    with pytest.raises(SertoolError, match="none of the 4 audio files here has a label"):
        load(tmp_path, label_pattern=r"(?P<label>\d+)")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"label_pattern": "("}, "the label pattern is no regular expression"),
        ({"label_pattern": "x"}, "the label pattern names no label"),
        (
            {"label_pattern": "(?P<label>.)", "layout": "label"},
            "two sources of labels: the layout and the label pattern",
        ),
        (
            {"label_pattern": "(?P<label>.)(?P<speaker>.)", "speaker_pattern": "(?P<speaker>.)"},
            "two sources of speakers: the label pattern and the speaker pattern",
        ),
        ({"label_pattern": "(?P<label>.)", "kind": "emodb"}, "no file here is named as emodb names its clips"),
    ],
)
def test_settings_that_cannot_be_used(root: Path, settings: dict[str, str], message: str) -> None:
    with pytest.raises(SertoolError, match=message):
        load(root, **settings)  # type: ignore[arg-type]


def lists(root: Path, **texts: str) -> dict[str, Path]:
    for name, text in texts.items():
        (root.parent / name).write_text(text)
    return {name: root.parent / name for name in texts}


def test_lists_name_what_validates_and_tests(root: Path) -> None:
    corpus = load(root, layout="label", **lists(root, validation_list="a/1.wav\r\n\r\n", test_list="b\\3.wav"))
    assert Counter(clip.part for clip in corpus.clips) == {"train": 3, "validation": 1, "test": 1}
    assert told(corpus)["b/3.wav"][2] == "test"
    corpus = load(root, layout="label", **lists(root, test_list="b/3.wav\n"))
    assert Counter(clip.part for clip in corpus.clips) == {"train": 4, "test": 1}


@pytest.mark.parametrize(
    ("texts", "message", "where"),
    [
        (
            {"validation_list": "a/1.wav\n"},
            "a list of validation clips and none of test clips",
            "validation_list",
        ),
        ({"test_list": "a/1.wav\n\na/1.wav\n"}, "the test list names a file twice", "test_list:3"),
        ({"test_list": "a/7.wav\n"}, "the test list names 1 file that is not there or no audio", "c"),
        (
            {"test_list": "a/1.wav\n", "validation_list": "a/2.wav\na/1.wav"},
            "a clip in both lists",
            "validation_list:2",
        ),
    ],
)
def test_lists_that_cannot_be_used(root: Path, texts: dict[str, str], message: str, where: str) -> None:
    with pytest.raises(SertoolError, match=message) as caught:
        load(root, layout="label", **lists(root, **texts))
    assert caught.value.where == str(root.parent / where)


def test_a_table_with_parts_and_lists(root: Path) -> None:
    with pytest.raises(SertoolError, match="two sources of parts: the table of labels and the lists"):
        load(root, labels=labels(root.parent, LINE), **lists(root, test_list="a/1.wav"))
