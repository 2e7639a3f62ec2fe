"""Plans as people write them."""

from __future__ import annotations

import pytest
from training_examples import examples, float_model

from sertool import laq
from sertool.errors import SertoolError
from sertool.graph import TERNARY, Width

LAYERS = ("dense1", "dense2", "logits")


def test_every_width_is_read_and_written() -> None:
    assert laq.parse_plan("1, t,8", LAYERS) == (Width(1), TERNARY, Width(8))
    for text in ("1,ternary,2", "3,4,5", "6,7,8"):
        assert laq.format_plan(laq.parse_plan(text, LAYERS)) == text


def test_too_few_widths_names_the_layers_without_one() -> None:
    with pytest.raises(SertoolError, match="too few widths: logits have none") as caught:
        laq.parse_plan("1,8", LAYERS)
    assert caught.value.allowed == "3 widths, one for each of: dense1, dense2, logits; or one for all"


@pytest.mark.parametrize(("text", "width"), [("4", Width(4)), (" ternary ", TERNARY)])
def test_one_width_is_for_every_layer(text: str, width: Width) -> None:
    assert laq.parse_plan(text, LAYERS) == (width, width, width)
    assert laq.parse_plan(text, LAYERS[:1]) == (width,)


def test_too_many_widths() -> None:
    with pytest.raises(SertoolError, match="too many widths: 4 for 3 layers"):
        laq.parse_plan("1,1,4,8", LAYERS)


@pytest.mark.parametrize("word", ["0", "9", "", "1.5", "eight", "-1"])
def test_unsupported_width_names_the_layer(word: str) -> None:
    with pytest.raises(SertoolError, match=f"unsupported width '{word}' for layer dense2") as caught:
        laq.parse_plan(f"1,{word},8", LAYERS)
    assert "ternary" in str(caught.value.allowed)


def test_unsupported_width_past_the_last_layer() -> None:
    with pytest.raises(SertoolError, match="unsupported width '9' for layer number 4"):
        laq.parse_plan("1,1,8,9", LAYERS)


def test_a_plan_for_another_network_is_refused() -> None:
    with pytest.raises(SertoolError, match="too few widths: logits"):
        laq.quantize(float_model(), (Width(8), Width(8)), examples(9, 0).features)
