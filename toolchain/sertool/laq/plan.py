"""A plan: the width of each layer's weights, as people write it."""

from __future__ import annotations

from collections.abc import Sequence

from sertool.errors import SertoolError
from sertool.graph import Width

_ALLOWED = "1, ternary (or t), 2, 3, 4, 5, 6, 7, 8"
#: Characters of a plan that an error repeats.
_SHOWN = 60


def parse_plan(text: str, layers: Sequence[str]) -> tuple[Width, ...]:
    """Read a plan such as `1,1,4,4,8` for layers of the given names, first to last; one width is for all.

    Raises SertoolError, naming the layers, for too few or too many widths and for an unsupported one.
    """
    words = [word.strip() for word in text.split(",")]
    widths: list[Width] = []
    for position, word in enumerate(words):
        try:
            widths.append(Width.parse(word))
        except ValueError as error:
            layer = layers[position] if position < len(layers) else f"number {position + 1}"
            raise SertoolError(
                f"unsupported width {word[:20]!r} for layer {layer}",
                where=f"plan {text[:_SHOWN]}",
                allowed=_ALLOWED,
            ) from error
    if len(widths) == 1:
        widths *= len(layers)
    check_plan(widths, layers, text[:_SHOWN])
    return tuple(widths)


def check_plan(plan: Sequence[Width], layers: Sequence[str], text: str | None = None) -> None:
    """Raise SertoolError unless the plan has one width for each of the named layers."""
    if len(plan) == len(layers):
        return
    trouble = f"too few widths: {', '.join(layers[len(plan) :])} have none"
    if len(plan) > len(layers):
        trouble = f"too many widths: {len(plan)} for {len(layers)} layers"
    raise SertoolError(
        trouble,
        where=f"plan {text or format_plan(plan)}",
        allowed=f"{len(layers)} widths, one for each of: {', '.join(layers)}; or one for all",
    )


def format_plan(plan: Sequence[Width]) -> str:
    """Write a plan as `parse_plan` reads it."""
    return ",".join(map(str, plan))
