"""Lattices that a codec left in what is a lossless file now: a doubt, until undoing them gains enough."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from PIL import Image, ImageFilter
from scenes import enlarged, texture

from verify4k.analysis.native import analyse
from verify4k.analysis.native.analyse import Measured
from verify4k.analysis.native.codec_lines import doubted_on_line
from verify4k.analysis.native.verdict import Native

if TYPE_CHECKING:
    from verify4k.analysis.native.inversion import Lines

SIZE = (1280, 720)
WHY = "a WebP, HEIC or JPEG XL that it was before may leave that as well"


@lru_cache(maxsize=4)
def soft(seed: int = 5) -> Image.Image:
    """Colour texture without fine detail, true at its size."""
    grey = 128 + 40 * texture(*SIZE, seed)
    planes = [grey, *(grey + 12 * texture(*SIZE, seed + n) for n in (100, 200))]
    whole = Image.fromarray(np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8))
    return whole.filter(ImageFilter.GaussianBlur(2))


def told(ratio: float, method: str = "aligned lattice", verdict: str = "upscaled") -> Native:
    """What the spectra say: an enlargement from this part of the size."""
    size = round(SIZE[0] * ratio), round(SIZE[1] * ratio)
    return Native(verdict, size, ratio, (9.0, 9.0), method, "looks enlarged")  # type: ignore[arg-type]


def doubted(found: Native, picture: Image.Image) -> Native:
    return doubted_on_line(found, Measured(np.asarray(picture)), SIZE)


# -- what becomes a doubt ---------------------------------------------------------------------


@pytest.mark.parametrize("method", ["aligned lattice", "free lattice", "cyclic autocorrelation", "inversion"])
@pytest.mark.parametrize("ratio", [1 / 4, 17 / 32, 5 / 8])
def test_a_codecs_line_that_cannot_be_undone_is_a_doubt(ratio: float, method: str) -> None:
    found = doubted(told(ratio, method), soft())
    assert (found.verdict, found.size) == ("suspect", told(ratio).size)
    assert found.sentence == f"looks enlarged; {WHY}"


class Lit(NamedTuple):
    """A picture that can be undone in linear light alone, or in levels alone."""

    inverse: tuple[Lines, Lines] | None
    inverse_light: tuple[Lines, Lines] | None


def test_one_in_linear_light_is_undone_in_light() -> None:
    found = replace(told(1 / 4, "aligned lattice in linear light"), basis="linear-light")
    light = Measured(np.asarray(soft())).inverse_light
    assert doubted_on_line(found, Lit(None, light), SIZE).verdict == "suspect"
    assert doubted_on_line(found, Lit(light, None), SIZE) is found


def test_a_soft_picture_that_was_a_webp_is_no_error() -> None:
    buffer = io.BytesIO()
    soft().save(buffer, "WEBP", quality=90)
    found = analyse.analyse(np.asarray(Image.open(buffer).convert("RGB")), format="png")
    assert (found.verdict, found.size) == ("suspect", (319, 180))
    assert found.sentence.endswith(WHY)


# -- what stays -------------------------------------------------------------------------------


@pytest.mark.parametrize("ratio", [1 / 4, 1 / 2, 5 / 8])
def test_what_can_be_undone_stays(ratio: float) -> None:
    assert doubted(told(ratio), enlarged(ratio, size=SIZE)) == told(ratio)


@pytest.mark.parametrize(
    "found",
    [
        told(0.26),
        told(0.61),
        told(1 / 4, "exact copies"),
        told(1 / 4, "repeated rows"),
        told(1 / 4, "network fingerprint"),
        told(3 / 4, verdict="suspect"),
    ],
)
def test_other_places_methods_and_verdicts_are_left_alone(found: Native) -> None:
    assert doubted(found, soft()) is found


def test_a_size_of_which_one_axis_is_on_a_line_alone_stays() -> None:
    found = replace(told(1 / 4), size=(320, 190))
    assert doubted(found, soft()) is found


def test_without_lines_to_undo_it_stays() -> None:
    assert doubted(told(1 / 4), Image.new("RGB", SIZE, "white")) == told(1 / 4)
