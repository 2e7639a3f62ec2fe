"""What the front end computes: the frozen description that training, tables and firmware share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sertool.frontend.descriptors import KINDS
from sertool.frontend.framing import Framing, is_int, refusal
from sertool.frontend.functionals import FUNCTIONALS
from sertool.frontend.kind import Kind
from sertool.frontend.needs import kinds
from sertool.plain_values import Source, from_plain, path_of


@dataclass(frozen=True)
class Descriptor:
    """A kind of descriptor, how many values of it a frame gives, and which functionals make features of them.

    One without functionals is computed for others that need it, and gives no features.
    """

    kind: str
    size: int
    functionals: tuple[str, ...] = ("mean", "deviation")


@dataclass(frozen=True)
class StoredSpec:
    """A `FrontendSpec` as `to_dict` writes it: each descriptor is its kind, size and functionals."""

    sample_rate: int
    frame_length: int
    hop_length: int
    descriptors: tuple[tuple[str, int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class FrontendSpec(Framing):
    """Framing, low-level descriptors of each frame, and functionals of each over the utterance.

    What a descriptor needs and none of them is, is computed at its usual size, and gives no features.

    Raises `SertoolError`, saying what is allowed, for anything that the C front end does not support.
    """

    descriptors: tuple[Descriptor, ...] = ()

    Stored: ClassVar[Any] = StoredSpec

    def __post_init__(self) -> None:
        super().__post_init__()
        names = [descriptor.kind for descriptor in self.descriptors]
        if len(set(names)) < len(names) or not set(names) <= set(KINDS):
            raise refusal("descriptors", names, f"one or more of {list(KINDS)}, each once")
        for descriptor in self.descriptors:
            _check_functionals(descriptor)
        if not any(descriptor.functionals for descriptor in self.descriptors):
            raise refusal("descriptors", names, "at least one with a functional")
        sizes = self.sizes
        for kind in self.computed:
            _check_size(self, kind, sizes)

    @property
    def computed(self) -> tuple[Kind, ...]:
        """Every kind that a frame gets, in the order of computing."""
        wanted = {descriptor.kind for descriptor in self.descriptors}
        wanted |= kinds(name for descriptor in self.descriptors for name in descriptor.functionals)
        for kind in reversed(tuple(KINDS.values())):
            if kind.name in wanted:
                wanted.update(kind.others)
        return tuple(kind for kind in KINDS.values() if kind.name in wanted)

    @property
    def gate(self) -> Kind | None:
        """The kind that says which frames count, if the specification names one."""
        kinds = (KINDS[descriptor.kind] for descriptor in self.descriptors)
        return next((kind for kind in kinds if kind.gates), None)

    @property
    def voice(self) -> Kind | None:
        """The kind that says which frames are voiced, if one is computed."""
        return next((kind for kind in self.computed if kind.voices), None)

    @property
    def sizes(self) -> Mapping[str, int]:
        """How many values a frame gives of every computed kind; first those with features, in their order."""
        sizes = {each.kind: each.size for each in self.descriptors if each.functionals}
        named = {each.kind: each.size for each in self.descriptors}
        for kind in self.computed:
            if kind.name not in sizes:
                sizes[kind.name] = named[kind.name] if kind.name in named else self._unnamed(kind, sizes)
        return sizes

    def _unnamed(self, kind: Kind, sizes: Mapping[str, int]) -> int:
        """Size of a kind that is only needed: the one that there can be, else the usual."""
        allowed = kind.sizes(self, sizes)
        return allowed[0] if len(allowed) == 1 else kind.usual

    def size(self, kind: str) -> int:
        """How many values of a descriptor a frame gives; 0 when it is not computed."""
        return self.sizes.get(kind, 0)

    @property
    def values(self) -> int:
        """Descriptor values of a frame that are counted."""
        return sum(descriptor.size for descriptor in self.descriptors if descriptor.functionals)

    @property
    def features(self) -> int:
        """Length of the feature vector of an utterance."""
        return sum(FUNCTIONALS[name].features(descriptor.size) for name, descriptor in self.summaries)

    @property
    def summaries(self) -> tuple[tuple[str, Descriptor], ...]:
        """Functional and descriptor of each piece of the feature vector, in its order."""
        return tuple(
            (functional, descriptor)
            for functional in FUNCTIONALS
            for descriptor in self.descriptors
            if functional in descriptor.functionals
        )

    @property
    def feature_names(self) -> tuple[str, ...]:
        """`kind[index or label].functional` of each feature, `kind.functional[part]`; in their order."""
        return tuple(name for functional, each in self.summaries for name in _names(functional, each))

    @property
    def feature_steps(self) -> tuple[float, ...]:
        """Real units in one step of each feature's integer."""
        return tuple(
            step
            for functional, descriptor in self.summaries
            for step in FUNCTIONALS[functional].steps(self, KINDS[descriptor.kind].step, descriptor.size)
        )

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that change with any field."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold and `from_dict` reads back."""
        return {
            "sample_rate": self.sample_rate,
            "frame_length": self.frame_length,
            "hop_length": self.hop_length,
            "descriptors": [[each.kind, each.size, list(each.functionals)] for each in self.descriptors],
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> FrontendSpec:
        """Read what `to_dict` wrote; raises `SertoolError` naming the field that is wrong or missing."""
        return from_plain(cls, fields, Source("a front end", path_of))

    @classmethod
    def from_stored(cls, stored: StoredSpec) -> FrontendSpec:
        """Make the specification of what `to_dict` wrote; raises `SertoolError` as the class does."""
        return cls(
            stored.sample_rate,
            stored.frame_length,
            stored.hop_length,
            tuple(Descriptor(*descriptor) for descriptor in stored.descriptors),
        )


def _names(functional: str, descriptor: Descriptor) -> Iterator[str]:
    """Names of the features that a functional makes of a descriptor."""
    for part in FUNCTIONALS[functional].parts:
        yield f"{descriptor.kind}.{functional}[{part}]"
    if not FUNCTIONALS[functional].parts:
        for label in (KINDS[descriptor.kind].labels or range(descriptor.size))[: descriptor.size]:
            yield f"{descriptor.kind}[{label}].{functional}"


def _check_functionals(descriptor: Descriptor) -> None:
    given = descriptor.functionals
    where = f"the functionals of {descriptor.kind}"
    if given != tuple(name for name in FUNCTIONALS if name in given):
        raise refusal(where, list(given), f"any of {list(FUNCTIONALS)}, in this order")
    for name in given:
        if FUNCTIONALS[name].of not in (None, descriptor.kind):
            raise refusal(where, list(given), f"{name} only of {FUNCTIONALS[name].of}")
    if given and not KINDS[descriptor.kind].counted:
        raise refusal(where, list(given), "none: it only serves other descriptors")


def _check_size(spec: FrontendSpec, kind: Kind, sizes: Mapping[str, int]) -> None:
    size, allowed = sizes[kind.name], kind.sizes(spec, sizes)
    if not is_int(size) or size not in allowed:
        unnamed = all(descriptor.kind != kind.name for descriptor in spec.descriptors)
        hint = f'name it, without functionals: Descriptor("{kind.name}", ..., ())' if unnamed else None
        raise refusal(f"the size of {kind.name}", size, _told(allowed), hint)


def _told(sizes: Sequence[int]) -> str:
    if isinstance(sizes, range) and len(sizes) > 1:
        return f"{sizes[0]} to {sizes[-1]}"
    return f"one of {list(sizes)}"
