"""What an audio file's header says twice, and whether it says the same: how a damaged header is found out.

libsndfile takes each field at its word. A wrong number of channels or bits then gives other samples in silence,
though most containers hold a second field that disagrees. A field without a second one (the rate of AIFF, the
channels of AU) cannot be told from that of another valid file.

Sources: RFC 3533 (Ogg); RFC 9639 (FLAC); AIFF 1.3 and AIFF-C (Apple 1989, 1991); Apple Core Audio Format 1.0;
NIST SPHERE 2.6; the Xing and LAME tags of MP3 as LAME 3.100 writes them. WAV and its kin: `wave_header`.
"""

from __future__ import annotations

import hashlib
import mmap
import struct

import numpy as np
from numpy.typing import NDArray

from sertool.corpora.chunks import chunks
from sertool.corpora.wave_header import wave_contradiction

_AIFF_CODES = (b"ulaw", b"ULAW", b"alaw", b"ALAW")
_AIFF_BLOCKS = (b"ima4", b"GSM ")
_ALAC_TUNING = bytes((40, 10, 14))
"""pb, mb and kb of the magic cookie (Apple's ALACMagicCookieDescription.txt): what every encoder writes."""
_FLAC_RATES = dict(enumerate((88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000), 1))
_MP3_SIDES = (9, 17, 32)
"""Bytes of side information, which the tag stands behind: by version and number of channels."""
_MP3_WRITERS = (b"LAME", b"Lavf", b"Lavc")
_NIST = (b"channel_count", b"sample_n_bytes", b"sample_count")
_ENDS_EARLY = "it ends too early"


def contradiction(data: mmap.mmap, frames: int) -> str | None:
    """Say where a header contradicts itself, the file's length or the `frames` decoded; None: nowhere."""
    try:
        if data[:4] in (b"RIFF", b"RIFX", b"RF64", b"riff"):
            return wave_contradiction(data)
        if data[:4] == b"fLaC":
            return _flac(data)
        if data[:4] == b"FORM":
            return _aiff(data)
        if data[:4] == b".snd":
            return _au(data)
        if data[:4] == b"caff":
            return _caf(data, frames)
        if data[:4] == b"NIST":
            return _nist(data)
        if data[:4] == b"OggS":
            return _ogg(data)
        return _mp3(data, frames)
    except (struct.error, IndexError, KeyError, ValueError):
        return _ENDS_EARLY


