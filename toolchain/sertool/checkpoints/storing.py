"""A checkpoint's folder: `model.tflite.xz`, `checkpoint.json`, and the card that is made from it."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import lzma
from pathlib import Path

from sertool.checkpoints.card import render_card
from sertool.checkpoints.checkpoint import Checkpoint, seal_of
from sertool.errors import SertoolError
from sertool.files import read_whole, staged_folder
from sertool.json_files import json_text, load_json
from sertool.locations import builtin_checkpoints

MODEL, RECORD, CARD = "model.tflite.xz", "checkpoint.json", "README.md"

#: Of a packed model and of what comes out of it.
_MOST_PACKED, _MOST_BYTES = 2**20, 16 * 2**20
_HINT = "copy the checkpoint again, or make it again: sertool checkpoint export"


def names() -> tuple[str, ...]:
    """Names of the checkpoints that ship with sertool, sorted."""
    return tuple(sorted(path.parent.name for path in builtin_checkpoints().glob(f"*/{RECORD}")))


def is_folder(name: str) -> bool:
    """Whether a checkpoint is named by a folder of one's own, and not by one of sertool's names."""
    return "/" in name or name.startswith(".")


def load(name: str) -> tuple[Checkpoint, bytes]:
    """Read the checkpoint of this name, or in a folder of one's own: what it says, and its `model.tflite`.

    A word with a slash is a folder. Raises SertoolError for an unknown name, with the known ones and the
    nearest, and for a file that is missing, damaged, of another format or not the one that was sealed.
    """
    if is_folder(name):
        return read(Path(name))
    known = names()
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        raise SertoolError(
            f"unknown checkpoint {name!r}",
            allowed=", ".join((*known, "or a folder of your own, with a slash (./mine)")),
            hint=f"did you mean {near[0]}?" if near else "sertool checkpoint list",
        )
    return read(builtin_checkpoints() / name)


def read(folder: Path) -> tuple[Checkpoint, bytes]:
    """Read the checkpoint in `folder`; see `load`."""
    path = folder / RECORD
    said = load_json(path, dict[str, object], _HINT)
    found = load_json(path, Checkpoint, _HINT)
    # Of what the file says: of settings that came later it says nothing.
    if found.seal != seal_of(said):
        raise SertoolError("the checkpoint was changed after it was sealed", where=path, hint=_HINT)
    packed = read_whole(folder / MODEL, "the checkpoint's model", most=_MOST_PACKED, hint=_HINT)
    _check(packed, found.files.get(MODEL), folder / MODEL)
    data = _unpacked(packed, folder / MODEL)
    _check(data, found.model, folder / MODEL)
    return found, data


def write(folder: Path, checkpoint: Checkpoint, data: bytes) -> Checkpoint:
    """Write a checkpoint of the `model.tflite` in `data` as `folder`, whole or not at all; return it sealed.

    What `checkpoint` says of model, files and seal is filled in. Raises SertoolError where it could not be read
    again, such as for a name that no folder should have.
    """
    packed = lzma.compress(data, check=lzma.CHECK_NONE, preset=9 | lzma.PRESET_EXTREME)
    digests = {MODEL: hashlib.sha256(packed).hexdigest()}
    unsealed = dataclasses.replace(checkpoint, model=hashlib.sha256(data).hexdigest(), files=digests)
    sealed = dataclasses.replace(unsealed, seal=unsealed.sealed)
    with staged_folder(folder) as stage:
        (stage / MODEL).write_bytes(packed)
        (stage / RECORD).write_text(json_text(sealed, indent=0), encoding="utf-8")
        (stage / CARD).write_text(render_card(sealed), encoding="utf-8")
        read(stage)
    return sealed


def _check(data: bytes, digest: str | None, where: Path) -> None:
    if hashlib.sha256(data).hexdigest() != digest:
        raise SertoolError(
            f"the checkpoint's model is not the one that {RECORD} speaks of", where=where, hint=_HINT
        )


def _unpacked(packed: bytes, where: Path) -> bytes:
    try:
        unpacking = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=2 * 64 * 2**20)
        data = unpacking.decompress(packed, max_length=_MOST_BYTES)
    except lzma.LZMAError as error:
        raise SertoolError(
            f"the checkpoint's model is damaged: {str(error).lower()}", where=where, hint=_HINT
        ) from error
    if not unpacking.eof or unpacking.unused_data:
        raise SertoolError("the checkpoint's model is damaged: it does not end", where=where, hint=_HINT)
    return data
