"""What the files of float and of quantized networks have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from sertool.graph import TensorScale
from sertool.plain_values import Between, Name, Source

Labels = tuple[Name, ...]

#: Scale and zero point of an int8 tensor.
StoredScale = tuple[Annotated[float, Between(2.0**-100, 2.0**100)], Annotated[int, Between(-128, 127)]]


def stored_scale(scale: TensorScale) -> StoredScale:
    """Write a scale as files hold it."""
    return scale.scale, scale.zero_point


def check_layers(names: Sequence[str], labels: Sequence[str], source: Source) -> None:
    """Raise SertoolError unless there are layers and classes, each of another name."""
    for key, words in (("layers", names), ("labels", labels)):
        if not words or len(set(words)) < len(words):
            raise source.error(f"{len(words)} {key}, of which {len(set(words))} differ", (key,), "one or more")
