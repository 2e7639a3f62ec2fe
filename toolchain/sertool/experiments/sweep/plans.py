"""How a sweep asks for a plan: in widths, or by a strategy that searches within a number of bytes.

As text: one width for all layers (`1`), a width for each (`1,ternary,8`), or a strategy of `laq.STRATEGIES`,
alone (`laq`) or with the bytes of flash that its layers may take (`budget:10240`).
"""

from __future__ import annotations

from sertool import laq
from sertool.errors import SertoolError
from sertool.experiments.trials import Trial
from sertool.graph import Width


def parse(text: str, margin: float | None, importance: laq.ImportanceConfig) -> Trial:
    """Read what a sweep asks for; `margin` (LAQ's, where None) and `importance` are for strategies.

    Under a number of bytes there is no margin: it could end a sweep midway, for what fine-tuning would have won
    back. Raises SertoolError for an unknown strategy, bytes that are no positive number, and an unsupported
    width.
    """
    name, colon, limit = (word.strip() for word in text.partition(":"))
    if name in laq.STRATEGIES:
        return _by_strategy(name, limit if colon else None, margin, importance)
    try:
        widths = [Width.parse(word) for word in text.split(",")]
    except ValueError as error:
        raise SertoolError(
            f"{text!r} is no plan: {error}",
            where="plans of the sweep",
            allowed=f"a width, a width for each layer, or a strategy ({', '.join(laq.STRATEGIES)}), alone or "
            "with bytes: 1, or 1,ternary,8, or budget:10240",
        ) from error
    return Trial("given", plan=laq.format_plan(widths))


def _by_strategy(name: str, limit: str | None, margin: float | None, importance: laq.ImportanceConfig) -> Trial:
    if limit is None and name != "budget":
        return Trial(name, margin=laq.MARGIN if margin is None else margin, importance=importance)
    if limit is None or not limit.isdecimal() or int(limit) < 1:
        raise SertoolError(
            f"the strategy {name} has {limit or 'no'} bytes to spend",
            where="plans of the sweep",
            allowed=f"1 or more, such as {name}:10240",
        )
    return Trial(name, limit=int(limit), importance=importance)
