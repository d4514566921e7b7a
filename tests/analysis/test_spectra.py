"""The transforms against their definitions, on sizes small enough to write those out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scenes import enlarged, scene

from verify4k.analysis import planes, spectra
from verify4k.analysis.repetition import pattern

if TYPE_CHECKING:
    from numpy.typing import NDArray


def slow_cosine(rows: NDArray[np.complex64]) -> NDArray[np.complex128]:
    length = rows.shape[1]
    k, x = np.arange(length)[:, None], np.arange(length)[None, :]
    found: NDArray[np.complex128] = 2 * rows @ np.cos(np.pi * k * (2 * x + 1) / (2 * length)).T
    found[:, 0] /= 2
    return found


@pytest.mark.parametrize("length", [2, 7, 16, 45])
def test_the_cosine_transform_is_dct_2(length: int) -> None:
    draw = np.random.default_rng(length)
    rows = (draw.normal(size=(3, length)) + 1j * draw.normal(size=(3, length))).astype(np.complex64)
    assert np.allclose(spectra.cosine(rows), slow_cosine(rows), atol=1e-3)


@pytest.mark.parametrize("modes", [1, 63, 64, 65, 200])
def test_packing_keeps_every_sign(modes: int) -> None:
    values = np.random.default_rng(modes).normal(size=(modes, 5)).astype(np.float32)
    words = spectra.packed(values)
    assert words.shape == (-(-modes // 64), 5)
    assert np.bitwise_count(words).sum(0).tolist() == (values > 0).sum(0).tolist()


@pytest.mark.parametrize("name", ["aligned", "free"])
def test_noise_stays_near_one_deviation_and_a_lattice_does_not(name: str) -> None:
    true, made = (
        getattr(spectra.curves(planes.averaged(np.asarray(image)).x), name).reshape(-1, 1600)
        for image in (scene(), enlarged(0.55))
    )
    search = slice(400, 1500)
    assert np.median(np.abs(true[:, search])) < 2
    assert (np.argmax(made[:, search], axis=1) + 400 == 880).all()
    assert (made[:, 880] > 10).all()


def test_planes_are_means_of_luma_across() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (50, 41, 3), np.uint8)
    grey = pixels.astype(np.float64) @ np.array(planes.LUMA)
    found = planes.averaged(pixels)
    assert found.across == (2, 2)
    assert np.allclose(found.x, grey.reshape(25, 2, 41).mean(1), atol=1e-3)
    assert np.allclose(found.y, grey[:, :40].reshape(50, 20, 2).mean(2).T, atol=1e-3)


def test_a_very_long_side_is_cut_to_its_middle() -> None:
    found = planes.averaged(np.zeros((4, 20000), np.uint8))
    assert found.x.shape == (2, planes.LENGTH)


def test_the_pattern_of_nearest_neighbour_is_pillows() -> None:
    source = np.arange(30)
    big = source[np.floor((np.arange(100) + 0.5) * 0.3).astype(int)]
    assert pattern(0.3, 100).tolist() == (big[1:] == big[:-1]).tolist()
