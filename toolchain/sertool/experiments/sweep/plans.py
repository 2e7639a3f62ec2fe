"""How a sweep asks for a plan: in widths, or by a strategy that searches within a number of bytes.

As text: one width for all layers (`1`), a width for each (`1,ternary,8`), or a strategy of `laq.STRATEGIES`,
alone (`laq`) or with the bytes of flash that its layers may take (`budget:10240`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sertool import laq
from sertool.errors import SertoolError
from sertool.firmware.pack import layer_bytes
from sertool.graph import Width
from sertool.training import FloatModel, TrainingData


@dataclass(frozen=True)
class Search:
    """How a strategy searches: within `max_bytes`, or losing at most `margin`, a fraction; never both.

    Under a number of bytes a margin could end a sweep midway, for what fine-tuning would have won back.
    """

    strategy: str
    max_bytes: int | None
    margin: float | None
    importance: laq.ImportanceConfig


@dataclass(frozen=True)
class Wanted:
    """A plan as a sweep asks for it: in widths as `text` says, or by a `search`."""

    text: str
    search: Search | None = None

    @property
    def method(self) -> str:
        """How widths come about: `uniform`, `given`, or the strategy's name."""
        if self.search:
            return self.search.strategy
        return "given" if "," in self.text else "uniform"


def parse(text: str, margin: float | None, importance: laq.ImportanceConfig) -> Wanted:
    """Read what a sweep asks for; `margin` (LAQ's, where None) and `importance` are for strategies.

    Raises SertoolError for an unknown strategy, bytes that are no positive number, and an unsupported width.
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
    return Wanted(laq.format_plan(widths))


def _by_strategy(
    name: str, limit: str | None, margin: float | None, importance: laq.ImportanceConfig
) -> Wanted:
    if limit is None and name != "budget":
        return Wanted(name, Search(name, None, laq.MARGIN if margin is None else margin, importance))
    if limit is None or not limit.isdecimal() or int(limit) < 1:
        raise SertoolError(
            f"the strategy {name} has {limit or 'no'} bytes to spend",
            where="plans of the sweep",
            allowed=f"1 or more, such as {name}:10240",
        )
    return Wanted(f"{name}:{int(limit)}", Search(name, int(limit), None, importance))


def check(wanted: Wanted, layers: Sequence[str]) -> None:
    """Raise SertoolError where `wanted` can be no plan of layers with these names, whatever their sizes."""
    if wanted.search is None:
        given(wanted, layers)
    elif wanted.search.strategy == "exhaustive":
        laq.check_exhaustive(len(layers))


def given(wanted: Wanted, layers: Sequence[str]) -> tuple[Width, ...]:
    """Return the widths that `wanted` says itself; raises SertoolError where they do not fit the layers."""
    text = ",".join([wanted.text] * len(layers)) if wanted.method == "uniform" else wanted.text
    return laq.parse_plan(text, layers)


def choose(wanted: Wanted, model: FloatModel, data: TrainingData, seed: int) -> tuple[Width, ...]:
    """Return the widths for a float network that has not seen the validation part, by which a search goes.

    Raises SertoolError as `given` and the strategies do.
    """
    search = wanted.search
    if search is None:
        return given(wanted, [layer.name for layer in model.layers])
    costs = byte_costs(model.shape)
    return laq.allocate(
        model,
        data,
        laq.importance(model, search.importance, data.train),
        bytes=costs,
        strategy=search.strategy,
        margin=search.margin,
        budget=laq.Budget(search.max_bytes, costs) if search.max_bytes else None,
        seed=seed,
    ).plan


def byte_costs(shape: Sequence[int]) -> laq.Costs:
    """Bytes of flash of each layer at each width, of a network with these layer sizes, features first."""
    return laq.byte_costs(shape, layer_bytes)


def smallest(shape: Sequence[int]) -> int:
    """Bytes of a network with these layer sizes, features first, at the narrowest width."""
    return byte_costs(shape).of(laq.WIDTHS[:1] * (len(shape) - 1))
