"""Files made elsewhere, those that no graph can express, and what is said about them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foreign_models import foreign_model
from networks import inputs, network
from sertool import tflite
from sertool.errors import SertoolError
from sertool.graph import Role, Rounding, TensorScale, reference
from sertool.tflite.view import view
from sertool.tflite.weights import least_width
from tflite_editing import Record, edited, operator, tensor, without_metadata, without_tensor

GRAPH = network([9, 6, 4], ["4", "8"])
MODEL_BYTES = tflite.write(GRAPH, {"frontend": {"name": "laq180"}})


def foreign(edit: Callable[[Record], object]) -> bytes:
    """The model without sertool's metadata, edited."""
    return edited(MODEL_BYTES, without_metadata, edit)


def buffer(record: Record, name: str) -> Record:
    return record["buffers"][tensor(record, name)["buffer"]]


def test_a_file_made_elsewhere_gets_names_labels_and_least_widths() -> None:
    graph, metadata = tflite.read(foreign(lambda record: None))
    assert metadata == {}
    assert [layer.name for layer in graph.layers] == ["dense0", "dense1", "probabilities", "label"]
    assert graph.labels == ("class0", "class1", "class2", "class3")
    assert [str(width) for width in graph.plan] == ["4", "8"]
    clips = inputs(GRAPH, 20)
    ours, theirs = reference.run(GRAPH, clips), reference.run(graph, clips)
    assert all((ours[name] == theirs[name]).all() for name in ours)


def test_the_caller_says_labels_and_rounding_of_a_file_that_does_not() -> None:
    model = foreign(lambda record: None)
    graph, _ = tflite.read(model, labels=["a", "b", "c", "d"], rounding=Rounding.SINGLE)
    assert (graph.labels, graph.rounding) == (("a", "b", "c", "d"), Rounding.SINGLE)


def without_ends(record: Record) -> None:
    """Cut softmax and arg max off: a regressor, or a converter's classifier."""
    subgraph = record["subgraphs"][0]
    del subgraph["operators"][2:], subgraph["tensors"][7:], record["operator_codes"][1:]
    subgraph["outputs"] = subgraph["operators"][-1]["outputs"]


def test_a_graph_has_just_the_layers_of_its_file() -> None:
    graph, _ = tflite.read(foreign(without_ends))
    assert [layer.name for layer in graph.layers] == ["dense0", "dense1"]
    assert (graph.labels, graph.roles) == ((), {Role.LOGITS: "dense1"})
    named, _ = tflite.read(foreign(without_ends), labels=["a", "b", "c", "d"])
    assert named.labels == ("a", "b", "c", "d")


def test_a_missing_bias_is_zero() -> None:
    def left_out(record: Record) -> None:
        operator(record, 1)["inputs"] = np.array([*operator(record, 1)["inputs"], -1])

    cut = without_tensor("dense0/bias"), without_tensor("dense1/bias"), left_out
    graph, _ = tflite.read(edited(MODEL_BYTES, without_metadata, *cut))
    assert [layer.bias.any() for layer in graph.weighted] == [False, False]


@pytest.mark.parametrize(
    ("codes", "width"),
    [
        ([-1, 1], "1"),
        ([-1, 0, 1], "ternary"),
        ([2], "3"),
        ([-3, 0], "3"),
        ([7], "4"),
        ([-8], "5"),
        ([127], "8"),
    ],
)
def test_the_least_width_holds_the_codes(codes: list[int], width: str) -> None:
    assert str(least_width(np.array([codes], np.int8))) == width


def put(name: str, **fields: Any) -> Callable[[Record], object]:
    return lambda record: tensor(record, name).update(fields)


def quantize(name: str, **fields: Any) -> Callable[[Record], object]:
    return lambda record: tensor(record, name)["quantization"].update(fields)


def code(number: int, builtin: int, custom: str | None = None) -> Callable[[Record], object]:
    fields = {"builtin_code": builtin, "deprecated_builtin_code": min(builtin, 127), "custom_code": custom}
    return lambda record: record["operator_codes"][number].update(fields)


def step(number: int, **fields: Any) -> Callable[[Record], object]:
    return lambda record: operator(record, number).update(fields)


