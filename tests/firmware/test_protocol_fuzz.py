"""The device layer, model and front end, fed with anything under two sanitizers."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import pytest
from board_models import BoardModel, device_sources
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sertool.compilers import STRICT, host_compiler, run_tool, write_sources
from sertool.device.frames import Frame, FrameReader
from sertool.device.messages import REPLY, Command

#: What host_port.c takes for a silence.
SILENCE = b"\xff\x00"


@pytest.fixture(scope="module")
def fuzzed(model: BoardModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz")
    sources = device_sources(model)
    write_sources(sources, folder)
    includes = sorted({f"-I{Path(path).parent}" for path in sources if path.endswith(".h")})
    units = sorted(path for path in sources if path.endswith(".c"))
    run_tool(
        [host_compiler(), *STRICT, "-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
         "-DSER_FUZZ", *includes, *units, "-o", "device"],
        folder,
    )  # fmt: skip
    return folder / "device"


def line(data: bytes) -> bytes:
    return data.replace(b"\xff", b"\xff\xff")


def frame(kind: int, payload: bytes = b"") -> bytes:
    return line(Frame(kind, 1, payload).encode())


def utterance(pcm: bytes) -> bytes:
    """CLASSIFY, the sound in pieces, END."""
    samples = len(pcm) // 2
    pieces = (
        frame(Command.PCM, struct.pack("<I", at) + pcm[2 * at : 2 * at + 512]) for at in range(0, samples, 256)
    )
    return frame(Command.CLASSIFY) + b"".join(pieces) + frame(Command.END)


def answers(program: Path, data: bytes) -> list[Frame]:
    done = subprocess.run([program], input=data, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    reader = FrameReader()
    reader.feed(done.stdout)
    return list(iter(reader.next, None))


kinds = st.one_of(st.sampled_from(list(Command)), st.integers(0, 255))
frames = st.builds(frame, kinds, st.one_of(st.binary(max_size=530), st.just(bytes(180))))
cut = st.builds(lambda data, at: data[: at % (len(data) + 1)], frames, st.integers(0, 600))
loud = st.lists(st.sampled_from([-32768, -1, 0, 1, 32767]), min_size=2, max_size=50).map(
    lambda words: struct.pack(f"<{len(words)}h", *words) * (4600 // len(words))
)
pieces = st.one_of(st.binary(max_size=60).map(line), frames, cut, loud.map(utterance), st.just(SILENCE))


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(sent=st.lists(pieces, max_size=10))
def test_anything_is_survived_and_then_answered(fuzzed: Path, sent: list[bytes]) -> None:
    last = frame(Command.ABORT) + frame(Command.INFO)
    found = answers(fuzzed, b"".join(sent) + SILENCE + last)
    assert [one.type for one in found[-2:]] == [Command.ABORT | REPLY, Command.INFO | REPLY]
