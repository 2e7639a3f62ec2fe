"""How every text speaks of the folds of a split."""

from __future__ import annotations


def fold_numbers(count: int) -> str:
    """The numbers of `count` folds."""
    return "0" if count == 1 else f"0 to {count - 1}"


def fold_text(fold: int, count: int) -> str:
    """What stands behind a protocol: the fold, nothing where there is just one."""
    return f", fold {fold} of {fold_numbers(count)}" if count > 1 else ""
