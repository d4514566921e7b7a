"""How the dependence between neighbours repeats, on pictures whose making is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter
from scenes import coded, enlarged, scene

from verify4k.analysis import planes
from verify4k.analysis.native import description, peaks
from verify4k.analysis.native.analyse import Measured
from verify4k.analysis.native.cyclic import LAGS, CyclicAutocorrelation
from verify4k.analysis.native.texture import Texture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Pixels


def both(pixels: Pixels) -> tuple[CyclicAutocorrelation, CyclicAutocorrelation]:
    return Texture(*planes.samples(pixels)).cyclic


def demosaicked(image: Image.Image) -> NDArray[np.uint8]:
    """The picture through a Bayer filter, the missing colours as means of the nearest known ones."""
    colours = np.asarray(image, np.float32)
    down, right = np.indices(colours.shape[:2]) % 2
    known = np.stack([(down == 0) & (right == 0), down != right, (down == 1) & (right == 1)], -1)
    near = [(0, 0, 4), (0, 1, 2), (0, -1, 2), (1, 0, 2), (-1, 0, 2)]
    near += [(y, x, 1) for y in (-1, 1) for x in (-1, 1)]
    sums = np.zeros_like(colours)
    counts = np.zeros_like(colours)
    for y, x, weight in near:
        # Green has its nearest four beside it, and none at the corners that counts.
        there = np.roll(known, (y, x), (0, 1)) * np.where(abs(y) + abs(x) == 2, (1, 0, 1), 1) * weight
        sums += np.roll(colours, (y, x), (0, 1)) * there
        counts += there
    return np.where(known, colours, sums / counts).round().astype(np.uint8)


def interleaved(image: Image.Image) -> NDArray[np.uint8]:
    """Smooth, and every second column and row with more noise, as a network that makes four pictures of one."""
    pixels, draw = np.asarray(image.filter(ImageFilter.GaussianBlur(1.5))), np.random.default_rng(3)
    noise = draw.normal(0, 6, pixels.shape)
    noise[::2] *= 0.5
    noise[:, ::2] *= 0.5
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


def test_where_nothing_was_made_of_fewer_samples_nothing_repeats() -> None:
    for axis in both(np.asarray(scene())):
        assert axis.curves.shape == (2, axis.length // 2 + 1)
        assert axis.curves[:, axis.length // 8 :].max() < 5
        assert axis.eighths.max() < 5


@pytest.mark.parametrize("ratio", [0.45, 0.55])
def test_an_enlargement_lets_neighbours_repeat_at_its_native_size(ratio: float) -> None:
    for axis in both(np.asarray(enlarged(ratio))):
        shown = axis.length - round(ratio * axis.length) if ratio > 0.5 else round(ratio * axis.length)
        assert axis.bin(ratio * axis.length) == shown
        assert np.argmax(axis.curves[1, 100:]) + 100 == shown
        found = axis.component(round(ratio * axis.length), ratio)
        assert found.magnitude.shape == found.phase.shape == (LAGS,)
        assert found.magnitude == pytest.approx(axis.magnitude(shown))
        assert found.magnitude[1] > 10
        # The lattice starts half a step from the border, where each product is weighed.
        assert found.phase[:2] == pytest.approx([1, 1], abs=0.1)
        off = axis.component(round(ratio * axis.length) + 9, ratio)
        assert off.magnitude.max() < 5


def test_a_crop_turns_the_phase() -> None:
    window = np.asarray(enlarged(0.45, size=(1700, 1000)))[37:937, 53:1653]
    for axis in both(window):
        found = axis.component(round(0.45 * axis.length), 0.45)
        assert found.magnitude[1] > 10
        assert abs(found.phase[1]) < 0.9


def test_half_a_size_leaves_power_even_and_a_sensor_does_not() -> None:
    half, camera = both(np.asarray(enlarged(0.5))), both(demosaicked(scene()))
    for enlargement, sensor in zip(half, camera, strict=True):
        made, seen = (axis.component(axis.length // 2, 0.5) for axis in (enlargement, sensor))
        assert made.magnitude[1] > 20
        assert made.magnitude[0] < 5
        assert made.quincunx < 5
        assert seen.quincunx > 2 * seen.magnitude[1]
        assert seen.quincunx > 20


def test_a_codec_shows_at_every_eighth_and_interleaving_at_one_half_alone() -> None:
    for axis in both(coded(scene(), "jpeg", 60)):
        assert axis.eighths.shape == (4, LAGS)
        assert axis.eighths[:2, :2].min() > 5
    for axis in both(interleaved(scene())):
        assert axis.eighths[3, 0] > 20
        assert axis.eighths[:3].max() < 5


@given(
    count=st.integers(1, 40), length=st.integers(320, 400), kind=st.sampled_from(["flat", "noise", "edge"]),
    ratio=st.floats(0.12, 0.98),
)  # fmt: skip
def test_any_lines_give_numbers(count: int, length: int, kind: str, ratio: float) -> None:
    lines = np.full((count, length), 90, np.float32)
    if kind == "noise":
        lines += np.random.default_rng(length).normal(0, 5, lines.shape).astype(np.float32)
    elif kind == "edge":
        lines[:, length // 2 :] = 255
    axis = CyclicAutocorrelation(lines, count)
    found = axis.component(round(ratio * length), ratio)
    for numbers in (axis.curves, axis.eighths, found.magnitude, found.phase, found.quincunx):
        assert np.isfinite(numbers).all()
    assert (np.abs(found.phase) <= 1 + 1e-9).all()


# -- among the peaks -------------------------------------------------------------------------


def listed(pixels: Pixels, known: list[peaks.Peak]) -> list[peaks.Peak]:
    return peaks.with_cyclic_peaks(Measured(pixels).plain, *both(pixels), known)


def test_what_only_neighbours_betray_becomes_a_peak() -> None:
    pixels = interleaved(scene())
    [found] = listed(pixels, [])
    assert (found.x, found.y, found.ratio) == (800, 450, 0.5)
    assert found.cyclic > 20
    assert found.strength == max(found.cyclic, found.free)
    assert min(found.axes) > 10
    assert found.cyclic_axes == found.axes
    assert listed(np.asarray(scene()), []) == []


def test_a_peak_that_is_known_is_given_its_cyclic_strength() -> None:
    pixels = interleaved(scene())
    weak, other = (peaks.Peak(x, 450, x / 1600, 4.5, 0, (4.5, 4.5)) for x in (802, 1200))
    first, second = listed(pixels, [other, weak])
    assert (first.x, first.aligned) == (802, 4.5)
    assert first.strength == first.cyclic > 20
    assert first.axes == (4.5, 4.5)
    assert min(first.cyclic_axes) > 10
    assert second is other


def test_a_picture_longer_than_its_planes_is_measured_by_the_same_ratios() -> None:
    wide = np.tile(interleaved(scene(1600, 340)), (1, 9, 1))  # 14400 pixels, of which 12288 count
    found = max(listed(wide, []), key=lambda one: one.cyclic)
    assert (found.x, found.y, found.ratio) == (planes.LONGEST // 2, 170, 0.5)
    lines = Texture(*planes.samples(wide))
    half = next(
        one for one in description.described_peaks(Measured(wide).plain, "png", lines) if one.zone == "half"
    )
    weaker = half.features[description.FEATURES.index("weaker cyclic 0")]
    assert weaker == pytest.approx(
        np.log1p(min(axis.component(axis.length // 2, 0.5).magnitude[0] for axis in lines.cyclic))
    )
