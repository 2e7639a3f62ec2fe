"""From a split to integers with labels: one way for the stages of a build and for experiments."""

from sertool.material.features import clip_features, features_of
from sertool.material.material import Case, Material, join

__all__ = ["Case", "Material", "clip_features", "features_of", "join"]
