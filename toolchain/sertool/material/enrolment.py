"""Which neutral clips speakers enrol with: drawn from a split, and then nothing tests or chooses by them."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Callable, Sequence

from sertool.answers import doubts_of_sound
from sertool.corpora import Clip, Split, read_pcm
from sertool.corpora.emotions import NEUTRAL
from sertool.errors import SertoolError
from sertool.frontend import Frontend, FrontendSpec, TooShort, sound_of
from sertool.material.turns import turns
from sertool.standardization import STANDARDIZATIONS, Enrolled

#: Whether a device would take a clip that is to enrol its speaker.
Suits = Callable[[Clip], bool]


def suitable(*specs: FrontendSpec) -> Suits:
    """What a device takes, whichever of these front ends it hears through: its sound may leave no doubt.

    Each clip is read once. Raises SertoolError as `read_pcm` does.
    """

    @functools.cache
    def suits(clip: Clip) -> bool:
        return all(_suits(_frontend(spec), clip) for spec in specs)

    return suits


def enrolling(split: Split, standardization: str, suits: Suits) -> Split:
    """Let each speaker enrol with neutral clips, drawn by the split's seed, if `standardization` has that.

    For a clip that does not suit (`suitable`) the next is drawn. Who trains enrols with training clips, which
    train all the same; anybody else with clips that are then in no part, nor are copies of them. Raises
    SertoolError where no training clip is neutral and suits, and where nothing else is left in a part.
    """
    wanted = STANDARDIZATIONS[standardization]
    if not isinstance(wanted, Enrolled):
        return split
    trained = _drawn(split, split.train, suits, wanted.most)
    if not trained:
        raise SertoolError(
            "nobody can enrol: no recording that trains is labelled neutral and suits a device",
            where=split.root,
            allowed="recordings of which some are labelled neutral, in any language of labels, with a voice "
            "that is neither too quiet, too short nor clipped",
            hint="label neutral recordings so (corpus.labels), or use the standardization fixed or running",
        )
    known = {clip.speaker for clip in split.train}
    others = [clip for clip in (*split.validation, *split.test) if clip.speaker not in known]
    given = _drawn(split, others, suits, wanted.most)
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


def _drawn(split: Split, clips: Sequence[Clip], suits: Suits, most: int) -> tuple[Clip, ...]:
    """So many neutral ones of each speaker that suit, no two of which sound alike."""
    found: list[Clip] = []
    for rows in turns(clips, split.seed).values():
        neutral = [clips[row] for row in rows if clips[row].emotion == NEUTRAL]
        different = list({split.digests[clip]: clip for clip in reversed(neutral)}.values())[::-1]
        found += itertools.islice(filter(suits, different), most)
    return tuple(found)


@functools.lru_cache(maxsize=16)
def _frontend(spec: FrontendSpec) -> Frontend:
    return Frontend(spec)


def _suits(frontend: Frontend, clip: Clip) -> bool:
    try:
        sound = sound_of(frontend, read_pcm(clip.path, frontend.spec.sample_rate).samples)
    except TooShort:
        return False
    return not doubts_of_sound(frontend.spec, sound)
