"""Where rules along a chain change their mind: what is lost, enlarged or another picture than its source."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from one_rule import assets
from pictures import save, texture
from PIL import Image

from verify4k.artifacts.artifact import Artifact
from verify4k.documents.nodes import Place
from verify4k.errors import CannotRead
from verify4k.files.source import BytesSource
from verify4k.formats.facts import Size, Timing
from verify4k.model import Asset
from verify4k.rule import Link
from verify4k.rules._lost import Had, _lost_animation, _lost_depth, _Palette
from verify4k.rules.no_enlargement import _Seen, no_enlargement
from verify4k.rules.nothing_lost import nothing_lost
from verify4k.rules.same_picture_as_source import another_shape, same_picture_as_source

if TYPE_CHECKING:
    from verify4k.analysis.glance import Glance


def glance_of(image: Image.Image) -> Glance:
    asset = Asset("a.png", "a.png", Place("m", 1, 1))
    return Artifact(asset, BytesSource(save(image, "a.png")), colour=True).glance


@pytest.mark.parametrize(
    ("source", "made", "times"),
    [
        ((1000, 500), (1000, 500), ""),
        ((1000, 500), (1005, 500), ""),  # half a percent
        ((1000, 500), (1006, 500), "1.01"),
        ((1000, 500), (999, 503), "1.01"),
        ((1000, 500), (503, 1006), "1.01"),  # on its side
        ((1000, 500), (500, 1000), ""),
        ((100, 50), (101, 51), ""),  # a pixel
        ((100, 50), (102, 50), "1.02"),
        ((100, 50), (200, 100), "2"),
        ((100, 50), (200, 50), "2"),
    ],
)
def test_a_pixel_or_half_a_percent_is_no_enlargement(
    source: tuple[int, int], made: tuple[int, int], times: str
) -> None:
    art, hero = assets(art="{}", hero="{from: art.png}")
    links = [Link(art, lambda: _Seen(Size(*source), None)), Link(hero, lambda: _Seen(Size(*made), None))]
    found = [(one.message, one.expected, one.actual, one.key) for one in no_enlargement(hero, links)]
    said = f"it is {times} times as large as what it was made from"
    there = "x".join(map(str, made))
    wanted = (said, f"at most {source[0]}x{source[1]}, as art.png has", there, "from")
    assert found == ([wanted] if times else [])


def test_a_picture_is_compared_with_what_it_was_made_from_itself() -> None:
    """Not with the first of its chain, nor with what comes before that."""
    art, mid, hero = assets(art="{}", mid="{from: art.png}", hero="{from: mid.png}")
    sizes = {art: Size(640, 360), mid: Size(64, 36), hero: Size(128, 72)}
    links = [Link(each, partial(_Seen, size, None)) for each, size in sizes.items()]
    [problem] = no_enlargement(hero, links)
    assert problem.message == "it is 2 times as large as what it was made from"
    assert problem.expected == "at most 64x36, as mid.png has"
    assert list(no_enlargement(mid, links[:2])) == []
    upright = glance_of(texture(128, 72))
    turned = glance_of(texture(128, 72).transpose(Image.Transpose.ROTATE_180))
    seen = [Link(art, lambda: turned), Link(mid, lambda: upright), Link(hero, lambda: turned)]
    [problem] = same_picture_as_source(hero, seen)
    assert (problem.expected, problem.actual) == ("as mid.png shows it", "half a turn")
    seen = [Link(art, lambda: turned), Link(mid, lambda: upright), Link(hero, lambda: upright)]
    assert list(same_picture_as_source(hero, seen)) == []


@pytest.mark.parametrize(
    ("entry", "size", "another"),
    [
        ("{}", (640, 360), False),
        ("{size: 640x360}", (1280, 720), False),
        ("{size: 1000x1000}", (1025, 1000), False),  # within a fortieth of the promised width
        ("{size: 1000x1000}", (1026, 1000), True),
        ("{size: 1000x1000}", (975, 1000), False),
        ("{size: 1000x1000}", (974, 1000), True),
        ("{size: 10x10}", (11, 10), False),  # by a pixel
        ("{size: 10x10}", (12, 10), True),
        ("{size: [1000x1000, 640x360]}", (1280, 720), False),
        ("{size: 10x10..20x20}", (1280, 720), False),
        ("{ratio: 1:1}", (640, 360), True),
        ("{ratio: [1:1, 16:9]}", (640, 360), False),
    ],
)
def test_a_promised_shape_is_another_than_the_source_s(
    entry: str, size: tuple[int, int], another: bool
) -> None:
    [promise] = assets(a=entry)
    assert another_shape(promise, size) is another


@pytest.mark.parametrize(
    ("frames", "total", "said"),
    [
        (10, 1000, None),
        (9, 1000, None),  # merged frames that are shown as long
        (9, 1001, None),
        (9, 1002, ("frames of {source} are lost", "10 frames", "9 frames")),
        (9, 998, ("frames of {source} are lost", "10 frames", "9 frames")),
        (10, 1010, None),  # a hundredth
        (10, 1011, ("the timing of {source} is lost", "1,000 ms", "1,011 ms")),
        (10, 989, ("the timing of {source} is lost", "1,000 ms", "989 ms")),
        (11, 1000, None),
    ],
)
def test_a_frame_or_a_hundredth_of_the_time_is_lost(
    frames: int, total: float, said: tuple[str, ...] | None
) -> None:
    source = Timing(10, 100, 100, 1000, 0)
    assert _lost_animation(Timing(frames, 100, 100, total, 0), source) == said
    assert _lost_animation(None, source) == ("the animation of {source} is lost", "10 frames", "1 frame")
    assert _lost_animation(source, None) is None


@pytest.mark.parametrize(("total", "lost"), [(51, False), (49, False), (52, True), (48, True)])
def test_a_millisecond_of_a_short_animation_is_rounding(total: float, lost: bool) -> None:
    found = _lost_animation(Timing(2, 25, 25, total, 0), Timing(2, 25, 25, 50, 0))
    assert (found is not None) is lost


@pytest.mark.parametrize(("here", "lost"), [(16, False), (10, False), (8, True)])
def test_a_bit_of_depth_is_lost(here: int, lost: bool) -> None:
    wanted = ("the bit depth is lower than that of {source}", "10 bits", "8 bits")
    assert _lost_depth(here, 10) == (wanted if lost else None)


def test_five_of_the_tags_that_are_lost_are_named_and_the_others_counted() -> None:
    source = Had({"tags": [f"XMP:Tag{number}" for number in range(7)]})
    here = Had({"tags": ["xmp:tag0"]})
    named = "no XMP:Tag1, XMP:Tag2, XMP:Tag3, XMP:Tag4, XMP:Tag5 and 1 more"
    assert here.lost("XMP:*", source) == ("metadata of {source} are lost", "XMP:*", named)
    assert here.lost("Tag0", source) is None
    assert here.lost("tag6", source) == ("metadata of {source} are lost", "tag6", "no XMP:Tag6")


def kept(**facts: Any) -> list[tuple[str, ...]]:
    """What nothing-lost says of hero.png, made from mid.png, made from art.png; a fact for each of them."""
    chain = assets(art="{}", mid="{from: art.png}", hero=f"{{from: mid.png, nothing-lost: {[*facts]}}}")
    had = [dict(zip(facts, values, strict=True)) for values in zip(*facts.values(), strict=True)]
    links = [Link(asset, partial(Had, each)) for asset, each in zip(chain, had, strict=True)]
    return [(one.message, one.expected, one.actual) for one in nothing_lost(chain[-1], links)]


def test_the_first_that_had_it_speaks_for_all() -> None:
    lost = "the transparency of {} is lost"
    assert kept(alpha=("used", "used", "none")) == [
        (lost.format("art.png"), "alpha used", "every pixel opaque")
    ]
    assert kept(alpha=("none", "used", "none")) == [
        (lost.format("mid.png"), "alpha used", "every pixel opaque")
    ]
    assert kept(alpha=("used", "none", "used")) == []


def test_what_nothing_brings_back_is_told_though_it_looks_as_if_it_were_there() -> None:
    colours = [_Palette(mode, False, True) for mode in ("rgb", "palette", "rgb")]
    assert kept(chroma=("", "4:2:0", "")) == [("colours are coarser than those of art.png", "4:4:4", "4:2:0")]
    assert kept(**{"bit-depth": (16, 8, 16)}) == [
        ("the bit depth is lower than that of art.png", "16 bits", "8 bits")
    ]
    assert kept(**{"full-colour": colours}) == [
        ("the colours of art.png became a palette", "rgb", "palette of 256 colours or fewer")
    ]
    assert kept(chroma=("", "4:2:2", "4:2:0")) == [
        ("colours are coarser than those of art.png", "4:4:4", "4:2:0")
    ]
    assert kept(chroma=("4:2:0", "", "")) == kept(**{"gain-map": (True, False, True)}) == []


def test_what_hides_one_answer_hides_no_other() -> None:
    hidden, other = CannotRead("hidden"), CannotRead("hidden as well")
    facts = {"gain-map": (hidden, False, False), "bit-depth": (other, 8, 8)}
    with pytest.raises(CannotRead, match=r"hidden$"):
        kept(**facts)
    assert kept(**facts, alpha=("used", "none", "none")) == [
        ("the transparency of art.png is lost", "alpha used", "every pixel opaque")
    ]


def test_a_source_of_which_nothing_can_be_told_does_not_hide_what_a_later_one_had() -> None:
    hidden = CannotRead("hidden")
    assert kept(alpha=(hidden, "used", "none")) == [
        ("the transparency of mid.png is lost", "alpha used", "every pixel opaque")
    ]
    with pytest.raises(CannotRead, match=r"hidden$"):
        kept(alpha=(hidden, "none", "none"))
