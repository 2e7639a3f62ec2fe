"""Files whose bytes are damaged: what is read leads nowhere out of them, and one error says what is wrong."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks import network
from sertool import tflite
from sertool.errors import SertoolError
from sertool.tflite import flatbuffer
from sertool.tflite.schema import BUFFER, MODEL, QUANTIZATION, TENSOR, Scalar, Table
from tflite_editing import Record, edited, without_metadata

MODEL_BYTES = tflite.write(network([9, 6, 4], ["4", "8"]), {"frontend": {"name": "laq180"}})


def test_a_string_that_is_no_text_is_refused() -> None:
    with pytest.raises(SertoolError, match="is not UTF-8"):
        tflite.read(MODEL_BYTES.replace(b"dense0/bias", b"dense0/\xffias"))


def test_tables_that_unfold_without_end_are_refused() -> None:
    reader = flatbuffer._Reader(MODEL_BYTES)
    with pytest.raises(SertoolError, match="over and over"):
        for _ in range(len(MODEL_BYTES)):
            reader.table(MODEL, reader.number("<u4", 0))


def read_or_refuse(data: bytes) -> None:
    with contextlib.suppress(SertoolError):
        tflite.read(data)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(MODEL_BYTES) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_flipped_bytes_are_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(MODEL_BYTES)
    for place, value in changes:
        data[place] = value
    read_or_refuse(bytes(data))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(MODEL_BYTES) - 1))
def test_a_truncated_file_is_refused(length: int) -> None:
    with pytest.raises(SertoolError):
        tflite.read(MODEL_BYTES[:length])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(SertoolError):
        tflite.read(data[:4] + b"TFL3" + data[4:])


@pytest.mark.parametrize(
    ("table", "field", "slot", "message"),
    [
        (TENSOR, "sparsity", 6, r"field 'sparsity' is not supported\n.*Tensor at byte"),
        (TENSOR, "external_buffer", 10, "field 'external_buffer' is not supported"),
        (TENSOR, "later", 20, "field 'number 20' is not supported"),
        (BUFFER, "offset", 1, "field 'offset' is not supported"),
        (QUANTIZATION, "details", 5, "field 'details' is not supported"),
        (MODEL, "external_buffers", 9, "field 'external_buffers' is not supported"),
    ],
)
def test_what_a_runtime_may_heed_and_nobody_reads_here_is_refused(
    table: Table, field: str, slot: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add(record: Record) -> None:
        subgraph = record["subgraphs"][0]
        places = {
            "Tensor": subgraph["tensors"][0],
            "Buffer": record["buffers"][1],
            "QuantizationParameters": subgraph["tensors"][0]["quantization"],
            "Model": record,
        }
        places[table.name][field] = 1

    with monkeypatch.context() as patch:
        patch.setitem(table.fields, field, (slot, Scalar("<i4")))
        model = edited(MODEL_BYTES, without_metadata, add)
    with pytest.raises(SertoolError, match=message):
        tflite.read(model)


def test_what_is_skipped_must_lie_within_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def add(record: Record) -> None:
        record["subgraphs"][0]["tensors"][0]["quantization"]["max"] = 99999

    with monkeypatch.context() as patch:
        patch.setitem(QUANTIZATION.fields, "max", (1, Scalar("<i4")))
        model = edited(MODEL_BYTES, without_metadata, add)
    with pytest.raises(SertoolError, match=r"damaged: byte .* leads out of it"):
        tflite.read(model)


def test_a_field_beyond_the_end_of_its_table_is_refused() -> None:
    model = bytearray(MODEL_BYTES)
    root = int.from_bytes(model[:4], "little")
    vtable = root - int.from_bytes(model[root : root + 4], "little", signed=True)
    size = int.from_bytes(model[vtable + 2 : vtable + 4], "little")
    for offset in (size, 0xDF00):
        model[vtable + 4 : vtable + 6] = offset.to_bytes(2, "little")
        with pytest.raises(
            SertoolError, match=rf"field 0 of a Model lies beyond its end\n.*byte {vtable + 4}\n"
        ):
            tflite.read(bytes(model))
