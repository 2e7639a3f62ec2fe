"""Standardization: fitted scales, and numpy equal to the C for every int32."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontend_probe import standardize
from sertool.errors import SertoolError
from sertool.frontend import Descriptor, FrontendSpec
from sertool.standardization import Running, Standardizer, Variety

SPEC = FrontendSpec(descriptors=(Descriptor("chroma", 12, ("mean",)),))
INT32 = st.integers(-(2**31), 2**31 - 1)
EXTREMES = np.array(
    [-(2**31), -(2**31) + 1, -65536, -129, -1, 0, 1, 127, 65535, 2**30, 2**31 - 2, 2**31 - 1], np.int32
)


def variety(features: int) -> Variety:
    """Trust of every share within the first utterances."""
    return Variety(np.arange(1, features + 1, dtype=np.uint8), 6, 300, 30000)


def of(offset: int, multiplier: int, shift: int) -> Standardizer:
    return Standardizer(*(np.full(12, value, np.int32) for value in (offset, multiplier, shift)))


def test_a_step_is_a_thirty_second_of_the_deviation() -> None:
    features = np.random.default_rng(0).normal([5e3, -7e6], [300, 2e5], (5000, 2)).astype(np.int32)
    standardizer = Standardizer.fit(features)
    inputs = standardizer.apply(features)
    assert (standardizer.input.scale, standardizer.input.zero_point) == (2**-5, 0)
    np.testing.assert_allclose(inputs.astype(float).mean(axis=0), 0, atol=0.05)
    np.testing.assert_allclose(inputs.astype(float).std(axis=0), 32, rtol=0.01)


def test_what_never_varied_gives_zero() -> None:
    standardizer = Standardizer.fit(np.full((4, 3), 2**31 - 1, np.int32))
    assert (standardizer.multiplier == 0).all()
    assert (standardizer.apply(EXTREMES.reshape(4, 3)) == 0).all()


def test_one_clip_and_the_widest_range_can_be_fitted() -> None:
    Standardizer.fit(EXTREMES[None, :])
    widest = Standardizer.fit(np.array([[-(2**31)], [2**31 - 1]], np.int32))
    assert widest.apply(np.array([[-(2**31)], [2**31 - 1]], np.int32)).tolist() == [[-32], [32]]


def test_dictionaries_round_trip() -> None:
    for running in (None, Running(), Running(7, 30)):
        standardizer = Standardizer.fit(EXTREMES.reshape(6, 2), following=running)
        again = Standardizer.from_dict(json.loads(json.dumps(standardizer.to_dict())))
        assert again == standardizer
        assert hash(again) == hash(standardizer)
    assert Standardizer.fit(EXTREMES.reshape(6, 2)) != standardizer


def test_wrong_tables_are_refused() -> None:
    with pytest.raises(SertoolError, match="out of range"):
        of(0, 1, 20)
    with pytest.raises(SertoolError, match="out of range"):
        of(0, 2**14, 47)
    with pytest.raises(SertoolError, match="shape"):
        Standardizer(np.zeros(2, np.int32), np.zeros(3, np.int32), np.ones(2, np.int32))
    for quantization in ({"scale": 0.0}, {"scale": 2.0**-8}, {"scale": 1.25}, {"zero_point": 1}):
        with pytest.raises(SertoolError, match="quantized"):
            Standardizer.from_dict({**of(0, 2**14, 20).to_dict(), **quantization})
    with pytest.raises(SertoolError, match="shape"):
        Standardizer.fit(np.zeros((0, 3), np.int32))
    with pytest.raises(SertoolError, match="or by neither"):
        dataclasses.replace(of(0, 2**14, 20), running=Running())
    with pytest.raises(SertoolError, match="11 weights"):
        dataclasses.replace(of(0, 2**14, 20), running=Running(), variety=variety(11))


def test_c_equals_numpy_at_the_extremes() -> None:
    tables = [(0, 1), (2**14, 1), (2**15 - 1, 1), (2**14, 46)]
    rows = [(offset, *table) for offset in (-(2**31), 0, 2**31 - 1) for table in tables]
    standardizer = Standardizer(*np.array(rows, np.int32).T)
    features = np.repeat(EXTREMES[:, np.newaxis], 12, axis=1)
    for running in (None, Running(), Running(1, 1), Running(255, 255)):
        following = dataclasses.replace(standardizer, running=running, variety=running and variety(12))
        assert np.array_equal(standardize(following, SPEC, features), following.follow(features))


@pytest.fixture(scope="module")
def typical() -> Standardizer:
    random = np.random.default_rng(3)
    return Standardizer.fit(random.normal(0, 10.0 ** random.uniform(0, 8, 12), (50, 12)).astype(np.int32))


@given(utterances=st.lists(st.lists(INT32, min_size=12, max_size=12), min_size=1, max_size=24))
@settings(max_examples=100, deadline=None)
def test_c_equals_numpy(typical: Standardizer, utterances: list[list[int]]) -> None:
    features = np.array(utterances, np.int32)
    for running in (None, Running(), Running(2, 3)):
        following = dataclasses.replace(typical, running=running, variety=running and variety(12))
        assert np.array_equal(standardize(following, SPEC, features), following.follow(features))
