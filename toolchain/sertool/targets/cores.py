"""The cores that the runtime is built for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: The cores by GCC's name, and the flags that choose them. Nothing here uses floating point, so that the
#: floating point unit, where there is one, stays off and exceptions stack eight words.
CORES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        cpu: (f"-mcpu={cpu}", "-mthumb", "-mfloat-abi=soft")
        for cpu in ("cortex-m0", "cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33")
    }
)
