"""The cores that the runtime is built for: what each can do, how GCC is told of it, and what emulates it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


class Instructions(enum.Enum):
    """What a core has to multiply and add with."""

    BASE = "ARMv6-M: Thumb and little more; an unaligned access is a fault"
    MAIN = "ARMv7-M: Thumb-2"
    DSP = "Thumb-2 and the DSP extension: two 16-bit products in one instruction"


@dataclass(frozen=True)
class Core:
    """A core by GCC's name for it.

    `moves_vectors`: it has a register for where its vectors are (VTOR), which is reserved on the Cortex-M0.
    `emulated`: Unicorn has a model of it. QEMU emulates boards, and they name their machines.
    """

    name: str
    instructions: Instructions
    moves_vectors: bool = True
    emulated: bool = True

    @property
    def flags(self) -> tuple[str, ...]:
        """GCC's flags that choose the core.

        Nothing of sertool uses floating point, so that the floating point unit, where there is one, stays off
        and exceptions stack eight words.
        """
        return (f"-mcpu={self.name}", "-mthumb", "-mfloat-abi=soft")


#: Every core, by its name.
CORES: Mapping[str, Core] = MappingProxyType(
    {
        core.name: core
        for core in (
            Core("cortex-m0", Instructions.BASE, moves_vectors=False),
            Core("cortex-m0plus", Instructions.BASE, emulated=False),
            Core("cortex-m3", Instructions.MAIN),
            Core("cortex-m4", Instructions.DSP),
            Core("cortex-m7", Instructions.DSP),
            Core("cortex-m33", Instructions.DSP),
        )
    }
)

#: Names of the cores that are emulated here.
EMULATED = tuple(core.name for core in CORES.values() if core.emulated)
