"""Answers of made-up networks."""

from __future__ import annotations

from sertool.experiments.scoring import Answer, Examined

LABELS = ("anger", "fear", "neutral")


def examined(fold: int, seed: int, wrong: int, speaker: str = "", real: float = 0.75) -> Examined:
    """Four clips of each label by one speaker; the first `wrong` of anger are heard as fear."""
    name = speaker or f"s{fold}"
    answers = tuple(
        Answer(
            f"{name}/{label}{number}.wav",
            name,
            label,
            "fear" if label == "anger" and number < wrong else label,
            *(192, 240),
            sure=number > 0,
        )
        for label in LABELS
        for number in range(4)
    )
    return Examined("12-4-3", "1,8", 120, answers, 1.5, seed, fold, real)
