"""Flatbuffers by a schema that is data: records (dictionaries by field name) to bytes and back.

The format is described in the FlatBuffers project's `internals` page. Reading checks every offset and length,
because a file may be truncated or damaged: whatever the bytes, `decode` returns a record or raises
SertoolError.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import flatbuffers
import numpy as np

from sertool.errors import SertoolError
from sertool.tflite.schema import Nested, Scalar, String, Table, Tables, Union, Vector

#: A table's fields by name: numbers, str, numpy vectors, records, lists of records; a union is (type, record).
Record = Mapping[str, Any]


def encode(table: Table, record: Record, identifier: bytes) -> bytes:
    """Write `record` as a flatbuffer whose root is `table`. The same record gives the same bytes."""
    builder = flatbuffers.Builder(1024)
    builder.Finish(_write_table(builder, table, record), file_identifier=identifier)
    return bytes(builder.Output())


def decode(table: Table, data: bytes, identifier: bytes) -> dict[str, Any]:
    """Read the root `table` of a flatbuffer. Absent numbers take their defaults, all else absent is None.

    Vectors are read-only views of `data`. Raises SertoolError where the identifier is another one or where an
    offset or a length leads out of the file.
    """
    if data[4:8] != identifier:
        raise SertoolError(
            "this is not a .tflite file",
            allowed=f"a flatbuffer with the identifier {identifier.decode()} in bytes 4 to 7",
        )
    reader = _Reader(data)
    return reader.table(table, reader.number("<u4", 0))


def _write_table(builder: Any, table: Table, record: Record) -> int:
    # Children first: a flatbuffer is built from its leaves, back to front.
    offsets = {name: _write_child(builder, table.fields[name][1], record[name]) for name in record}
    builder.StartObject(1 + max(slot for slot, _ in table.fields.values()))
    for name, value in record.items():
        slot, kind = table.fields[name]
        if isinstance(kind, Scalar):
            _PREPEND[kind.type](builder, slot, value, kind.default)
            continue
        if isinstance(kind, Union):
            builder.PrependUint8Slot(slot - 1, value[0], 0)
        builder.PrependUOffsetTRelativeSlot(slot, offsets[name], 0)
    return int(builder.EndObject())


def _write_child(builder: Any, kind: object, value: Any) -> int:
    match kind:
        case String():
            return int(builder.CreateString(value))
        case Vector():
            array = np.asarray(value, kind.type)
            builder.Prep(max(kind.alignment, array.itemsize), array.nbytes)
            return int(builder.CreateNumpyVector(array))
        case Nested():
            return _write_table(builder, kind.table, value)
        case Union():
            return _write_table(builder, kind.tables[value[0]], value[1])
        case Tables():
            children = [_write_table(builder, kind.table, record) for record in value]
            builder.StartVector(4, len(children), 4)
            for child in reversed(children):
                builder.PrependUOffsetTRelative(child)
            return int(builder.EndVector())
    return 0


_PREPEND: dict[str, Any] = {
    "?": flatbuffers.Builder.PrependBoolSlot,
    "<i1": flatbuffers.Builder.PrependInt8Slot,
    "<i4": flatbuffers.Builder.PrependInt32Slot,
    "<u4": flatbuffers.Builder.PrependUint32Slot,
    "<f4": flatbuffers.Builder.PrependFloat32Slot,
}


class _Reader:
    """Bounds-checked access to one flatbuffer."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        # Tables may be shared, so a small hostile file could unfold without end.
        self._tables_left = len(data)

    def number(self, kind: str, at: int) -> Any:
        """Read one number of numpy type `kind` at byte `at`."""
        return self.vector(kind, at, 1)[0].item()

    def vector(self, kind: str, at: int, count: int) -> np.ndarray[Any, Any]:
        """View `count` numbers of numpy type `kind` at byte `at`."""
        if at < 0 or at + count * np.dtype(kind).itemsize > len(self._data):
            raise SertoolError(
                f"the .tflite file is damaged: byte {at} leads out of it",
                allowed=f"offsets within its {len(self._data)} bytes",
                hint="copy or convert the file again",
            )
        return np.frombuffer(self._data, kind, count, at)

    def table(self, table: Table, at: int) -> dict[str, Any]:
        """Read a table at byte `at`."""
        self._tables_left -= 1
        if self._tables_left < 0:
            raise SertoolError("the .tflite file is damaged: it refers to the same tables over and over")
        vtable = at - self.number("<i4", at)
        slots = (self.number("<u2", vtable) - 4) // 2
        fields = self.vector("<u1", at, self.number("<u2", vtable + 2))
        places: dict[int, int] = {}
        for slot in range(slots):
            offset = self.number("<u2", vtable + 4 + 2 * slot)
            if offset == 0:
                continue
            if offset >= len(fields):
                raise SertoolError(
                    f"the .tflite file is damaged: field {slot} of a {table.name} lies beyond its end",
                    where=f"byte {vtable + 4 + 2 * slot}",
                    allowed=f"offsets below {len(fields)}",
                    hint="copy or convert the file again",
                )
            places[slot] = at + offset
        _check_slots(table, places.keys(), at)
        read = {
            name: self._field(kind, places.get(slot), places.get(slot - 1))
            for name, (slot, kind) in (*table.fields.items(), *table.skipped.items())
        }
        return {name: read[name] for name in table.fields}

    def _field(self, kind: object, at: int | None, type_at: int | None) -> Any:
        if at is None:
            return kind.default if isinstance(kind, Scalar) else None
        if isinstance(kind, Scalar):
            return self.number(kind.type, at)
        target = at + self.number("<u4", at)
        match kind:
            case String():
                return self._string(target)
            case Vector():
                return self.vector(kind.type, target + 4, self.number("<u4", target))
            case Nested():
                return self.table(kind.table, target)
            case Union():
                code = 0 if type_at is None else self.number("<u1", type_at)
                return (code, self.table(kind.tables[code], target)) if code in kind.tables else (code, None)
        assert isinstance(kind, Tables)
        offsets = self.vector("<u4", target + 4, self.number("<u4", target))
        return [
            self.table(kind.table, target + 4 + 4 * index + int(offset)) for index, offset in enumerate(offsets)
        ]

    def _string(self, at: int) -> str:
        raw = self.vector("<u1", at + 4, self.number("<u4", at)).tobytes()
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise SertoolError(
                f"the .tflite file is damaged: the string at byte {at} is not UTF-8",
                hint="copy or convert the file again",
            ) from error


def _check_slots(table: Table, slots: Iterable[int], at: int) -> None:
    fields = {**table.fields, **table.skipped}
    known = {slot - step for slot, kind in fields.values() for step in range(1 + isinstance(kind, Union))}
    for slot in slots:
        if slot not in known:
            raise SertoolError(
                f"the field {table.refused.get(slot, f'number {slot}')!r} is not supported",
                where=f"{table.name} at byte {at}",
                allowed=", ".join(fields),
            )