def flac_differs(data: mmap.mmap, samples: NDArray[np.int16] | NDArray[np.int32]) -> bool:
    """Whether decoded FLAC differs from what was encoded, by the MD5 in its header (RFC 9639, section 8.2)."""
    start = data.find(b"fLaC") + 8
    bits = (int.from_bytes(data[start + 12 : start + 14], "big") >> 4 & 31) + 1
    told = data[start + 18 : start + 34]
    if not any(told):
        return False
    codes = samples.astype("<i4") >> (8 * samples.dtype.itemsize - bits)
    narrow = np.ascontiguousarray(codes).view(np.uint8).reshape(-1, 4)[:, : -(-bits // 8)]
    return hashlib.md5(narrow.tobytes(), usedforsecurity=False).digest() != told


def _flac(data: mmap.mmap) -> str | None:
    """Compare the rate of the stream with that of its first frame (RFC 9639, sections 8.2 and 9.1.2)."""
    start, last = 4, False
    while not last:
        last = data[start] >= 128
        start += 4 + int.from_bytes(data[start + 1 : start + 4], "big")
    told, frame = int.from_bytes(data[18:21], "big") >> 4, _FLAC_RATES.get(data[start + 2] & 15)
    return f"{told} Hz in its head, {frame} Hz in its first frame" if frame not in (None, told) else None


def _aiff(data: mmap.mmap) -> str | None:
    found = chunks(data, 12, ">4sI", 0, 2)
    common, sound = found.at[b"COMM"], found.at[b"SSND"]
    channels, frames, bits = struct.unpack_from(">HIH", data, common.start)
    kind = data[common.start + 18 : common.start + 22] if len(common) >= 22 else b"NONE"
    held = len(sound) - 8 - struct.unpack_from(">I", data, sound.start)[0]
    width = 1 if kind in _AIFF_CODES else -(-bits // 8)
    if kind in _AIFF_BLOCKS:
        if held != len(sound) - 8:
            return f"{len(sound) - 8} bytes of blocks, of which the first begins elsewhere"
        if kind == b"GSM " and not held // 33 * 160 - 160 < frames <= held // 33 * 160:
            return f"{frames} frames in {held // 33} blocks of 160"
    elif held != frames * channels * width:
        return f"{frames} frames of {channels} channels of {width} bytes in {held} bytes"
    return found.astray(8 + struct.unpack_from(">I", data, 4)[0], len(data))


def _au(data: mmap.mmap) -> str | None:
    start, size = struct.unpack_from(">II", data, 4)
    if size not in (len(data) - start, 0xFFFFFFFF):
        return f"{size} bytes of samples from byte {start} in a file of {len(data)} bytes"
    return None


def _caf(data: mmap.mmap, frames: int) -> str | None:
    found = chunks(data, 8, ">4sq", 0, 1)
    desc = found.at[b"desc"].start + 8
    kind, _, packet, each, channels, bits = struct.unpack_from(">4sIIIII", data, desc)
    if kind == b"alac":
        packets, valid, priming, rest = struct.unpack_from(">qqii", data, found.at[b"pakt"].start)
        if data[found.at[b"kuki"].start + 6 : found.at[b"kuki"].start + 9] != _ALAC_TUNING:
            return "its ALAC is tuned as no encoder does"
        if (
            sum(_packet_sizes(data[found.at[b"pakt"].start + 24 : found.at[b"pakt"].stop], packets))
            != len(found.at[b"data"]) - 4
        ):
            return f"{packets} packets are not as long as its data"
        if valid != frames or valid + priming + rest != packets * each:
            return f"{valid} + {priming + rest} frames in {packets} packets of {each}; {frames} were decoded"
    elif (each, packet) != (1, channels * -(-bits // 8)):
        return f"packets of {each} frames of {channels} channels of {bits} bits in {packet} bytes"
    # libsndfile pads ALAC by a byte that it does not count.
    return found.astray(len(data), len(data) - (kind == b"alac" and found.end == len(data) - 1))


def _packet_sizes(table: bytes, packets: int) -> list[int]:
    """Lengths of packets: seven bits a byte, the highest set where more follow."""
    sizes, size = [], 0
    for byte in table:
        size = size << 7 | byte & 127
        if byte < 128:
            sizes.append(size)
            size = 0
    return sizes[:packets]


def _nist(data: mmap.mmap) -> str | None:
    start = int(data[8:16])
    lines = [line.split() for line in data[16:start].split(b"\n")]
    fields = {line[0]: line[2] for line in lines if len(line) == 3}
    channels, width, frames = (int(fields[name]) for name in _NIST)
    if len(data) - start != frames * channels * width:
        return f"{frames} frames of {channels} channels of {width} bytes in {len(data) - start} bytes"
    return None


def _ogg(data: mmap.mmap) -> str | None:
    """Follow the pages (RFC 3533, section 6): each begins where the last one ends, numbered without a gap."""
    start = number = flags = 0
    while start < len(data):
        magic, version, flags, page, segments = struct.unpack_from("<4sBB12xI4xB", data, start)
        if (magic, version, page) != (b"OggS", 0, number):
            return f"there is no page {number} at byte {start}"
        start += 27 + segments + sum(data[start + 27 : start + 27 + segments])
        number += 1
    return None if start == len(data) and flags & 4 else _ENDS_EARLY


def _mp3(data: mmap.mmap, frames: int) -> str | None:
    """Compare what was decoded with what the tag in the first frame says was encoded, where there is one."""
    start = 0
    if data[:3] == b"ID3":
        start = 10 + sum(byte << 7 * place for place, byte in enumerate(reversed(data[6:10])))
    for tag in (start + 4 + side for side in _MP3_SIDES):
        if data[tag + 120 : tag + 124] not in _MP3_WRITERS:
            continue
        flags, packets = struct.unpack_from(">II", data, tag + 4)
        trimmed = int.from_bytes(data[tag + 141 : tag + 144], "big")
        told = [packets * each - (trimmed >> 12) - (trimmed & 0xFFF) for each in (1152, 576)]
        if data[tag : tag + 4] not in (b"Xing", b"Info") or flags & 15 != 15:
            return "the tag in its first frame is damaged"
        if frames not in told:
            return f"{packets} packets, of which {frames} samples were decoded"
    return None
