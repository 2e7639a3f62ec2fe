"""Named numpy arrays and what is said of them, in one npz file: written, and read back within bounds.

Such a file is a ZIP archive of plain `.npy` files, stored without compression, as `numpy.savez` makes it; one
of them, `header`, is JSON. Nothing in it is unpickled, and no array is larger than the file.
"""

from __future__ import annotations

import io
import json
import math
import re
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.files import read_whole
from sertool.json_files import checked_format, parse_json
from sertool.plain_values import Source, from_plain, path_of, to_plain

Header = TypeVar("Header")

_MOST_BYTES = 256 * 2**20
_NPY = re.compile(
    rb"\{'descr': '([<|])([fiu])([1248])', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,9},? ?){0,3})\), \}\s*\n"
)


@dataclass(frozen=True, eq=False)
class NamedArrays:
    """The arrays of a file, to be taken by name."""

    arrays: Mapping[str, NDArray[Any]]
    source: Source

    def take(self, name: str, kind: type[np.generic], *sizes: int | None) -> NDArray[Any]:
        """Return the array of this type and of these sizes, None for any but 0.

        Raises SertoolError where it is missing or another, and for a number that is not finite.
        """
        found = self.arrays.get(name)
        wanted = ", ".join("n" if size is None else str(size) for size in sizes)
        fits = (
            found is not None
            and found.dtype == kind
            and len(found.shape) == len(sizes)
            and all(
                has == size or (size is None and has > 0) for has, size in zip(found.shape, sizes, strict=True)
            )
        )
        if found is None or not fits:
            told = f"{found.dtype} of shape {found.shape}" if found is not None else "missing"
            raise self.source.error(f"the array {name!r} is {told}", (name,), f"{kind.__name__} ({wanted})")
        if found.dtype.kind == "f" and not np.isfinite(found).all():
            raise self.source.error(f"the array {name!r} has a number that is not finite", (name,))
        return found


def pack(header: Any, arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return an npz file's bytes: `header`, a dataclass with its `KIND` and `FORMAT`, beside `arrays`.

    The same input gives the same bytes.
    """
    stream = io.BytesIO()
    said = {"kind": header.KIND, "format": header.FORMAT, **to_plain(header)}
    text = np.frombuffer(json.dumps(said, sort_keys=True).encode(), np.uint8)
    np.savez(stream, header=text, **arrays)
    return stream.getvalue()


def unpack(data: bytes | Path, kind: type[Header], again: str) -> tuple[Header, NamedArrays]:
    """Read what `pack` wrote, given as bytes or as a path, with a header of the dataclass `kind`.

    Raises SertoolError for a file that is missing, damaged, of another kind or format, or larger than 256 MiB;
    `again` says in a hint what makes it again.
    """
    name: str = kind.KIND  # type: ignore[attr-defined]
    where = f"{data}: " if isinstance(data, Path) else ""
    source = Source(f"the {name}", lambda keys: (where + path_of(keys)).removesuffix(": "), again)
    if isinstance(data, Path):
        data = read_whole(data, source.name, most=_MOST_BYTES, hint=again)
    arrays = _arrays(data, name, source)
    if "header" not in arrays:
        raise _damaged(name, "it says nothing of itself", source)
    said = parse_json(arrays.pop("header").tobytes(), dict[str, object], source)
    found = said.pop("kind", None)
    if found != name:
        raise SertoolError(f"this is {_called(found)}, not a {name}", where=source.place(()), hint=again)
    return from_plain(kind, checked_format(said, kind, source), source), NamedArrays(arrays, source)


def _called(kind: object) -> str:
    return f"a {kind:.60}" if isinstance(kind, str) and kind.isprintable() else "something else"


def _arrays(data: bytes, name: str, source: Source) -> dict[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > len(data):
                raise _damaged(name, "its parts are larger than the file", source)
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
                raise _damaged(name, "it is compressed", source)
            if len({entry.filename for entry in entries}) < len(entries):
                raise _damaged(name, "an array stands twice", source)
            contents = {entry.filename.removesuffix(".npy"): archive.read(entry) for entry in entries}
    except (
        zipfile.BadZipFile,
        struct.error,
        ValueError,
        OSError,
        EOFError,
        RuntimeError,
        OverflowError,
    ) as error:
        raise _damaged(name, "it is no whole npz file", source) from error
    return {key: _array(key, content, name, source) for key, content in contents.items()}


def _array(key: str, content: bytes, name: str, source: Source) -> NDArray[Any]:
    length = int.from_bytes(content[8:10], "little")
    header = _NPY.fullmatch(content[10 : 10 + length])
    if content[:8] != b"\x93NUMPY\x01\x00" or header is None:
        raise _damaged(name, f"the array {key[:60]!r} is none of plain numbers", source)
    order, kind, size, fortran, sizes = (group.decode() for group in header.groups())
    shape = tuple(int(size) for size in sizes.replace(" ", "").split(",") if size)
    body, dtype = content[10 + length :], np.dtype(f"{order}{kind}{size}")
    if math.prod(shape) * dtype.itemsize != len(body):
        raise _damaged(name, f"the array {key[:60]!r} has {len(body)} bytes for shape {shape}", source)
    return np.frombuffer(body, dtype).reshape(shape, order="F" if fortran == "True" else "C")


def _damaged(name: str, what: str, source: Source) -> SertoolError:
    told = f"this is no {name}, or it is damaged: {what}"
    return SertoolError(told, where=source.place(()) or None, hint=source.hint)
