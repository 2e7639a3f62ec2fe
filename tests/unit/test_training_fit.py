"""Keras training with tiny networks: it learns, it repeats itself, and test clips play no part."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from training_examples import examples, training_data

from sertool import laq, training
from sertool.errors import SertoolError
from sertool.training import Examples, FineTuningConfig, TrainingConfig, TrainingData
from sertool.training.keras_network import build, extract

SMALL = TrainingConfig(hidden=(10, 8), epochs=12, batch_size=16, learning_rate=0.01, batch_norm=False)
SHORT = FineTuningConfig(epochs=4, batch_size=16, learning_rate=0.003)
Made = tuple[training.FloatModel, laq.QuantizedModel]


@pytest.fixture(scope="module")
def data() -> TrainingData:
    return training_data()


@pytest.fixture(scope="module")
def made(data: TrainingData) -> Made:
    return learn(data)


def learn(data: TrainingData) -> Made:
    model, _ = training.fit(data, SMALL)
    return model, laq.fine_tune(model, laq.parse_plan("1,t,8", ["a", "b", "c"]), data, SHORT)


def test_fit_learns_and_names_its_layers(made: Made, data: TrainingData) -> None:
    model = made[0]
    assert model.shape == (12, 10, 8, 3)
    assert [layer.name for layer in model.layers] == ["dense1", "dense2", "logits"]
    assert [layer.relu for layer in model.layers] == [True, True, False]
    assert all(layer.weights.dtype == layer.bias.dtype == np.float32 for layer in model.layers)
    assert training.evaluate(model, data.validation).weighted > 0.9


def test_fine_tuning_learns_and_keeps_the_plan(made: Made, data: TrainingData) -> None:
    model, quantized = made
    assert laq.format_plan(quantized.plan) == "1,ternary,8"
    assert laq.save(quantized) != laq.save(laq.quantize(model, quantized.plan, data.train.features))
    assert laq.evaluate(laq.integer_graph(quantized), data.validation).weighted > 0.9


def test_the_same_seed_gives_the_same_codes(made: Made, data: TrainingData) -> None:
    model, quantized = learn(data)
    assert training.save(model) == training.save(made[0])
    assert laq.save(quantized) == laq.save(made[1])


def test_training_never_looks_at_the_validation_part(made: Made, data: TrainingData) -> None:
    other = dataclasses.replace(data, validation=examples(30, 7))
    model, quantized = learn(other)
    assert training.save(model) == training.save(made[0])
    assert laq.save(quantized) == laq.save(made[1])


def test_the_last_training_may_take_both_parts(made: Made, data: TrainingData) -> None:
    joined = data.joined()
    assert (len(joined.train), joined.validation) == (len(data.train) + len(data.validation), data.validation)
    assert joined.train.labels.tolist() == [*data.train.labels, *data.validation.labels]
    assert (joined.train.features[-len(data.validation) :] == data.validation.features).all()


def test_every_option_of_training_is_taken(made: Made, data: TrainingData) -> None:
    options = {"input_dropout": 0.1, "mixup": 0.3, "class_weights": True, "noise": 0.0}
    model, history = training.fit(data, dataclasses.replace(SMALL, seed=1, epochs=3, **options))
    assert model.shape == made[0].shape
    assert training.save(model) != training.save(made[0])
    assert len(history.loss) == 3
    assert json.loads(json.dumps(history.to_dict())) == {"loss": list(history.loss)}


def test_folded_batch_normalization_gives_the_same_logits(data: TrainingData) -> None:
    config = dataclasses.replace(SMALL, batch_norm=True)
    network = build(data.features, len(data.labels), config)
    random = np.random.default_rng(0)
    # Any running mean, variance, gain and offset; a variance has to be positive.
    network.set_weights([np.abs(random.normal(1, 0.3, value.shape)) for value in network.get_weights()])
    wanted = network(training.dequantize(data.validation.features, data.input), training=False).numpy()
    folded = extract(network, data)
    assert len(folded.layers) == 3
    np.testing.assert_allclose(training.predict(folded, data.validation.features), wanted, rtol=1e-4, atol=1e-4)


MEMBERS = dataclasses.replace(SMALL, hidden=(12,), members=3, batch_norm=True)


def test_members_become_one_network_that_answers_by_their_mean(data: TrainingData) -> None:
    network = build(data.features, len(data.labels), MEMBERS)
    random = np.random.default_rng(0)
    network.set_weights([np.abs(random.normal(1, 0.3, value.shape)) for value in network.get_weights()])
    apart = network(training.dequantize(data.validation.features, data.input), training=False).numpy()
    assert apart.shape == (len(data.validation), 3, 3)
    joined = extract(network, data)
    assert joined.shape == (12, 12, 3)
    assert [layer.relu for layer in joined.layers] == [True, False]
    found = training.predict(joined, data.validation.features)
    np.testing.assert_allclose(found, apart.mean(axis=1), rtol=1e-4, atol=1e-4)


def test_a_member_has_units_of_its_own_and_begins_as_a_network_of_its_size(data: TrainingData) -> None:
    network = build(data.features, len(data.labels), dataclasses.replace(MEMBERS, hidden=(3000,)))
    first = network.get_layer("logits").get_weights()[0]
    assert first.shape == (3, 1000, 3)
    # Glorot's bound with 1,000 inputs and 3 outputs.
    assert 0.99 < np.abs(first).max() / np.sqrt(6 / 1003) <= 1


def test_members_learn_and_are_fine_tuned_as_one(data: TrainingData) -> None:
    one = dataclasses.replace(MEMBERS, members=1)
    model, _ = training.fit(data, MEMBERS)
    assert training.save(model) != training.save(training.fit(data, one)[0])
    assert training.evaluate(model, data.validation).weighted > 0.9
    quantized = laq.fine_tune(model, laq.parse_plan("1,4", ["a", "b"]), data, SHORT)
    assert laq.evaluate(laq.integer_graph(quantized), data.validation).weighted > 0.8


def test_members_know_every_option_of_training(data: TrainingData) -> None:
    # A class less by two: where all are as frequent, weights change nothing.
    uneven = dataclasses.replace(data, train=Examples(data.train.features[2:], data.train.labels[2:]))
    short = dataclasses.replace(MEMBERS, epochs=1)
    plain, _ = training.fit(uneven, short)
    for options in ({"class_weights": True}, {"mixup": 0.3}, {"label_smoothing": 0.3}):
        changed, _ = training.fit(uneven, dataclasses.replace(short, **options))
        assert training.save(changed) != training.save(plain), options


def test_divergence_is_told(data: TrainingData) -> None:
    config = dataclasses.replace(SMALL, learning_rate=1.0, epochs=1)
    broken = dataclasses.replace(data, input=dataclasses.replace(data.input, scale=1e30))
    with pytest.raises(SertoolError, match="training diverged") as caught:
        training.fit(broken, config)
    assert caught.value.hint == "use a lower learning rate"


def test_distillation_changes_what_is_learned(made: Made, data: TrainingData) -> None:
    untaught = dataclasses.replace(SHORT, distillation=0.0)
    assert laq.save(laq.fine_tune(made[0], made[1].plan, data, untaught)) != laq.save(made[1])


def test_fine_tuning_refuses_a_plan_for_another_network(made: Made, data: TrainingData) -> None:
    with pytest.raises(SertoolError, match="too few widths: logits"):
        laq.fine_tune(made[0], made[1].plan[:2], data, SHORT)


def test_without_tensorflow_the_error_says_what_to_install() -> None:
    script = (
        "import sys; sys.modules['tensorflow'] = None\n"
        "from sertool.errors import SertoolError\n"
        "from sertool.training.backend import backend\n"
        "try: backend()\n"
        "except SertoolError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=os.environ, check=True
    )
    assert "training needs TensorFlow" in done.stdout
    assert "pip install 'sertool[train]'" in done.stdout
    assert not done.stderr


def test_importing_the_rooms_does_not_import_tensorflow() -> None:
    script = (
        "import sys, sertool.training, sertool.laq, sertool.experiments; print('tensorflow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
