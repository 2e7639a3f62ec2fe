"""What the report tells of the network: its layers, their importance, and their weights before and after."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np

from sertool import laq, training
from sertool.errors import SertoolError
from sertool.firmware.pack import layer_bytes
from sertool.frontend import FrontendSpec
from sertool.project import BuildFolder
from sertool.report import report
from sertool.stages.built_model import Model
from sertool.stages.records import QuantizationRecord

#: Most bins of a histogram on either side of 0.
_BINS = 32
#: Steps that the axis of a histogram has on either side at least: float weights reach beyond narrow codes.
_LEAST = 4


def network(folder: BuildFolder, built: Model) -> report.Network:
    """Return the network of `model.tflite` with what `quantize` found out about it.

    Raises SertoolError where a file is damaged, and where `float.npz` or `laq.npz` are of another network.
    """
    chosen = folder.read(folder.laq, QuantizationRecord, "quantize") if folder.laq.exists() else None
    histograms = _histograms(folder, built)
    importance = _importance(chosen)
    layers = []
    for layer in built.graph.weighted:
        parameters = layer_bytes(layer.outputs, 0, layer.width)
        size = layer_bytes(layer.outputs, layer.inputs, layer.width)
        layers.append(
            report.Layer(
                layer.name,
                layer.inputs,
                layer.outputs,
                str(layer.width),
                size - parameters,
                parameters,
                importance.get(layer.name),
                histograms.get(layer.name),
            )
        )
    return report.Network(
        features=f"{built.spec.features} features: {_described(built.spec)}",
        labels=built.graph.labels,
        layers=tuple(layers),
        rounding=built.graph.rounding.value,
        plan_origin=chosen.origin if chosen else "given",
    )


def _described(spec: FrontendSpec) -> str:
    """Descriptors by what is made of them, and how many values they have."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for each in spec.descriptors:
        if each.functionals:
            groups.setdefault(each.functionals, []).append(f"{each.size} {each.kind}")
    return "; ".join(f"{', '.join(names)} of {', '.join(group)}" for names, group in groups.items())


def float_network(folder: BuildFolder, built: Model) -> training.FloatModel | None:
    """Return the float network that `built` was quantized from, None where the build does not have it.

    Raises SertoolError where `float.npz` is damaged or of another network.
    """
    if not folder.float_model.exists():
        return None
    found = training.load(folder.float_model)
    _same(found.shape, found.labels, built, folder.float_model, "quantize")
    return found


def _importance(chosen: QuantizationRecord | None) -> dict[str, report.Importance]:
    fields = [field.name for field in dataclasses.fields(report.Importance)]
    terms = chosen.layers if chosen else ()
    return {term.name: report.Importance(**{name: getattr(term, name) for name in fields}) for term in terms}


def _histograms(folder: BuildFolder, built: Model) -> dict[str, report.Histogram]:
    before = float_network(folder, built)
    if before is None or not folder.quantized_model.exists():
        return {}
    after = laq.load(folder.quantized_model)
    shape = (after.layers[0].codes.shape[1], *(len(layer.codes) for layer in after.layers))
    _same(shape, after.labels, built, folder.quantized_model, "convert")
    pairs = zip(before.layers, after.layers, strict=True)
    return {layer.name: histogram(layer, quantized) for layer, quantized in pairs}


def _same(shape: tuple[int, ...], labels: tuple[str, ...], built: Model, path: Path, stage: str) -> None:
    dense = built.graph.weighted
    expected = (dense[0].inputs, *(layer.outputs for layer in dense))
    if (shape, labels) != (expected, built.graph.labels):
        told = [
            f"{'-'.join(map(str, sizes))} for {', '.join(classes)}"
            for sizes, classes in ((shape, labels), (expected, built.graph.labels))
        ]
        raise SertoolError(
            f"{path.name} is of another network than model.tflite: {told[0]}, not {told[1]}",
            where=path,
            hint=f"run the stages from {stage} on again, or sertool build",
        )


def histogram(layer: training.DenseLayer, quantized: laq.QuantizedLayer) -> report.Histogram:
    """Count a layer's weights in steps of their channel, and its codes, in bins over one range.

    Bins are centred on codes, or on the middle one of an odd number of them, so that all bins that hold codes
    hold equally many.
    """
    largest = max(quantized.width.largest_code + 1, _LEAST)
    if largest > _BINS:
        share = 2 * (largest // (2 * _BINS)) + 1
        wide, half = float(share), math.ceil(largest / share)
    else:
        wide, half = 1 / (_BINS // largest), largest * (_BINS // largest)
    span = wide * (half + 0.5)
    edges = np.linspace(-span, span, 2 * half + 2)
    with np.errstate(over="ignore"):  # what lies beyond every axis counts at its end
        ratios = layer.weights / quantized.weight_scales[:, np.newaxis]
    counts = (np.histogram(np.clip(values, -span, span), edges)[0] for values in (ratios, quantized.codes))
    return report.Histogram(span, *(tuple(map(int, count)) for count in counts))
