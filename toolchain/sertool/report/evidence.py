"""What building and running the image showed: memory, exactness, parity, instructions, manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A section of the ELF and the bytes that it takes in its region, alignment included."""

    name: str
    bytes: int


@dataclass(frozen=True)
class Symbol:
    """A symbol, its section, its bytes; symbols of one section do not overlap."""

    name: str
    section: str
    bytes: int


@dataclass(frozen=True)
class Region:
    """Flash or RAM: capacity in bytes, sections in address order, symbols in any order.

    Initialized data stands in both regions. A reserved stack is a section of RAM.
    """

    name: str
    capacity: int
    sections: tuple[Section, ...]
    symbols: tuple[Symbol, ...] = ()

    @property
    def used(self) -> int:
        """Bytes used."""
        return sum(section.bytes for section in self.sections)

    @property
    def free(self) -> int:
        """Bytes left; negative when the image does not fit."""
        return self.capacity - self.used


@dataclass(frozen=True)
class Stack:
    """Worst-case stack in bytes: computed from the call graph, measured by painting, reserved by the linker.

    `path` is the computed worst call chain, outermost function first.
    """

    computed: int | None = None
    measured: int | None = None
    reserved: int | None = None
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Memory:
    """What the image takes, from the ELF."""

    flash: Region
    ram: Region
    stack: Stack = Stack()


@dataclass(frozen=True)
class LayerCheck:
    """Integers compared with the reference after one layer (or `features`, `input`), and how many differed."""

    layer: str
    compared: int
    mismatches: int


@dataclass(frozen=True)
class EngineCheck:
    """One engine against the reference: clips run, and every layer that the engine shows."""

    engine: str
    clips: int
    layers: tuple[LayerCheck, ...]

    @property
    def compared(self) -> int:
        """Integers compared."""
        return sum(layer.compared for layer in self.layers)

    @property
    def mismatches(self) -> int:
        """Integers that differed."""
        return sum(layer.mismatches for layer in self.layers)


@dataclass(frozen=True)
class Difference:
    """The first integer that differed."""

    engine: str
    clip: str
    layer: str
    index: int
    expected: int
    got: int


@dataclass(frozen=True)
class Exactness:
    """Every engine against the reference, layer by layer, and the first difference if there is any."""

    reference: str
    engines: tuple[EngineCheck, ...]
    first_difference: Difference | None = None

    @property
    def compared(self) -> int:
        """Integers compared, over all engines."""
        return sum(engine.compared for engine in self.engines)

    @property
    def mismatches(self) -> int:
        """Integers that differed, over all engines."""
        return sum(engine.mismatches for engine in self.engines)

    @property
    def exact(self) -> bool:
        """Whether something was compared and nothing differed."""
        return self.compared > 0 and self.mismatches == 0


@dataclass(frozen=True)
class ParityRow:
    """Absolute differences of one descriptor in `unit`; `scope` says over which cells or frames."""

    descriptor: str
    unit: str
    scope: str
    mean: float
    p999: float
    maximum: float


@dataclass(frozen=True)
class Parity:
    """The front end against a reference such as `librosa 0.11.0`, over a number of clips."""

    reference: str
    clips: int
    rows: tuple[ParityRow, ...]


@dataclass(frozen=True)
class CoreCount:
    """Instructions that one core executed: for an inference, and for the front end per second of audio."""

    core: str
    inference: int | None = None
    audio_second: int | None = None


@dataclass(frozen=True)
class Instructions:
    """Instruction counts, and the emulator that counted them, such as `Unicorn 2.1.4`."""

    counted_by: str
    cores: tuple[CoreCount, ...]


@dataclass(frozen=True)
class Manifest:
    """What the build was made from.

    `digest` is the SHA-256 of the manifest that the image carries; `seed` is training's, None where the model
    came from elsewhere; `hashes` maps each input or output
    to its SHA-256; `versions` each tool to its version; `command` makes the same bytes again.
    """

    digest: str
    seed: int | None
    command: str
    hashes: Mapping[str, str]
    versions: Mapping[str, str]
