"""Checkerboard traces: counted as said, found where they were made, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import coded, scene

from verify4k.analysis.native import checkerboard
from verify4k.analysis.native.checkerboard import (
    MAP_EDGE,
    MAP_REACH,
    MAPS,
    PITCH_LINES,
    SIGN_OFFSETS,
    counted_signs,
    traces,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Pixels

AT = {line: number for number, line in enumerate(PITCH_LINES)}


def noise(height: int, width: int, seed: int = 1) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)


def strength(amplitudes: NDArray[np.complex128]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.sqrt(np.square(np.abs(amplitudes)).mean(0))
    return found


def slowly(plane: Pixels) -> list[NDArray[np.bool_]]:
    """The maps of the whole plane, pixel by pixel as the docstrings tell them."""
    height, width = (side - MAP_EDGE - MAP_REACH - 1 for side in plane.shape)
    right, below = plane[:, 1:] > plane[:, :-1], plane[1:] > plane[:-1]

    def at(signs: NDArray[np.bool_], down: int, across: int) -> NDArray[np.bool_]:
        return signs[MAP_EDGE + down :, MAP_EDGE + across :][:height, : width // 8 * 8]

    found = []
    for signs in (right, below):
        found += [at(signs, 0, 0), *(at(signs, 0, 0) != at(signs, *lag) for lag in SIGN_OFFSETS)]
    return [*found, at(right, 0, 0) != at(below, 0, 0), at(right, 0, 0) != at(below, 0, 1)]


@settings(max_examples=30, deadline=None)
@given(height=st.integers(16, 300), width=st.integers(16, 2300), deep=st.booleans(), seed=st.integers(0, 99))
def test_every_map_is_counted_per_column_and_per_row(height: int, width: int, deep: bool, seed: int) -> None:
    draw = np.random.default_rng(seed)
    shape = (height, width)
    plane = draw.integers(0, 4, shape, np.uint16) if deep else draw.integers(0, 4, shape, np.uint8)
    columns, rows = counted_signs(plane)
    maps = slowly(plane)
    assert len(maps) == MAPS
    assert np.array_equal(columns, [found.sum(0) for found in maps])
    assert np.array_equal(rows, [found.sum(1) for found in maps])


def test_rows_longer_than_a_byte_holds_are_counted_whole() -> None:
    stripes = np.tile(np.array([0, 1], np.uint8), (40, 4000))
    _, rows = counted_signs(stripes)
    assert (rows[0] == rows[0, 0]).all()
    assert rows[0, 0] == pytest.approx(4000, abs=4)


def test_nothing_stands_out_in_a_picture_that_nothing_interleaved() -> None:
    assert max(strength(axis).max() for axis in traces(np.asarray(scene()))) < 2


def test_noise_is_of_unit_power() -> None:
    assert np.mean([strength(axis) for axis in traces(noise(900, 1600))]) == pytest.approx(1, abs=0.15)


def test_the_grid_of_a_jpeg_is_seen_at_every_eighth() -> None:
    for axis in traces(coded(scene(), "jpeg", 60)):
        found = strength(axis)
        assert min(found[AT[k / 8]] for k in range(1, 5)) > 5
        assert found[AT[1 / 16]] < 2


@pytest.mark.parametrize("pitch", [2, 4])
def test_pixels_that_are_smoother_at_one_phase_are_seen_at_its_pitch(pitch: int) -> None:
    plane = noise(900, 1600)
    plane[::pitch] = plane[::pitch] // 2 + 64
    along_x, along_y = traces(plane)
    assert strength(along_y)[AT[1 / pitch]] > 20
    assert strength(along_y)[AT[1 / 8]] < 2
    assert strength(along_x).max() < 2  # rows alone were changed


def test_the_phase_is_that_at_the_border_of_the_picture() -> None:
    plane = noise(900, 1600)
    plane[:, ::2] = plane[:, ::2] // 2 + 64
    here, moved = traces(plane).x[:, AT[0.5]], traces(plane[:, 1:]).x[:, AT[0.5]]
    strong = np.abs(here) > 20
    assert strong.any()
    assert (np.sign(here[strong].real) == -np.sign(moved[strong].real)).all()
    assert np.abs(here.imag).max() < 1e-6


def test_of_a_tall_picture_the_middle_rows_keep_their_phase(monkeypatch: pytest.MonkeyPatch) -> None:
    plane = noise(1600, 400)
    plane[::4] = plane[::4] // 2 + 64
    whole = traces(plane).y[:, AT[0.25]]
    monkeypatch.setattr(checkerboard, "_MOST_PIXELS", 400 * 600)
    part = traces(plane).y[:, AT[0.25]]
    assert np.abs(part).max() < np.abs(whole).max()
    strong = np.abs(part) > 10
    assert strong.any()
    assert np.abs(np.angle(part[strong] / whole[strong])).max() < 0.2


def test_brightness_and_contrast_change_nothing() -> None:
    plane = noise(400, 640) // 4
    for changed in (plane + np.uint8(9), plane * np.uint8(3), plane.astype(np.uint16) * 257):
        assert np.allclose(traces(changed).x, traces(plane).x)


def test_of_colours_green_is_looked_at_and_of_grey_the_grey() -> None:
    plane = noise(400, 640)
    colours = np.stack([plane[::-1], plane, plane[:, ::-1], plane // 2], -1)
    for pixels in (plane[:, :, None], np.stack([plane, plane // 2], -1), colours[:, :, :3], colours):
        assert np.array_equal(traces(pixels).y, traces(plane).y)


@pytest.mark.parametrize("shape", [(64, 64), (65, 333), (320, 320), (320, 90_000)])
def test_a_flat_picture_has_no_traces(shape: tuple[int, int]) -> None:
    assert not np.any(traces(np.full(shape, 7, np.uint8)))


def test_curves_show_the_pitch_that_traces_find() -> None:
    plane = noise(900, 1600)
    plane[:, ::4] = plane[:, ::4] // 2 + 64
    x, y = checkerboard.pitch_curves(checkerboard.central_counts(plane))
    assert int(x[9:-9].argmax()) + 9 == pytest.approx(x.size / 2, abs=2)
    assert y[9:].max() < 2