def options(number: int, kind: int, **fields: Any) -> Callable[[Record], object]:
    return lambda record: operator(record, number).update(builtin_options=(kind, fields))


UNSUPPORTED = {
    "quantize": (
        code(0, 114),
        "operator QUANTIZE is not supported\n.*operator 0.*\n.*FULLY_CONNECTED.*\n.*int8",
    ),
    "logistic": (code(1, 14), r"operator LOGISTIC is not supported\n.*operator 2 \(LOGISTIC\)"),
    "unknown": (code(1, 120), "builtin operator 120 is not supported"),
    "custom": (code(1, 32, "Mine"), "operator Mine is not supported"),
    "twice": (code(1, 56), "the operator has 1 inputs"),
    "softmax first": (
        lambda record: record["subgraphs"][0]["operators"].reverse(),
        r"reads tensor 6 'dense1'\n.*ARG_MAX.*\n.*: tensor 0 'input'$",
    ),
    "branch": (
        step(1, inputs=np.array([0, 4, 5])),
        r"shape \[1, 9\]\n.*tensor 0 'input'\n.*shape \[1, 6\]",
    ),
    "no input": (step(1, inputs=np.array([-1, 4, 5])), "the operator reads nothing"),
    "three outputs": (step(0, outputs=np.array([3, 3])), "3 inputs and 2 outputs"),
    "no weights": (step(0, inputs=np.array([0, -1, 2])), "the weights are missing"),
    "shuffled": (options(0, 8, weights_format=1), "the weights are shuffled"),
    "tanh": (options(0, 8, fused_activation_function=4), "fused activation TANH is not supported"),
    "strange": (options(0, 8, fused_activation_function=99), "fused activation is unknown"),
    "beta": (options(2, 9, beta=2.0), "softmax has beta 2.0"),
    "probabilities": (quantize("probabilities", zero_point=np.array([0])), "zero point -128"),
    "axis": (
        lambda record: buffer(record, "label/axis").update(data=bytes_of([0])),
        "arg max runs along axis 0",
    ),
    "index type": (options(3, 40, output_type=4), "allowed: axis 1 or -1, INT32 output"),
    "float input": (put("input", type=0), "tensor is FLOAT32.*\n.*tensor 0 'input'\n.*INT8 of shape"),
    "strange type": (put("dense0", type=77), "tensor is type 77"),
    "3-D": (put("input", shape=np.array([1, 3, 3])), r"shape \[1, 3, 3\]"),
    "batch": (put("input", shape=np.array([8, 9])), r"allowed: INT8 of shape \[1, n\]"),
    "wrong size": (put("dense0", shape=np.array([1, 5])), r"allowed: INT8 of shape \[1, 6\]"),
    "int4 weights": (put("dense0/weights", type=17), "constant is INT4.*\n.*dense0/weights.*\n.*INT8 with 2"),
    "not constant": (put("dense0/weights", buffer=0), "constant has 0 bytes"),
    "int64 bias": (put("dense1/bias", type=4), "constant is INT64.*\n.*dense1/bias.*\n.*INT32"),
    "asymmetric": (quantize("dense0/weights", zero_point=np.ones(6, int)), r"zero points \[1\]"),
    "other axis": (quantize("dense0/weights", quantized_dimension=1), "along dimension 1"),
    "axis of an activation": (quantize("input", quantized_dimension=2), "along dimension 2"),
    "few scales": (quantize("dense0/weights", scale=np.ones(2)), "allowed: 1 or 6 scales"),
    "no scale": (quantize("dense0", scale=np.zeros(0)), "has 0 scales"),
    "zero scale": (quantize("dense0", scale=np.zeros(1)), "scale 0.0"),
    "least code": (
        lambda record: buffer(record, "dense0/weights").update(data=np.full(54, 128, np.uint8)),
        r"weight \[0, 0\] is -128: no code of width 8",
    ),
    "one input twice": (
        lambda record: record["subgraphs"][0].update(inputs=np.array([0, 0])),
        "the tensor is written more than once",
    ),
    "no input at all": (
        lambda record: record["subgraphs"][0].update(inputs=np.zeros(0, int)),
        "the model has no input",
    ),
    "two graphs": (lambda record: record["subgraphs"].append(record["subgraphs"][0]), "has 2 subgraphs"),
    "no operator": (lambda record: record["subgraphs"][0]["operators"].clear(), "the model has 0 layers"),
    "schema": (lambda record: record.update(version=4), "follows version 4 of the schema"),
    "operator version": (
        lambda record: record["operator_codes"][0].update(version=10),
        r"is of version 10\n.*operator 0 \(FULLY_CONNECTED\)\n.*version 1 to 9",
    ),
    "no operator version": (
        lambda record: record["operator_codes"][1].update(version=0),
        "is of version 0",
    ),
    "far output": (
        lambda record: record["subgraphs"][0].update(outputs=np.array([7, 99])),
        "refers to tensor 99",
    ),
    "no output": (
        lambda record: record["subgraphs"][0].update(outputs=np.array([], int)),
        "the model's outputs are none",
    ),
    "output twice": (
        lambda record: record["subgraphs"][0].update(outputs=np.array([7, 7])),
        "allowed: one or more, each once",
    ),
    "input as output": (
        lambda record: record["subgraphs"][0].update(outputs=np.array([0])),
        r"an output of the model is no operator's\n.*'input'",
    ),
    "variable weights": (put("dense0/weights", is_variable=True), r"is a variable\n.*'dense0/weights'"),
    "variable activation": (put("dense0", is_variable=True), r"is a variable\n.*'dense0'"),
    "constant activation": (
        lambda record: put("dense0", buffer=tensor(record, "dense0/bias")["buffer"])(record),
        r"is computed, and has 24 bytes of data\n.*'dense0'",
    ),
    "buffer 0": (
        lambda record: record["buffers"][0].update(data=np.ones(4, np.uint8)),
        "buffer 0 holds data",
    ),
    "signature": (put("dense0", shape_signature=np.array([-1, 7])), r"its signature \[-1, 7\]"),
    "unused tensor": (
        lambda record: record["subgraphs"][0]["tensors"].append({"name": "more", "shape": [1], "buffer": 0}),
        r"no operator uses the tensor\n.*'more'",
    ),
    "unused code": (
        lambda record: record["operator_codes"].append(dict(record["operator_codes"][0])),
        "operator code 9 is listed, and no operator has it",
    ),
    "arena plan": (
        lambda record: record["metadata"].append({"name": "OfflineMemoryAllocation", "buffer": 1}),
        "act upon this metadata",
    ),
    "bias scale": (quantize("dense0/bias", scale=np.ones(6, np.float32)), "the bias has 6 scales, not those"),
    "bias scale no number": (
        quantize("dense0/bias", scale=np.full(6, 0x7F80_0001, np.uint32).view(np.float32)),
        "the bias has 6 scales, not those",
    ),
    "bias zero point": (quantize("dense0/bias", zero_point=np.ones(6, int)), "or zero points"),
    "other options": (options(0, 9, beta=1.0), "options are of type 9"),
    "bias type": (options(0, 8, quantized_bias_type=4), "biases are of type 4"),
    "label type": (put("label", type=9), "tensor is INT8 of shape"),
    "negative scale": (quantize("dense0", scale=-np.ones(1)), "scale -1.0"),
    "subnormal scale": (quantize("input", scale=np.array([1e-40])), "finite and not subnormal"),
    "endless scale": (quantize("dense0", scale=np.array([np.inf])), "scale inf"),
    "no number": (quantize("dense0", scale=np.array([np.nan])), "scale nan"),
    "low zero point": (quantize("dense0", zero_point=np.array([-129])), "zero point -129"),
    "bad tensor": (step(0, inputs=np.array([0, 99, 2])), "refers to tensor 99"),
    "bad code": (step(0, opcode_index=9), "refers to operator code 9"),
    "bad buffer": (put("dense0", buffer=99), "refers to buffer 99"),
}


