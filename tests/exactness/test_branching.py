"""Layers that branch: every engine gives the same integers, and a file keeps the graph."""

from __future__ import annotations

import dataclasses

from networks import inputs, network
from operators import CASES
from sertool import tflite
from sertool.engines.host import HostEngine
from sertool.engines.reference import ReferenceEngine
from sertool.engines.tflite import TfliteEngine
from sertool.engines.tflm import TflmEngine
from sertool.graph import IntegerGraph, Role, Rounding
from sertool.graph.build import graph_of, roles_of
from sertool.graph.checks import check_graph
from sertool.graph.graph import equal
from sertool.graph.operators import Add
from sertool.verify import compare, of_run, require
from tflite_editing import edited, without_metadata


def branching() -> IntegerGraph:
    """Two layers read the first one, and two the input."""
    graph = network([33, 17, 9, 5], ["4", "1", "8"], seed=3)
    first, second, logits, *ends = graph.layers
    beside = dataclasses.replace(second, name="beside", weights=-second.weights)
    apart = dataclasses.replace(first, name="apart", weights=-first.weights)
    return dataclasses.replace(graph, layers=(first, beside, apart, second, logits, *ends))


def test_all_engines_agree_on_a_graph_that_branches() -> None:
    graph = branching()
    check_graph(graph)
    model, clips = tflite.write(graph), inputs(graph, 500)
    expected = of_run(clips, ReferenceEngine(graph).run(clips))
    results = {}
    for engine in (TflmEngine(model, graph), TfliteEngine(model, graph), HostEngine(graph)):
        with engine:
            results[engine.name] = of_run(clips, engine.run(clips))
    require(compare([f"clip{number}" for number in range(len(clips))], expected, results))


def test_a_file_keeps_a_graph_that_branches() -> None:
    graph, _ = tflite.read(tflite.write(branching()))
    assert equal(graph, branching())


def test_layers_of_one_kind_and_several_inputs_are_numbered() -> None:
    graph = CASES["add"]["near"](Rounding.DOUBLE).graph
    (add,) = graph.layers
    more = dataclasses.replace(add, name="more", left="sum", left_quantization=add.output.quantization)
    found, _ = tflite.read(edited(tflite.write(graph_of(graph.inputs, [add, more])), without_metadata))
    assert [tensor.name for tensor in found.inputs] == ["input0", "input1"]
    assert [layer.name for layer in found.layers] == ["add", "add0"]
    assert [layer.reads for layer in found.layers] == [("input0", "input1"), ("add", "input1")]
    assert (found.labels, found.roles) == ((), {Role.LOGITS: "add0"})


def test_the_logits_are_what_the_softmax_reads() -> None:
    graph = network([9, 6, 5], ["4", "8"])
    first, logits, probabilities, label = graph.layers
    q = logits.output.quantization
    add = Add("sum", "dense1", "dense1", (5,), q, q, q)
    ends = [dataclasses.replace(end, input="sum") for end in (probabilities, label)]
    named = {Role.LOGITS: "sum", Role.PROBABILITIES: "probabilities", Role.LABEL: "label"}
    assert roles_of([first, logits, add, *ends]) == named
    assert roles_of([first, logits, add]) == {Role.LOGITS: "sum"}
    assert roles_of([first, logits, add, ends[1]]) == {Role.LOGITS: "sum", Role.LABEL: "label"}
    assert roles_of([first, logits, add, ends[0], label]) == {k: v for k, v in named.items() if v != "label"}
    assert roles_of([first, logits, dataclasses.replace(add, left="dense0"), first]) == {Role.LOGITS: "sum"}
    assert roles_of([first, logits, dataclasses.replace(logits, name="beside")]) == {}
    assert roles_of([dataclasses.replace(probabilities, input="input")]) == {}
