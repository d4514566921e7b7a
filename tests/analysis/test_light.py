"""What was enlarged in linear light is undone there, and keeps its size."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from scenes import coded, enlarged, scene

from verify4k.analysis.native.analyse import Measured
from verify4k.analysis.native.linear_light import in_linear_light
from verify4k.analysis.native.verdict import NO_TRACE, Inversion, Native

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH, HEIGHT = 1600, 900
OWN = Native("upscaled", (800, 450), 0.5, (9.0, 9.0), "aligned lattice", "looks enlarged")


def instead(gain: float, ratio: float = 0.75) -> Native:
    undone = Inversion("hamming", 1.0, 2.0, gain, gain)
    size = round(WIDTH * ratio), round(HEIGHT * ratio)
    return Native("suspect", size, ratio, (3.0, 3.0), "inversion", "may be another", inversion=undone)


def in_light() -> Image.Image:
    """A scene of half the size, enlarged in linear light (to which squares are near enough)."""
    small = np.square(np.asarray(scene(WIDTH // 2, HEIGHT // 2).convert("L"), np.float32))
    big = Image.fromarray(small).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    return Image.fromarray(np.round(np.sqrt(np.maximum(np.asarray(big), 0))).astype(np.uint8))


@pytest.mark.parametrize("codec", ["png", "jpeg"])
def test_a_size_that_is_undone_in_linear_light_stays(codec: str) -> None:
    kept = in_linear_light(OWN, instead(0.3), Measured(coded(in_light(), codec, 90)), (WIDTH, HEIGHT))
    assert (kept.verdict, kept.size, kept.inversion) == ("upscaled", (800, 450), None)
    assert "undone with bilinear in linear light it leaves" in kept.sentence


@pytest.mark.parametrize("picture", [partial(scene, WIDTH, HEIGHT), partial(enlarged, 0.7)])
def test_what_is_not_undone_there_gives_way(picture: Callable[[], Image.Image]) -> None:
    other = instead(0.3)
    assert in_linear_light(OWN, other, Measured(np.asarray(picture())), (WIDTH, HEIGHT)) is other


def test_what_took_its_place_stays_where_it_gains_more_or_is_the_same() -> None:
    measured = Measured(np.asarray(in_light()))
    for other in (instead(20.0), instead(0.3, 0.5), NO_TRACE):
        assert in_linear_light(OWN, other, measured, (WIDTH, HEIGHT)) is other
    assert in_linear_light(NO_TRACE, instead(0.3), measured, (WIDTH, HEIGHT)).method == "inversion"
