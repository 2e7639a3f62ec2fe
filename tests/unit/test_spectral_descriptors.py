"""Level, loudness, shape of the spectrum and signs of a frame: against librosa, by hand, and at boundaries."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from frontend_probe import SPECTRAL, Probe, spectral, speech_like
from sertool.compilers import shared_library
from sertool.errors import SertoolError
from sertool.frontend import Descriptor, Frontend, FrontendSpec, sources
from sertool.frontend.descriptors import KINDS
from sertool.frontend.descriptors.auditory import EXPONENT
from sertool.frontend.descriptors.log_auditory import equal_loudness, group_centres, group_of
from sertool.frontend.descriptors.log_mel import mel_points
from sertool.frontend.descriptors.mel_power import centres
from sertool.frontend.framing import Framing
from sertool.frontend.parity import reference
from sertool.frontend.rendered import tables_of

SPEC = spectral()
SPECS = [SPEC, spectral(8000, 256, 64, 48), spectral(22050, 512, 512, 128), spectral(48000, 2048, 2048, 256)]
LENGTH = 8192
SIGNALS = {
    "silence": np.zeros(LENGTH, np.int16),
    "constant at the top": np.full(LENGTH, 32767, np.int16),
    "constant at the bottom": np.full(LENGTH, -32768, np.int16),
    "smallest negative": np.full(LENGTH, -1, np.int16),
    "square wave": np.where(np.arange(LENGTH) // 20 % 2, 32767, -32768).astype(np.int16),
    "fastest square wave": np.where(np.arange(LENGTH) % 2, 32767, -32768).astype(np.int16),
    "noise": np.random.default_rng(1).integers(-32768, 32768, LENGTH).astype(np.int16),
    "noise of the sign": np.where(np.random.default_rng(2).random(LENGTH) < 0.5, 32767, -32768).astype(
        np.int16
    ),
    "noise of one bit": np.random.default_rng(3).integers(-1, 2, LENGTH).astype(np.int16),
    "noise on and off": np.where(
        np.arange(LENGTH) // 1024 % 2, np.random.default_rng(4).integers(-32768, 32768, LENGTH), 0
    ).astype(np.int16),
    "impulse": np.where(np.arange(LENGTH) == 700, -32768, 0).astype(np.int16),
    "quietest": np.where(np.arange(LENGTH) == 700, 1, 0).astype(np.int16),
    "tone": np.round(32767 * np.sin(2 * np.pi * 0.11 * np.arange(LENGTH))).astype(np.int16),
    "speech": speech_like(LENGTH),
    "whisper": speech_like(LENGTH, amplitude=0.003),
}
#: Signals whose spectra leave no band to what the transform rounds.
FULL = ("noise", "noise of the sign", "noise of one bit", "speech", "whisper")
#: Largest differences from float64 there, in steps.
CLOSE = {
    "level": 1,
    "zero_crossings": 0,
    "loudness": 10,
    "rasta_loudness": 3,
    "sharpness": 4,
    "flux": 3,
    "log_mel13": 8,
    "mfcc40": 1,
    "slope": 4,
    "bands": 5,
    "centroid": 2,
    "spectral_entropy": 3,
}


@functools.cache
def library(spec: FrontendSpec) -> ctypes.CDLL:
    return ctypes.CDLL(str(shared_library("frontend-descriptors", sources(spec), ("-O2",))))


def call(kind: str, *given_values: ArrayLike) -> list[int]:
    """Call a kind's C function on int32 arrays that it needs, as `SPEC` has it."""
    arrays = [np.ascontiguousarray(each, np.int32) for each in given_values]
    found = np.full(SPEC.size(kind), 77777777, np.int32)
    getattr(library(SPEC), f"ser_{kind}")(*(ctypes.c_void_p(each.ctypes.data) for each in (*arrays, found)))
    return [int(value) for value in found]


def of(kind: str, pcm: NDArray[np.int16], spec: FrontendSpec = SPEC) -> NDArray[np.int32]:
    return Frontend(spec).descriptors(pcm)[kind]


