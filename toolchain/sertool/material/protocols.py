"""Protocols of experiments: how clips are split, and how what is heard is standardized."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Protocol:
    """A protocol of `corpora.split`, and one of `STANDARDIZATIONS`."""

    split: str
    standardization: str = "fixed"


#: By name. `speaker-running` tests the very clips that `speaker` tests, as a device hears them that follows.
PROTOCOLS: Mapping[str, Protocol] = MappingProxyType(
    {
        "random10": Protocol("random10"),
        "speaker": Protocol("speaker"),
        "speaker-running": Protocol("speaker", "running"),
        "own": Protocol("own"),
    }
)
