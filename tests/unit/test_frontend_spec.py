"""The front end's specification: what it allows, says, and carries through JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sertool.errors import SertoolError
from sertool.frontend import PRESETS, Descriptor, FrontendSpec, preset


def test_presets_have_the_promised_features() -> None:
    assert preset("laq180").features == 180
    assert preset("moments").features == 360
    assert preset("laq180").feature_names[0] == "mfcc[0].mean"
    assert preset("laq180").feature_names[40:53:12] == ("chroma[0].mean", "log_mel[0].mean")
    assert preset("moments").feature_names[-1] == "log_mel[127].deviation"
    assert len(preset("moments").feature_steps) == 360
    assert preset("prosody").features == 50 * 8 + 32
    assert preset("prosody-lean").features == 48 * 6 + 32
    assert preset("full").features == preset("prosody").features + preset("moments").features
    assert preset("prosody").feature_names[-1].startswith("f0.prosody[")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_survives_json(name: str) -> None:
    spec = preset(name)
    assert FrontendSpec.from_dict(json.loads(json.dumps(spec.to_dict()))) == spec


@given(
    rate=st.integers(8000, 48000),
    frame=st.sampled_from((512, 1024, 2048)),
    parts=st.sampled_from((1, 2, 4, 8)),
    chroma=st.sampled_from((12, 24, 36)),
    mfcc=st.integers(2, 24),
    functionals=st.sampled_from((("mean",), ("deviation",), ("mean", "deviation"))),
    mel=st.sampled_from(((), ("mean",))),
)
def test_any_specification_survives_json(
    rate: int,
    frame: int,
    parts: int,
    chroma: int,
    mfcc: int,
    functionals: tuple[str, ...],
    mel: tuple[str, ...],
) -> None:
    descriptors = (
        Descriptor("log_mel", 24, mel), Descriptor("chroma", chroma, functionals), Descriptor("mfcc", mfcc)
    )  # fmt: skip
    spec = FrontendSpec(rate, frame, frame // parts, descriptors)
    assert FrontendSpec.from_dict(spec.to_dict()) == spec
    assert FrontendSpec.from_dict(spec.to_dict()).digest == spec.digest
    assert len(spec.feature_names) == spec.features == len(set(spec.feature_names))


def test_every_field_changes_the_digest() -> None:
    base = preset("moments")
    others = [
        replace(base, sample_rate=22050),
        replace(base, frame_length=2048),
        replace(base, hop_length=512),
        replace(base, descriptors=base.descriptors[:2]),
        replace(base, descriptors=base.descriptors[::-1]),
        replace(base, descriptors=(Descriptor("mfcc", 40, ("mean",)), *base.descriptors[1:])),
        replace(base, descriptors=(*base.descriptors[:2], Descriptor("log_mel", 128, ()))),
    ]
    assert len({spec.digest for spec in (base, *others)}) == 1 + len(others)


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({"sample_rate": 7999}, "8000 to 48000"),
        ({"sample_rate": 16000.0}, "8000 to 48000"),
        ({"frame_length": 1000}, "256, 512, 1024, 2048"),
        ({"hop_length": 160}, "128, 256, 512, 1024"),
        ({"hop_length": 64}, "128, 256, 512, 1024"),
        ({"descriptors": ()}, "with a functional"),
        ({"descriptors": (Descriptor("log_mel", 128, ()),)}, "with a functional"),
        ({"descriptors": (Descriptor("tempo", 1),)}, "each once"),
        ({"descriptors": (Descriptor("chroma", 12), Descriptor("chroma", 12))}, "each once"),
        ({"descriptors": (Descriptor("chroma", 7),)}, "12, 24, 36"),
        ({"descriptors": (Descriptor("mfcc", 1),)}, "2 to 128"),
        ({"descriptors": (Descriptor("mfcc", 129),)}, "2 to 128"),
        ({"descriptors": (Descriptor("mfcc", True),)}, "2 to 128"),
        ({"descriptors": (Descriptor("mfcc", 65), Descriptor("log_mel", 64, ()))}, "2 to 64"),
        ({"descriptors": (Descriptor("log_mel", 100),)}, "96, 104"),
        (
            {"descriptors": (Descriptor("mfcc", 20),), "frame_length": 256, "hop_length": 256},
            'Descriptor("log_mel"',
        ),
        ({"descriptors": (Descriptor("mfcc", 20, ("deviation", "mean")),)}, "in this order"),
        ({"descriptors": (Descriptor("mfcc", 20, ("median",)),)}, "in this order"),
    ],
)
def test_what_is_not_supported_is_refused_with_what_is(change: dict[str, object], allowed: str) -> None:
    with pytest.raises(SertoolError) as refused:
        replace(preset("moments"), **change)  # type: ignore[arg-type]
    assert allowed in str(refused.value)


def test_unknown_presets_and_fields_are_refused() -> None:
    with pytest.raises(SertoolError, match="laq180, moments, prosody, prosody-lean, full"):
        preset("mfcc13")
    with pytest.raises(SertoolError, match="window"):
        FrontendSpec.from_dict({**preset("moments").to_dict(), "window": "hann"})
    with pytest.raises(SertoolError, match="frame_length"):
        FrontendSpec.from_dict({"sample_rate": 16000})


def test_a_specification_of_the_form_before_is_refused() -> None:
    before = {"descriptors": [["mfcc", 40]], "functionals": ["mean"], "mel_bands": 128}
    with pytest.raises(SertoolError, match="functionals"):
        FrontendSpec.from_dict({**preset("moments").to_dict(), **before})
