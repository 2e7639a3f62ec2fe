"""A build folder in one process's hands: what would stop the work halfway is told before it begins."""

from __future__ import annotations

import datetime
import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, ClassVar

from sertool.digests import value_digest
from sertool.errors import SertoolError
from sertool.files import disk_errors, write_atomic
from sertool.json_files import json_text, kept_json
from sertool.plain_values import Digest, Positive
from sertool.project.config import Project
from sertool.project.folder import BuildFolder
from sertool.targets import is_file, load

#: Bytes that the largest builds take; a disk that has fewer would be full before the end.
_ROOM = 16 * 2**20


@dataclass(frozen=True)
class Holder:
    """Who writes into a build folder: process, start in local time, and command line."""

    pid: Positive
    since: str
    command: str


@dataclass(frozen=True)
class _Origin:
    """The target that a build folder is of: where it is described, and the digest of the description."""

    FORMAT: ClassVar[int] = 1

    place: str
    digest: Digest


@contextmanager
def held(project: Project, folder: BuildFolder, command: str, work: str = "build") -> Iterator[None]:
    """Hold a build folder, made where there is none, against other processes that do the same `work` in it.

    The system gives the folder free when a process ends, however it does. Raises SertoolError where another
    process holds it, where something in it cannot be written, where the disk has no room for a build, and where
    the folder is that of another target whose file is called the same. A folder in which nothing was made does
    not stay.
    """
    origin = _origin(project)
    with disk_errors(folder.root):
        made = [path for path in (folder.root, *folder.root.parents) if not path.exists()]
    lock = folder.root / f".{work}.lock"
    try:
        with disk_errors(folder.root):
            folder.root.mkdir(parents=True, exist_ok=True)
            stream = _lock(lock, command)
        with stream:
            try:
                _check_places(folder)
                _check_origin(origin, folder)
                try:
                    yield
                finally:
                    if any(path.is_dir() or path.suffix != ".lock" for path in folder.root.iterdir()):
                        write_atomic(_origin_file(folder), json_text(origin))
            finally:
                lock.unlink(missing_ok=True)
    finally:
        for path in made:
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()


def _lock(path: Path, command: str) -> IO[str]:
    while True:
        stream = path.open("a")
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.close()
            raise _busy(path) from error
        # The process before this one may have removed the file after it was opened here.
        if path.exists() and os.path.samestat(os.fstat(stream.fileno()), path.stat()):
            since = datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
            stream.truncate(0)
            stream.write(json_text(Holder(os.getpid(), since, command)))
            stream.flush()
            return stream
        stream.close()


def _busy(path: Path) -> SertoolError:
    holder = kept_json(path, Holder)
    told = f"process {holder.pid} since {holder.since}: {holder.command}" if holder else "another process"
    return SertoolError(
        f"this build folder is in use by {told}",
        where=path.parent,
        hint="wait until it has finished, or choose another output folder",
    )


def _check_places(folder: BuildFolder) -> None:
    """Raise SertoolError where something that stages write could not be written."""
    folders = {folder.root, folder.model, folder.firmware, folder.image, folder.report, folder.evaluation}
    for path in folders:
        with disk_errors(path):
            if path.exists() or path.is_symlink():
                with tempfile.NamedTemporaryFile(dir=path, prefix=".sertool.") as probe:
                    if path == folder.root:
                        os.posix_fallocate(probe.fileno(), 0, _ROOM)
    for path in folder.files:
        if path.is_dir():
            with disk_errors(path):
                raise IsADirectoryError(errno.EISDIR, "a folder", str(path))


def _origin_file(folder: BuildFolder) -> Path:
    return folder.root / ".target.json"


def _origin(project: Project) -> _Origin:
    here = str(Path(project.target).resolve()) if is_file(project.target) else project.target
    return _Origin(here, value_digest(load(project.target).to_dict()))


def _check_origin(now: _Origin, folder: BuildFolder) -> None:
    """Raise SertoolError where the folder was that of another target, which would share it."""
    before = kept_json(_origin_file(folder), _Origin)
    # A folder that was copied under another name is no longer that of the target that it was made for.
    if before is None or Path(before.place).stem != folder.root.name or before.place == now.place:
        return
    if before.digest != now.digest and (Path(before.place).exists() or not is_file(before.place)):
        raise SertoolError(
            f"this build folder is of another target that is called {folder.root.name} too: {before.place}",
            where=folder.root,
            hint="give one of the target files another name, or choose another output folder",
        )
