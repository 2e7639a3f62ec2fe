"""How sure an answer is, and why it is not: by the sound, by the training set, by the other labels."""

from sertool.answers.doubts import Certainty, Doubt, certainty_of, doubts_of_labels, doubts_of_sound
from sertool.answers.enrolling import Enrolment, enroll
from sertool.answers.hearing import Utterances, enrolled_each, standardized, utterance
from sertool.answers.rule import UNCHOSEN, Rule, choose, sources

__all__ = [
    "UNCHOSEN",
    "Certainty",
    "Doubt",
    "Enrolment",
    "Rule",
    "Utterances",
    "certainty_of",
    "choose",
    "doubts_of_labels",
    "doubts_of_sound",
    "enroll",
    "enrolled_each",
    "sources",
    "standardized",
    "utterance",
]
