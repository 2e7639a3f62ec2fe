"""From a folder to a corpus: finds the files, gathers what is told of them, makes the clips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sertool.corpora.choosing import choose, strange_labels, too_deep
from sertool.corpora.clips import UNKNOWN, Clip, Corpus
from sertool.corpora.finding import Found, audio_files, some, told
from sertool.corpora.labels import check_word, unify
from sertool.corpora.layout import PASSED_OVER, Layout
from sertool.corpora.naming import EXAMPLES, RULES, SPEAKERS, Name, named, ravdess_speech
from sertool.corpora.reading import Role, levels_of
from sertool.corpora.recording import SUFFIXES
from sertool.corpora.telling import Facts, Telling, by_layout, demand
from sertool.errors import SertoolError

KINDS = (*RULES, "folder")


def read_folder(root: Path, kind: str | None, telling: Telling) -> Corpus:
    """Make a corpus of the recordings in the folder `root`, an absolute path; see `opening.load`."""
    found = audio_files(root)
    if not found.files:
        raise SertoolError(
            "no audio in this folder" + (f" that is read: {told(found.unread)}" if found.unread else ""),
            where=root,
            allowed=" ".join(SUFFIXES),
            hint="convert the recordings to WAV"
            if found.unread
            else "name the folder that holds the recordings or their sub-folders",
        )
    corpus = _corpus(root, found, kind, telling.facts(root, found.files))
    if len(corpus.emotions) < 2:
        raise SertoolError(
            f"only one emotion in this corpus: {corpus.emotions[0]} ({len(corpus.clips)} clips)",
            where=root,
            allowed="two emotions or more",
            hint=too_deep(root) or "give the folder that holds the folders of all labels",
        )
    return corpus


def _corpus(root: Path, found: Found, kind: str | None, facts: Facts) -> Corpus:
    notes: list[str] = []
    if "label" not in facts:
        reading = choose(root, found.files, kind)
        if reading.layout is None:
            return _by_names(root, found, str(reading.kind), facts)
        facts = {**by_layout(reading.layout, root, found.files), **facts}
        kind = "folder"
        notes += reading.notes
    labelled = tuple(path for path in found.files if facts["label"].get(path))
    if not labelled:
        raise SertoolError(f"none of the {len(found.files)} audio files here has a label", where=root)
    kind, names = _named(root, labelled, kind)
    labelled = tuple(path for path in labelled if path in names) if names else labelled
    emotions, read = unify({path: facts["label"][path] for path in labelled})
    notes += read
    odd = strange_labels(emotions.values())
    if odd:
        notes.append(f"labels that are no emotion known here, taken as they are: {', '.join(odd)}")
    loose = [path for path in found.files if path not in emotions]
    if loose:
        notes.append(f"{len(loose)} audio files without a label were left out: {some(root, loose)}")
    voices = facts.get("speaker")
    if voices is not None:
        demand(voices, labelled, lambda n, shown: f"nothing says who speaks in {n} clips: {shown}", root)
    elif names:
        voices = {path: name.speaker for path, name in names.items()}
        notes.append("speakers are those that the file names tell")
    else:
        voices = dict.fromkeys(labelled, UNKNOWN)
        notes.append("speakers are unknown: give a table or a pattern to split by speaker")
    clips = _clips(root, labelled, emotions, voices, names, facts.get("part"), root.name)
    return Corpus(root.name, root, clips, kind, (*notes, *found.notes(root)))


def _named(root: Path, paths: Sequence[Path], kind: str | None) -> tuple[str, dict[Path, Name]]:
    """What file names tell of labelled files: those of `kind`, or of a known corpus that all of them follow."""
    for candidate in RULES if kind is None else [kind]:
        rule = RULES.get(str(candidate))
        names = {path: name for path in paths if rule and (name := rule(path))}
        if names and (kind is not None or len(names) == len(paths)):
            return candidate, names
    if kind not in (None, "folder"):
        raise _nobody(root, paths, str(kind))
    return "folder", {}


def _by_names(root: Path, found: Found, kind: str, facts: Facts) -> Corpus:
    if "speaker" in facts:
        raise SertoolError(
            f"a speaker table or pattern is for the kind folder; this corpus is {kind}", where=root
        )
    other = [
        path for path in found.files if kind == "ravdess" and RULES[kind](path) and not ravdess_speech(path)
    ]
    names, copies = named(sorted(set(found.files) - set(other)), kind)
    if not names:
        raise _nobody(root, found.files, kind)
    strange = sorted({*found.files} - {*names, *copies, *other})
    parts = facts.get("part") or _folder_parts(root, list(names))
    voices = {path: name.speaker for path, name in names.items()}
    emotions = {path: name.emotion for path, name in names.items()}
    left_out = (
        (strange, f"audio files are not named as {kind} names its clips and were left out"),
        (other, "files of song or video channels were left out"),
        (copies, "files repeat the name of another clip and were left out"),
    )
    notes = [f"{len(paths)} {text}: {some(root, paths)}" for paths, text in left_out if paths]
    if len({*voices.values()}) == 1 and kind in SPEAKERS:
        (voice,) = {*voices.values()}
        notes.append(
            f"only {voice} speaks, of the {SPEAKERS[kind]} speakers of {kind}: is the folder one too deep?"
        )
    if parts and "part" not in facts:
        notes.append("divided into train, validation and test by folders: the protocol own goes by them")
    clips = _clips(root, list(names), emotions, voices, names, parts, kind)
    return Corpus(kind, root, clips, kind, (*notes, *found.notes(root)))


def _folder_parts(root: Path, files: Sequence[Path]) -> dict[Path, str] | None:
    """The parts that folders of a known corpus stand in, where somebody has divided it."""
    for depth, level in enumerate(levels_of(root, files)):
        if level.role is Role.PART:
            return by_layout(Layout((*[PASSED_OVER] * depth, "part")), root, files)["part"]
    return None


def _clips(
    root: Path,
    paths: Sequence[Path],
    emotions: Mapping[Path, str],
    voices: Mapping[Path, str],
    names: Mapping[Path, Name],
    parts: Mapping[Path, str] | None,
    corpus: str,
) -> tuple[Clip, ...]:
    if parts is not None:
        demand(parts, paths, lambda n, shown: f"nothing says to which part {n} clips belong: {shown}", root)
    spoken = {voice: check_word("speaker", voice, root) for voice in {*voices.values()}}
    return tuple(
        Clip(
            path,
            spoken[voices[path]],
            emotions[path],
            corpus,
            names[path].sentence if path in names else None,
            parts[path] if parts is not None else None,
        )
        for path in paths
    )


def _nobody(root: Path, files: Sequence[Path], kind: str) -> SertoolError:
    return SertoolError(
        f"no file here is named as {kind} names its clips: {some(root, files)}",
        where=root,
        allowed=f"names such as {EXAMPLES[kind]}",
        hint="leave corpus.kind out to let the names tell, or choose another kind",
    )
