from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import enlarged, scene

from verify4k.analysis import planes
from verify4k.analysis.native.analyse import Measured, analyse
from verify4k.analysis.native.evidence import POINTS, evidence, pooled
from verify4k.analysis.native.peaks import normalised
from verify4k.analysis.native.texture import Texture
from verify4k.analysis.native.verdict import Native


def tenths(curve: np.ndarray) -> list[float]:
    return [round(float(value), 1) for value in np.maximum(0, curve)]


def test_the_spectra_peak_where_the_verdict_says() -> None:
    pixels = np.asarray(enlarged(0.55))
    native = analyse(pixels, format="png")
    found = evidence(pixels, native, Measured(pixels))
    assert found.peak == native.ratio
    for spectrum in (found.x, found.y):
        assert len(spectrum) <= POINTS
        assert np.argmax(spectrum) / len(spectrum) == pytest.approx(0.55, abs=0.004)


def test_undoing_leaves_least_at_the_size_that_was_told() -> None:
    pixels = np.asarray(enlarged(0.55))
    native = analyse(pixels, format="png")
    found = evidence(pixels, native, Measured(pixels))
    assert native.size is not None
    least, left = min(found.residual, key=lambda point: point[1])
    assert least == native.size[0]
    assert len(found.residual) == 25
    assert left < 0.5 * found.residual[0][1]


@pytest.mark.parametrize("size", [(620, 900), (1600, 350)])
def test_of_a_stretched_picture_the_stretched_axis_is_undone(size: tuple[int, int]) -> None:
    pixels = np.asarray(scene(*size).resize((1600, 900)))
    native = analyse(pixels, format="png")
    assert (native.size, native.method) == (size, "lattice on one axis")
    found = evidence(pixels, native, Measured(pixels))
    edge = size[0] if size[0] != 1600 else size[1]
    assert min(found.residual, key=lambda point: point[1])[0] == edge
    assert [each for each, _ in found.residual] == list(range(edge - 24, edge + 25, 2))


def test_where_nothing_was_undone_no_residual_is_drawn() -> None:
    pixels = np.asarray(scene(500, 340))
    native = Native("suspect", (400, 272), 0.8, (9.0, 9.0), "aligned lattice", "said")
    assert evidence(pixels, native, Measured(pixels)).residual == ()


def test_what_is_drawn_is_the_stronger_of_both_statistics() -> None:
    pixels = np.asarray(scene(500, 340))
    found = evidence(
        pixels, Native("suspect", (400, 272), 0.8, (9.0, 9.0), "aligned lattice", "said"), Measured(pixels)
    )
    plain = Measured(pixels).plain
    assert found.peak == 0.8
    for drawn, axis in ((found.x, plain.x), (found.y, plain.y)):
        assert list(drawn) == tenths(np.maximum(axis.aligned, axis.free))


def test_what_was_found_in_light_is_drawn_in_light() -> None:
    pixels = np.asarray(scene(500, 340))
    native = Native("upscaled", (250, 170), 0.5, (9.0, 9.0), "free lattice", "said", "linear-light")
    found, measured = evidence(pixels, native, Measured(pixels)), Measured(pixels)
    for drawn, axis, plain in zip(
        (found.x, found.y),
        (measured.linear_light.x, measured.linear_light.y),
        (measured.plain.x, measured.plain.y),
        strict=True,
    ):
        assert list(drawn) == tenths(np.maximum(axis.aligned, axis.free))
        assert list(drawn) != tenths(np.maximum(plain.aligned, plain.free))


@pytest.mark.parametrize("size", [(500, 340), (501, 343)])
def test_what_neighbours_betray_is_drawn_and_mirrored_above_one_half(size: tuple[int, int]) -> None:
    pixels = np.asarray(scene(*size))
    native = Native("upscaled", (250, 170), 0.5, (9.0, 9.0), "cyclic autocorrelation", "said", "cyclic")
    found = evidence(pixels, native, Measured(pixels))
    for drawn, axis, length in zip(
        (found.x, found.y), Texture(*planes.samples(pixels)).cyclic, size, strict=True
    ):
        strongest = np.maximum(0, np.maximum(*map(normalised, axis.curves)))
        strongest[: int(0.12 * length)] = 0
        assert len(drawn) == length
        assert list(drawn[: strongest.size]) == tenths(strongest)
        assert drawn[1:] == drawn[1:][::-1]


def test_what_signs_betray_is_drawn_at_its_pitch_on_both_axes() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (900, 1600), np.uint8)
    pixels[::4] = pixels[::4] // 2 + 64
    pixels[:, ::4] = pixels[:, ::4] // 2 + 64
    native = Native("upscaled", (400, 225), 0.25, (9.0, 9.0), "network fingerprint", "said", "signs")
    found = evidence(pixels, native, Measured(pixels))
    for drawn in (found.x, found.y):
        assert len(drawn) == POINTS
        strong = np.flatnonzero(np.array(drawn) > 10) / len(drawn)
        assert set((strong * 4).round(1)) == {1, 2, 3}
        assert np.median(drawn) < 1


@given(length=st.integers(1, 5000), at=st.integers(0, 4999))
def test_a_line_one_bin_wide_is_drawn_where_it_is(length: int, at: int) -> None:
    at %= length
    curve = np.full(length, -1, np.float32)
    curve[at] = 5
    found = pooled(curve)
    assert found.size == min(POINTS, length)
    assert sorted(found.tolist())[-2:] == ([0, 5] if length > 1 else [5])
    assert abs(int(found.argmax()) / found.size - at / length) <= 1 / found.size


def test_the_crop_is_the_most_detailed_place() -> None:
    pixels = np.full((1200, 1600, 3), 128, np.uint8)
    pixels[600:1000, 900:1500] = np.asarray(scene(600, 400))
    x, y, width, height = evidence(pixels, analyse(pixels, format="png"), Measured(pixels)).crop
    assert (width, height) == (240, 160)
    assert 880 <= x <= 1280
    assert 590 <= y <= 860


def test_a_bright_border_is_no_detail() -> None:
    pixels = np.full((600, 900), 250, np.uint8)
    pixels[200:300, 600:700:2] = 248
    x, y, width, height = evidence(pixels, analyse(pixels, format="png"), Measured(pixels)).crop
    assert 700 - width <= x <= 600
    assert 300 - height <= y <= 200


@pytest.mark.parametrize("shape", [(1, 1), (8, 1, 3), (1, 700), (200, 300, 4), (330, 5000)])
def test_small_pictures_have_a_crop_inside_them(shape: tuple[int, ...]) -> None:
    pixels = np.zeros(shape, np.uint8)
    found = evidence(pixels, analyse(pixels, format="png"), Measured(pixels))
    x, y, width, height = found.crop
    assert x >= 0
    assert y >= 0
    assert x + width <= shape[1]
    assert y + height <= shape[0]
    assert found.peak is None
