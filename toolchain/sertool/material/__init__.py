"""From a split to integers with labels: one way for the stages of a build and for experiments."""

from sertool.material.degraded import conditioned, copies
from sertool.material.elsewhere import Elsewhere, elsewhere, shares
from sertool.material.enrolment import enrolling, suitable
from sertool.material.features import clip_features, features_of
from sertool.material.following import NEUTRALS, Following, Occasions, Score, following, occasions
from sertool.material.material import Case, Material, join
from sertool.material.protocols import PROTOCOLS, Protocol

__all__ = [
    "NEUTRALS",
    "PROTOCOLS",
    "Case",
    "Elsewhere",
    "Following",
    "Material",
    "Occasions",
    "Protocol",
    "Score",
    "clip_features",
    "conditioned",
    "copies",
    "elsewhere",
    "enrolling",
    "features_of",
    "following",
    "join",
    "occasions",
    "shares",
    "suitable",
]
