"""From the integer graph to a .tflite that stock TFLite Micro and TFLite run unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sertool.errors import SertoolError
from sertool.graph.checks import check_graph
from sertool.graph.graph import IntegerGraph
from sertool.tflite import flatbuffer
from sertool.tflite.operators import codec_of
from sertool.tflite.schema import FILE_IDENTIFIER, MODEL
from sertool.tflite.sheet import Sheet

#: Name of the metadata buffer: JSON with sorted keys.
METADATA_NAME = "sertool"
#: Its `format`: a reader refuses another.
METADATA_FORMAT = 2


def write(graph: IntegerGraph, metadata: Mapping[str, object] | None = None) -> bytes:
    """Write `graph` as a .tflite: int8 inputs of one clip; outputs are what no layer reads.

    That is `probabilities` and `label` for a classifier. Tensors bear the names of their layers; weights are
    int8 codes with a scale for each output channel, or one where all are equal. Every runtime derives the
    graph's multipliers from the scales, however it multiplies. The JSON buffer `sertool` holds `metadata`, its
    `format` and, from the graph, `labels`, `plan` and `rounding`. The same graph and metadata give the same
    bytes. Raises SertoolError where the graph is not well-formed, where .tflite cannot express a layer or
    runtimes would run it differently, or where the metadata is no JSON.
    """
    check_graph(graph)
    own = {
        "format": METADATA_FORMAT,
        "labels": list(graph.labels),
        "plan": [str(width) for width in graph.plan],
        "rounding": graph.rounding.value,
    }
    sheet = Sheet()
    for tensor in graph.inputs:
        sheet.output(tensor)
    for layer in graph.layers:
        codec = codec_of(layer)
        inputs, options = codec.write(layer, sheet)
        sheet.operator(codec.code, codec.version, inputs, layer.name, (codec.options, dict(options)))
    read = {name for layer in graph.layers for name in layer.reads}
    outputs = [layer.name for layer in graph.layers if layer.name not in read]
    model = sheet.model(
        [tensor.name for tensor in graph.inputs], outputs, METADATA_NAME, _json({**(metadata or {}), **own})
    )
    return flatbuffer.encode(MODEL, model, FILE_IDENTIFIER)


def _json(metadata: Mapping[str, object]) -> bytes:
    try:
        return json.dumps(metadata, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise SertoolError(
            f"the model's metadata is not JSON: {error}",
            where=f"metadata {METADATA_NAME!r}",
            allowed="text, finite numbers, booleans, null, lists and objects with text keys",
        ) from error
