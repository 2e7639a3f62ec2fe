"""Checkpoints: built networks in small sealed folders, which a build takes up where nothing is trained."""

from sertool.checkpoints.checkpoint import Checkpoint
from sertool.checkpoints.storing import is_folder, load, names, write

__all__ = ["Checkpoint", "is_folder", "load", "names", "write"]
