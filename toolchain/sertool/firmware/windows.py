"""A window that moves over an image, in C: `struct ser_window`."""

from __future__ import annotations

from sertool.graph.window import Window


def window_fields(window: Window, image: tuple[int, int, int]) -> dict[str, int]:
    """Give the fields of the member `window`."""
    pairs = {
        "places": window.places(image),
        "size": window.size,
        "stride": window.stride,
        "dilation": window.dilation,
        "before": window.before(image),
    }
    height, width, channels = image
    fields = {"height": height, "width": width, "channels": channels}
    for name, (down, across) in pairs.items():
        fields |= {f"{name}_down": down, f"{name}_across": across}
    return {f"window.{name}": value for name, value in fields.items()}
