"""TFMOT's extension points, filled in: what a Keras layer makes of its weights and outputs at a width.

Importing this module imports TensorFlow; the rest of the room works without.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sertool.graph import Width
from sertool.laq.post_training import SMALLEST_SPAN
from sertool.training.backend import backend

_tf, _keras = backend().tf, backend().keras
_tfmot = backend().tfmot.quantization.keras
_Quantizer: Any = _tfmot.quantizers.Quantizer
_QuantizeConfig: Any = _tfmot.QuantizeConfig
_QuantizeScheme: Any = _tfmot.QuantizeScheme
_LayoutTransform: Any = _tfmot.QuantizeLayoutTransform
_Registry: Any = _tfmot.QuantizeRegistry

#: Share of the old range that each training step keeps.
_DECAY = 0.99


def fake_quantize(weights: Any, steps: Any, width: Width) -> Any:
    """Return `weights` (inputs, outputs) rounded to codes times `steps` (outputs,), with gradients for both.

    Towards a weight the gradient passes the rounding straight through: everywhere for codes within -1 ... 1,
    which would otherwise stick once they are large, within the clipping range for wider ones. Towards a step it
    is what the rounding leaves over, or the code where the weight is clipped (LSQ, Esser et al. 2020).
    """
    largest = float(width.largest_code)

    @_tf.custom_gradient  # type: ignore[untyped-decorator]
    def rounded_weights(weights: Any, steps: Any) -> Any:
        ratio = weights / steps
        if width.bits == 1:
            codes = _tf.where(weights >= 0, 1.0, -1.0)
            inside = _tf.zeros_like(weights)
        else:
            codes = _tf.clip_by_value(_tf.round(ratio), -largest, largest)
            inside = _tf.cast(_tf.abs(ratio) <= largest, weights.dtype)
        passing = _tf.ones_like(weights) if largest == 1 else inside

        def gradient(upstream: Any) -> tuple[Any, Any]:
            return upstream * passing, _tf.reduce_sum(upstream * (codes - inside * ratio), axis=0)

        return codes * steps, gradient

    return rounded_weights(weights, steps)


class ChannelQuantizer(_Quantizer):  # type: ignore[misc]
    """Weights (inputs, outputs) on the code set of one width, with a learned step for each output.

    The step is learned as its logarithm: it stays positive, and a learning rate means a relative change.
    """

    def __init__(self, width: str, steps: list[float]) -> None:
        self.width = width
        self.steps = steps

    def build(self, tensor_shape: Any, name: str, layer: Any) -> dict[str, Any]:
        """Add the layer's trainable `log_steps` (outputs,)."""
        initial = _keras.initializers.Constant(np.log(np.asarray(self.steps, np.float32)))
        shape = (int(tensor_shape[-1]),)
        return {"log_steps": layer.add_weight(f"{name}_log_steps", shape=shape, initializer=initial)}

    def __call__(self, inputs: Any, training: Any, weights: dict[str, Any], **_: Any) -> Any:
        """Return the weights that the codes stand for, in training and after it."""
        return fake_quantize(inputs, _tf.exp(weights["log_steps"]), Width.parse(self.width))

    def get_config(self) -> dict[str, object]:
        """Return the constructor's arguments."""
        return {"width": self.width, "steps": self.steps}


class RangeQuantizer(_Quantizer):  # type: ignore[misc]
    """Outputs as int8 with one scale; the range follows the batches' extremes by a moving average."""

    def __init__(self, low: float, high: float) -> None:
        self.low = low
        self.high = high

    def build(self, tensor_shape: Any, name: str, layer: Any) -> dict[str, Any]:
        """Add the layer's `low` <= 0 and `high` >= 0, which no gradient reaches."""
        return {
            side: layer.add_weight(
                f"{name}_{side}", shape=(), initializer=_keras.initializers.Constant(value), trainable=False
            )
            for side, value in (("low", self.low), ("high", self.high))
        }

    def __call__(self, inputs: Any, training: Any, weights: dict[str, Any], **_: Any) -> Any:
        """Return `inputs` rounded to the range's 256 values; training moves the range first."""
        low, high = weights["low"], weights["high"]
        if training:
            batch_low = _tf.minimum(_tf.reduce_min(inputs), 0.0)
            batch_high = _tf.maximum(_tf.reduce_max(inputs), 0.0)
            low = low.assign(_DECAY * low + (1 - _DECAY) * batch_low)
            high = high.assign(_DECAY * high + (1 - _DECAY) * batch_high)
        scale = _tf.maximum(high - low, SMALLEST_SPAN) / 255.0
        zero_point = _tf.clip_by_value(_tf.round(-128.0 - low / scale), -128.0, 127.0)
        clipped = _tf.clip_by_value(inputs, (-128.0 - zero_point) * scale, (127.0 - zero_point) * scale)
        return clipped + _tf.stop_gradient(_tf.round(clipped / scale) * scale - clipped)

    def get_config(self) -> dict[str, object]:
        """Return the constructor's arguments."""
        return {"low": self.low, "high": self.high}


class DenseConfig(_QuantizeConfig):  # type: ignore[misc]
    """A dense layer with weights of one width and int8 outputs after its activation."""

    def __init__(self, width: str, steps: list[float], low: float, high: float) -> None:
        self.weights = ChannelQuantizer(width, steps)
        self.outputs = RangeQuantizer(low, high)

    def get_weights_and_quantizers(self, layer: Any) -> list[tuple[Any, Any]]:
        """Quantize the kernel; the bias keeps its precision, as an int32 does."""
        return [(layer.kernel, self.weights)]

    def get_activations_and_quantizers(self, layer: Any) -> list[tuple[Any, Any]]:
        """Leave the activation function alone: its result is quantized as the layer's output."""
        return []

    def set_quantize_weights(self, layer: Any, quantize_weights: list[Any]) -> None:
        """Let the layer compute with the quantized kernel."""
        layer.kernel = quantize_weights[0]

    def set_quantize_activations(self, layer: Any, quantize_activations: list[Any]) -> None:
        """Nothing to set."""

    def get_output_quantizers(self, layer: Any) -> list[Any]:
        """Quantize what the layer gives, ReLU included."""
        return [self.outputs]

    def get_config(self) -> dict[str, object]:
        """Return the constructor's arguments."""
        return {**self.weights.get_config(), **self.outputs.get_config()}


class AnnotatedLayersOnly(_QuantizeScheme):  # type: ignore[misc]
    """Quantize the annotated layers as their configurations say, and nothing else.

    TFMOT's default scheme would quantize the inputs a second time, with a range of its own.
    """

    class _SameLayout(_LayoutTransform):  # type: ignore[misc]
        def apply(self, model: Any, layer_quantize_map: Any) -> tuple[Any, Any]:
            return model, layer_quantize_map

    class _Nothing(_Registry):  # type: ignore[misc]
        def supports(self, layer: Any) -> bool:
            return False

        def get_quantize_config(self, layer: Any) -> None:
            return None

    def get_layout_transformer(self) -> Any:
        """Keep every layer where it is."""
        return self._SameLayout()

    def get_quantize_registry(self) -> Any:
        """Offer no configuration for layers that have none."""
        return self._Nothing()
