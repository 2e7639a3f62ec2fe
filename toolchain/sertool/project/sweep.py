"""The table `[sweep]` of `sertool.toml`: what a sweep goes through."""

from __future__ import annotations

from dataclasses import dataclass

from sertool.errors import SertoolError
from sertool.frontend import preset


@dataclass(frozen=True)
class SweepConfig:
    """Every shape in `hidden` (sizes of the hidden layers) at every one of `plans`, on every front end.

    A plan is one width for all layers (`1`, `ternary`, `2` ... `8`), a width for each, or a strategy's name,
    alone or with the bytes that a network may take (`laq`, `budget:10240`). Without `presets` there is one
    front end, the project's. Each point has `seeds` seeds, counted up from the corpus's. Raises SertoolError
    for an empty list, a size out of range, an unknown preset and fewer than one seed.
    """

    hidden: tuple[tuple[int, ...], ...] = ((512, 128, 64, 32), (128, 64, 32), (64, 32), (32,))
    plans: tuple[str, ...] = ("1", "ternary", "4", "8", "budget:10240")
    presets: tuple[str, ...] = ()
    seeds: int = 3

    def __post_init__(self) -> None:
        for name in ("hidden", "plans"):
            if not getattr(self, name):
                raise SertoolError(f"{name} is empty: there is nothing to sweep", allowed="one or more")
        for sizes in self.hidden:
            if any(not 1 <= size <= 65535 for size in sizes):
                raise SertoolError(f"hidden = {list(sizes)} cannot be used", allowed="sizes from 1 to 65535")
        for name in self.presets:
            preset(name)
        if self.seeds < 1:
            raise SertoolError(f"seeds = {self.seeds} cannot be used", allowed="1 or more")
