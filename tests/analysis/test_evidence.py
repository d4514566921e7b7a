from __future__ import annotations

import numpy as np
import pytest
from scenes import enlarged, scene

from verify4k.analysis.evidence import POINTS, evidence
from verify4k.analysis.native import analyse


def test_the_spectra_peak_where_the_verdict_says() -> None:
    pixels = np.asarray(enlarged(0.55))
    native = analyse(pixels, format="png")
    found = evidence(pixels, native)
    assert found.peak == native.ratio
    for spectrum in (found.x, found.y):
        assert len(spectrum) <= POINTS
        assert spectrum.dtype == np.float32
        assert np.argmax(spectrum) / len(spectrum) == pytest.approx(0.55, abs=0.004)


def test_the_crop_is_the_most_detailed_place() -> None:
    pixels = np.full((1200, 1600, 3), 128, np.uint8)
    pixels[600:1000, 900:1500] = np.asarray(scene(600, 400))
    x, y, width, height = evidence(pixels, analyse(pixels, format="png")).crop
    assert (width, height) == (240, 160)
    assert 880 <= x <= 1280
    assert 590 <= y <= 860


def test_a_bright_border_is_no_detail() -> None:
    pixels = np.full((600, 900), 250, np.uint8)
    pixels[200:300, 600:700:2] = 248
    x, y, width, height = evidence(pixels, analyse(pixels, format="png")).crop
    assert 700 - width <= x <= 600
    assert 300 - height <= y <= 200


@pytest.mark.parametrize("shape", [(1, 1), (8, 1, 3), (1, 700), (200, 300, 4), (330, 5000)])
def test_small_pictures_have_a_crop_inside_them(shape: tuple[int, ...]) -> None:
    pixels = np.zeros(shape, np.uint8)
    found = evidence(pixels, analyse(pixels, format="png"))
    x, y, width, height = found.crop
    assert x >= 0
    assert y >= 0
    assert x + width <= shape[1]
    assert y + height <= shape[0]
    assert found.peak is None
