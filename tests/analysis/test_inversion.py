"""Undoing an enlargement: what must not be proved first, then which kernel and which size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageFilter
from scenes import coded, enlarged, scene

from verify4k.analysis import planes
from verify4k.analysis.native import inversion
from verify4k.analysis.native.analyse import Measured, analyse
from verify4k.analysis.native.inversion import Lines, enlarging, fitting_gain, inverted
from verify4k.analysis.native.proof import higher_size, settled
from verify4k.analysis.native.verdict import NO_TRACE, Inversion, Native, enlarged_sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Pixels

KERNELS = Image.Resampling
WIDTH, HEIGHT = 1280, 720


def undone(pixels: Pixels, ratio: float) -> Inversion:
    both = planes.averaged(pixels)
    return inverted((Lines(both.x), Lines(both.y)), (round(WIDTH * ratio), round(HEIGHT * ratio)))


@pytest.mark.parametrize(("codec", "quality"), [("png", 0), ("jpeg", 75)])
@pytest.mark.parametrize("ratio", [0.5, 0.6])
def test_a_true_picture_cannot_be_undone(ratio: float, codec: str, quality: int) -> None:
    assert undone(coded(scene(WIDTH, HEIGHT), codec, quality), ratio).gain < 0.3


@pytest.mark.parametrize(
    ("kernel", "name"),
    [
        (KERNELS.BILINEAR, "bilinear"),
        (KERNELS.HAMMING, "hamming"),
        (KERNELS.BICUBIC, "bicubic (Catmull-Rom)"),
        (KERNELS.LANCZOS, "Lanczos 3"),
    ],
)
def test_of_a_lossless_enlargement_nothing_is_left_but_rounding(kernel: Image.Resampling, name: str) -> None:
    found = undone(np.asarray(enlarged(0.6, kernel, (WIDTH, HEIGHT))), 0.6)
    assert found.kernel == name
    assert found.left < 0.4
    assert found.gain > 2
    assert found.weaker > 2


@pytest.mark.parametrize(("codec", "quality"), [("png", 0), ("webp", 80)])
@pytest.mark.parametrize("ratio", [0.4, 0.8])
def test_one_minus_the_ratio_and_its_like_gain_nothing(ratio: float, codec: str, quality: int) -> None:
    pixels = coded(enlarged(ratio, KERNELS.LANCZOS, (WIDTH, HEIGHT)), codec, quality)
    right = undone(pixels, ratio).gain
    assert right > 0.2
    for other in (1 - ratio, (1 + ratio) / 2, ratio / 2):
        assert undone(pixels, other).gain < right / 2


def test_the_rows_of_an_enlarging_matrix_are_what_a_program_does() -> None:
    draw = np.random.default_rng(2)
    line = Image.fromarray(draw.normal(0, 50, (1, 400)).astype(np.float32))
    big = np.asarray(line.resize((1000, 1), KERNELS.BILINEAR))[0]
    start = 300
    matrix = enlarging("bilinear", 1000, 400, start)
    first = int(np.floor((start + 0.5) * 0.4 - 0.5))
    made = matrix @ np.asarray(line)[0, first : first + matrix.shape[1]]
    assert made == pytest.approx(big[start : start + len(made)], abs=0.01)


# -- what a verdict makes of it ---------------------------------------------------------------


def checked(pixels: Pixels, ratio: float, container: str, method: str = "aligned lattice") -> Native:
    """The verdict on pixels whose lattice is said to be at a ratio."""
    size = round(ratio * WIDTH), round(ratio * HEIGHT)
    told = Native("upscaled", size, ratio, (9.0, 9.0), method, "looks enlarged")
    return settled(told, Measured(pixels), container, (WIDTH, HEIGHT))


@pytest.mark.parametrize(("true", "told"), [(0.4, 0.6), (0.45, 0.9), (0.8, 0.6)])
def test_the_size_that_can_be_undone_is_meant(true: float, told: float) -> None:
    found = checked(np.asarray(enlarged(true, size=(WIDTH, HEIGHT))), told, "png")
    assert found.ratio == pytest.approx(true, abs=0.002)
    assert found.verdict == ("upscaled" if true < 0.7 else "suspect")
    assert found.inversion is not None
    assert f"undone with {found.inversion.kernel}" in found.sentence


@pytest.mark.parametrize("rows", [200, 300])
def test_what_one_axis_gains_alone_does_not_replace_the_size(rows: int) -> None:
    stretched = scene(576, HEIGHT).resize((576, rows), KERNELS.BOX).resize((WIDTH, HEIGHT), KERNELS.BICUBIC)
    pixels = np.asarray(stretched)
    alone = undone(pixels, 0.45)
    assert alone.gain > 0.4
    assert alone.weaker < 0.1
    assert checked(pixels, 0.55, "jpeg").size == (704, 396)


def test_a_size_that_can_be_undone_stays_and_says_so() -> None:
    found = checked(np.asarray(enlarged(0.6, size=(WIDTH, HEIGHT))), 0.6, "png")
    assert (found.verdict, found.size, found.method) == ("upscaled", (768, 432), "aligned lattice")
    assert "sizes beside it" in found.sentence


@pytest.mark.parametrize("told", [(500, 282), (501, 281), (499, 282)])
def test_a_size_that_is_a_sample_off_is_put_right_before_it_is_held_against_others(
    told: tuple[int, int],
) -> None:
    """A sample more or less leaves as much as any other size does, and (1 + r) / 2 would be believed."""
    pixels = np.asarray(scene(500, 282).resize((WIDTH, HEIGHT), KERNELS.BILINEAR))
    said = enlarged_sentence(told, 0.391, "the pixels repeat a lattice")
    before = Native("upscaled", told, 0.391, (9.0, 9.0), "aligned lattice", said)
    found = settled(before, Measured(pixels), "png", (WIDTH, HEIGHT))
    assert (found.verdict, found.size, found.method) == ("upscaled", (500, 282), "aligned lattice")
    assert found.sentence.startswith(
        "looks enlarged from 500x282 (x2.56); the pixels repeat a lattice; undone"
    )
    assert found.inversion is not None
    assert (found.inversion.kernel, found.inversion.gain > 2) == ("bilinear", True)


@pytest.mark.parametrize(
    ("method", "codec", "verdict", "why"),
    [
        ("aligned lattice", "jpeg", "suspect", "colour filter"),
        ("free lattice", "jpeg", "suspect", "codec"),
        ("free lattice", "png", "upscaled", ""),
    ],
)
def test_a_half_that_no_kernel_undoes_may_be_a_cameras_colour_filter_or_a_codec(
    method: str, codec: str, verdict: str, why: str
) -> None:
    found = checked(coded(scene(WIDTH, HEIGHT), codec, 90), 0.5, codec, method)
    assert found.verdict == verdict
    assert why in found.sentence


@pytest.mark.parametrize("method", ["exact copies", "network fingerprint"])
def test_what_is_proved_otherwise_is_not_asked(method: str) -> None:
    assert checked(np.asarray(enlarged(0.4, size=(WIDTH, HEIGHT))), 0.6, "png", method).method == method


def test_exactly_half_is_proved_in_a_lossless_file_where_no_lattice_shows() -> None:
    half = Measured(np.asarray(enlarged(0.5, KERNELS.BILINEAR, (WIDTH, HEIGHT))))
    found = settled(NO_TRACE, half, "png", (WIDTH, HEIGHT))
    assert (found.verdict, found.size, found.method) == ("upscaled", (640, 360), "inversion")
    assert settled(NO_TRACE, half, "jpeg", (WIDTH, HEIGHT)) is NO_TRACE
    for pixels in (
        np.asarray(scene(WIDTH, HEIGHT)),
        coded(scene(WIDTH, HEIGHT), "jpeg", 10),
        coded(scene(WIDTH, HEIGHT), "webp", 20),
    ):
        assert settled(NO_TRACE, Measured(pixels), "png", (WIDTH, HEIGHT)) is NO_TRACE


@pytest.mark.parametrize(
    ("width", "height", "kernel"), [(887, 499, KERNELS.HAMMING), (500, 282, KERNELS.LANCZOS)]
)
def test_a_lattice_that_the_judges_did_not_believe_is_proved_in_a_lossless_file(
    width: int, height: int, kernel: Image.Resampling
) -> None:
    """To the pixel, though the ratios of both axes differ by what rounding does."""
    pixels = np.asarray(scene(width, height).resize((WIDTH, HEIGHT), kernel))
    found = settled(NO_TRACE, Measured(pixels), "png", (WIDTH, HEIGHT))
    assert (found.verdict, found.size, found.method) == ("upscaled", (width, height), "inversion")
    assert settled(NO_TRACE, Measured(pixels), "jpeg", (WIDTH, HEIGHT)) is NO_TRACE


@pytest.mark.parametrize("ratio", [0.625, 0.9])
def test_a_codecs_line_and_nearly_the_own_size_are_not_proved_by_a_peak_alone(ratio: float) -> None:
    """A smooth picture that JPEG coded, or that was reduced, can be undone there as well."""
    pixels = np.asarray(enlarged(ratio, KERNELS.BICUBIC, (WIDTH, HEIGHT)))
    assert settled(NO_TRACE, Measured(pixels), "png", (WIDTH, HEIGHT)) is NO_TRACE


def test_of_a_calm_picture_undoing_tells_what_nothing_else_does() -> None:
    """A band of faint detail on plain ground."""
    size, band = (790, 444), (0, 200, 790, 244)
    plain = Image.new("RGB", size, (128, 128, 128))
    faint = Image.blend(plain, scene(*size), 0.1)
    plain.paste(faint.crop(band), band)
    found = analyse(np.asarray(plain.resize((WIDTH, HEIGHT), KERNELS.HAMMING)), format="png")
    assert (found.verdict, found.size, found.method) == ("upscaled", size, "inversion")
    calm = np.asarray(plain.resize((WIDTH, HEIGHT)).filter(ImageFilter.GaussianBlur(3)))
    assert analyse(calm, format="png").verdict == "cannot-tell"


def test_pictures_that_the_planes_cut_are_not_undone() -> None:
    assert Measured(np.zeros((400, planes.LONGEST + 1), np.uint8)).inverse is None
    assert Measured(np.zeros((inversion.SHORTEST - 1, 400), np.uint8)).inverse is None


def test_a_wrong_ratio_of_nearly_repeated_rows_is_put_right() -> None:
    found = analyse(np.asarray(enlarged(0.4, KERNELS.HAMMING, (WIDTH, HEIGHT))), format="png")
    assert found.verdict == "upscaled"
    assert found.size == (512, 288)


@pytest.mark.parametrize("quality", [75, 90])
@pytest.mark.parametrize(("ratio", "verdict"), [(0.5, "upscaled"), (0.8, "suspect")])
def test_a_lattice_that_starts_elsewhere_keeps_its_ratio(ratio: float, verdict: str, quality: int) -> None:
    shifted = (ratio, 0, 0.25, 0, ratio, 0.25)  # no program's half step from the border, as libvips has it
    small = scene(round(1600 * ratio), round(900 * ratio))
    big = small.transform((1600, 900), Image.Transform.AFFINE, shifted, Image.Resampling.BICUBIC)
    found = analyse(coded(big, "jpeg", quality), format="jpeg")
    assert (found.verdict, found.method) == (verdict, "free lattice")
    assert found.ratio == pytest.approx(ratio, abs=0.003)


def rings(pitch: float) -> NDArray[np.uint8]:
    y, x = np.mgrid[0:900, 0:1600]
    waves = 127.5 + 127 * np.cos(2 * np.pi * np.hypot(x - 800, y - 450) / pitch)
    return np.repeat(waves.astype(np.uint8)[:, :, None], 3, axis=2)


@pytest.mark.parametrize("pitch", [10, 16])
def test_smooth_waves_of_which_undoing_leaves_more_than_rounding_are_not_proved_half(pitch: float) -> None:
    assert analyse(rings(pitch), format="png").verdict == "no-trace"


@pytest.mark.parametrize(
    ("codec", "container", "verdict"),
    [("jpeg", "jpeg", "suspect"), ("jpeg", "png", "upscaled"), ("png", "jpeg", "upscaled")],
)
def test_of_two_that_look_alike_a_codecs_line_that_gains_little_is_no_error(
    codec: str, container: str, verdict: str
) -> None:
    pixels = coded(enlarged(0.625, KERNELS.BILINEAR, (WIDTH, HEIGHT)), codec, 60)
    axes = Measured(pixels).inverse
    assert axes is not None
    found = higher_size((0.25, 0.25), axes, container, (WIDTH, HEIGHT))
    assert (found.verdict, found.size) == (verdict, (800, 450))
    assert found.sentence.endswith("its codec may leave that as well") is (verdict == "suspect")


@pytest.mark.parametrize(("codec", "quality", "pitch"), [("jpeg", 85, 10), ("jpeg", 60, 6), ("webp", 80, 14)])
def test_a_codecs_line_on_which_neighbours_alone_depend_is_no_error(
    codec: str, quality: int, pitch: float
) -> None:
    y, x = np.mgrid[0:900, 0:1600]
    waves = 128 + 110 * np.sin(2 * np.pi * np.hypot(x - 800, y - 450) / pitch)
    found = analyse(coded(Image.fromarray(np.uint8(waves)), codec, quality), format=codec)
    assert (found.verdict, found.method) == ("suspect", "cyclic autocorrelation")
    assert found.sentence.endswith("its codec may leave that as well")


@pytest.mark.parametrize(
    ("kernel", "container", "verdict"),
    [(None, "jxl", "suspect"), (None, "jpeg", "upscaled"), (KERNELS.BICUBIC, "jxl", "upscaled")],
)
def test_a_line_of_a_codec_that_was_not_taught_is_no_error_where_nothing_can_be_undone(
    kernel: Image.Resampling | None, container: str, verdict: str
) -> None:
    big = enlarged(11 / 16, kernel, (WIDTH, HEIGHT)) if kernel else scene(WIDTH, HEIGHT)
    size = WIDTH * 11 // 16, HEIGHT * 11 // 16
    found = Native("upscaled", size, 11 / 16, (11.0, 14.0), "aligned lattice", "looks enlarged; a lattice")
    told = settled(found, Measured(coded(big, "jpeg", 75)), container, (WIDTH, HEIGHT))
    assert (told.verdict, told.size) == (verdict, size)
    assert told.sentence.endswith("its codec may leave that as well") is (verdict == "suspect")


@pytest.mark.parametrize("codec", ["jpeg", "webp"])
def test_a_codecs_line_wherever_it_starts_is_no_error_where_nothing_can_be_undone(codec: str) -> None:
    found = analyse(coded(Image.fromarray(rings(10)), codec, 75), format=codec)
    assert found.verdict in ("suspect", "no-trace")


def test_an_enlargement_that_starts_anywhere_is_undone_from_there() -> None:
    big = enlarged(0.5, KERNELS.BICUBIC, (WIDTH + 1, HEIGHT + 1)).crop((1, 1, WIDTH + 1, HEIGHT + 1))
    both = planes.averaged(coded(big, "jpeg", 85))
    axes, half = (Lines(both.x), Lines(both.y)), (WIDTH / 2, HEIGHT / 2)
    assert fitting_gain(axes, half) < 0.3
    assert fitting_gain(axes, half, anywhere=True) > 0.5


def test_a_kernel_that_hardly_fits_gains_nothing() -> None:
    both = planes.averaged(coded(Image.fromarray(rings(6)), "jpeg", 85))
    axes, half = (Lines(both.x), Lines(both.y)), (800, 450)
    assert inverted(axes, half).gain > 0.5
    assert fitting_gain(axes, half) < 0.1
    big = planes.averaged(coded(enlarged(0.5, KERNELS.BILINEAR, (1600, 900)), "jpeg", 85))
    assert fitting_gain((Lines(big.x), Lines(big.y)), half) > 0.3
