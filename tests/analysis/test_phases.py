"""Undoing an enlargement in step and out of step: what must not be proved first, then what a codec leaves room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageFilter
from scenes import coded, enlarged, scene

from verify4k.analysis import planes
from verify4k.analysis.native import phase_verdicts as module
from verify4k.analysis.native import phases
from verify4k.analysis.native.analyse import Measured
from verify4k.analysis.native.independent_lines import is_undone
from verify4k.analysis.native.phase_verdicts import proved_in_phase, size_in_phase
from verify4k.analysis.native.phases import Phased, Windows, hopeful, phased
from verify4k.analysis.native.verdict import NO_TRACE, Native

if TYPE_CHECKING:
    from verify4k.analysis.planes import Pixels

KERNELS = Image.Resampling
WIDTH, HEIGHT = 1280, 720


def undone(pixels: Pixels, ratio: float) -> Phased:
    both = planes.averaged(pixels)
    axes = Windows(both.x), Windows(both.y)
    return phased(axes, hopeful(axes, (round(WIDTH * ratio), round(HEIGHT * ratio)), 0.0))


def from_corners(ratio: float) -> Image.Image:
    """A scene enlarged as libvips does it: a pixel's corner, not its middle, stays where it is."""
    small = scene(round(WIDTH * ratio), round(HEIGHT * ratio))
    turned = (ratio, 0, -ratio / 2, 0, ratio, -ratio / 2)  # Pillow counts from the middle of a pixel
    return small.transform((WIDTH, HEIGHT), Image.Transform.AFFINE, turned, KERNELS.BILINEAR)


@pytest.mark.parametrize("codec", ["png", "jpeg"])
@pytest.mark.parametrize("ratio", [0.5, 0.6, 2 / 3])
@pytest.mark.parametrize("blur", [0.0, 1.2])
def test_a_true_picture_leaves_as_much_in_step_as_out_of_step(codec: str, ratio: float, blur: float) -> None:
    image = scene(WIDTH, HEIGHT).filter(ImageFilter.GaussianBlur(blur))
    assert undone(coded(image, codec, 75), ratio).gain < 0.2


@pytest.mark.parametrize(
    ("kernel", "ratio", "codec", "quality"),
    [
        (KERNELS.BILINEAR, 0.6, "jpeg", 75),
        (KERNELS.BICUBIC, 0.45, "webp", 80),
        (KERNELS.LANCZOS, 0.55, "jpeg", 85),
        (KERNELS.NEAREST, 0.6, "jpeg", 90),
    ],
)
def test_an_enlargement_leaves_less_in_step(
    kernel: Image.Resampling, ratio: float, codec: str, quality: int
) -> None:
    found = undone(coded(enlarged(ratio, kernel, (WIDTH, HEIGHT)), codec, quality), ratio)
    assert found.gain > 0.5
    assert found.steady > 4
    assert found.share > 0.9
    assert found.left < found.beside


def test_a_size_a_sample_off_is_put_right() -> None:
    both = planes.averaged(coded(enlarged(0.6, KERNELS.BILINEAR, (WIDTH, HEIGHT)), "jpeg", 85))
    axes = Windows(both.x), Windows(both.y)
    for off in ((769, 432), (767, 431), (768, 433)):
        assert phased(axes, hopeful(axes, off, 0.0)).size == (768, 432)


def test_a_lattice_that_is_counted_from_corners_is_found() -> None:
    found = undone(np.asarray(from_corners(0.6)), 0.6)
    assert (found.kernel, found.start) == ("bilinear", -0.5)
    assert found.gain > 2


def test_a_plane_of_few_rows_and_no_detail_has_nothing_to_undo() -> None:
    flat = np.full((3, 400), 7, np.float32)
    assert (
        phased(
            (Windows(flat), Windows(flat)), hopeful((Windows(flat), Windows(flat)), (200, 200), 0.1)
        ).kernel
        == ""
    )


# -- what a verdict makes of it ---------------------------------------------------------------


def last_look(pixels: Pixels) -> Native:
    """The last look at pixels of which the judges said nothing."""
    return proved_in_phase(Measured(pixels), (pixels.shape[1], pixels.shape[0]))


@pytest.mark.parametrize("factor", [1.0, 0.8, 2 / 3])
def test_a_true_picture_is_not_proved(factor: float) -> None:
    image = scene(WIDTH, HEIGHT).resize((round(WIDTH * factor), round(HEIGHT * factor)), KERNELS.BOX)
    assert last_look(np.asarray(image)) is NO_TRACE


