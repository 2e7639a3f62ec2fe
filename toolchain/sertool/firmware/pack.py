"""Weights packed to their width: rows of 32-bit words that the kernels unpack in registers.

A pair of inputs (2k, 2k + 1) takes the same field of `bits` bits in a word's low and high half. The fields of
successive pairs fill the halves from bit 0; the bits left over at the top of the halves make up further pairs
once a whole *group* of words is there, so that a group takes exactly `bits` bits a weight:

    bits           1    2    3    4    5    6    7    8
    words a group  1    1    3    1    5    3    7    1
    inputs a group 32   16   32   8    32   16   32   4

Rows are padded to a word, and stand in blocks of four: the first word of each, then the second of each, and so
on; the last block is padded with rows of 0. Codes are stored as code + largest code; for 1 bit, -1 is stored
as 1 and +1 as 0, in the order that `dense_w1.c` explains. Ternary codes take 2 bits, not the 1.6 of five in a
byte:
unpacking base 3 costs about three instructions a weight where a shift and a mask serve two weights, several
times the time for a fifth of the bytes. The layouts are the same for every core.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.quantization import Width
from sertool.graph.weighted import Weighted
from sertool.graph.weights import check_codes

#: Inputs and outputs of a layer: what the kernels' 16-bit fields hold.
LARGEST_SIZE = 65535
#: Rows whose words stand side by side: SER_BLOCK in `ser_kernels.h`.
BLOCK = 4
_WORD = 4


@dataclass(frozen=True)
class Layout:
    """How the fields of `bits` bits fill words: `fields` pairs in each, `extra` more in a group of `words`."""

    bits: int
    fields: int
    words: int
    extra: int

    @property
    def pairs(self) -> int:
        """Pairs of inputs in a whole group."""
        return self.fields * self.words + self.extra

    def stride(self, inputs: int) -> int:
        """Words in a row of `inputs` weights."""
        groups, rest = divmod((inputs + 1) // 2, self.pairs)
        return groups * self.words + min(math.ceil(rest / self.fields), self.words)


def layout(bits: int) -> Layout:
    """Return the layout of `bits` bits, 1 to 8."""
    fields = 16 // bits
    left_over = 16 - fields * bits
    words = bits // math.gcd(bits, left_over) if left_over else 1
    return Layout(bits, fields, words, words * left_over // bits)


@dataclass(frozen=True, eq=False)
class PackedDense:
    """A layer as `struct ser_dense` takes it.

    `weights` uint32 (blocks, stride, BLOCK); `bias`, `multiplier` int32 and `shift` int8 (outputs,), the bias
    with all that is constant about the input folded in; `lowest` and `highest` the clamp before the output's
    zero point is added.
    """

    kernel: str
    inputs: int
    outputs: int
    weights: NDArray[np.uint32]
    bias: NDArray[np.int32]
    multiplier: NDArray[np.int32]
    shift: NDArray[np.int8]
    output_zero_point: int
    lowest: int
    highest: int

    @property
    def stride(self) -> int:
        """Words in a row."""
        return int(self.weights.shape[1])


def layer_bytes(outputs: int, inputs: int, width: Width) -> int:
    """Bytes of flash that a layer takes at `width`: weights, biases, multipliers, shifts, and what aligns them.

    The one count of a layer: budgets, baselines, tables and reports all hold it. Every array starts at a word,
    so that the shifts, a byte an output, are filled up to one. Without inputs only the parameters are counted.
    """
    rows = -(-outputs // BLOCK) * BLOCK
    weights = _WORD * rows * layout(width.bits).stride(inputs)
    return weights + 2 * _WORD * outputs + -(-outputs // _WORD) * _WORD


def pack(layer: Weighted) -> PackedDense:
    """Pack a layer for the kernel of its width.

    Raises SertoolError for weights outside the width's code set, and sizes, multipliers or shifts that the
    kernels' fields cannot hold.
    """
    _check(layer)
    zero_point = layer.output_quantization.zero_point
    return PackedDense(
        kernel=f"ser_dense_w{layer.width.bits}",
        inputs=layer.inputs,
        outputs=layer.outputs,
        weights=pack_codes(layer.rows, layer.width),
        bias=_folded_bias(layer),
        multiplier=layer.multiplier,
        shift=layer.shift.astype(np.int8),
        output_zero_point=zero_point,
        lowest=layer.activation_min - zero_point,
        highest=layer.activation_max - zero_point,
    )


def pack_codes(codes: NDArray[np.int8], width: Width) -> NDArray[np.uint32]:
    """Pack int8 codes (outputs, inputs) into uint32 words (blocks, stride, BLOCK)."""
    outputs, inputs = codes.shape
    lane, field, place = _places(inputs, width)
    blocks, stride = -(-outputs // BLOCK), layout(width.bits).stride(inputs)
    wide = codes.astype(np.int64)
    stored = (1 - wide) // 2 if width.bits == 1 else wide + width.largest_code
    bits = np.zeros((blocks * BLOCK, 32 * stride), np.uint8)
    bits[:outputs, place] = (stored[:, lane] >> field) & 1
    words = np.packbits(bits, axis=1, bitorder="little").view("<u4")
    return np.ascontiguousarray(words.reshape(blocks, BLOCK, stride).transpose(0, 2, 1), np.uint32)


def unpack_codes(words: NDArray[np.uint32], outputs: int, inputs: int, width: Width) -> NDArray[np.int8]:
    """Undo `pack_codes`: the int8 codes (outputs, inputs)."""
    lane, field, place = _places(inputs, width)
    rows = np.ascontiguousarray(words.transpose(0, 2, 1), "<u4").reshape(-1, words.shape[1])[:outputs]
    bits = np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little")
    places = np.zeros((outputs, inputs, width.bits), np.int64)
    places[:, lane, field] = bits[:, place].astype(np.int64) << field
    stored: NDArray[np.int64] = places.sum(axis=2)
    return (1 - 2 * stored if width.bits == 1 else stored - width.largest_code).astype(np.int8)


def _places(inputs: int, width: Width) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Where each bit of a row goes, as three flat arrays: input, bit of its code, bit of the row's words."""
    bits = width.bits
    lane, field = (grid.ravel().astype(np.int64) for grid in np.mgrid[0:inputs, 0:bits])
    if bits == 1:
        return lane, field, lane // 32 * 32 + lane % 4 * 8 + lane // 4 % 8
    plan = layout(bits)
    group, pair = np.divmod(lane // 2, plan.pairs)
    # The left-over bits of a group's words, in order, are one row of bits for the extra pairs.
    left_over = max(16 - plan.fields * bits, 1)
    extra = (pair - plan.fields * plan.words) * bits + field
    in_fields = extra < field
    word = np.where(in_fields, pair // plan.fields, extra // left_over) + group * plan.words
    bit = np.where(in_fields, pair % plan.fields * bits + field, 16 - left_over + extra % left_over)
    return lane, field, 32 * word + lane % 2 * 16 + bit


def _folded_bias(layer: Weighted) -> NDArray[np.int32]:
    """The bias that each width's kernel expects, modulo 2^32 as its sums are."""
    codes = layer.rows.astype(np.int64)
    # All kernels but the 8-bit one take an input x as x + 128.
    offset = layer.input_quantization.zero_point + (0 if layer.width.bits == 8 else 128)
    folded = layer.bias - offset * codes.sum(axis=1)
    if layer.width.bits == 1:
        folded -= 255 * (codes < 0).sum(axis=1)
    wrapped: NDArray[np.int32] = folded.astype(np.uint32).view(np.int32)
    return wrapped


def _check(layer: Weighted) -> None:
    where = f"layer {layer.name!r}"
    check_codes(layer.name, layer.rows, layer.width)
    if max(layer.rows.shape) > LARGEST_SIZE:
        raise SertoolError(
            f"{layer.outputs} outputs of {layer.inputs} inputs are too many",
            where=where,
            allowed=f"up to {LARGEST_SIZE} of each",
        )
    wrong = (layer.multiplier < 0) | (layer.shift < -31) | (layer.shift > 30)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise SertoolError(
            f"output {row} has multiplier {layer.multiplier[row]} and shift {layer.shift[row]}",
            where=where,
            allowed="a multiplier of 0 or more, a shift from -31 to 30",
        )
