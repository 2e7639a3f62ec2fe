"""What a front end can compute of a frame; one file each, here and in the C runtime."""

from __future__ import annotations

from collections.abc import Mapping

from sertool.frontend.descriptors import chroma, log_mel, mfcc
from sertool.frontend.kind import Kind

#: In the order in which a frame gets them: each after what it needs, and what uses its arguments up after all.
KINDS: Mapping[str, Kind] = {
    "log_mel": log_mel.KIND,
    "mfcc": mfcc.KIND,
    "chroma": chroma.KIND,
}
