"""Tables of the docs, and those that are rendered from the rows of `results/accuracy.json`.

A document holds a table between `<!-- table: NAME -->` and `<!-- end of table -->`; `fill` puts what figures
give in its place, so that none is typed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sertool.errors import SertoolError
from sertool.experiments.recounting import CODES
from sertool.experiments.rows import versus
from sertool.intervals import Interval

Row = Mapping[str, Any]

#: Weighted accuracy under a random 90/10 split, as published for 169 K parameters in 25 KB.
PUBLISHED = {"emodb": 75.93, "savee": 81.25, "tess": 99.29}

#: The presets of networks for whoever was never heard; the others are the published networks'.
STRANGERS = ("prosody", "full")

_BLOCK = re.compile(r"(<!-- table: ([a-z0-9-]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def fill(document: str, tables: Mapping[str, Callable[[], str]]) -> str:
    """Return `document` with every marked table rendered anew, by those `tables`.

    Raises SertoolError for a name that is no table's, and as the tables do.
    """

    def replace(match: re.Match[str]) -> str:
        name = match[2]
        if name not in tables:
            raise SertoolError(f"there is no table {name}", allowed=", ".join(tables))
        return f"{match[1]}{tables[name]()}{match[3]}"

    return _BLOCK.sub(replace, document)


def tables(rows: Sequence[Row]) -> dict[str, Callable[[], str]]:
    """What renders each table from rows, which raises SertoolError where they lack what it shows."""
    return {name: functools.partial(make, rows) for name, make in TABLES.items()}


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def strangers(rows: Sequence[Row]) -> str:
    """What somebody gets whom training never heard: with a chip that follows nobody, and one that follows."""
    made = [row for row in rows if row["descriptors"] in STRANGERS]
    networks = {(row["corpus"], row["descriptors"], row["shape"]): row for row in made}
    body = []
    for row in sorted(networks.values(), key=lambda row: _order(made, "corpus").index(row["corpus"])):
        same = _of(made, corpus=row["corpus"], descriptors=row["descriptors"], shape=row["shape"])
        plain, running, heard = (
            next(iter(_of(same, protocol=protocol)), None)
            for protocol in ("speaker", "speaker-running", "random10")
        )
        gain = versus({**running, "protocol": "speaker"}, plain) if plain and running else None
        body.append(
            (
                row["corpus"].upper(),
                f"`{row['descriptors']}`",
                f"{row['bytes']:,}",
                f"**{plain['wa_mean']:.1f}**{_ends(plain, 'wa')}" if plain else "",
                f"{plain['ua_mean']:.1f}" if plain else "",
                f"**{running['wa_mean']:.1f}**{_ends(running, 'wa')}" if running else "",
                _signed(gain, plain) if plain else "",
                _mean(heard, "wa") if heard else "",
            )
        )
    header = (
        "corpus",
        "features",
        "bytes of flash",
        "a stranger",
        "unweighted",
        "a stranger, followed",
        "gain of following",
        "known voices (`random10`)",
    )
    return table(header, body)


def headline(rows: Sequence[Row]) -> str:
    """The large network, in float and quantized, beside what is published."""
    body = []
    for row in _laq(rows, _limits(rows)[0]):
        published = PUBLISHED.get(row["corpus"]) if row["protocol"] == "random10" else None
        body.append(
            (
                _corpus(row),
                f"`{row['protocol']}`",
                f"{published:.2f}" if published else "",
                _mean(row, "float_wa"),
                f"**{row['wa_mean']:.1f}**{_ends(row, 'wa')}",
                f"{row['ua_mean']:.1f}",
                _signed(Interval(*(row[f"difference_{end}"] for end in ("mean", "low", "high"))), row),
                _bytes([row]),
            )
        )
    header = (
        "corpus",
        "protocol",
        "published",
        "float",
        "quantized",
        "unweighted",
        "difference",
        "bytes of flash",
    )
    return table(header, body)


def compact(rows: Sequence[Row]) -> str:
    """How far down accuracy holds: the network of each limit, and what the second loses against the first."""
    limits = _limits(rows)
    body, shown = [], []
    for large in _laq(rows, limits[0]):
        same = {"corpus": large["corpus"], "protocol": large["protocol"]}
        # The first, where more than one network was tried within a limit.
        found = {limit: next(iter(_of(_laq(rows, limit), **same)), None) for limit in limits}
        shown += [row for row in found.values() if row]
        middle = found[limits[1]]
        lost = _signed(versus(middle, large), large) if middle else ""
        cells = (_mean(row, "wa") if row else "" for row in found.values())
        body.append((_corpus(large), f"`{large['protocol']}`", *cells, lost))
    titles = (f"{_bytes(_of(shown, limit=limit))} B{_told(_of(shown, limit=limit))}" for limit in limits)
    return table(("corpus", "protocol", *titles, "second less first"), body)


def methods(rows: Sequence[Row], place: int) -> str:
    """Every way at one limit, corpus by corpus, how far LAQ lies above it, and the bytes that it takes."""
    limit = _limits(rows)[place]
    chosen = _of(_published(rows), limit=limit, protocol="random10")
    corpora = [name for name in _order(chosen, "corpus") if len(_of(chosen, corpus=name)) > 4]
    ours = {name: _contested(_of(chosen, corpus=name, method="laq")) for name in corpora}
    body = []
    for method in _order(chosen, "method"):
        cells, shown = [], []
        for name in corpora:
            found = _of(chosen, corpus=name, method=method)
            row = _contested(found) if found else None
            shown += [row] if row else []
            lead = versus(ours[name], row) if row and method != "laq" else None
            cells += [_mean(row, "wa") if row else "", _signed(lead, row) if row and lead else ""]
        body.append((method, _bytes(shown), *cells))
    titles = [title for name in corpora for title in (name.upper(), "LAQ less this")]
    return table(("method", "bytes of flash", *titles), body)


def widths(rows: Sequence[Row]) -> str:
    """One width for every layer, with and without fine-tuning."""
    given = [row for row in _published(rows) if row["method"].startswith("given")]
    body = []
    for name, plan in dict.fromkeys((row["corpus"], row["plan"]) for row in given):
        before, after = (
            _of(given, corpus=name, plan=plan, method=method)[0] for method in ("given, post-training", "given")
        )
        body.append(
            (
                name.upper(),
                plan.split(",")[0],
                _bytes([after]),
                _mean(before, "wa"),
                _mean(after, "wa"),
                _signed(versus(after, before), after),
            )
        )
    return table(("corpus", "width", "bytes of flash", "post-training", "fine-tuned", "gained"), body)


TABLES: dict[str, Callable[[Sequence[Row]], str]] = {
    "strangers": strangers,
    "headline": headline,
    "compact": compact,
    "methods-large": lambda rows: methods(rows, 0),
    "methods-compact": lambda rows: methods(rows, 1),
    "widths": widths,
}


def _limits(rows: Sequence[Row]) -> list[int]:
    """The limits that LAQ kept to, the largest first."""
    laq = _of(_published(rows), method="laq")
    found = sorted({row["limit"] for row in laq if row["limit"]}, reverse=True)
    if len(found) < 2:
        raise SertoolError("the results have no rows of laq within two limits", hint="make evidence")
    return found


def _laq(rows: Sequence[Row], limit: int) -> list[Row]:
    return [row for row in _published(rows) if row["method"] == "laq" and row["limit"] == limit]


def _published(rows: Sequence[Row]) -> list[Row]:
    """The rows on the features of the published networks."""
    return _of(rows, descriptors="moments")


def _bytes(rows: Sequence[Row]) -> str:
    """The least and the most bytes of rows; of some the count is not known."""
    known = sorted({row["bytes"] for row in rows if row["bytes"] is not None})
    if not known:
        return "not recounted"
    return f"{known[0]:,}" if len(known) == 1 else f"{known[0]:,} to {known[-1]:,}"


def _told(rows: Sequence[Row]) -> str:
    """What was asked for, where that bounded another count than the one that is shown."""
    asked = {row["limit"] for row in rows if row["limit_counts"] == CODES}
    return "".join(f" (chosen within {limit:,} of codes, scales and biases)" for limit in sorted(asked))


def _contested(rows: Sequence[Row]) -> Row:
    """The row of a method at one limit: the last, which is of the network that all strategies were given."""
    return rows[-1]


def _of(rows: Sequence[Row], **values: object) -> list[Row]:
    return [row for row in rows if all(row[key] == value for key, value in values.items())]


def _order(rows: Sequence[Row], column: str) -> list[str]:
    return list(dict.fromkeys(row[column] for row in rows))


def _corpus(row: Row) -> str:
    cases = f"{row['folds']} folds" if row["protocol"] == "speaker" else f"{row['seeds']} seeds"
    return f"{row['corpus'].upper()}, {cases}"


def _mean(row: Row, name: str) -> str:
    return f"{row[f'{name}_mean']:.1f}{_ends(row, name)}"


def _ends(row: Row, name: str) -> str:
    return f" ({row[f'{name}_low']:.1f} to {row[f'{name}_high']:.1f})" if _spread(row) else ""


def _spread(row: Row) -> bool:
    """Whether an interval says anything: two values say next to nothing about a third."""
    return len(row["wa_values"]) > 2


def _signed(interval: Interval | None, row: Row) -> str:
    if interval is None:
        return ""
    # What rounds to zero has no minus sign.
    mean, low, high = (round(value, 1) or 0.0 for value in (interval.mean, interval.low, interval.high))
    return f"{mean:+.1f} ({low:+.1f} to {high:+.1f})" if _spread(row) else f"{mean:+.1f}"
