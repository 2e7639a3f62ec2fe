"""The picture of size against accuracy: everything inside, told apart, and readable at every width."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Any

import pytest
from tradeoff_example import example, point, tradeoff

from sertool.report import Estimate, Tradeoff
from sertool.report.drawing import pareto
from sertool.report.drawing.axes import Accuracies, Sizes
from sertool.report.drawing.labels import WIDTHS, Box, Item, Spot, spots

TRADEOFFS = pytest.mark.parametrize(
    "data", example().tradeoffs, ids=[f"{each.corpus}-{each.protocol}" for each in example().tradeoffs]
)


def plot(data: Tradeoff) -> pareto.Plot:
    return pareto.plot(data, pareto.styles([each.method for each in data.points]))


def drawn(accuracy: float, size: int, half: float = 0.0, **more: Any) -> Any:
    return replace(point(accuracy, size, **more), accuracy=Estimate(accuracy, accuracy - half, accuracy + half))


@TRADEOFFS
def test_every_point_is_inside_the_picture(data: Tradeoff) -> None:
    made = plot(data)
    assert [mark.number for mark in made.marks] == list(range(1, len(data.points) + 1))
    for mark in made.marks:
        assert 0 < mark.x < 100
        assert 0 <= mark.y <= pareto.HEIGHT
        ends = [mark.y + float(end) for end in re.findall(r"M0 (-?[\d.]+)V(-?[\d.]+)", mark.whisker)[0]] if (
            mark.whisker
        ) else []  # fmt: skip
        assert all(-0.1 <= end <= pareto.HEIGHT + 0.1 for end in ends)
    for shown in made.ranges:
        assert 0 <= shown.low <= shown.mean <= shown.high <= 100
        assert 0 <= shown.real <= 100
    assert 0 <= made.reference.place <= pareto.HEIGHT
    assert made.reference.box.inside(pareto.HEIGHT)


@TRADEOFFS
def test_labels_cover_neither_marks_nor_each_other_at_any_width(data: Tradeoff) -> None:
    made = plot(data)
    for width in (WIDTHS[0], 350, 420, 600, 800, WIDTHS[1]):
        boxes = []
        for mark in made.marks:
            x = mark.x * width / 100
            boxes.append((x - mark.radius, x + mark.radius, mark.y - mark.radius, mark.y + mark.radius))
        labels = []
        for mark in made.marks:
            if mark.spot:
                x, y, half = mark.x * width / 100 + mark.spot.x, mark.y + mark.spot.y - 4, 3.5 * len(mark.label)
                labels.append((x - half, x + half, y - 6, y + 6))
        for one, other in itertools.chain(itertools.combinations(labels, 2), itertools.product(labels, boxes)):
            apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
            assert apart, (width, one, other)
        assert all(left >= 0 and right <= width for left, right, _, _ in labels)


def test_all_of_the_front_that_has_room_is_labelled() -> None:
    made = plot(tradeoff(drawn(0.7, 1000, front=True), drawn(0.75, 4000), drawn(0.8, 8000, front=True)))
    assert all(mark.spot for mark in made.marks)


def test_of_many_points_only_the_front_is_labelled() -> None:
    points = [drawn(0.5 + index / 200, 100 * (index + 1), front=index % 10 == 0) for index in range(50)]
    made = plot(tradeoff(*points))
    assert {mark.number for mark in made.marks if mark.spot} == {1, 11, 21, 31, 41}


def test_methods_differ_in_shape_and_colour() -> None:
    looks = pareto.styles([f"method {index}" for index in range(36)])
    assert len(set(looks.values())) == 36
    first = list(looks.values())[:6]
    assert len({style.path for style in first}) == len({style.colour for style in first}) == 6
    for one, other in itertools.combinations(list(looks.values())[:18], 2):
        assert one.path != other.path or one.colour != other.colour


def test_larger_accuracy_is_higher_and_more_bytes_further_right() -> None:
    low, high = plot(tradeoff(drawn(0.7, 1000), drawn(0.8, 8000))).marks
    assert low.y > high.y and low.x < high.x
    assert low.radius == high.radius


def test_marks_grow_with_instructions() -> None:
    few, many, unknown = plot(
        tradeoff(drawn(0.7, 1, instructions=10), drawn(0.8, 8, instructions=90), drawn(0.8, 4))
    ).marks
    assert few.radius < unknown.radius < many.radius


def test_flash_is_the_size_where_all_images_were_measured() -> None:
    points = drawn(0.7, 2000, flash=30_000), drawn(0.8, 1000, flash=60_000)
    assert [mark.size for mark in plot(tradeoff(*points)).marks] == [30_000, 60_000]
    assert [mark.size for mark in plot(tradeoff(points[0], drawn(0.8, 1000))).marks] == [2000, 1000]


def test_the_steps_climb_from_small_to_accurate_and_go_on_to_the_edge() -> None:
    data = tradeoff(drawn(0.8, 4000), drawn(0.7, 1000), drawn(0.75, 8000), drawn(0.6, 4000))
    made = plot(data)
    assert made.marks[1].y > made.marks[0].y
    steps = re.fullmatch(r"M([\d.]+) ([\d.]+) H([\d.]+) V([\d.]+) H100", made.steps)
    assert steps
    assert [float(steps[3]), float(steps[4])] == pytest.approx([made.marks[0].x, made.marks[0].y], abs=0.1)


def test_a_whisker_has_caps_where_it_ends_and_none_where_the_picture_does() -> None:
    wide, narrow, alone = plot(
        tradeoff(drawn(0.80, 1000, 0.3), drawn(0.81, 2000, 0.001), replace(drawn(0.79, 3000), seeds=1))
    ).marks
    assert (wide.whisker.count("h6"), narrow.whisker.count("h6")) == (0, 2)
    assert alone.whisker == ""


def test_a_point_far_below_the_others_stands_at_the_edge_with_its_accuracy() -> None:
    points = [drawn(0.85 + index / 200, 1000 + index) for index in range(9)]
    made = plot(tradeoff(*points, drawn(0.2, 900, 0.05)))
    fallen = made.marks[-1]
    assert fallen.below and fallen.y == pareto.HEIGHT and fallen.label == "10: 20\u00a0%" and not fallen.whisker
    assert not any(mark.below for mark in made.marks[:-1])
    assert made.marks[0].y - made.marks[8].y > 100


def test_one_point_makes_a_picture() -> None:
    made = plot(tradeoff(drawn(1.0, 1000)))
    assert 40 < made.marks[0].x < 60
    assert made.sizes and made.accuracies


@pytest.mark.parametrize(
    ("sizes", "logarithmic", "labels"),
    [
        ((4048, 42072), True, ["4", "6", "8", "12", "16", "32\u00a0KiB"]),
        ((28_000, 60_000), False, ["32", "40", "48", "56\u00a0KiB"]),
        ((300, 70_000_000), True, None),
        ((25_000, 25_600), False, None),
        ((10_181, 10_181), False, None),
        ((1, 1), False, None),
    ],
)
def test_the_axis_of_sizes(sizes: tuple[int, int], logarithmic: bool, labels: list[str] | None) -> None:
    axis = Sizes.of(sizes)
    assert axis.logarithmic is logarithmic
    ticks = axis.ticks
    assert 2 <= len(ticks) <= 11 or sizes[0] == sizes[1]
    for one, other in itertools.pairwise(ticks):
        assert other.place - one.place >= 8.9
    assert all(0 <= tick.place <= 100 for tick in ticks)
    if labels:
        assert [tick.label for tick in ticks] == labels
    for tick in ticks:
        size = 1024 * float(tick.label.removesuffix("\u00a0KiB"))
        assert axis.place(size) == pytest.approx(tick.place, abs=0.01)


def test_the_axis_of_accuracies() -> None:
    axis = Accuracies.of([0.80, 0.82], [(0.78, 0.82), (0.80, 0.84)], 0.85, 300)
    assert axis.place(axis.top) == 0 and axis.place(axis.bottom) == 300
    assert axis.shows(0.80) and axis.shows(0.85) and not axis.shows(0.7)
    assert axis.ticks[-1].label.endswith("%")
    assert 2 <= len(axis.ticks) <= 7
    perfect = Accuracies.of([1.0], [(1.0, 1.0)], 1.0, 300)
    assert [tick.label for tick in perfect.ticks][-1] == "100\u00a0%"
    nothing = Accuracies.of([0.0], [(0.0, 0.0)], 0.0, 300)
    assert nothing.bottom == 0 and nothing.ticks[0].label.startswith("0")


def test_boxes_that_change_sides_as_the_picture_widens_cover_each_other() -> None:
    left, right = Box(10, 60, 80, 0, 10), Box(30, -10, 10, 0, 10)
    # At 300 pixels the first lies right of the second, at 1000 left of it: between, they meet.
    assert left.covers(right) and right.covers(left)
    assert not Box(10, -5, 5, 0, 10).covers(Box(30, -5, 5, 0, 10))
    assert not Box(10, -5, 5, 0, 10).covers(Box(10, -5, 5, 10, 20))


def test_a_label_without_room_is_left_out() -> None:
    mark = Item(Box.around(50, 100, 6), "1")
    assert spots([mark], (), [0], 300) == {0: Spot(11.5, 4)}
    wall = Box(50, 7, 200, 0, 300)
    assert spots([mark], [wall], [0], 300) == {0: Spot(-11.5, 4)}
    assert spots([mark], [wall, Box(50, -200, -7, 0, 300)], [0], 300) == {0: Spot(0, -9.5)}
    assert spots([mark], [Box(50, -200, 200, 0, 300)], [0], 300) == {}


def test_labels_at_the_lower_edge_stack() -> None:
    mark = Box.around(50, 290, 6)
    first_row = [Box(50, -200, 200, 271, 310)]
    assert spots([Item(mark, "9: 20 %")], first_row, [0], 300) == {}
    assert spots([Item(mark, "9: 20 %", stacked=True)], first_row, [0], 300) == {0: Spot(0, -22.5)}


@pytest.mark.parametrize(
    ("accuracies", "anchor", "above"),
    [
        ((0.80, 0.85), "end", True),
        # The steps end just above the line, or a mark stands there.
        ((0.80, 0.905), "end", False),
        ((0.9005, 0.8995), "start", False),
    ],
)
def test_the_float_line_is_named_where_nothing_is_in_the_way(
    accuracies: tuple[float, float], anchor: str, above: bool
) -> None:
    first, second = accuracies
    reference = plot(tradeoff(drawn(first, 1000), drawn(second, 2000))).reference
    assert (reference.anchor, reference.box.top < reference.place) == (anchor, above)
