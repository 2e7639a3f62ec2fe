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

    @property
    def name(self) -> str:
        """What results call it: `speaker`, and `speaker-running` where standardization follows."""
        return self.split if self.standardization == "fixed" else f"{self.split}-{self.standardization}"


#: By name. `speaker-running` tests the very clips that `speaker` tests, as a device hears them that follows;
#: `speaker-enrolled` those that are left once the tested speakers have enrolled.
PROTOCOLS: Mapping[str, Protocol] = MappingProxyType(
    {
        protocol.name: protocol
        for protocol in (
            Protocol("random10"),
            Protocol("speaker"),
            Protocol("speaker", "running"),
            Protocol("speaker", "enrolled"),
            Protocol("own"),
        )
    }
)
