"""Which neutral clips speakers enrol with: drawn from a split, and then nothing tests or chooses by them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from sertool.corpora import Clip, Split
from sertool.corpora.emotions import NEUTRAL
from sertool.errors import SertoolError
from sertool.material.turns import turns
from sertool.standardization import STANDARDIZATIONS, Enrolled


def enrolling(split: Split, standardization: str) -> Split:
    """Let each speaker enrol with neutral clips, drawn by the split's seed, if `standardization` has that.

    Who trains enrols with training clips, which train all the same; anybody else with clips that are then in no
    part, nor are copies of them. Raises SertoolError where no training clip is neutral, and where nothing else
    is left in a part.
    """
    wanted = STANDARDIZATIONS[standardization]
    if not isinstance(wanted, Enrolled):
        return split
    trained = _drawn(split, split.train, wanted.most)
    if not trained:
        raise SertoolError(
            "nobody can enrol: no recording that trains is labelled neutral",
            where=split.root,
            allowed="recordings of which some are labelled neutral, in any language of labels",
            hint="label neutral recordings so (corpus.labels), or use the standardization fixed or running",
        )
    known = {clip.speaker for clip in split.train}
    others = [clip for clip in (*split.validation, *split.test) if clip.speaker not in known]
    given = _drawn(split, others, wanted.most)
    gone = {split.digests[clip] for clip in given}
    validation, test = (
        tuple(clip for clip in clips if split.digests[clip] not in gone)
        for clips in (split.validation, split.test)
    )
    for part, left in (("validation", validation), ("test", test)):
        if not left:
            raise SertoolError(
                f"nothing is left in the part {part} once its speakers have enrolled",
                where=split.root,
                allowed=f"speakers with more recordings than the {wanted.most} neutral ones that enrol",
                hint="use the standardization fixed or running",
            )
    notes = (*split.notes, f"{len(given)} neutral clips enrol speakers who do not train, and are in no part")
    return dataclasses.replace(
        split, validation=validation, test=test, notes=notes, enrolled=(*trained, *given)
    )


def _drawn(split: Split, clips: Sequence[Clip], most: int) -> tuple[Clip, ...]:
    """So many neutral ones of each speaker, no two of which sound alike."""
    found: list[Clip] = []
    for rows in turns(clips, split.seed).values():
        neutral = [clips[row] for row in rows if clips[row].emotion == NEUTRAL]
        found += list({split.digests[clip]: clip for clip in reversed(neutral)}.values())[::-1][:most]
    return tuple(found)
