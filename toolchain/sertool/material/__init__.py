"""From a split to integers with labels: one way for the stages of a build and for experiments."""

from sertool.material.features import clip_features, features_of
from sertool.material.material import Case, Material, join
from sertool.material.protocols import PROTOCOLS, Protocol

__all__ = ["PROTOCOLS", "Case", "Material", "Protocol", "clip_features", "features_of", "join"]