def floored(bands: Mapping[int, int]) -> NDArray[np.int32]:
    """Log-mel of silence but for some bands."""
    log_mel = np.full(128, -32767, np.int32)
    for band, value in bands.items():
        log_mel[band] = value
    return log_mel


def mel_power(log_mel: ArrayLike) -> list[int]:
    return call("mel_power", log_mel)


@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.sample_rate}-{spec.frame_length}")
def test_values_stay_within_their_bits(spec: FrontendSpec, name: str) -> None:
    for kind, values in Frontend(spec).descriptors(SIGNALS[name]).items():
        assert np.abs(values).max() < 2 ** KINDS[kind].bits, kind


@given(
    samples=st.lists(st.sampled_from((-32768, -32767, -1, 0, 1, 32767)), min_size=16, max_size=16),
    stretch=st.integers(1, 512),
)
@settings(max_examples=60, deadline=None)
def test_values_stay_within_their_bits_whatever_is_heard(samples: list[int], stretch: int) -> None:
    pcm = np.resize(np.repeat(np.array(samples, np.int16), stretch), 2048)
    for kind, values in Frontend(SPEC).descriptors(pcm).items():
        assert np.abs(values).max() < 2 ** KINDS[kind].bits, kind


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("frame", [256, 512, 1024, 2048])
def test_no_power_of_a_frame_is_too_loud(rate: int, frame: int) -> None:
    """Loudness is concave in the groups' powers, whose sum is at most that of a full-scale constant's frame."""
    sizes = {"log_mel": 128}
    framing = Framing(rate, frame, frame)
    groups, points = group_of(framing, sizes), mel_points(rate, 128)
    gains = 2 / (points[2:] - points[:-2])
    lengths = np.bincount(groups)
    highest = np.array([gains[: len(groups)][groups == group].max() for group in range(26)])
    weights = equal_loudness(group_centres(framing, sizes)) ** EXPONENT
    shares = (weights * (highest / lengths) ** EXPONENT) ** (1 / (1 - EXPONENT))
    loudest = (frame**2 * 5 / 16) ** EXPONENT * shares.sum() ** (1 - EXPONENT)
    assert loudest / KINDS["loudness"].step < 2 ** KINDS["loudness"].bits
    assert loudest / KINDS["auditory"].step < 2 ** KINDS["auditory"].bits


@pytest.mark.parametrize("kind", SPECTRAL)
def test_a_kind_alone_gives_what_it_gives_among_others(kind: str) -> None:
    alone = FrontendSpec(descriptors=(Descriptor(kind, SPECTRAL[kind]),))
    assert np.array_equal(of(kind, SIGNALS["speech"], alone), of(kind, SIGNALS["speech"]))


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.sample_rate}-{spec.frame_length}")
def test_descriptors_are_close_to_float64(spec: FrontendSpec, name: str) -> None:
    ours, theirs = Frontend(spec).real_units(SIGNALS[name]), reference(SIGNALS[name], spec)
    for kind, steps in CLOSE.items():
        assert ours[kind].shape == theirs[kind].shape
        assert np.abs(ours[kind] - theirs[kind]).max() <= (steps + 0.5) * KINDS[kind].step, kind


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.sample_rate}-{spec.frame_length}")
def test_places_in_the_spectrum_are_at_most_one_band_off(spec: FrontendSpec, name: str) -> None:
    ours, theirs = Frontend(spec).real_units(SIGNALS[name]), reference(SIGNALS[name], spec)
    points = centres(spec, spec.sizes)
    bands = [np.abs(found["rolloff"][..., None] - points).argmin(axis=2) for found in (ours, theirs)]
    assert np.abs(bands[0] - bands[1]).max() <= 1
    bins = np.abs(ours["spectral_peaks"] - theirs["spectral_peaks"]) * spec.frame_length / spec.sample_rate
    assert (bins > 0.5).mean() < 0.01


