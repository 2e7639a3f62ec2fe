"""From a path or a name to a corpus: finds the folder, tells whose naming it follows, makes the clips."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sertool.corpora.folders import clips_by_folder
from sertool.corpora.model import Clip, Corpus
from sertool.corpora.naming import EXAMPLES, RULES, ravdess_speech
from sertool.corpora.recording import SUFFIXES
from sertool.errors import SertoolError

KINDS = (*RULES, "folder")
_SHOWN = 3


def load(
    path_or_name: str | Path,
    *,
    kind: str | None = None,
    speakers: str | Path | None = None,
    pattern: str | None = None,
) -> Corpus:
    """Load the corpus in a folder, or one looked up by name under the environment variable SERTOOL_CORPORA.

    The name `synthetic` means the embedded corpus, made in the cache where it is not there yet.
    `kind` (emodb, ravdess, savee, tess, folder, synthetic) is guessed from the file names when None. `speakers`
    (a CSV file with the columns `file` and `speaker`) and `pattern` (a regular expression with a named group
    `speaker`, searched in the path below the root) belong to the kind `folder`. No audio is decoded here.

    Raises SertoolError if nothing is there, the names fit no kind or not the one asked for, or fewer than two
    emotions are found.
    """
    if kind is not None and kind not in KINDS:
        raise SertoolError(f"unknown kind of corpus: {kind}", allowed=", ".join(KINDS))
    if str(path_or_name) == "synthetic" and not Path("synthetic").is_dir():
        # It loads what it has made, through this function.
        from sertool.corpora.synthesis import default_corpus

        return default_corpus()
    root = find(path_or_name)
    files = audio_files(root)
    if not files:
        raise SertoolError(
            "no audio in this folder",
            where=root,
            allowed=" ".join(SUFFIXES),
            hint="point --corpus to the folder that holds the recordings or their sub-folders",
        )
    kind = kind or guess_kind(root, files)
    if kind != "folder" and (speakers is not None or pattern is not None):
        raise SertoolError(
            f"a speaker table or pattern is for the kind folder; this corpus is {kind}", where=root
        )
    if kind == "folder":
        name = root.name
        clips, notes = clips_by_folder(root, files, name, speakers=speakers, pattern=pattern)
    else:
        clips, notes = _named_clips(root, files, kind)
        name = kind
    corpus = Corpus(name, root, tuple(clips), kind, tuple(notes))
    if len(corpus.emotions) < 2:
        raise SertoolError(
            f"only one emotion in this corpus: {corpus.emotions[0]} ({len(corpus.clips)} clips)",
            where=root,
            allowed="two emotions or more",
        )
    return corpus


def find(path_or_name: str | Path) -> Path:
    """Resolve a folder, or the name of one below SERTOOL_CORPORA (in any case), to an absolute path."""
    given = Path(path_or_name).expanduser()
    if given.is_dir():
        return given.resolve()
    if given.exists():
        raise SertoolError("a corpus is a folder, this is a file", where=given)
    base = os.environ.get("SERTOOL_CORPORA")
    named = {}
    if base and Path(base).is_dir():
        named = {entry.name.lower(): entry for entry in Path(base).iterdir() if entry.is_dir()}
    if str(path_or_name).lower() in named:
        return named[str(path_or_name).lower()].resolve()
    raise SertoolError(
        f"no such corpus: {path_or_name}",
        where=f"SERTOOL_CORPORA={base}" if base else None,
        allowed=f"a folder, or one of {', '.join(sorted(named))}" if named else "a folder",
        hint=None if base else "set SERTOOL_CORPORA to a folder with one folder per corpus to use names",
    )


def audio_files(root: Path) -> tuple[Path, ...]:
    """Every audio file below `root`, by suffix, hidden ones and hidden folders left out, sorted."""
    found: list[Path] = []
    seen = set()
    for folder, folders, names in os.walk(root, followlinks=True):
        # A link to a folder above would go round forever.
        if (real := Path(folder).resolve()) in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        found += [Path(folder, n) for n in names if n.lower().endswith(SUFFIXES) and not n.startswith(".")]
    return tuple(sorted(found, key=lambda path: path.relative_to(root).as_posix()))


def guess_kind(root: Path, files: tuple[Path, ...]) -> str:
    """Tell the kind from the names: the known corpus that most files follow, else `folder`.

    Raises SertoolError where neither the names nor sub-folders tell a label.
    """
    fits = {kind: sum(rule(path) is not None for path in files) for kind, rule in RULES.items()}
    best = max(fits, key=lambda kind: fits[kind])
    if 2 * fits[best] > len(files):
        return best
    if any(path.parent != root for path in files):
        return "folder"
    raise SertoolError(
        f"cannot tell what corpus this is: {_some(root, files)}",
        where=root,
        allowed="; ".join([*(f"{k}: {v}" for k, v in EXAMPLES.items()), "folder: one sub-folder per label"]),
        hint="say which (kind in sertool.toml, --kind of corpus audit), or make a folder for each label",
    )


def _named_clips(root: Path, files: tuple[Path, ...], kind: str) -> tuple[list[Clip], list[str]]:
    rule = RULES[kind]
    clips: dict[str, Clip] = {}
    strange, copies, other = [], [], []
    # Popular downloads hold the whole corpus a second time in a nested folder: the outer one counts.
    for path in sorted(files, key=lambda path: len(path.parts)):
        name = rule(path)
        if name is None:
            strange.append(path)
        elif kind == "ravdess" and not ravdess_speech(path):
            other.append(path)
        elif (key := f"{name.speaker} {path.stem.lower()}") in clips:
            copies.append(path)
        else:
            clips[key] = Clip(path, name.speaker, name.emotion, kind, name.sentence)
    if not clips:
        raise SertoolError(
            f"no file here is named as {kind} names its clips: {_some(root, files)}",
            where=root,
            allowed=f"names such as {EXAMPLES[kind]}",
            hint="leave --kind out to let the names tell, or choose another kind",
        )
    left_out: list[tuple[list[Path], Callable[[int], str]]] = [
        (strange, lambda n: f"{n} audio files are not named as {kind} names its clips and were left out"),
        (other, lambda n: f"{n} files of song or video channels were left out"),
        (copies, lambda n: f"{n} files repeat the name of another clip and were left out"),
    ]
    notes = [f"{say(len(paths))}: {_some(root, tuple(paths))}" for paths, say in left_out if paths]
    return list(clips.values()), notes


def _some(root: Path, files: tuple[Path, ...]) -> str:
    shown = ", ".join(path.relative_to(root).as_posix() for path in files[:_SHOWN])
    return f"{shown}, and {len(files) - _SHOWN} more" if len(files) > _SHOWN else shown
