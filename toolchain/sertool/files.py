"""Whole files: read within bounds, and written so that a reader never meets half of one."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sertool.errors import SertoolError


def read_whole(path: Path, name: str, *, most: int, hint: str | None = None) -> bytes:
    """Return the bytes of the file that errors call `name`.

    Raises SertoolError where it is missing or unreadable, or has more than `most` bytes.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SertoolError(f"cannot read {name}: {reason}", where=path, hint=hint) from error
    if len(data) > most:
        raise SertoolError(f"{name} is too large", where=path, allowed=f"at most {most:,} bytes", hint=hint)
    return data


def read_text(path: Path, name: str, *, most: int, hint: str | None = None) -> str:
    """Return the text of a UTF-8 file; raises SertoolError as `read_whole` does, and for other bytes."""
    try:
        return read_whole(path, name, most=most, hint=hint).decode()
    except UnicodeDecodeError as error:
        raise SertoolError(f"cannot read {name}: not UTF-8 text", where=path, hint=hint) from error


def _meant(path: Path, error: OSError) -> Path:
    """The place that the system names, but for a temporary one beside `path`: of that nobody has heard."""
    named = Path(os.fsdecode(error.filename)) if isinstance(error.filename, (str, bytes)) else path
    return path if named.name.startswith(f".{path.name}.") else named


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's refusal to write at `path` into a `SertoolError`."""
    try:
        yield
    except PermissionError as error:
        raise SertoolError(
            "no permission to write here",
            where=_meant(path, error),
            hint="choose another output folder, or change the folder's permissions",
        ) from error
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise SertoolError(
            "the output path is taken by something of another kind",
            where=_meant(path, error),
            hint="choose another output folder, or move what is there",
        ) from error
    except OSError as error:
        raise SertoolError(
            f"cannot write: {(error.strerror or str(error)).lower()}",
            where=_meant(path, error),
            hint="free some space or choose another output folder; nothing was left half-written",
        ) from error


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write `content` (text as UTF-8) to `path`: whole, or not at all."""
    data = content.encode() if isinstance(content, str) else content
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        stage = _beside(path)
        try:
            with stage.open("xb") as stream:
                stream.write(data)
            stage.replace(path)
        except BaseException:
            stage.unlink(missing_ok=True)
            raise


def write_together(folder: Path, contents: Mapping[str, str]) -> None:
    """Write several text files (UTF-8) into `folder`, leaving its other files: all of them, or none.

    All are written beside their places first; only when each of them is on disk are they moved.
    """
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(dir=folder, prefix=".stage."))
        try:
            for name, content in contents.items():
                (stage / name).write_text(content, encoding="utf-8")
            for name in contents:
                (stage / name).replace(folder / name)
        finally:
            shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def staged_folder(path: Path) -> Iterator[Path]:
    """Yield a temporary folder beside `path` that takes its place when the block ends without error."""
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(path))
        stage = _beside(path)
        stage.mkdir()
        try:
            yield stage
            if path.exists():
                old = stage.with_name(stage.name + ".old")
                path.replace(old)
                stage.replace(path)
                shutil.rmtree(old)
            else:
                stage.replace(path)
        finally:
            shutil.rmtree(stage, ignore_errors=True)


def _beside(path: Path) -> Path:
    """A name that nothing has: what is made there gets the permissions that any new file here would get."""
    return path.with_name(f".{path.name}.{secrets.token_urlsafe(6)}")