@pytest.mark.parametrize("name", ["noise", "speech", "square wave", "tone"])
def test_what_librosa_has_is_as_librosa_has_it(name: str) -> None:
    librosa = pytest.importorskip("librosa", reason="the extra `train` is not installed")
    pcm, truth = SIGNALS[name], reference(SIGNALS[name], SPEC)
    frames = truth["pcm"]
    for frame, crossings in zip(frames, of("zero_crossings", pcm), strict=True):
        assert librosa.zero_crossings(frame, pad=False).sum() == crossings
    window = librosa.filters.get_window("hann", 1024)
    rms = librosa.feature.rms(y=frames * window, frame_length=1024, center=False, dtype=np.float64)
    level = 20 * np.log10(rms[:, 0] / np.sqrt((window**2).mean()))
    np.testing.assert_allclose(truth["level"], level, atol=1e-9)
    power, points = truth["mel_power"][:, :-1].T, centres(SPEC, SPEC.sizes)
    found = librosa.feature.spectral_centroid(S=power, freq=points[:, None])
    np.testing.assert_allclose(truth["centroid"], found.T, rtol=1e-9)
    for column, part in enumerate((0.25, 0.5, 0.75, 0.9)):
        found = librosa.feature.spectral_rolloff(S=power, freq=points[:, None], roll_percent=part)
        np.testing.assert_allclose(truth["rolloff"][:, column], found[0])


def test_a_constant_is_at_zero_decibels_and_a_sine_three_below() -> None:
    assert np.abs(of("level", SIGNALS["constant at the bottom"])).max() <= 1
    assert np.abs(of("level", SIGNALS["tone"]) + 1024).max() <= 1


def test_silence_is_the_floor_of_everything() -> None:
    silence = {
        kind: np.unique(values, axis=0)
        for kind, values in Frontend(SPEC).descriptors(SIGNALS["silence"]).items()
    }
    assert all(len(rows) == 1 for rows in silence.values())
    assert silence["level"].tolist() == [[-32767]]
    assert silence["flux"].tolist() == silence["zero_crossings"].tolist() == [[0]]
    # The floor is a density: as of white noise, its centroid is in the middle, but for half a band at each end.
    assert abs(silence["centroid"][0, 0] - 4000) < 50
    assert of("level", SIGNALS["quietest"]).max() == -32767


def test_zero_is_positive() -> None:
    pcm = np.zeros(1024, np.int16)
    for samples, crossings in (((5, 0, 5), 0), ((-5, 0, -5), 3), ((0, -1, 0), 2), ((-32768, 32767, -32768), 3)):
        pcm[500:503] = samples
        assert of("zero_crossings", pcm).tolist() == [[crossings + (samples[0] < 0)]], samples
    pcm[:] = np.where(np.arange(1024) % 2, 32767, -32768)
    assert of("zero_crossings", pcm).tolist() == [[1023]]


@pytest.mark.parametrize("band", [0, 1, 63, 126, 127])
def test_one_band_alone_is_where_all_power_is(band: int) -> None:
    power, centre = mel_power(floored({band: 20000})), round(centres(SPEC, SPEC.sizes)[band])
    assert power[band] == 2**30
    assert abs(call("centroid", power)[0] - centre) <= 1
    assert call("rolloff", power) == [centre] * 4


def test_entropy_counts_the_bands_that_share_the_power() -> None:
    gains = mel_points(16000, 128)[2:] - mel_points(16000, 128)[:-2]
    for shared in (1, 2, 4, 32):
        log_mel = floored(
            {band: round(10000 - 1024 * np.log2(gains[band])) for band in range(0, 4 * shared, 4)}
        )
        assert abs(call("spectral_entropy", log_mel, mel_power(log_mel))[0] - 1024 * np.log2(shared)) <= 2, (
            shared
        )


