"""WAV, RF64 and Wave64: what their headers say twice, and how many frames were written.

Sources: Multimedia Programming Interface 1.0 (IBM, Microsoft 1991), RFC 2361, Microsoft's WAVEFORMATEXTENSIBLE;
EBU Tech 3306 (RF64); Sony's Wave64.
"""

from __future__ import annotations

import mmap
import struct

from sertool.corpora.chunks import Chunks, chunks

_PLAIN = (1, 3, 6, 7)
"""Format tags of one code a sample: integers, floating point, A-law, mu-law."""
_BLOCKS = (2, 0x11, 0x31)
"""Format tags of blocks of samples: Microsoft's and IMA's ADPCM, GSM 6.10."""
_EXTENSIBLE = 0xFFFE


def wave_contradiction(data: mmap.mmap) -> str | None:
    """Say where a WAV, RF64 or Wave64 header contradicts itself or the file's length; None: nowhere."""
    found, told = _parts(data)
    tag, channels, rate, speed, block, bits, samples = _form(data, found)
    held = len(found.at[b"data"])
    if tag in _PLAIN:
        if block != channels * -(-bits // 8):
            return f"{channels} channels of {bits} bits in blocks of {block} bytes"
        if speed != rate * block:
            return f"{rate} blocks of {block} bytes a second in {speed} bytes a second"
        if held % block and not found.open:
            return f"blocks of {block} bytes in {held} bytes"
        if (
            tag != 1
            and b"fact" in found.at
            and _fact(data, found) not in (held // block, held // block * channels)
        ):
            return f"{_fact(data, found)} frames of {block} bytes in {held} bytes"
    elif tag in _BLOCKS:
        if abs(speed * samples - rate * block) > samples:
            return f"{rate} samples, {samples} in a block of {block} bytes, in {speed} bytes a second"
        written, room = frames_written(data), held // block * samples
        if written is not None and not room - samples < written <= room:
            return f"{written} frames in {held // block} blocks of {samples}"
    return found.astray(told, len(data))


def frames_written(data: mmap.mmap) -> int | None:
    """Frames of a WAV file of blocks, the last of which is filled up; None for every other file.

    Where the header does not tell, all that whole blocks hold: libsndfile also reads a byte that only pads.
    """
    if data[:4] != b"RIFF":
        return None
    found, _ = _parts(data)
    if not {b"fmt ", b"data"} <= found.at.keys():
        return None
    tag, channels, _, _, block, _, samples = _form(data, found)
    if tag not in _BLOCKS or not block:
        return None
    room = len(found.at[b"data"]) // block * samples
    written = _fact(data, found) if b"fact" in found.at else room
    # libsndfile divides by the channels once too often.
    return room if written * channels == room else written


def _parts(data: mmap.mmap) -> tuple[Chunks, int]:
    """The chunks, and where the header says that the file ends."""
    if data[:4] == b"riff":
        return chunks(data, 40, "<4s12xQ", 24, 8), int(struct.unpack_from("<Q", data, 16)[0])
    if data[:4] == b"RF64":
        whole, samples = struct.unpack_from("<QQ", data, 20)
        return chunks(data, 12, "<4sI", 0, 2, {b"data": samples}), whole + 8
    order = ">" if data[:4] == b"RIFX" else "<"
    return chunks(data, 12, f"{order}4sI", 0, 2), 8 + int(struct.unpack_from(f"{order}I", data, 4)[0])


def _form(data: mmap.mmap, found: Chunks) -> tuple[int, int, int, int, int, int, int]:
    """Tag, channels, rate, bytes a second, bytes a block, bits, samples a block."""
    form = found.at[b"fmt "]
    order = ">" if data[:4] == b"RIFX" else "<"
    tag, *rest = struct.unpack_from(f"{order}HHIIHH", data, form.start)
    if tag == _EXTENSIBLE:
        tag = struct.unpack_from(f"{order}H", data, form.start + 24)[0]
    samples = struct.unpack_from(f"{order}H", data, form.start + 18)[0] if len(form) >= 20 else 1
    return (tag, *rest, samples)


def _fact(data: mmap.mmap, found: Chunks) -> int:
    order = ">" if data[:4] == b"RIFX" else "<"
    return int(struct.unpack_from(f"{order}I", data, found.at[b"fact"].start)[0])
