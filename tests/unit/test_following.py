"""What is said of a network that gets to know its speakers."""

from __future__ import annotations

import numpy as np
import pytest
from test_material import LABELS, clips, heard, material

from sertool.errors import SertoolError
from sertool.evaluation import CalmFigures, EnrolledFigures, Evaluation, HeardFigures
from sertool.experiments.followed import beside
from sertool.experiments.scoring import Answer, Examined, across
from sertool.material import Following, Material, Score, following, occasions
from sertool.material.turns import turns
from sertool.report import render_evaluation_html
from sertool.report.formatting import NBSP
from sertool.standardization import Speaker


def answered(made: Material, answer: int) -> Following:
    """What a network says that hears one label in everything."""
    met = occasions(made)
    return following(
        made, met, np.full(len(made.split.test), answer), np.full(len(met.inputs), answer, np.int64)
    )


def test_answers_are_counted_by_the_number_of_the_utterance() -> None:
    made = material("running", clips(), heard(clips()))
    found = answered(made, 1)
    order = turns(made.split.test, made.split.seed)
    right = dict.fromkeys((1, 4), 0)
    for rows in order.values():
        for number, row in enumerate(rows, 1):
            right[1 if number < 4 else 4] += made.split.test[row].emotion == LABELS[1]
    counts = [len(rows) for rows in order.values()]
    first, later = sum(min(3, count) for count in counts), sum(max(0, count - 3) for count in counts)
    assert found.heard == (Score(1, right[1], first), Score(4, right[4], later))
    assert [(each.first, each.count) for each in found.changed] == [(1, first), (4, later)]
    calm = {clip.speaker for clip in made.split.test if clip.emotion == "neutral"}
    among = [clip.emotion == "neutral" for clip in made.split.test if clip.speaker in calm]
    assert found.neutral == Score(21, sum(among), len(among))
    assert found.neutral_clips == Score(21, sum(among), sum(among))


def test_each_occasion_is_counted_by_itself() -> None:
    made = material("running", clips(), heard(clips()))
    met = occasions(made)
    truth = made.examples("test").labels
    changed, neutral = sum(map(len, met.changed)), sum(map(len, met.neutral))
    assert len(met.inputs) == len(met.rows) == changed + neutral
    wrong = (truth + 1) % len(LABELS)
    only_changed = np.where(np.arange(len(met.rows)) < changed, truth[met.rows], wrong[met.rows])
    found = following(made, met, wrong, only_changed)
    assert {each.right for each in found.heard} == {0}
    assert all(each.right == each.count for each in found.changed)
    assert found.neutral is not None and found.neutral_clips is not None
    assert (found.neutral.right, found.neutral_clips.right, found.neutral.count) == (0, 0, neutral)
    only_calm = truth[met.rows] == LABELS.index("neutral")
    found = following(made, met, truth, np.where(only_calm, truth[met.rows], wrong[met.rows]))
    assert found.neutral is not None and found.neutral_clips is not None
    assert found.neutral_clips.right == found.neutral_clips.count == found.neutral.right < neutral
    assert all(each.right == each.count for each in found.heard)


def test_the_network_reads_what_a_device_would_give_it() -> None:
    made = material("running", clips(), heard(clips()))
    met, order = occasions(made), turns(made.split.test, made.split.seed)
    raw, follow = made.raw["test"], made.standardizer.follow
    assert [rows.tolist() for rows in met.changed] == [rows.tolist() for rows in order.values()]
    # The next speaker by name, every part.
    known = Speaker.unknown(made.spec.features)
    for part, found in made.split.parts.items():
        follow(made.raw[part][turns(found, made.split.seed)["bob"]], known)
    assert np.array_equal(met.inputs[: len(order["ann"])], follow(raw[order["ann"]], known))
    rows = met.neutral[-1]
    calm = [row for row in rows if made.split.test[row].emotion == "neutral"]
    known = Speaker.unknown(made.spec.features)
    follow(raw[[calm[number % len(calm)] for number in range(20)]], known)
    assert np.array_equal(met.inputs[-1:], follow(raw[rows[-1:]], known))
    assert not np.array_equal(met.inputs[-1], made.examples("test").features[rows[-1]])


def test_who_speaks_alone_takes_nobodys_place() -> None:
    alone = clips(("ann",))
    assert answered(material("running", alone, heard(alone)), 0).changed == ()