@pytest.mark.parametrize("level", [-32767, -1, 0, 19000])
def test_the_largest_band_is_one_at_any_level(level: int) -> None:
    power = mel_power(np.full(128, level))
    assert max(power[:128]) == 2**30
    # Slaney's gain halves where bands are twice as wide, and what is off by a step of log-mel is so by 0.07 %.
    widths = np.diff(mel_points(16000, 128), n=1)
    widths = widths[1:] + widths[:-1]
    np.testing.assert_allclose(np.array(power[:128]) / 2**30, widths / widths.max(), rtol=1e-3)


def test_a_part_that_is_reached_exactly_is_reached() -> None:
    frequencies = np.round(centres(SPEC, SPEC.sizes)).astype(int).tolist()
    power = np.zeros(129, np.int32)
    power[[10, 20, 30, 40]] = 2**20
    assert call("rolloff", power) == [frequencies[at] for at in (10, 20, 30, 40)]
    power[10] -= 1
    assert call("rolloff", power) == [frequencies[at] for at in (20, 30, 40, 40)]
    power[:] = 0
    power[[5, 6]] = 9 * 2**24, 2**24
    assert call("rolloff", power) == [frequencies[5]] * 4
    power[6] += 1
    assert call("rolloff", power) == [frequencies[at] for at in (5, 5, 5, 6)]


def test_parts_of_the_largest_powers_are_exact() -> None:
    power = np.full(129, 2**30, np.int32)
    frequencies = np.round(centres(SPEC, SPEC.sizes)).astype(int)
    assert call("rolloff", power) == [int(frequencies[at]) for at in (31, 63, 95, 115)]
    mean = centres(SPEC, SPEC.sizes).mean()
    assert abs(call("centroid", power)[0] - mean) <= 1


def test_slope_is_that_of_a_line_and_no_level_changes_it() -> None:
    frequencies = centres(SPEC, SPEC.sizes)
    for decibels in (-40, -3, 0, 12, 30):
        line = np.round(decibels * frequencies / 1000 / KINDS["log_mel"].step)
        found = call("slope", line)
        assert all(abs(slope - 32 * decibels) <= 1 for slope in found), decibels
    flat = call("slope", np.full(128, -32767))
    assert flat == call("slope", np.full(128, 19000)) == [0, 0]


def test_the_steepest_slopes_fit() -> None:
    low = [band for band, frequency in enumerate(centres(SPEC, SPEC.sizes)) if frequency < 275]
    high = [band for band, frequency in enumerate(centres(SPEC, SPEC.sizes)) if 500 <= frequency < 1000]
    up = np.full(128, 32767)
    up[[*low, *high]] = -32767
    rising = call("slope", up)
    falling = call("slope", -up)
    assert [-slope for slope in rising] == falling or np.abs(np.add(rising, falling)).max() <= 1
    assert all(0 < slope < 2**15 for slope in rising)


def test_bands_say_where_the_power_is() -> None:
    points = centres(SPEC, SPEC.sizes)
    at = {hertz: int(np.abs(points - hertz).argmin()) for hertz in (450, 700, 1500, 3000, 6000)}
    for hertz, signs in (
        (450, (-1, 1, 1, 0)),
        (700, (-1, 1, 0, 0)),
        (1500, (1, 1, 0, 1)),
        (3000, (1, -1, 0, 1)),
    ):
        log_mel = floored({at[hertz]: 10000})
        alpha, hammarberg, low, high = call("bands", log_mel, mel_power(log_mel))
        assert np.sign(alpha) == signs[0] and np.sign(hammarberg) == signs[1], hertz
        assert (low > -10000) == signs[2] and (high > -10000) == signs[3], hertz
    assert call("bands", floored({0: 32767}), mel_power(floored({0: 32767})))[1] == 32767
    assert call("bands", floored({at[3000]: 32767}), mel_power(floored({at[3000]: 32767})))[1] == -32767


def test_the_level_of_a_band_is_that_of_the_whole_where_nothing_else_is() -> None:
    for hertz, band in ((450, 2), (2000, 3)):
        pcm = np.round(20000 * np.sin(2 * np.pi * hertz / 16000 * np.arange(2048))).astype(np.int16)
        assert np.abs(of("bands", pcm)[:, band] - of("level", pcm)[:, 0]).max() <= 12


