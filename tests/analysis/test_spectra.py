"""The transforms against their definitions, on sizes small enough to write those out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scenes import enlarged, scene

from verify4k.analysis import planes
from verify4k.analysis.native import spectra
from verify4k.analysis.native.repetition import repeated_steps

if TYPE_CHECKING:
    from numpy.typing import NDArray


def cosines(length: int) -> NDArray[np.float64]:
    """(length, length) matrix: samples -> DCT-II, all but the first doubled."""
    k, x = np.arange(length)[None, :], np.arange(length)[:, None]
    found: NDArray[np.float64] = 2 * np.cos(np.pi * k * (2 * x + 1) / (2 * length))
    found[:, 0] /= 2
    return found


def noise(modes: int, length: int, seed: int = 0) -> NDArray[np.complex64]:
    draw = np.random.default_rng((modes, length, seed))
    found: NDArray[np.complex64] = (
        draw.normal(size=(modes, length)) + 1j * draw.normal(size=(modes, length))
    ).astype(np.complex64)
    return found


@pytest.mark.parametrize("length", [2, 7, 16, 45])
def test_the_cosine_transform_is_dct_2(length: int) -> None:
    rows = noise(3, length)
    assert np.allclose(spectra.cosine(rows), rows @ cosines(length), atol=1e-3)


@pytest.mark.parametrize(("rows", "modes"), [(70, 34), (71, 35), (300, 123), (540, 160), (900, 160)])
def test_low_frequencies_across_are_kept_without_the_mean(rows: int, modes: int) -> None:
    plane = np.random.default_rng(rows).normal(size=(rows, 9)).astype(np.float32)
    found = spectra.cross_spectrum(plane)
    assert found.dtype == np.complex64
    assert found.shape == (modes, 9)
    kept = [*range(1, 97), *range(97, 224, 2)][:modes]
    assert np.allclose(found, np.fft.fft(plane, axis=0)[kept], atol=1e-3)


@given(modes=st.integers(32, 300), seed=st.integers(0, 999))
def test_packing_keeps_every_sign_of_whole_words(modes: int, seed: int) -> None:
    values = noise(modes, 4, seed)
    words = spectra.packed_signs(values)
    assert words.shape == (modes // 32, 4)
    for number, (x, y) in ((n, xy) for n in range(modes // 32) for xy in ((0, 1), (1, 2), (3, 0))):
        group = values[number * 32 : number * 32 + 32]
        for part, low in ((group.real, True), (group.imag, False)):
            signs = part > 0
            one, other = (int(words[number, at]) >> (0 if low else 32) & 0xFFFFFFFF for at in (x, y))
            assert one.bit_count() == signs[:, x].sum()
            assert (one ^ other).bit_count() == (signs[:, x] != signs[:, y]).sum()


def test_one_frequency_is_one_bit_at_the_same_place_of_both_halves() -> None:
    values = np.full((32, 64), -1 - 1j, np.complex64)
    values[np.arange(32), np.arange(32)] = 1 - 1j
    values[np.arange(32), np.arange(32) + 32] = -1 + 1j
    words = spectra.packed_signs(values)[0]
    assert sorted(words[:32].tolist()) == [1 << n for n in range(32)]
    assert (words[32:] == words[:32] << np.uint64(32)).all()


def test_distances_at_the_length_they_are_given_for_and_scaled() -> None:
    assert spectra.distances(spectra.REFERENCE_LENGTH) == [
        list(range(1, 25)),
        list(range(25, 81, 2)),
        list(range(81, 201, 4)),
        list(range(201, 401, 6)),
    ]
    assert spectra.distances(384) == [[1, 2], [2, 3, 4, 5, 6, 7, 8], [*range(8, 21)], [*range(20, 41)]]


@given(length=st.integers(1, 13000))
def test_distances_are_few_sorted_and_never_nothing(length: int) -> None:
    for (first, last, step), reach in zip(spectra.REACHES, spectra.distances(length), strict=True):
        assert reach == sorted(set(reach))
        assert 0 < len(reach) <= len(range(first, last + 1, step))
        assert reach[0] >= 1
        assert reach[-1] <= max(1, last * length / spectra.REFERENCE_LENGTH + 0.5)


def sign(values: NDArray[np.floating]) -> NDArray[np.int64]:
    return np.where(values > 0, 1, -1)


def slowly_aligned(cross: NDArray[np.complex64], c: int, reach: list[int], rows: range) -> float:
    """The mean of minus the product of signs at c - i and c + i, written out."""
    found = cross @ cosines(cross.shape[1])
    products = [
        -sign(part[row, c - i]) * sign(part[row, c + i])
        for part in (found.real, found.imag)
        for row in rows
        for i in reach
    ]
    return float(np.mean(products))


@pytest.mark.parametrize("modes", [40, 70, 140])
def test_the_aligned_curve_is_the_mean_of_the_products_of_signs(modes: int) -> None:
    length = 120
    cross = noise(modes, length)
    means, pairs = spectra.aligned_curves(spectra.packed_signs(spectra.cosine(cross)))
    assert means.shape == (4, 3, length)
    assert means.dtype == pairs.dtype == np.float32
    words = modes // 32
    for number, reach in enumerate(spectra.distances(length)):
        for band, (start, stop) in enumerate(((0, 1), (1, 3), (3, 8))):
            rows = range(32 * start, 32 * min(stop, words))
            assert pairs[number, band] == 2 * len(rows) * len(reach)
            if not rows:
                assert not means[number, band].any()
                continue
            for c in (reach[-1], 40, 77, length - 1 - reach[-1]):
                slow = slowly_aligned(cross, c, reach, rows)
                assert means[number, band, c] == pytest.approx(slow, abs=1e-6)


@pytest.mark.parametrize("turned", [-1, 1])
def test_a_perfect_mirror_is_one_and_a_picture_of_it_the_other_way_round_minus_one(turned: int) -> None:
    length, c = 400, 260
    coefficients = noise(256, length).astype(np.complex128)
    beyond = np.arange(c + 1, length)
    coefficients[:, beyond] = turned * coefficients[:, 2 * c - beyond]
    cross = (coefficients @ np.linalg.inv(cosines(length))).astype(np.complex64)
    means, pairs = spectra.aligned_curves(spectra.packed_signs(spectra.cosine(cross)))
    assert pairs.min() > 0
    assert (np.abs(means[:, :, c] + turned) < 0.01).all()
    assert np.abs(means[:, :, 100:250]).mean() < 0.2


def slowly_free(found: NDArray[np.complex64], c: int, reach: list[int]) -> float:
    """The size of the sum of products of quartered phases of F[k] and F[k - c], k around c / 2."""
    length = found.shape[1]
    rows = found[: found.shape[0] // 32 * 32]
    quartered = sign(rows.real) + 1j * sign(rows.imag)
    middle, odd = divmod(c, 2)
    places = [middle + i for i in reach] + [middle + odd - i for i in reach]
    total = sum(
        complex((quartered[:, k % length] * quartered[:, (k - c) % length].conj()).sum()) for k in places
    )
    return abs(total) / float(np.sqrt(2 * len(rows) * len(places)))


@pytest.mark.parametrize("length", [400, 401])
@pytest.mark.parametrize("modes", [33, 64])
def test_the_free_curve_is_the_phase_agreement_of_coefficients_a_lattice_apart(
    length: int, modes: int
) -> None:
    found = noise(modes, length)
    curve = spectra.free_curve(spectra.packed_signs(found))
    reach = sorted({i for part in spectra.distances(length // 2) for i in part})
    first, last = 2 * (int(0.08 * length) // 2), 2 * (int(0.985 * length) // 2)
    for c in (first, first + 1, 150, 151, 256, last - 2, last - 1):
        assert curve[c] == pytest.approx(slowly_free(found, c, reach), rel=1e-4)
    assert not curve[:first].any()
    assert not curve[last:].any()


@pytest.mark.parametrize("turn", [1, 1j, -1, -1j, np.exp(0.6j)])
def test_any_constant_phase_between_the_copies_makes_the_same_free_peak(turn: complex) -> None:
    length, c = 400, 222
    found = noise(64, length)
    k = np.arange(c // 2, c // 2 + 60)
    found[:, k] = turn * found[:, k - c]
    found[:, c - k] = turn * found[:, -k]
    curve = spectra.free_curve(spectra.packed_signs(found))
    assert np.argmax(curve) == c
    assert curve[c] > 30
    assert np.median(curve[100:]) < 2


def test_the_window_leaves_the_ends_out() -> None:
    cross = noise(2, 64)
    assert np.allclose(
        spectra.windowed_spectrum(cross), np.fft.fft(cross * np.hanning(64), axis=1), atol=1e-3
    )
    assert spectra.windowed_spectrum(cross).dtype == np.complex64


def test_the_level_is_the_power_at_half_of_each_size_in_decibels() -> None:
    found = noise(5, 31)
    curve = spectra.level_curve(spectra.power(found) / np.float32(5), 31)
    assert curve.dtype == np.float32
    for c in range(31):
        power = (np.abs(found[:, c // 2]) ** 2).mean()
        assert curve[c] == pytest.approx(10 * np.log10(power), abs=0.02)
    assert spectra.level_curve(np.zeros(16, np.float32), 31).tolist() == pytest.approx([-30.0] * 31)


def test_all_curves_of_a_plane_belong_to_it() -> None:
    plane = np.random.default_rng(3).normal(size=(330, 400)).astype(np.float32)
    found = spectra.plane_curves(plane)
    cross = spectra.cross_spectrum(plane)
    means, pairs = spectra.aligned_curves(spectra.packed_signs(spectra.cosine(cross)))
    assert (found.aligned == means).all()
    assert (found.pairs == pairs).all()
    assert (found.free == spectra.free_curve(spectra.packed_signs(spectra.windowed_spectrum(cross)))).all()
    power = spectra.power(spectra.windowed_spectrum(cross)) / np.float32(len(cross))
    assert np.allclose(found.level, spectra.level_curve(power, 400), atol=1e-3)


@pytest.mark.parametrize("rows", [330, 80])  # with all the modes of the coarse curves, and a few fewer
def test_coarse_curves_are_the_aligned_ones_of_the_lowest_frequencies(rows: int) -> None:
    plane = np.random.default_rng(3).normal(size=(rows, 400)).astype(np.float32)
    found, whole = spectra.coarse_curves(plane), spectra.plane_curves(plane)
    assert (found.aligned[:, 0] == whole.aligned[:, 0]).all()
    means, pairs = spectra.aligned_curves(
        spectra.packed_signs(spectra.cosine(spectra.cross_spectrum(plane)[:32]))
    )
    assert (found.aligned == means).all()
    assert (found.pairs == pairs).all()
    assert (pairs[:, 0] > 0).all()
    assert not pairs[:, 1:].any()
    assert not found.free.any()
    assert not found.level.any()
    assert found.free.size == found.level.size == 400


def test_noise_stays_near_nothing_and_a_lattice_does_not() -> None:
    true, made = (
        spectra.plane_curves(planes.averaged(np.asarray(image)).x) for image in (scene(), enlarged(0.55))
    )
    search = slice(400, 1400)
    assert np.abs(true.aligned[:, :, search]).mean() < 0.1
    assert np.median(true.free[search]) < 2
    assert (np.argmax(made.aligned[:, :, search], axis=2) + 400 == 880).all()
    assert (made.aligned[:, :, 880] > 0.5).all()
    assert np.argmax(made.free[search]) + 400 == 880
    assert made.free[880] > 10


def test_a_crop_moves_the_lattice_away_for_the_aligned_curve_but_not_for_the_free_one() -> None:
    window = np.asarray(enlarged(0.55, size=(1700, 1000)))[37:937, 53:1653]
    found = spectra.plane_curves(planes.averaged(window).x)
    assert found.free[400:1400].argmax() + 400 == 880
    assert found.free[880] > 10
    assert found.aligned[:, :, 880].max() < 0.5


def test_planes_are_means_of_luma_across() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (50, 41, 3), np.uint8)
    grey = pixels.astype(np.float64) @ np.array(planes.LUMA)
    found = planes.averaged(pixels)
    assert found.across == (2, 2)
    assert np.allclose(found.x, grey.reshape(25, 2, 41).mean(1), atol=1e-3)
    assert np.allclose(found.y, grey[:, :40].reshape(50, 20, 2).mean(2).T, atol=1e-3)


@pytest.mark.parametrize("rows", [6, 7])
def test_paired_rows_are_their_means(rows: int) -> None:
    plane = np.arange(rows * 2, dtype=np.float32).reshape(rows, 2) ** 2
    found = planes.row_pairs(plane)
    assert found.dtype == np.float32
    assert found.tolist() == [((plane[n] + plane[n + 1]) / 2).tolist() for n in (0, 2, 4)]


def test_light_is_the_square_of_the_level() -> None:
    found = planes.linear_light(np.array([[0, 51, 102], [255, 127.5, 1]], np.float32))
    assert found.dtype == np.float32
    assert found == pytest.approx(np.array([[0, 10.2, 40.8], [255, 63.75, 1 / 255]]), rel=1e-6)


def test_what_was_enlarged_in_light_shows_best_in_light() -> None:
    small = np.asarray(scene(880, 495).convert("L"), np.float32)
    lit = Image.fromarray(small**2 / 255).resize((1600, 900), Image.Resampling.LANCZOS)
    plane = planes.averaged(np.sqrt(np.clip(np.asarray(lit), 0, 255) * 255).round().astype(np.uint8)).x
    level, light = spectra.plane_curves(plane), spectra.plane_curves(planes.linear_light(plane))
    assert light.aligned[:, :, 880].min() > level.aligned[:, :, 880].max() > 0
    assert (
        np.argmax(
            spectra.coarse_curves(planes.linear_light(planes.row_pairs(plane))).aligned[:, 0, 400:1400],
            axis=1,
        ).tolist()
        == [480] * 4
    )


def test_a_very_long_side_is_cut_to_its_middle() -> None:
    found = planes.averaged(np.zeros((4, 20000), np.uint8))
    assert found.x.shape == (2, planes.LONGEST)


def test_the_pattern_of_nearest_neighbour_is_pillows() -> None:
    source = np.arange(30)
    big = source[np.floor((np.arange(100) + 0.5) * 0.3).astype(int)]
    assert repeated_steps(0.3, 100).tolist() == (big[1:] == big[:-1]).tolist()