def test_material_that_follows_nobody_is_refused() -> None:
    with pytest.raises(SertoolError, match="follows nobody"):
        occasions(material("fixed", clips(), heard(clips())))


def evaluated(protocol: str, right: dict[tuple[int, int], int]) -> Evaluation:
    """Networks by seed and fold, so many of whose 4 answers are right."""

    def answers(count: int) -> tuple[Answer, ...]:
        return tuple(
            Answer(f"{n}.wav", "s", "fear", "fear" if n < count else "anger", 192, 240, True) for n in range(4)
        )

    networks = [Examined("8-2", "4", 9, answers(count), 1.0, *place, 0.5) for place, count in right.items()]
    return across("toy", protocol, ("anger", "fear"), networks)


OWN = Following((Score(1, 2, 3), Score(4, 1, 1)), (Score(1, 1, 3),), Score(21, 1, 4), Score(21, 1, 2))
OTHER = Following((Score(1, 1, 3), Score(4, 0, 1)), (Score(1, 1, 3),), Score(21, 2, 4), Score(21, 2, 2))
NOBODY = Following((Score(1, 0, 1),), (), None, None)


def test_following_stands_beside_not_following_network_by_network() -> None:
    followed = evaluated("speaker-running", {(0, fold): fold + 1 for fold in range(3)})
    plain = evaluated("speaker", {(0, fold): 1 for fold in range(3)})
    found = beside(followed, plain, [(OWN, OTHER), (OWN, OTHER), (NOBODY, NOBODY)]).following
    assert found is not None and followed.repeats == "folds"
    assert (found.plain.mean, found.gain.mean) == (pytest.approx(0.25), pytest.approx((0 + 1 + 2) / 4 / 3))
    assert found.gain.low is not None and found.gain.low < 0.25 < found.gain.high
    assert found.heard == (
        HeardFigures(1, 3, 7, 4 / 7, 2 / 6, 2 / 7),
        HeardFigures(4, None, 2, 2 / 2, None, 0.0),
    )
    assert found.calm == CalmFigures(20, 8, 2 / 8, 4 / 8, 4, 2 / 4, 4 / 4)
    alone = beside(followed, plain, [(NOBODY, NOBODY)] * 3).following
    assert alone is not None and alone.calm is None and alone.heard[0].changed is None


def test_the_page_shows_what_following_gives_where_there_is_such_a_thing() -> None:
    followed = evaluated("speaker-running", {(0, fold): fold + 1 for fold in range(3)})
    plain = evaluated("speaker", {(0, fold): 1 for fold in range(3)})
    assert "Following" not in render_evaluation_html(plain, {})
    page = render_evaluation_html(beside(followed, plain, [(OWN, OTHER)] * 3), {})
    assert "a gain of +25.0 points" in page
    assert "Utterances 1–3: 66.7 %, after a change of speaker 33.3 %, not following 33.3 %." in page.replace(
        NBSP, " "
    )
    assert "Utterances 4–: 100.0 %, not following 0.0 %." in page.replace(NBSP, " ")
    assert page.count('<g class="') == 3
    alone = render_evaluation_html(beside(followed, plain, [(NOBODY, NOBODY)] * 3), {})
    assert "No speaker has a clip labelled neutral" in alone
    assert alone.count('<g class="') == 2


def test_the_page_shows_what_enrolling_gives() -> None:
    followed = evaluated("speaker-enrolled", {(0, fold): fold + 1 for fold in range(3)})
    plain = evaluated("speaker", {(0, fold): 1 for fold in range(3)})
    own = Following((), (), None, None, (Score(0, 1, 4), Score(1, 2, 4)))
    other = Following((), (), None, None, (Score(0, 1, 4), Score(1, 1, 4)))
    value = beside(followed, plain, [(own, other)] * 3)
    assert value.following is not None and value.following.heard == () and value.following.calm is None
    assert value.following.enrolled == (EnrolledFigures(0, 12, 0.25, 0.25), EnrolledFigures(1, 12, 0.5, 0.25))
    page = render_evaluation_html(value, {}).replace(NBSP, " ")
    assert "with which speakers enrolled" in page and "50.0 %" in page
    assert "curves-title" not in page and "labelled neutral" not in page
