"""What a comparison comes to: said in one paragraph, and as a check that holds or does not."""

from __future__ import annotations

from sertool.errors import CheckFailed
from sertool.verify.comparison import Comparison


def paragraph(found: Comparison) -> str:
    """Say it in one paragraph."""
    if not found.compared:
        return "Nothing was compared: no engine ran a clip."
    counts = "; ".join(
        f"{engine.engine}: {engine.mismatches:,} of {engine.compared:,} differ"
        + (f" ({engine.clips} clips)" if engine.clips != found.clips else "")
        for engine in found.engines
    )
    if found.first_difference is None:
        verdict = f"all {found.compared:,} integers equal the reference's"
    else:
        verdict = f"{found.mismatches:,} of {found.compared:,} integers differ from the reference's"
    text = f"Over {found.clips} clips {verdict} ({counts})."
    return text if found.first_difference is None else f"{text} First difference: {found.first_difference}."


def require(found: Comparison) -> None:
    """Raise CheckFailed, naming the first difference, unless something was compared and all was equal."""
    if found.first_difference is not None or not found.compared:
        raise CheckFailed(
            paragraph(found),
            allowed="no difference in any integer",
            hint="the JSON of sertool simulate names the engine, the clip and the layer",
        )