def test_the_first_frame_has_no_flux_and_the_second_has_its_change() -> None:
    pcm = np.concatenate([np.zeros(1024, np.int16), SIGNALS["noise"][:1024]])
    flux = of("flux", pcm, spectral(hop=1024))
    assert flux[0, 0] == 0
    assert flux[1, 0] > 8000


def test_rasta_loudness_of_what_does_not_change_is_that_of_equal_loudness_alone() -> None:
    weights = equal_loudness(group_centres(SPEC, SPEC.sizes)) ** EXPONENT
    for name in ("silence", "constant at the bottom", "smallest negative"):
        assert np.abs(of("rasta_loudness", SIGNALS[name]) - weights.sum() * 32).max() <= 1, name


@pytest.mark.parametrize("hop", [128, 256, 512, 1024])
def test_rasta_forgets_in_the_same_time_whatever_the_hop(hop: int) -> None:
    pcm = np.concatenate([SIGNALS["noise"], SIGNALS["noise"] // 16, SIGNALS["noise"] // 16])
    spec = spectral(hop=hop)
    ours, theirs = Frontend(spec).real_units(pcm)["rasta_loudness"], reference(pcm, spec)["rasta_loudness"]
    assert np.abs(ours - theirs).max() < 0.15
    assert np.abs(theirs[-1] - theirs[0]) < 0.2 * np.abs(theirs - theirs[0]).max()


def test_values_are_named_where_an_index_says_too_little() -> None:
    names = SPEC.feature_names
    for name in ("bands[alpha_ratio].mean", "slope[500-1500].deviation", "rolloff[90].mean", "mfcc40[13].mean"):
        assert name in names
    assert len(set(names)) == SPEC.features


@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_what_is_remembered_does_not_depend_on_pieces(data: st.DataObject) -> None:
    pcm = speech_like(data.draw(st.integers(1024, 5000)), seed=data.draw(st.integers(0, 9)))
    cuts = data.draw(st.lists(st.integers(0, len(pcm)), max_size=9).map(sorted))
    whole = Frontend(SPEC).features(pcm)
    assert np.array_equal(probe().features(np.split(pcm, cuts)), whole)


@functools.cache
def probe() -> Probe:
    return Probe(SPEC)


@pytest.mark.parametrize(
    ("kind", "frame", "bands", "allowed"),
    [
        ("loudness", 1024, 40, "26 groups"),
        ("rasta_loudness", 1024, 8, "26 groups"),
        ("log_mel13", 1024, 16, "40 can be merged"),
        ("slope", 1024, 16, "between 50 and 500 Hz"),
    ],
)
def test_too_few_bands_are_refused(kind: str, frame: int, bands: int, allowed: str) -> None:
    with pytest.raises(SertoolError, match=allowed):
        FrontendSpec(16000, frame, frame, (Descriptor(kind, SPECTRAL[kind]), Descriptor("log_mel", bands, ())))


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 48000])
@pytest.mark.parametrize("frame", [256, 512, 1024, 2048])
def test_tables_fit_whatever_is_not_refused(rate: int, frame: int) -> None:
    allowed = 0
    for bands in range(16, 257, 24):
        for kind, size in SPECTRAL.items():
            try:
                spec = FrontendSpec(
                    rate, frame, frame, (Descriptor(kind, size), Descriptor("log_mel", bands, ()))
                )
            except SertoolError:
                continue
            tables, _ = tables_of(spec)
            allowed += len(tables) > 0
    assert allowed > 0


def test_frames_too_short_for_peaks_are_refused() -> None:
    with pytest.raises(SertoolError, match="3 bins"):
        FrontendSpec(48000, 256, 256, (Descriptor("spectral_peaks", 3),))


@pytest.mark.parametrize("kind", SPECTRAL)
def test_other_sizes_are_refused(kind: str) -> None:
    for size in (0, 40, -1):
        with pytest.raises(SertoolError, match="size"):
            FrontendSpec(descriptors=(Descriptor(kind, size),))