def bytes_of(values: list[int]) -> np.ndarray:
    return np.frombuffer(np.array(values, "<i4").tobytes(), np.uint8)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("edit", "message"), UNSUPPORTED.values(), ids=UNSUPPORTED)
def test_what_the_graph_cannot_express_is_named(edit: Callable[[Record], object], message: str) -> None:
    with pytest.raises(SertoolError, match=message):
        tflite.read(foreign(edit))


def metadata(text: bytes) -> Callable[[Record], object]:
    return lambda record: record["buffers"][-1].update(data=np.frombuffer(text, np.uint8))


GOOD = '"format":2,"labels":["a","b","c","d"],"plan":["4","8"]'
DAMAGED = {
    "no JSON": (b"{", "it is not valid JSON"),
    "deep": (b"[" * 100_000, "brackets stand too deep"),
    "no object": (b"[1]", "a list has the wrong type"),
    "no format": (b"{}", "no format is said"),
    "newer": (b'{"format":3}', "it has format 3, of a newer sertool"),
    "no labels": (b'{"format":2}', "the key 'labels' is missing"),
    "width": (f'{{{GOOD.replace("4", "9", 1)},"rounding":"double"}}'.encode(), "unsupported width '9'"),
    "rounding": (f'{{{GOOD},"rounding":[]}}'.encode(), "allowed: one of double, single"),
    "labels": (f"{{{GOOD.replace(chr(34) + 'a' + chr(34), '1')}}}".encode(), r"labels\[0\] = 1 has the wrong"),
    "one label": (b'{"format":2,"labels":["a","a"],"plan":["4","8"],"rounding":"double"}', "2 labels for 4"),
    "long plan": (b'{"format":2,"plan":["4","8","8"],"labels":["a"],"rounding":"double"}', "as its plan has"),
    "short plan": (b'{"format":2,"plan":["4"],"labels":["a"],"rounding":"double"}', "the plan has 1 widths"),
    "other plan": (b'{"format":2,"plan":["2","8"],"labels":["a"],"rounding":"double"}', "no code of width 2"),
    "twice": (b'{"format":2,"plan":["4"],"plan":["8"]}', "the key 'plan' stands twice"),
    "endless": (f'{{{GOOD},"rounding":"double","x":[NaN]}}'.encode(), r"x\[0\] = nan cannot be used"),
    "deep below": (f'{{{GOOD},"x":{"[" * 90}{"]" * 90}}}'.encode(), "stand too deep"),
}


