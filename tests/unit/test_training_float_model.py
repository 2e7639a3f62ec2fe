"""Float models as numpy: forward pass, files, and what training data may be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from training_examples import LABELS, SCALE, examples, float_model, training_data

from sertool.errors import SertoolError
from sertool.graph import TensorScale
from sertool.training import (
    Examples,
    FineTuningConfig,
    TrainingConfig,
    TrainingData,
    dequantize,
    evaluate,
    load,
    predict,
    save,
)


def test_predict_is_the_matrix_product_of_dequantized_inputs() -> None:
    model = float_model((12, 5, 3))
    features = examples(4, 0).features
    first, last = model.layers
    hidden = np.maximum(features * 2.0**-5 @ first.weights.T + first.bias, 0)
    np.testing.assert_allclose(
        predict(model, features), hidden @ last.weights.T + last.bias, rtol=1e-5, atol=1e-6
    )


def test_dequantize_is_exact() -> None:
    values = dequantize(np.array([[-128, 0, 127]], np.int8), TensorScale(0.25, 3))
    assert values.dtype == np.float32
    assert values.tolist() == [[-32.75, -0.75, 31.0]]


def test_parameters_and_shape() -> None:
    model = float_model((180, 512, 128, 64, 32, 3))
    assert model.shape == (180, 512, 128, 64, 32, 3)
    assert model.parameters == 180 * 512 + 512 + 512 * 128 + 128 + 128 * 64 + 64 + 64 * 32 + 32 + 32 * 3 + 3


def test_evaluate_counts_every_clip() -> None:
    assert evaluate(float_model(), examples(30, 3)).clips == 30


def test_save_and_load_give_the_same_bits(tmp_path: Path) -> None:
    model = float_model()
    data = save(model)
    (tmp_path / "float.npz").write_bytes(data)
    for source in (data, tmp_path / "float.npz"):
        again = load(source)
        assert again.labels == model.labels
        assert again.input == model.input
        for ours, theirs in zip(model.layers, again.layers, strict=True):
            assert (ours.name, ours.relu) == (theirs.name, theirs.relu)
            assert ours.weights.tobytes() == theirs.weights.tobytes()
            assert ours.bias.tobytes() == theirs.bias.tobytes()
        assert save(again) == data


def test_load_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match="cannot read the float model") as caught:
        load(tmp_path / "absent.npz")
    assert caught.value.where == str(tmp_path / "absent.npz")


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: b"text", lambda data: data[: len(data) // 2]]
)
def test_load_refuses_what_is_no_model(damage: Any) -> None:
    with pytest.raises(SertoolError, match="this is no float model, or it is damaged"):
        load(damage(save(float_model())))


def test_load_refuses_a_model_of_another_kind() -> None:
    from sertool import laq

    quantized = laq.quantize(float_model(), laq.parse_plan("8,8,8", ["a", "b", "c"]), examples(9, 0).features)
    with pytest.raises(SertoolError, match="this is a quantized model, not a float model"):
        load(laq.save(quantized))


def test_features_of_another_type_are_refused() -> None:
    with pytest.raises(SertoolError, match="features have type float64"):
        Examples(np.zeros((2, 3)), np.zeros(2, int))  # type: ignore[arg-type]
    with pytest.raises(SertoolError, match=r"shape \(6,\)"):
        Examples(np.zeros(6, np.int8), np.zeros(6, int))


def test_labels_of_another_shape_or_type_are_refused() -> None:
    with pytest.raises(SertoolError, match=r"labels have type int64 and shape \(3,\) for 2 clips"):
        Examples(np.zeros((2, 3), np.int8), np.zeros(3, np.int64))
    with pytest.raises(SertoolError, match="labels have type float64"):
        Examples(np.zeros((2, 3), np.int8), np.zeros(2))  # type: ignore[arg-type]


def test_training_data_refuses_parts_that_do_not_fit() -> None:
    good, other = examples(9, 0), Examples(np.zeros((3, 5), np.int8), np.arange(3))
    empty = Examples(good.features[:0], good.labels[:0])
    high = Examples(good.features, good.labels + 1)
    poor = Examples(good.features[:2], good.labels[:2])
    with pytest.raises(SertoolError, match="the training part is empty"):
        TrainingData(empty, good, LABELS, SCALE)
    with pytest.raises(SertoolError, match="the validation part is empty"):
        TrainingData(good, empty, LABELS, SCALE)
    with pytest.raises(SertoolError, match="outside the 3 classes"):
        TrainingData(good, high, LABELS, SCALE)
    with pytest.raises(SertoolError, match="training clips have 12 features, validation clips 5"):
        TrainingData(good, other, LABELS, SCALE)
    with pytest.raises(SertoolError, match="no training clip of: sadness"):
        TrainingData(poor, good, LABELS, SCALE)
    assert training_data().features == 12


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": 0},
        {"batch_size": 0},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"dropout": 1.0},
        {"input_dropout": -0.1},
        {"noise": -1.0},
        {"mixup": -1.0},
        {"label_smoothing": 1.0},
        {"seed": -1},
    ],
)
@pytest.mark.parametrize("kind", [TrainingConfig, FineTuningConfig])
def test_settings_out_of_range(kind: Any, wrong: dict[str, float]) -> None:
    name, value = next(iter(wrong.items()))
    with pytest.raises(SertoolError, match=f"{name} = {value} cannot be used") as caught:
        kind(**wrong)
    assert caught.value.allowed


def test_settings_of_one_kind_only() -> None:
    with pytest.raises(SertoolError, match="hidden"):
        TrainingConfig(hidden=(16, 0))
    with pytest.raises(SertoolError, match="distillation = 2"):
        FineTuningConfig(distillation=2)
    for members in (0, 65):
        with pytest.raises(SertoolError, match=f"members = {members} cannot be used"):
            TrainingConfig(hidden=(130,), members=members)
    assert TrainingConfig(hidden=[8, 4]).hidden == (8, 4)  # type: ignore[arg-type]


@pytest.mark.parametrize("hidden", [(), (12, 6), (512, 128, 64, 32), (10,), (2,)])
def test_members_share_one_hidden_layer_evenly(hidden: tuple[int, ...]) -> None:
    with pytest.raises(SertoolError) as caught:
        TrainingConfig(hidden=hidden, members=3)
    assert caught.value.what == f"members = 3 cannot share hidden = {list(hidden)}"
    assert caught.value.allowed == "one hidden layer, of a size that members divides"
    assert TrainingConfig(hidden=hidden).members == 1
    assert TrainingConfig(hidden=(12,), members=3).hidden == (12,)
