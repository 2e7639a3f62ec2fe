"""What an integer graph must be so that every engine can run it, and runs it alike."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.graph import IntegerGraph, Role

#: Names that comparisons give to what is no layer.
RESERVED = ("features", "input", "answer")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def check_graph(graph: IntegerGraph) -> None:
    """Raise SertoolError unless each layer takes what layers before it gave, and the labels fit."""
    if not graph.layers or not graph.inputs:
        raise SertoolError("the graph has no layer or no input", allowed="at least one of each")
    _check_names(graph)
    tensors = {tensor.name: tensor for tensor in graph.inputs}
    for layer in graph.layers:
        for name in layer.reads:
            if name not in tensors:
                raise SertoolError(
                    f"the layer reads {name!r}",
                    where=f"layer {layer.name!r}",
                    allowed=f"what is there when it runs: {', '.join(tensors)}",
                )
        layer.check([tensors[name] for name in layer.reads])
        tensors[layer.name] = layer.output
    for role, name in graph.roles.items():
        if name not in tensors:
            raise SertoolError(
                f"the model's {role.value} are {name!r}", allowed=f"a layer's output: {', '.join(tensors)}"
            )
    _check_labels(graph)


def _check_names(graph: IntegerGraph) -> None:
    inputs = [tensor.name for tensor in graph.inputs]
    names = [*inputs, *(layer.name for layer in graph.layers)]
    for name in names:
        if not _NAME.match(name):
            raise SertoolError(
                f"{name!r} cannot name a layer",
                allowed="letters, digits and underscores, a letter or an underscore first",
            )
    for name in names:
        if names.count(name) > 1 or (name in RESERVED and name not in inputs):
            raise SertoolError(
                f"the layer name {name!r} is taken", allowed=f"unique names other than {', '.join(RESERVED)}"
            )


def check_classifier(graph: IntegerGraph) -> None:
    """Raise SertoolError unless the graph gives probabilities and a label, as the firmware's interface does."""
    missing = [role.value for role in Role if role not in graph.roles]
    if missing:
        raise SertoolError(
            f"the model has no {' and no '.join(missing)}",
            allowed="a classifier: SOFTMAX and ARG_MAX of the same logits",
            hint="a model without them runs in the engines; an image for a board is made of classifiers",
        )


def _check_labels(graph: IntegerGraph) -> None:
    if not graph.labels and graph.roles.keys() <= {Role.LOGITS}:
        return
    if Role.LOGITS not in graph.roles:
        raise SertoolError(
            f"the model has {len(graph.labels)} labels and no logits",
            allowed="one tensor that is the softmax's, the arg max's or the output",
        )
    classes = graph.logits.size
    if len(graph.labels) != classes or len(set(graph.labels)) != classes:
        raise SertoolError(
            f"{len(graph.labels)} labels for {classes} classes: {', '.join(graph.labels)}",
            where=f"layer {graph.logits.name!r}",
            allowed=f"{classes} different labels",
        )


def check_inputs(engine: str, graph: IntegerGraph, inputs: Sequence[NDArray[np.int8]]) -> None:
    """Raise SertoolError unless there is an int8 array (clips, *shape) for each input, all of as many clips."""
    where = f"engine {engine!r}"
    for tensor, given in itertools.zip_longest(graph.inputs, inputs):
        if tensor is None or given is None:
            raise SertoolError(
                f"{len(inputs)} inputs", where=where, allowed=f"as many as the model has: {len(graph.inputs)}"
            )
        shape = (*inputs[0].shape[:1], *tensor.shape)
        if given.dtype != np.int8 or given.ndim == 0 or given.shape != shape:
            known = ", ".join(map(str, ("clips" if given is inputs[0] else shape[0], *tensor.shape)))
            raise SertoolError(
                f"inputs are {given.dtype} of shape {given.shape}",
                where=f"{where}, input {tensor.name!r}",
                allowed=f"int8 of shape ({known})",
            )
