"""Networks that fit: the widest hidden layer that a limit in bytes leaves room for."""

from __future__ import annotations

from sertool.errors import SertoolError
from sertool.graph import Width
from sertool.laq import LayerBytes


def fitting_hidden(
    features: int, classes: int, limit: int, width: Width, layer_bytes: LayerBytes
) -> tuple[int]:
    """Return the widest one hidden layer with which a network at `width` takes at most `limit` bytes.

    One wide layer does better on features over whole utterances than several narrow ones. Raises SertoolError
    where not even one unit fits, naming the bytes that it takes.
    """

    def size(hidden: int) -> int:
        return layer_bytes(hidden, features, width) + layer_bytes(classes, hidden, width)

    if size(1) > limit:
        raise SertoolError(
            f"no network of {width} bits takes {limit:,} bytes or less", allowed=f"{size(1):,} bytes or more"
        )
    hidden = 1
    while size(hidden + 1) <= limit:
        hidden += 1
    return (hidden,)