@pytest.mark.parametrize("ratio", [0.3, 0.45, 0.6])
def test_a_lattice_counted_from_corners_is_proved(ratio: float) -> None:
    found = last_look(np.asarray(from_corners(ratio)))
    assert found.verdict == "upscaled"
    assert found.size == (round(WIDTH * ratio), round(HEIGHT * ratio))
    assert "in step with its lattice" in found.sentence
    assert found.inversion is not None
    assert found.inversion.start == -0.5
    assert is_undone(found)  # so that neither cells nor a pattern takes its place


@pytest.mark.parametrize("ratio", [0.4, 0.625])
def test_what_leaves_more_than_rounding_and_a_line_of_the_codec_prove_nothing(ratio: float) -> None:
    pixels = coded(enlarged(ratio, KERNELS.BILINEAR, (WIDTH, HEIGHT)), "jpeg", 85)
    assert last_look(pixels) is NO_TRACE


def test_of_two_that_look_alike_the_higher_is_not_undone_less_well() -> None:
    assert last_look(np.asarray(enlarged(0.75, KERNELS.BILINEAR, (WIDTH, HEIGHT)))) is NO_TRACE


def proof(
    gain: float, *, left: float = 0.2, steady: float = 9.0, share: float = 1.0, kernel: str = "bilinear"
) -> Phased:
    return Phased(kernel, 0.0, (768, 432), left, 2.0, gain, steady, share)


@pytest.mark.parametrize(
    ("ratio", "found", "proved"),
    [
        (0.6, proof(1.6), True), (0.6, proof(1.4), False), (0.6, proof(1.6, left=0.31), False),
        (0.6, proof(1.6, steady=3.9), False), (0.6, proof(1.6, share=0.8), False),
        (0.6, proof(1.6, kernel="nearest"), False), (0.5, proof(1.6), False), (0.5, proof(1.9), True),
    ],
)  # fmt: skip
def test_how_much_proves(monkeypatch: pytest.MonkeyPatch, ratio: float, found: Phased, proved: bool) -> None:
    axes = Windows(np.zeros((3, 400), np.float32)), Windows(np.zeros((3, 400), np.float32))
    monkeypatch.setattr(module, "_undone_at", lambda *_: proof(0.6))
    assert module._is_proved(ratio, found, axes) is proved


def told(ratio: float, method: str = "aligned lattice") -> Native:
    size = round(WIDTH * ratio), round(HEIGHT * ratio)
    return Native("upscaled" if ratio < 0.7 else "suspect", size, ratio, (9.0, 9.0), method, "looks enlarged")


@pytest.mark.parametrize("ratio", [0.3, 0.45])
def test_of_repeated_samples_the_ratio_and_not_its_mirror_image_is_meant(ratio: float) -> None:
    pixels = coded(enlarged(ratio, KERNELS.NEAREST, (WIDTH, HEIGHT)), "jpeg", 85)
    for first in (told(ratio), told(1 - ratio)):
        found = size_in_phase(first, first, Measured(pixels), (WIDTH, HEIGHT))
        assert found.ratio == pytest.approx(ratio, abs=0.002)


def test_the_lattice_keeps_its_size_where_another_is_undone_no_better() -> None:
    pixels = np.asarray(from_corners(0.6))
    found = size_in_phase(told(0.6), told(0.8, "inversion"), Measured(pixels), (WIDTH, HEIGHT))
    assert found == told(0.6)
    right = np.asarray(enlarged(0.8, KERNELS.BILINEAR, (WIDTH, HEIGHT)))
    settled = told(0.8, "inversion")
    assert size_in_phase(told(0.6), settled, Measured(right), (WIDTH, HEIGHT)) is settled


def test_a_size_that_was_put_right_stays_right() -> None:
    pixels = coded(enlarged(1 / 3, KERNELS.NEAREST, (1200, 720)), "jpeg", 85)
    found = Native("upscaled", (399, 240), 0.333, (9.0, 9.0), "aligned lattice", "looks enlarged")
    settled = Native("upscaled", (400, 240), 1 / 3, (9.0, 9.0), "aligned lattice", "looks enlarged")
    assert size_in_phase(found, settled, Measured(pixels), (1200, 720)) is settled


def test_what_is_no_size_stays() -> None:
    pixels = coded(scene(WIDTH, HEIGHT), "jpeg", 85)
    for found, settled in ((NO_TRACE, NO_TRACE), (told(0.6), NO_TRACE), (told(0.6), told(0.6))):
        assert size_in_phase(found, settled, Measured(pixels), (WIDTH, HEIGHT)) is settled


def test_windows_lie_where_the_detail_is() -> None:
    plane = np.zeros((60, 2000), np.float32)
    plane[5:9, 900:1000] = np.random.default_rng(1).normal(0, 9, (4, 100))
    start, part = Windows(plane).part(0)
    assert 1000 - phases._WINDOW <= start <= 900
    assert np.abs(part[:, -4:]).max() > 9
