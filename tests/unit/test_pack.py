from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks import codes, network
from sertool.errors import SertoolError
from sertool.firmware import pack as packing
from sertool.firmware.pack import layer_bytes, layout, pack, pack_codes, unpack_codes
from sertool.graph import FullyConnected, Width

WIDTHS = [Width.parse(word) for word in ("1", "ternary", "2", "3", "4", "5", "6", "7", "8")]


def dense(width: str = "4") -> FullyConnected:
    return network([45, 6], [width]).weighted[0]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(WIDTHS), st.integers(1, 11), st.integers(1, 150), st.integers(0, 2**32 - 1))
def test_packing_can_be_undone(width: Width, outputs: int, inputs: int, seed: int) -> None:
    drawn = codes(np.random.default_rng(seed), (outputs, inputs), width).astype(np.int8)
    words = pack_codes(drawn, width)
    assert words.shape == (-(-outputs // 4), layout(width.bits).stride(inputs), 4)
    assert np.array_equal(unpack_codes(words, outputs, inputs, width), drawn)


@pytest.mark.parametrize("bits", range(1, 9))
def test_a_group_takes_exactly_its_bits(bits: int) -> None:
    plan = layout(bits)
    assert 32 * plan.words == bits * 2 * plan.pairs


@pytest.mark.parametrize("bits", range(1, 9))
def test_rows_are_padded_by_less_than_a_group(bits: int) -> None:
    plan = layout(bits)
    for inputs in range(1, 400):
        padding = 32 * plan.stride(inputs) - bits * inputs
        assert 0 <= padding < 32 * plan.words
        # Within a group, a word at most is added for what does not use the left-over bits.
        assert padding < 32 + plan.words * (32 - 2 * plan.fields * bits) + 2 * bits


@pytest.mark.parametrize(
    ("width", "code", "bit"), [("1", -1, 1), ("1", 1, 0), ("2", -1, 0), ("3", -3, 0), ("8", -127, 0)]
)
def test_lowest_codes_are_stored_as_zero_and_one_bit_as_its_sign(width: str, code: int, bit: int) -> None:
    assert pack_codes(np.full((4, 32), code, np.int8), Width.parse(width)).any() == bool(bit)


def test_words_are_what_the_kernels_document() -> None:
    rows = np.array([[-7, 7, 0, 1, -6, 2, 3, 4]], np.int8)
    # Pairs at bits 0, 4, 8, 12; the first of each in the low half, stored as code + 7.
    low = 0x0 | 0x7 << 4 | 0x1 << 8 | 0xA << 12
    high = 0xE | 0x8 << 4 | 0x9 << 8 | 0xB << 12
    assert pack_codes(rows, Width(4)).tolist() == [[[low | high << 16, 0, 0, 0]]]


def test_one_bit_goes_by_fours() -> None:
    rows = np.ones((1, 32), np.int8)
    rows[0, [0, 1, 6, 31]] = -1
    assert pack_codes(rows, Width(1))[0, :, 0].tolist() == [1 << 0 | 1 << 8 | 1 << 17 | 1 << 31]


@pytest.mark.parametrize("width", ["1", "ternary", "3", "8"])
def test_bytes_are_known_before_packing(width: str) -> None:
    layer = dense(width)
    packed = pack(layer)
    arrays = [array.nbytes for array in (packed.weights, packed.bias, packed.multiplier, packed.shift)]
    assert layer_bytes(layer.outputs, layer.inputs, layer.width) == sum(size + -size % 4 for size in arrays)
    assert layer_bytes(layer.outputs, 0, layer.width) == sum(size + -size % 4 for size in arrays[1:])


def test_the_published_net_takes_less_than_33_kilobytes() -> None:
    sizes, plan = (180, 512, 128, 64, 32, 7), ("1", "1", "4", "4", "8")
    shapes = zip(sizes[1:], sizes, plan, strict=False)
    assert sum(layer_bytes(out, into, Width.parse(word)) for out, into, word in shapes) == 32544


def test_a_code_outside_its_set_is_refused() -> None:
    layer = dense("3")
    layer.weights[2, 5] = 4
    with pytest.raises(SertoolError, match=r"weight \[2, 5\] is 4: no code of width 3"):
        pack(layer)


def test_a_zero_is_no_code_of_one_bit() -> None:
    layer = dense("1")
    layer.weights[1, 0] = 0
    with pytest.raises(SertoolError, match="no code of width 1"):
        pack(layer)


def test_sizes_beyond_the_kernels_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "LARGEST_SIZE", 44)
    with pytest.raises(SertoolError, match="6 outputs of 45 inputs are too many"):
        pack(dense())


@pytest.mark.parametrize(("field", "value"), [("multiplier", -1), ("shift", 31), ("shift", -32)])
def test_factors_beyond_the_kernels_are_refused(field: str, value: int) -> None:
    layer = dense()
    wrong = getattr(layer, field).copy()
    wrong[3] = value
    with pytest.raises(SertoolError, match="output 3 has multiplier"):
        pack(dataclasses.replace(layer, **{field: wrong}))


def test_a_width_outside_the_sets_is_refused() -> None:
    with pytest.raises(ValueError, match="unsupported width: 9 bits"):
        Width(9)
