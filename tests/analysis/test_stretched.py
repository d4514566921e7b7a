"""Enlarged in one direction only: what must not be called that first, then which direction and which size."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from scenes import coded, enlarged, scene

from verify4k.analysis.native import analyse as module
from verify4k.analysis.native import stretched as stretched_module
from verify4k.analysis.native.analyse import Measured, analyse
from verify4k.analysis.native.stretched import Stretched, stretched_native
from verify4k.analysis.native.stretched import stretched as stretched_axis
from verify4k.analysis.native.verdict import Inversion

if TYPE_CHECKING:
    from verify4k.analysis.native.verdict import Native

KERNELS = Image.Resampling
SIZE = (1280, 720)


@lru_cache(maxsize=2)
def stretched(width: int, height: int, kernel: Image.Resampling = KERNELS.BICUBIC) -> Image.Image:
    """A scene of that size, stretched to SIZE."""
    return scene(width, height).resize(SIZE, kernel)


def told(image: Image.Image, codec: str = "png") -> Native:
    return analyse(coded(image, codec, 90), format=codec)


def woven(frequency: float, contrast: float) -> Image.Image:
    """A scene seen through threads that run down, so many to a pixel: the same mirrors as of a lattice."""
    threads = 1 + contrast * np.cos(np.arange(SIZE[0]) * 2 * np.pi * frequency)
    return Image.fromarray(
        np.clip(np.asarray(scene(*SIZE)) * threads[None, :, None], 0, 255).astype(np.uint8)
    )


def test_a_true_picture_is_not() -> None:
    assert told(scene(*SIZE)).verdict == "no-trace"


def test_a_true_picture_that_stands_is_not() -> None:
    assert told(scene(*SIZE, seed=5).transpose(Image.Transpose.ROTATE_90)).verdict == "no-trace"


@pytest.mark.parametrize("contrast", [0.3, 0.8])
@pytest.mark.parametrize("frequency", [0.28, 0.31, 0.4])
def test_a_subject_that_repeats_on_one_axis_is_not(frequency: float, contrast: float) -> None:
    assert told(woven(frequency, contrast)).method != "lattice on one axis"


@pytest.mark.parametrize("kernel", [KERNELS.BILINEAR, KERNELS.BICUBIC, KERNELS.LANCZOS, KERNELS.HAMMING])
@pytest.mark.parametrize(
    ("size", "way"),
    [((719, 720), "(x1.78 across)"), ((1280, 404), "(x1.78 down)"), ((640, 720), "(x2 across)")],
)
def test_a_stretched_picture_is_with_its_size_and_direction(
    size: tuple[int, int], way: str, kernel: Image.Resampling
) -> None:
    found = told(stretched(*size, kernel))
    assert (found.verdict, found.size) == ("upscaled", size)
    assert f"looks enlarged from {size[0]}x{size[1]}, in one direction only {way}" in found.sentence
    assert found.method == "lattice on one axis"
    assert found.inversion is not None
    assert found.inversion.gain > 1.2


def test_the_kernel_is_named() -> None:
    assert "undone with Lanczos 3 it leaves 0." in told(stretched(719, 720, KERNELS.LANCZOS)).sentence


def test_a_little_is_suspect() -> None:
    found = told(stretched(1024, 720))
    assert (found.verdict, found.size) == ("suspect", (1024, 720))


def test_the_stronger_axis_stands_where_it_is() -> None:
    assert [z > 8 for z in told(stretched(719, 720)).strength] == [True, False]
    assert [z > 8 for z in told(stretched(1280, 404)).strength] == [False, True]


def test_both_directions_are_no_stretching() -> None:
    image = enlarged(0.5618, KERNELS.BICUBIC, SIZE)
    found = told(image)
    assert (found.verdict, found.method) == ("upscaled", "aligned lattice")
    measured = Measured(np.asarray(image))
    assert measured.inverse is not None
    assert stretched_axis(measured.plain, measured.inverse) is None


def test_a_lossy_file_has_lines_of_its_own_and_is_not_asked() -> None:
    image = stretched(719, 720)
    assert told(image, "jpeg").method != "lattice on one axis"
    assert analyse(np.asarray(image), format="jpeg").method != "lattice on one axis"


@pytest.mark.parametrize("size", [(719, 720), (1280, 404)])
def test_crisp_edges_all_over_along_that_axis_make_it_a_part(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def crisp(lines: np.ndarray, _ratio: float) -> bool:
        asked.append(lines.shape[1])
        return True

    monkeypatch.setattr(module, "crisp_all_over", crisp)
    found = told(stretched(*size))
    assert asked == [SIZE[0] if size[0] < SIZE[0] else SIZE[1]]
    assert found.verdict == "suspect"
    assert "holds a part that looks enlarged" in found.sentence


@pytest.mark.parametrize("half", [(640, 720), (1280, 360)])
def test_where_a_codec_has_lines_more_is_asked(
    half: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(stretched(*half)).method == "lattice on one axis"
    monkeypatch.setattr(stretched_module, "_GAIN_ON_GRID", 99)
    assert told(stretched(*half)).method != "lattice on one axis"
    assert told(stretched(745, 720)).method == "lattice on one axis"


def test_what_leaves_more_than_rounding_is_no_proof() -> None:
    """A drawing on a transparent ground gained enough, and left more than a level."""
    grain = np.random.default_rng(4).normal(0, 1.5, (SIZE[1], SIZE[0], 1))
    pixels = np.clip(np.asarray(stretched(745, 720)) + grain, 0, 255).astype(np.uint8)
    measured = Measured(pixels)
    assert measured.inverse is not None
    assert stretched_axis(measured.plain, measured.inverse) is None


@pytest.mark.parametrize(("most", "proved"), [(7.9, False), (8.1, True)])
def test_a_faint_lattice_is_not_undone(most: float, proved: bool) -> None:
    measured = Measured(np.asarray(stretched(745, 720)))
    x = measured.plain.x
    strongest = max(float(x.aligned.max()), float(x.free.max()))
    fainter = replace(x, aligned=x.aligned * (most / strongest), free=x.free * (most / strongest))
    assert measured.inverse is not None
    found = stretched_axis(replace(measured.plain, x=fainter), measured.inverse)
    assert (found is not None) is proved


@pytest.mark.parametrize(
    ("axis", "ratio", "size", "verdict"),
    [(0, 0.705, (902, 720), "upscaled"), (1, 0.71, (1280, 511), "suspect")],
)
def test_the_verdict_goes_by_the_ratio_of_its_axis(
    axis: int, ratio: float, size: tuple[int, int], verdict: str
) -> None:
    found = stretched_native(Stretched(axis, ratio, (9, 1), Inversion("hamming", 0.1, 0.4, 2.8, 2.8)), SIZE)
    assert (found.size, found.verdict, found.ratio) == (size, verdict, ratio)
    assert "undone with hamming it leaves 0.10 levels, sizes beside it 0.40" in found.sentence
