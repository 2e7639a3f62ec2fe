"""Where a corpus lies, and which of its files are recordings."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sertool.corpora.recording import SUFFIXES
from sertool.errors import SertoolError

# Formats of recordings that libsndfile does not read, sound tracks of videos among them.
_UNREAD = re.compile(
    r"\.(m4[abv]|mp[24]|aac|wma|webm|mk[av]|mov|avi|flv|3gp|amr|ape|wv|mpc|ra|rm|mpe?g|dsf|tta|raw|pcm)"
)
_SHOWN = 3


@dataclass
class Found:
    """Audio files below a folder, sorted; what was left out, by suffix; folders that hold nothing to read."""

    files: tuple[Path, ...] = ()
    unread: Counter[str] = field(default_factory=Counter)
    empty: tuple[Path, ...] = ()

    def notes(self, root: Path) -> list[str]:
        """Say what was left out."""
        notes = []
        if self.unread:
            notes.append(f"{told(self.unread)} were left out: their format is not read (convert them to WAV)")
        if self.empty:
            one = len(self.empty) == 1
            notes.append(
                f"{len(self.empty)} {'folder holds' if one else 'folders hold'} no audio that is read: "
                f"{some(root, self.empty)}"
            )
        return notes


def told(unread: Counter[str]) -> str:
    """Count files by suffix: `12 files .m4a, 1 file .mp4`."""
    return ", ".join(f"{n} {'file' if n == 1 else 'files'} {suffix}" for suffix, n in sorted(unread.items()))


def some(root: Path, paths: Sequence[Path]) -> str:
    """The first few paths, below `root`."""
    shown = ", ".join(path.relative_to(root).as_posix() for path in paths[:_SHOWN])
    return f"{shown}, and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else shown


def find(path_or_name: str | Path) -> Path:
    """Resolve a folder, or the name of one below SERTOOL_CORPORA (in any case), to an absolute path.

    Raises SertoolError for what is neither, and for the whole file system, which nobody means.
    """
    given = Path(path_or_name).expanduser()
    try:
        if given.is_dir():
            return _not_everything(given.resolve())
        if given.exists():
            raise SertoolError("a corpus is a folder, this is a file", where=given)
    except OSError as error:
        raise SertoolError(f"no folder can be called so: {error.strerror}", where=given) from error
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


def _not_everything(folder: Path) -> Path:
    if folder == Path(folder.anchor):
        raise SertoolError("a corpus is one folder, this is all of the disk", where=folder)
    return folder


def audio_files(root: Path) -> Found:
    """Every audio file below `root`, by suffix; hidden ones and hidden folders are passed over in silence."""
    files: list[Path] = []
    unread: Counter[str] = Counter()
    folders_seen: list[Path] = []
    seen = set()
    for folder, folders, names in os.walk(root, followlinks=True):
        # A link to a folder above would go round forever.
        if (real := Path(folder).resolve()) in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        folders_seen += [Path(folder, name) for name in folders]
        for name in names:
            if name.startswith("."):
                continue
            suffix = Path(name).suffix.lower()
            if suffix in SUFFIXES:
                files.append(Path(folder, name))
            elif _UNREAD.fullmatch(suffix):
                unread[suffix] += 1
    holding = {parent for path in files for parent in path.parents}
    empty = [path for path in folders_seen if path not in holding and path.parent in {root, *holding}]
    order = sorted(files, key=lambda path: path.relative_to(root).as_posix())
    return Found(tuple(order), unread, tuple(sorted(empty)))
