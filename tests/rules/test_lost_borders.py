"""Where `nothing-lost` changes its mind about what was measured: chroma, alpha, palettes, profiles."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import save
from PIL import Image

from verify4k.analysis.glance import Glance
from verify4k.artifacts.artifact import Artifact
from verify4k.documents.nodes import Place
from verify4k.errors import BeyondDepth
from verify4k.files.source import BytesSource
from verify4k.model import Asset
from verify4k.rules._lost import (
    Colours,
    _few,
    _full_colour,
    _lost_alpha,
    _lost_c2pa,
    _lost_chroma,
    _lost_colours,
    _lost_gain_map,
    _lost_icc,
    _Palette,
)

CHROMA = ("4:4:4", "4:2:2", "4:2:0")


@pytest.mark.parametrize(
    ("here", "there", "lost"),
    [
        *((here, there, CHROMA.index(here) > CHROMA.index(there)) for here in CHROMA for there in CHROMA),
        ("", "4:4:4", False),
        ("", "4:2:0", False),
        ("4:2:2", "", True),
        ("4:4:0", "4:2:2", False),
        ("4:2:2", "4:4:0", False),
        ("4:4:0", "4:4:4", True),
        ("4:2:0", "4:4:0", True),
        ("4:4:0", "4:2:0", False),
        ("4:1:1", "4:2:2", True),
        ("4:1:1", "4:2:0", False),
    ],
)
def test_chroma_is_lost_where_it_is_coarser(here: str, there: str, lost: bool) -> None:
    said = ("colours are coarser than those of {source}", there or "4:4:4", here)
    assert _lost_chroma(here, there) == (said if lost else None)


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ("used", "used", None),
        ("opaque", "used", ("the transparency of {source} is lost", "alpha used", "every pixel opaque")),
        ("none", "used", ("the transparency of {source} is lost", "alpha used", "every pixel opaque")),
        ("none", "opaque", None),
        ("used", "none", None),
    ],
)
def test_transparency_is_lost_where_it_was_used(here: str, there: str, said: tuple[str, ...] | None) -> None:
    assert _lost_alpha(here, there) == said


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [(False, True, ("the gain map of {source} is lost", "a gain map", "none")), (True, True, None), (False, False, None), (True, False, None)],
)  # fmt: skip
def test_a_gain_map_is_lost_where_there_was_one(
    here: bool, there: bool, said: tuple[str, ...] | None
) -> None:
    assert _lost_gain_map(here, there) == said


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ((False, ""), (True, ""), ("the C2PA manifest of {source} is lost", "a C2PA manifest", "none")),
        ((True, "a word"), (True, ""), ("the C2PA manifest does not vouch for these bytes", "a valid manifest", "a word")),
        ((True, ""), (True, "a word"), None),
        ((True, "a word"), (False, ""), None),
        ((False, ""), (False, ""), None),
    ],
)  # fmt: skip
def test_a_c2pa_manifest_is_lost_or_vouches_for_nothing(
    here: tuple[bool, str], there: tuple[bool, str], said: tuple[str, ...] | None
) -> None:
    assert _lost_c2pa(here, there) == said


@pytest.mark.parametrize(("colours", "few"), [(1, True), (255, True), (256, True), (257, False)])
def test_a_palette_holds_256_colours(colours: int, few: bool) -> None:
    numbers = np.arange(400) % colours
    array = (
        np.stack([numbers % 256, numbers // 256, numbers * 0], axis=-1).astype(np.uint8).reshape(20, 20, 3)
    )
    assert _few(array) is few
    assert _few(np.dstack([array, np.full((20, 20), 9, np.uint8)])) is few
    assert _few(array.astype(np.uint16)) is False


PALETTE = ("the colours of {source} became a palette", "rgb", "palette of 256 colours or fewer")
GREY = ("the colours of {source} became grey", "rgb", "gray")


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        (_Palette("palette", True, True), _Palette("rgb", False, True), PALETTE),
        (_Palette("palette", True, True), _Palette("rgb", True, True), None),
        (_Palette("palette", True, True), _Palette("palette", False, True), None),
        (_Palette("palette", True, True), _Palette("gray", False, False), None),
        (_Palette("gray", False, False), _Palette("rgb", False, True), GREY),
        (_Palette("gray", False, False), _Palette("rgb", False, False), None),
        (_Palette("gray", False, False), _Palette("gray", False, True), None),
        (_Palette("rgb", False, True), _Palette("rgb", False, True), None),
        (_Palette("rgb", False, False, 6), _Palette("rgb", False, True, 41), GREY),
        (_Palette("rgb", False, False, 6), _Palette("rgb", False, True, 40), None),
        (_Palette("rgb", False, True, 7), _Palette("rgb", False, True, 41), None),
        (_Palette("rgb", False, False, None), _Palette("rgb", False, True, 41), None),
        (_Palette("rgb", False, False, 6), _Palette("gray", False, True, 41), None),
        (_Palette("rgb", False, False, 6), _Palette("rgb", False, True, None), None),
    ],
)
def test_full_colour_is_lost_to_a_palette_or_to_grey(
    here: _Palette, there: _Palette, said: tuple[str, ...] | None
) -> None:
    assert _lost_colours(here, there) == said


@pytest.mark.parametrize(
    ("blue", "colourful"), [(100, False), (106, False), (107, True), (94, False), (93, True)]
)
def test_colours_are_seen_from_seven_levels_on(blue: int, colourful: bool) -> None:
    data = save(Image.new("RGB", (64, 36), (100, 100, blue)), "a.png")
    asset = Asset("a.png", "a.png", Place("m", 1, 1))
    assert _full_colour(Artifact(asset, BytesSource(data), colour=True)) == _Palette(
        "rgb", True, colourful, abs(100 - blue)
    )
    assert _full_colour(Artifact(asset, BytesSource(data), "header")) == _Palette("rgb", False, True)


def coloured(level: int, wide: bool, srgb: tuple[int, int] | None = None) -> Colours:
    """One colour; ``srgb``: what its left and right half are when converted."""
    cells = np.full((8, 8, 3), level, np.uint8)
    converted = (
        None
        if srgb is None
        else np.repeat(np.array(srgb, np.uint8), 4)[None, :, None].repeat(8, 0).repeat(3, 2)
    )
    return Colours("P3" if wide else "none", wide, Glance((8, 8), cells, cells, None), converted)


LOST = ("the colours of {source} lost their profile", "P3, or converted to sRGB", "read as sRGB")


@pytest.mark.parametrize(
    ("here", "there", "lost"),
    [
        (coloured(100, False), coloured(100, True, (120, 120)), True),
        (coloured(120, False), coloured(100, True, (120, 120)), False),
        (coloured(110, False), coloured(100, True, (120, 120)), False),  # as near to the one as to the other
        (coloured(109, False), coloured(100, True, (120, 120)), True),
        (coloured(100, False), coloured(100, True, (101, 102)), True),  # 1.5 levels in the mean
        (coloured(100, False), coloured(100, True, (101, 101)), False),  # which nobody sees
        (coloured(100, False), coloured(100, True), True),  # LittleCMS could not convert it
        (coloured(100, True), coloured(100, True, (120, 120)), False),
        (coloured(100, False), coloured(100, False, (120, 120)), False),
    ],
)  # fmt: skip
def test_a_profile_is_lost_where_its_colours_were_not_converted(
    here: Colours, there: Colours, lost: bool
) -> None:
    assert _lost_icc(here, there) == (LOST if lost else None)


def test_whether_colours_were_converted_shows_in_no_header() -> None:
    blind = coloured(100, True, (120, 120))._replace(seen=None)
    for here, there in ((coloured(100, False), blind), (blind._replace(wide=False), coloured(9, True))):
        with pytest.raises(BeyondDepth):
            _lost_icc(here, there)