@pytest.mark.parametrize(("text", "message"), DAMAGED.values(), ids=DAMAGED)
def test_damaged_metadata_is_named(text: bytes, message: str) -> None:
    with pytest.raises(SertoolError, match=message):
        tflite.read(edited(MODEL_BYTES, metadata(text)))


def test_the_errors_of_a_file_name_it(tmp_path: Path) -> None:
    path = tmp_path / "model.tflite"
    with pytest.raises(SertoolError, match=r"cannot read the model: No such file.*\n.*model\.tflite"):
        tflite.read(path)
    path.write_bytes(b"not a model")
    with pytest.raises(SertoolError, match=r"this is not a \.tflite file\n  where: .*model\.tflite\n"):
        tflite.read(path)
    path.write_bytes(foreign(code(1, 22)))
    with pytest.raises(SertoolError, match=r"where: .*model\.tflite: operator 2 \(RESHAPE\)"):
        tflite.read(path)


def test_an_activation_that_is_written_twice_is_refused() -> None:
    same = TensorScale(0.5, 0)
    model = foreign_model(np.eye(4), np.full(4, 0.5), np.zeros(4), same, same)

    def overwrite(record: Record) -> None:
        for holder in (operator(record, 0), record["subgraphs"][0]):
            holder["outputs"] = np.array([0])

    with pytest.raises(SertoolError, match=r"is written more than once\n.*tensor 0 'x'"):
        tflite.read(edited(model, overwrite))


def test_a_constant_that_some_cores_cannot_load_is_refused() -> None:
    model = bytearray(foreign(lambda record: None))
    content = view(bytes(model))
    bias = content.steps[0].inputs[2]
    assert bias is not None and bias.place % 4 == 0
    # The vector begins one byte later: its length, then its values.
    place = bias.place
    model[place + 1 : place + 25] = model[place : place + 24]
    model[place - 3 : place + 1] = model[place - 4 : place]
    offset = next(
        at for at in range(0, place, 4) if at + int.from_bytes(model[at : at + 4], "little") == place - 4
    )
    model[offset : offset + 4] = (place - 3 - offset).to_bytes(4, "little")
    with pytest.raises(SertoolError, match=r"the constant begins at byte \d+ of the file\n.*bias"):
        tflite.read(bytes(model))
