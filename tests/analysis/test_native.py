"""Native resolution of whole pictures: true ones in any codec, enlarged ones with their size."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from scenes import coded, enlarged, scene
from scenes import texture as uneven

from verify4k.analysis.native.analyse import analyse

LANCZOS, BICUBIC = Image.Resampling.LANCZOS, Image.Resampling.BICUBIC
BILINEAR, NEAREST = Image.Resampling.BILINEAR, Image.Resampling.NEAREST


@pytest.mark.parametrize(
    ("codec", "quality"),
    [("png", 0), ("jpeg", 95), ("jpeg", 90), ("jpeg", 85), ("jpeg", 75), ("webp", 80), ("avif", 55)],
)
@pytest.mark.parametrize("size", [(1600, 900), (720, 1280)])
def test_a_true_picture_shows_no_sign_of_enlargement_in_any_codec(
    size: tuple[int, int], codec: str, quality: int
) -> None:
    found = analyse(coded(scene(*size), codec, quality), format=codec)
    assert (found.verdict, found.size, found.ratio) == ("no-trace", None, None)
    assert found.sentence == "no sign of enlargement"


@pytest.mark.parametrize("quality", [60, 75, 90])
@pytest.mark.parametrize("ratio", [0.62, 0.75, 0.9])
def test_the_grid_of_an_older_jpeg_is_no_error_after_a_reduction(quality: int, ratio: float) -> None:
    older = Image.fromarray(coded(scene(1920, 1080, 3), "jpeg", quality))
    reduced = older.resize((round(1920 * ratio), round(1080 * ratio)), LANCZOS)
    assert analyse(np.asarray(reduced), format="png").verdict != "upscaled"


@pytest.mark.parametrize(
    ("ratio", "kernel", "codec", "quality"),
    [
        (1 / 3, BICUBIC, "png", 0),
        (0.4, LANCZOS, "jpeg", 75),
        (0.5, BICUBIC, "png", 0),
        (0.5, BILINEAR, "jpeg", 90),
        (0.5, LANCZOS, "jpeg", 95),
        (0.53, BILINEAR, "webp", 80),
        (0.53, LANCZOS, "avif", 60),
        (0.6, BICUBIC, "jpeg", 90),
        (2 / 3, LANCZOS, "png", 0),
        (2 / 3, BICUBIC, "jpeg", 90),
    ],
)
def test_an_enlargement_is_found_with_its_size(
    ratio: float, kernel: Image.Resampling, codec: str, quality: int
) -> None:
    found = analyse(coded(enlarged(ratio, kernel), codec, quality), format=codec)
    assert found.verdict == "upscaled"
    assert found.ratio == pytest.approx(ratio, rel=0.01)
    assert found.size is not None
    assert found.size[0] == pytest.approx(1600 * ratio, rel=0.01)
    assert min(found.strength) > 5
    assert f"looks enlarged from {found.size[0]}x{found.size[1]}" in found.sentence


def test_exactly_half_is_named_so() -> None:
    assert "half-size lattice" in analyse(np.asarray(enlarged(0.5)), format="png").sentence


def test_a_little_enlargement_is_only_suspect() -> None:
    found = analyse(np.asarray(enlarged(0.8)), format="png")
    assert found.verdict == "suspect"
    assert "older and larger JPEG" in found.sentence


def test_what_was_enlarged_in_linear_light_is_found_there_and_its_like_is_not() -> None:
    def dark(width: int, height: int, by: float = 2.5) -> Image.Image:
        """Light between specks and near black, where light and its code differ most."""
        return Image.fromarray(np.clip(np.exp(uneven(width, height, 1) - by), 0, 1))

    def stored(light: Image.Image) -> Image.Image:
        code = np.clip(np.asarray(light), 0, 1) ** (1 / 2.2) * 255
        return Image.fromarray(code.round().astype(np.uint8)).convert("RGB")

    small = Image.fromarray(np.asarray(dark(1000, 562)) ** 2.2)
    found = analyse(coded(stored(small.resize((1600, 900), LANCZOS)), "avif", 55), format="avif")
    assert (found.verdict, found.size) == ("upscaled", (1000, 562))
    assert found.method == "aligned lattice in linear light"
    less = Image.fromarray(np.asarray(dark(640, 360, 1.5)) ** 2.2)  # less bent: the levels show it too
    found = analyse(coded(stored(less.resize((1600, 900), LANCZOS)), "avif", 55), format="avif")
    assert (found.verdict, found.size) == ("upscaled", (640, 360))
    for by in (1.5, 2.5):
        true = stored(Image.fromarray(np.asarray(dark(1600, 900, by)) ** 2.2))
        assert analyse(coded(true, "avif", 55), format="avif").verdict == "no-trace"


def test_a_window_cut_out_of_an_enlargement_is_found_by_the_free_lattice() -> None:
    window = np.asarray(enlarged(0.55, BICUBIC, (1700, 1000)))[37:937, 53:1653]
    found = analyse(window, format="png")
    assert (found.verdict, found.method) == ("upscaled", "free lattice")
    assert found.ratio == pytest.approx(0.55, rel=0.01)


@pytest.mark.parametrize("ratio", [0.25, 1 / 3, 0.5, 0.6])
def test_repeated_rows_give_the_size_of_a_nearest_enlargement(ratio: float) -> None:
    found = analyse(np.asarray(enlarged(ratio, NEAREST)), format="png")
    assert (found.verdict, found.method) == ("upscaled", "exact copies")
    assert found.ratio == pytest.approx(ratio, rel=0.01)


def test_a_few_repeated_rows_are_suspect_and_hardly_any_are_nothing() -> None:
    assert analyse(np.asarray(enlarged(0.85, NEAREST)), format="png").verdict == "suspect"


def test_lines_repeated_on_one_axis_only_do_not_count() -> None:
    stretched = scene(800, 900).resize((1600, 900), NEAREST)
    assert analyse(np.asarray(stretched), format="png").method != "repeated rows"


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA"])
def test_grey_and_alpha_change_nothing(mode: str) -> None:
    assert analyse(np.asarray(enlarged(0.5).convert(mode)), format="png").verdict == "upscaled"
    assert analyse(np.asarray(scene().convert(mode)), format="png").verdict == "no-trace"


def test_sixteen_bits_are_judged_like_eight() -> None:
    deep = np.asarray(enlarged(0.5)).astype(np.uint16) * 257
    assert analyse(deep, format="png") == analyse(np.asarray(enlarged(0.5)), format="png")


@pytest.mark.parametrize("shape", [(1, 1), (8, 1), (1, 4000), (319, 4000, 3), (2, 2, 4)])
def test_too_small_is_said_and_not_guessed(shape: tuple[int, ...]) -> None:
    found = analyse(np.zeros(shape, np.uint8), format="png")
    assert (found.verdict, found.method, found.size) == ("cannot-tell", "too small", None)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_one_colour_cannot_be_judged(level: int) -> None:
    found = analyse(np.full((900, 1600, 3), level, np.uint8), format="jpeg")
    assert (found.verdict, found.method) == ("cannot-tell", "no detail")


def test_a_very_soft_picture_cannot_be_judged() -> None:
    soft = scene(100, 60).resize((1600, 900), BICUBIC).reduce(4).resize((1600, 900), BICUBIC)
    faint = Image.blend(Image.new("RGB", (1600, 900), "grey"), soft, 0.02)
    assert analyse(np.asarray(faint), format="png").verdict == "cannot-tell"


def test_the_faint_blocks_of_a_coded_gradient_are_no_repetition() -> None:
    ramp = np.linspace(60, 150, 1600)[None, :] + np.linspace(0, 60, 900)[:, None]
    image = Image.fromarray(ramp.astype(np.uint8)).convert("RGB")
    assert analyse(coded(image, "jpeg", 60), format="jpeg").verdict != "upscaled"
