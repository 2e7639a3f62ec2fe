"""The tables of docs/evaluation.md about following, from benchmarks/following.json."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from sertool.experiments.result_tables import table

Found = Mapping[str, Any]

PRESETS = ("prosody", "moments")
#: Keys of utterances by their number since a reset, and what they are called.
HEARD = {
    "from 1": "1 to 3",
    "from 4": "4 to 6",
    "from 7": "7 to 10",
    "from 11": "11 to 20",
    "from 21": "21 to 40",
    "from 41": "from 41",
}


def tables(found: Found) -> dict[str, Callable[[], str]]:
    """What renders each table, by name."""
    makers = {"following": followed, "heard": heard, "enrolled": enrolled, "following-costs": costs}
    return {name: partial(make, found) for name, make in makers.items()}


def followed(found: Found) -> str:
    """Not following, always taking means off, and as far as they are trusted."""
    body = []
    for name, corpus, ways in _corpora(found):
        fixed, always, running = (ways[way] for way in ("fixed", "always", "running"))
        neutral = [f"{way['neutral after 20']}, {way['neutral after 100']}" for way in (always, running)]
        body.append(
            (
                name,
                str(corpus["clips"]),
                *(str(way["all"]) for way in (fixed, always)),
                f"**{running['all']}**",
                *(str(way["all after 20"]) for way in (fixed, always)),
                f"**{running['all after 20']}**",
                str(fixed["neutral after 20"]),
                neutral[0],
                f"**{neutral[1]}**",
            )
        )
    header = (
        "front end, corpus",
        "clips",
        "not following",
        "always",
        "following",
        "20 neutral: not",
        "always",
        "following",
        "neutral ones: not",
        "always, 20 and 100",
        "following, 20 and 100",
    )
    return table(header, body)


def heard(found: Found) -> str:
    """By the number of the utterance: not following, following, and that after a change of speaker."""
    body = [
        (
            name,
            *(f"{ways['fixed'][key]}, **{way[key]}**, {way[f'changed, {key}']}" for key in HEARD),
        )
        for name, _, ways in _corpora(found)
        for way in (ways["running"],)
    ]
    return table(("front end, corpus", *HEARD.values()), body)


def enrolled(found: Found) -> str:
    """After so many neutral utterances, and after as many as count of the emotion that is worst for it."""
    body = []
    for name, _, ways in _corpora(found):
        others = dict(ways["enrolled"])
        neutral = others.pop("neutral")
        emotion = min(others, key=lambda each: others[each]["enrolled"] - others[each]["fixed"])
        worst = others[emotion]
        body.append(
            (
                name,
                str(neutral["clips"]),
                *(str(neutral[key]) for key in ("fixed", "0", "1", "2")),
                f"**{neutral['3']}**",
                f"{worst['enrolled']}, not following {worst['fixed']} ({emotion})",
            )
        )
    header = ("front end, corpus", "clips", "not following", "0", "1", "2", "3", "three of the worst emotion")
    return table(header, body)


def costs(found: Found) -> str:
    """Instructions of an utterance and of an enrolment, and bytes."""
    body = []
    for front_end in PRESETS:
        for way, row in found["cores"][front_end].items():
            done, enrolling = row["instructions"], row.get("enrolment_instructions")
            body.append(
                (
                    front_end,
                    way,
                    *(f"{done[f'cortex-{core}']:,}" for core in ("m0", "m3", "m4", "m7")),
                    ", ".join(f"{enrolling[f'cortex-{core}']:,}" for core in ("m0", "m4")) if enrolling else "",
                    f"{row['state_bytes']} B",
                    f"{row['table_bytes']:,} B",
                    ", ".join(f"{row['code_bytes'][f'cortex-{core}']:,}" for core in ("m0", "m4")) + " B",
                )
            )
    header = (
        "front end",
        "standardization",
        "Cortex-M0",
        "M3, M33",
        "M4",
        "M7",
        "an enrolment, M0 and M4",
        "RAM",
        "tables",
        "code, M0 and M4",
    )
    return table(header, body)


def _corpora(found: Found) -> Iterator[tuple[str, Found, Found]]:
    """What to call it, the corpus's figures, and those of one of its front ends."""
    for front_end in PRESETS:
        for name, corpus in found["accuracy"].items():
            yield f"{front_end}, {name.upper()}", corpus, corpus[front_end]
