"""Arrays in an npz file: read within bounds, whatever the archive says of itself."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from training_examples import float_model

from sertool import training
from sertool.array_files import pack, unpack
from sertool.errors import SertoolError

BIG = np.arange(6, dtype=np.float32).reshape(2, 3)


@dataclass(frozen=True)
class Said:
    KIND: ClassVar[str] = "example"
    FORMAT: ClassVar[int] = 3
    name: str


def packed(**arrays: np.ndarray) -> bytes:
    return pack(Said("x"), arrays or {"a": BIG, "f": np.asfortranarray(BIG)})


def test_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(packed())
    for source in (path, packed()):
        said, arrays = unpack(source, Said, "again")
        assert said == Said("x")
        assert np.array_equal(arrays.take("a", np.float32, 2, 3), BIG)
        assert np.array_equal(arrays.take("f", np.float32, None, 3), BIG)


def archive(edit: Callable[[zipfile.ZipFile], object], compression: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as made:
        with zipfile.ZipFile(io.BytesIO(packed())) as whole:
            for name in whole.namelist():
                made.writestr(name, whole.read(name))
        edit(made)
    return stream.getvalue()


def npy(header: str, body: bytes = b"") -> bytes:
    text = header.encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + body


HUGE = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999, 99999999), }\n", bytes(8))
OBJECTS = npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", b"cos\nsystem\n(S'true'\ntR.")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is no whole npz file"),
        (b"PK", "it is no whole npz file"),
        (packed()[:-30], "it is no whole npz file"),
        (packed().replace(BIG.tobytes()[4:12], BIG.tobytes()[4:11] + b"\x01"), "it is no whole npz file"),
        (archive(lambda _: None, zipfile.ZIP_DEFLATED), "it is compressed"),
        (
            archive(lambda made: made.writestr("bomb", bytes(10**7)), zipfile.ZIP_DEFLATED),
            "larger than the file",
        ),
        (archive(lambda made: made.writestr("b.npy", HUGE)), "has 8 bytes for shape"),
        (archive(lambda made: made.writestr("b.npy", OBJECTS)), "none of plain numbers"),
        (archive(lambda made: made.writestr("b.npy", b"")), "none of plain numbers"),
        (archive(lambda made: made.writestr("b.npy", npy("[" * 5000))), "none of plain numbers"),
    ],
)
def test_a_damaged_archive_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(SertoolError, match=f"this is no example, or it is damaged: .*{message}") as caught:
        unpack(data, Said, "run: again")
    assert caught.value.hint == "run: again"


def with_header(**said: object) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, header=np.frombuffer(json.dumps(said).encode(), np.uint8))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (with_header(format=3, name="x"), "this is something else, not a example"),
        (with_header(kind="float model", format=1), "this is a float model, not a example"),
        (with_header(kind="example", name="x"), "no format is said"),
        (with_header(kind="example", format=4, name="x"), "it has format 4, of a newer sertool"),
        (with_header(kind="example", format=2, name="x"), "it has format 2, of an older sertool"),
        (with_header(kind="example", format=3, name=1), "name = 1 has the wrong type"),
    ],
)
def test_another_kind_or_format_is_told(data: bytes, message: str) -> None:
    with pytest.raises(SertoolError, match=message):
        unpack(data, Said, "again")


def test_arrays_are_of_the_type_and_sizes_that_are_asked_for() -> None:
    _, arrays = unpack(packed(a=BIG, n=np.array([np.nan], np.float32), e=BIG[:0]), Said, "again")
    for name, kind, sizes, message in (
        ("b", np.float32, (2, 3), "'b' is missing"),
        ("a", np.int8, (2, 3), "float32 of shape"),
        ("a", np.float32, (2,), "shape"),
        ("a", np.float32, (2, 4), r"allowed: float32 \(2, 4\)"),
        ("e", np.float32, (None, 3), r"allowed: float32 \(n, 3\)"),
        ("n", np.float32, (1,), "not finite"),
    ):
        with pytest.raises(SertoolError, match=message):
            arrays.take(name, kind, *sizes)


def test_layers_that_do_not_chain_are_refused() -> None:
    model = float_model((12, 5, 3))
    first, last = model.layers
    swapped = training.FloatModel(
        (first, training.DenseLayer("b", last.weights.T, last.bias, False)), model.labels, model.input
    )
    with pytest.raises(SertoolError, match=r"allowed: float32 \(3, 5\)"):
        training.load(training.save(swapped))
    named = training.FloatModel((first, first), model.labels, model.input)
    with pytest.raises(SertoolError, match="2 layers, of which 1 differ"):
        training.load(training.save(named))
