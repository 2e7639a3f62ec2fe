"""A window that moves over an image, as it stands in an operator's options."""

from __future__ import annotations

from typing import Any

from sertool.errors import SertoolError
from sertool.graph.window import Padding, Window
from sertool.tflite.schema import PaddingCode
from sertool.tflite.view import Step


def window_options(window: Window) -> dict[str, Any]:
    """Give the options that all operators with a window have."""
    return {
        "padding": PaddingCode[window.padding.name],
        "stride_h": window.stride[0],
        "stride_w": window.stride[1],
    }


def dilation_options(window: Window) -> dict[str, Any]:
    """Give the options of its dilation."""
    return {"dilation_h_factor": window.dilation[0], "dilation_w_factor": window.dilation[1]}


def read_window(step: Step, size: tuple[int, int]) -> Window:
    """Read the window of `size`; raise SertoolError for a padding that is none."""
    options = step.options
    padding = options.get("padding", 0)
    if padding not in set(PaddingCode):
        raise SertoolError(f"the padding is {padding}", where=str(step), allowed="SAME (0) or VALID (1)")
    return Window(
        size,
        (options.get("stride_h", 0), options.get("stride_w", 0)),
        (options.get("dilation_h_factor", 1), options.get("dilation_w_factor", 1)),
        Padding[PaddingCode(padding).name],
    )
