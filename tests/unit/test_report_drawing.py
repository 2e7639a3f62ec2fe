"""The geometry of the pictures: nothing outside, nothing lost, nothing overlapping."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from report_example import FLOAT, LABELS, exactness, instructions, memory, network, score, split

from sertool.report.drawing.bars import accuracy_dots, bars, instruction_bars, split_bars
from sertool.report.drawing.confusion import matrix
from sertool.report.drawing.funnel import BAND, funnel
from sertool.report.drawing.memory import Segment, memory_bar
from sertool.report.page import exactness_grid, importance
from sertool.report.report import EngineCheck, LayerCheck, Region, Section, Symbol


def covers(segments: tuple[Segment, ...]) -> None:
    assert segments[0].x == 0
    for one, other in pairwise(segments):
        assert one.x + one.width == pytest.approx(other.x)
    assert segments[-1].x + segments[-1].width == pytest.approx(100)


@pytest.mark.parametrize("region", [memory().flash, memory().ram], ids=["flash", "ram"])
def test_memory_bars_cover_what_is_used(region: Region) -> None:
    bar = memory_bar(region)
    covers(bar.sections)
    covers(bar.symbols)
    assert sum(segment.bytes for segment in bar.sections) == region.used
    assert sum(segment.bytes for segment in bar.symbols) == region.used
    assert [segment.key for segment in bar.keyed_symbols] == [
        str(index + 1) for index in range(len(bar.keyed_symbols))
    ]


def test_symbols_stand_under_their_section() -> None:
    bar = memory_bar(memory().flash)
    rodata = next(segment for segment in bar.sections if segment.name == ".rodata")
    weights = next(segment for segment in bar.symbols if segment.name == "ser_dense_0_weights")
    assert weights.x == pytest.approx(rodata.x)
    assert weights.colour == rodata.colour


def test_an_alias_does_not_push_symbols_out_of_their_section() -> None:
    symbols = (Symbol("handler", ".text", 80), Symbol("alias", ".text", 80))
    bar = memory_bar(Region("Flash", 1000, (Section(".text", 100), Section(".data", 10)), symbols))
    covers(bar.symbols)
    assert [segment.name for segment in bar.keyed_symbols] == ["alias"]


def test_an_image_too_large_fills_the_bar_and_an_empty_one_is_drawn() -> None:
    assert memory_bar(Region("RAM", 100, (Section(".bss", 150),))).used == 100
    empty = memory_bar(Region("RAM", 100, ()))
    assert (empty.used, empty.sections, empty.symbols) == (0, (), ())


def test_the_funnel_joins_layer_to_layer() -> None:
    drawing = funnel(network())
    assert [boundary.units for boundary in drawing.boundaries] == [180, 512, 128, 64, 32, 7]
    assert [len(shape.strands) for shape in drawing.shapes] == [1, 1, 4, 4, 8]
    for one, other in pairwise(drawing.shapes):
        assert one.x + one.width == pytest.approx(other.x)
        assert one.points.split()[1].split(",")[1] == other.points.split()[0].split(",")[1]
    for shape in drawing.shapes:
        heights = [float(point.split(",")[1]) for point in shape.points.split()]
        assert 0 <= min(heights) <= max(heights) <= BAND
        assert all(min(heights) < strand.left < max(heights) for strand in shape.strands)


def test_ternary_is_drawn_with_the_two_bits_that_it_takes() -> None:
    net = network()
    ternary = replace(net, layers=(replace(net.layers[0], width="ternary"), *net.layers[1:]))
    assert funnel(ternary).shapes[0].bits == 2


def test_bars_keep_rows_that_were_not_measured() -> None:
    rows = bars([("a", 2), ("b", None), ("c", 4), ("d", -1)])
    assert [row.width for row in rows] == [50, 0, 100, 0]
    assert [row.width for row in bars([("a", None), ("b", 0)])] == [0, 0]
    counts = instructions()
    assert set(instruction_bars(counts)) == {"one inference", "one second of audio"}
    only = replace(counts, cores=tuple(replace(core, audio_second=None) for core in counts.cores))
    assert set(instruction_bars(only)) == {"one inference"}


def test_split_bars_add_up() -> None:
    rows = split_bars(split(), LABELS)
    assert [row.total for row in rows] == [127, 81, 46, 69, 71, 79, 62]
    for row in rows:
        assert sum(piece.value for piece in row.pieces) == row.total
        assert row.pieces[-1].x + row.pieces[-1].width <= 100 + 1e-9


def test_a_dot_pins_its_text_inside_the_axis() -> None:
    high, low = accuracy_dots({"high": score(((99, 1), (0, 100))), "low": score(((1, 9), (9, 1)))})
    assert high.anchor == (high.high, "end")
    assert low.anchor == (low.low, "start")


def test_a_confusion_row_is_shaded_by_its_share() -> None:
    rows = matrix(FLOAT, LABELS)
    assert rows[0].recall == pytest.approx(12 / 13)
    assert [cell.right for cell in rows[2].cells].index(True) == 2
    for row in rows:
        assert sum(cell.share for cell in row.cells) == pytest.approx(1)
    absent = matrix(((1, 0), (0, 0)), ("a", "b"))[1]
    assert absent.recall is None
    assert [cell.share for cell in absent.cells] == [0, 0]


def test_the_exactness_grid_is_in_execution_order() -> None:
    layers, rows = exactness_grid(exactness())
    assert layers[:3] == ("features", "input", "dense_0")
    assert layers[-1] == "label"
    tflm = dict(zip(layers, rows[0][1], strict=True))
    assert tflm["features"] is None
    assert tflm["input"] == LayerCheck("input", 54 * 180, 0)
    engines = (EngineCheck("one", 1, (LayerCheck("x", 1, 0),)),)
    assert exactness_grid(replace(exactness(), engines=engines))[0] == ("x",)
    assert exactness_grid(None) == ((), ())


def test_importance_is_drawn_only_where_it_is_known() -> None:
    net = network()
    assert [column.title for column in importance(net)] == ["NP", "entropy", "NV", "importance"]
    assert importance(replace(net, layers=tuple(replace(layer, importance=None) for layer in net.layers))) == ()
    partly = replace(net, layers=(replace(net.layers[0], importance=None), *net.layers[1:]))
    assert importance(partly)[0].bars[0].value is None
    assert net.layers[1].importance is not None
    felt = replace(net.layers[1].importance, gradient=0.25, hessian=1.0)
    columns = importance(replace(net, layers=(net.layers[0], replace(net.layers[1], importance=felt))))
    assert [column.title for column in columns][3:] == ["gradient", "Hessian", "importance"]
    assert [bar.value for bar in columns[3].bars] == [None, 0.25]
