"""Where rules change their mind about what belongs together: sources, groups, addresses, git, borders."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from headers import promised
from pictures import drawn, save, texture
from PIL import Image

from verify4k.analysis.native.coding import Quality
from verify4k.analysis.native.verdict import Native
from verify4k.analysis.padding import Padding
from verify4k.artifacts.artifact import Artifact
from verify4k.artifacts.tracking import Tracked
from verify4k.documents.nodes import Place
from verify4k.errors import CannotRead, NotAsked
from verify4k.files.source import BytesSource
from verify4k.formats.facts import Size, Timing
from verify4k.manifest.load import parse_manifest
from verify4k.model import Asset
from verify4k.net.answers import Exchanged, Hop
from verify4k.options.groups import Membership
from verify4k.options.kinds import Range
from verify4k.options.ratios import Ratio
from verify4k.rule import Link
from verify4k.rules import all_rules
from verify4k.rules._lost import Had, _lost_animation, _lost_depth
from verify4k.rules.native_resolution import NativeOptions, _cells, _fine_enough
from verify4k.rules.no_enlargement import _Seen, no_enlargement
from verify4k.rules.not_padded import _same
from verify4k.rules.nothing_lost import nothing_lost
from verify4k.rules.readable import _told
from verify4k.rules.redirects import _found, site
from verify4k.rules.right_encoding import _near
from verify4k.rules.same_picture_as_source import another_shape, same_picture_as_source
from verify4k.rules.same_url_one_picture import _Seen as Fetched
from verify4k.rules.same_url_one_picture import same_url_one_picture
from verify4k.rules.whole_group import _counted, _Kept, _shape, whole_group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.analysis.glance import Glance

NOBODY: Any = None


def glance_of(image: Image.Image) -> Glance:
    asset = Asset("a.png", "a.png", Place("m", 1, 1))
    return Artifact(asset, BytesSource(save(image, "a.png")), colour=True).glance


def assets(**entries: str) -> list[Asset]:
    """Promises by the stem of their file."""
    lines = "".join(f"  {name}.png: {entry}\n" for name, entry in entries.items())
    return list(parse_manifest(f"version: 1\nfiles:\n{lines}".encode(), "m.yaml", "root").assets)


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
    assert kept(alpha=("used", "used", "none")) == [(lost.format("art.png"), "alpha used", "alpha none")]
    assert kept(alpha=("none", "used", "none")) == [(lost.format("mid.png"), "alpha used", "alpha none")]
    assert kept(alpha=("used", "none", "used")) == []


def test_what_hides_one_answer_hides_no_other() -> None:
    hidden, other = CannotRead("hidden"), CannotRead("hidden as well")
    facts = {"gain-map": (hidden, False, False), "icc": (other, None, None)}
    with pytest.raises(CannotRead, match=r"hidden$"):
        kept(**facts)
    assert kept(**facts, alpha=("used", "none", "none")) == [
        ("the transparency of art.png is lost", "alpha used", "alpha none")
    ]


def grouped(options: str, *sizes: tuple[int, int], scale: Sequence[float] = ()) -> list[tuple[str, ...]]:
    """What whole-group says of files of these sizes."""
    scales = ", ".join(f"s{number}: {factor}" for number, factor in enumerate(scale))
    said = f"by: s, scale: {{{scales}}}" if scale else options
    names = ", ".join(f"s{number}" for number in range(len(sizes)))
    text = f"version: 1\ngroups: {{set: {{files: '{{s}}.png', s: [{names}], {said}}}}}\n"
    made = parse_manifest(text.encode(), "m.yaml", "root").assets
    kept = {}
    for asset, size in zip(made, sizes, strict=True):
        kept[asset] = _Kept({"size": "x".join(map(str, size)), "ratio": _shape(Size(*size))}, Size(*size))
    return [
        (asset.target, problem.message, problem.expected, problem.actual)
        for asset, problem in whole_group(kept, NOBODY)
    ]


SCALED = "the size does not fit its scale in the group set"


@pytest.mark.parametrize(
    ("scale", "sizes", "said"),
    [
        ((1, 1.5), [(48, 48), (72, 72)], []),
        ((1, 1.5), [(49, 47), (72, 72)], []),  # a pixel is rounding
        ((1, 1.5), [(50, 48), (72, 72)], [("s0.png", SCALED, "48x48, as s1.png says", "50x48")]),
        ((1, 1.5), [(48, 46), (72, 72)], [("s0.png", SCALED, "48x48, as s1.png says", "48x46")]),
        ((3, 1), [(90, 60), (30, 22)], [("s1.png", SCALED, "30x20, as s0.png says", "30x22")]),
        ((1, 2, 4), [(9, 9), (20, 20), (40, 40)], []),
        ((1, 2, 4), [(8, 9), (20, 20), (40, 40)], [("s0.png", SCALED, "10x10, as s2.png says", "8x9")]),
        ((2,), [(5, 5)], []),
    ],
)
def test_a_scale_is_missed_by_two_pixels(
    scale: Sequence[float], sizes: list[tuple[int, int]], said: list[tuple[str, ...]]
) -> None:
    assert grouped("", *sizes, scale=scale) == said


def test_each_file_of_a_group_is_compared_with_its_first() -> None:
    told = "the size differs within the group set", "64x36 as s0.png"
    found = grouped("same: size", (64, 36), (32, 18), (64, 36), (48, 27))
    assert found == [("s1.png", *told, "32x18"), ("s3.png", *told, "48x27")]


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ([(64, 36), (1920, 1080), (33, 19)], []),  # of a thumbnail, whole pixels allow many shapes
        ([(64, 36), (1920, 1080), (36, 18)], ["s2.png"]),
        ([(64, 40), (1920, 1080), (32, 18)], ["s0.png"]),
        ([(1080, 1920), (36, 64)], []),
    ],
)
def test_the_largest_tells_the_shape_of_a_group(sizes: list[tuple[int, int]], told: list[str]) -> None:
    found = grouped("same: ratio", *sizes)
    assert [target for target, *_ in found] == told
    assert {expected for _, _, expected, _ in found} <= {"1.778:1 (1920x1080) as s1.png"}


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (1, ("the group shots[en] has too few files", "2..3 files", "1 file")),
        (2, None),
        (3, None),
        (4, ("the group shots[en] has too many files", "2..3 files", "4 files")),
    ],
)
def test_a_file_more_or_less_is_told(members: int, said: tuple[str, ...] | None) -> None:
    group = Membership("shots", ("en",), (), Range(2, 3), members, None)
    [first] = assets(a="{}")
    found = [(one.message, one.expected, one.actual) for _, one in _counted(first, group)]
    assert found == ([] if said is None else [said])


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("64x36", "64x36", False),
        ("64x36", "63x36", True),
        ("64x36", "64x35", True),
        ("64x36..70x40", "70x40..80x50", False),
        ("64x36..70x40", "71x40..80x50", True),
        ("64x36..70x40", "70x41..80x50", True),
        ("71x40..80x50", "64x36..70x40", True),
        ("[64x36, 9x9]", "[8x8, 9x9]", False),
    ],
)
def test_addresses_may_share_a_picture_that_both_promise(one: str, other: str, told: bool) -> None:
    entries = (("1", one), ("2", other))
    lines = "".join(f"  'https://a.test/a.png?{at}': {{size: {size}}}\n" for at, size in entries)
    first, second = parse_manifest(f"version: 1\nfiles:\n{lines}".encode(), "m.yaml", "root").assets
    kept = {each: Fetched("https://a.test/a.png", each.url or "", "00") for each in (first, second)}
    found = [(asset, problem.actual) for asset, problem in same_url_one_picture(kept, NOBODY)]
    assert found == ([(second, f"that of {first.target}")] if told else [])
    apart = {first: Fetched("a", "a?1", "00"), second: Fetched("a", "a?2", "01")}
    assert list(same_url_one_picture(apart, NOBODY)) == []


def in_git(rule: str, data: bytes, tracked: Tracked | None, name: str = "art/hero.v2.png") -> Any:
    check = all_rules()[rule].check
    assert check is not None
    asset = Asset(name, name, Place("m", 1, 1))
    found = check(Artifact(asset, BytesSource(data), tracking=lambda _: tracked))
    return [(one.actual, one.fix) for one in found]


KEEP = "add `*.png -text` to .gitattributes and commit the picture again"


@pytest.mark.parametrize(
    ("text", "eol", "said"),
    [
        ("set", "unspecified", "text"),
        ("set", "lf", "text"),
        ("unset", "crlf", None),
        ("unspecified", "unspecified", None),
        ("unspecified", "unset", None),
        ("unspecified", "lf", "eol=lf"),
        ("unspecified", "crlf", "eol=crlf"),
        ("auto", "crlf", None),
    ],
)
def test_what_makes_git_convert_line_ends(text: str, eol: str, said: str | None) -> None:
    found = in_git("kept-by-git", drawn("plain"), Tracked(text, eol, "unspecified", False))
    assert found == ([] if said is None else [(f".gitattributes: {said}", KEEP)])


@pytest.mark.parametrize(("at", "kept"), [(0, True), (7999, True), (8000, False)])
def test_git_looks_for_a_nul_among_eight_thousand_bytes(at: int, kept: bool) -> None:
    data = b"x" * at + b"\0" + b"x" * 99
    found = in_git("kept-by-git", data, Tracked("auto", "unspecified", "unspecified", False))
    assert found == ([] if kept else [(".gitattributes: text=auto", KEEP)])


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [("a.svg", b"<svg/>", True), ("A.SVG", b"<svg/>", True), ("a.svg", b"<svg\0/>", False), ("a.svgz", b"<svg/>", False)],
)  # fmt: skip
def test_a_drawing_s_line_ends_may_change(name: str, data: bytes, kept: bool) -> None:
    found = in_git("kept-by-git", data, Tracked("set", "unspecified", "unspecified", False), name)
    assert [actual for actual, _ in found] == ([] if kept else [".gitattributes: text"])


@pytest.mark.parametrize(
    ("attribute", "pointer", "actual"),
    [
        ("lfs", True, ""),
        ("lfs", False, "a blob"),
        ("unspecified", False, ""),
        ("unspecified", True, "a pointer"),
    ],
)
def test_git_lfs_holds_what_its_attribute_covers(attribute: str, pointer: bool, actual: str) -> None:
    found = in_git("lfs-as-said", b"", Tracked("unset", "unspecified", attribute, pointer))
    assert [said for said, _ in found] == ([actual] if actual else [])


@pytest.mark.parametrize("rule", ["kept-by-git", "lfs-as-said", "name-apart"])
def test_of_what_git_does_not_know_nothing_is_asked(rule: str) -> None:
    with pytest.raises(NotAsked):
        in_git(rule, b"", None)


def test_what_is_not_in_the_index_is_no_business_of_lfs() -> None:
    with pytest.raises(NotAsked):
        in_git("lfs-as-said", b"", Tracked("unset", "unspecified", "lfs", None))


@pytest.mark.parametrize(
    ("rule", "size", "asked"),
    [
        ("not-blank", (256, 256), True),
        ("not-blank", (256, 255), False),
        ("not-blank", (4096, 16), True),
        ("not-padded", (2000, 1000), True),
        ("not-padded", (1999, 1000), False),
        ("native-resolution", (2000, 1000), True),
        ("native-resolution", (1999, 1000), False),
    ],
)
def test_small_pictures_are_not_asked(rule: str, size: tuple[int, int], asked: bool) -> None:
    data = save(Image.new("L", size, 90), "a.png")
    if not asked:
        with pytest.raises(NotAsked, match="too few pixels"):
            promised(rule, "{}", data)
        return
    said = [(one.actual, one.severity) for one in promised(rule, "{}", data)]
    one_grey = {
        "not-blank": [("one colour, (90,)", None)],
        "native-resolution": [("too little", "note")],
    }
    assert said == one_grey.get(rule, [])


@pytest.mark.parametrize(
    ("ratio", "same"), [(2.39, True), (2.345, True), (2.34, False), (2.435, True), (2.44, False)]
)
def test_bars_are_around_the_ratio_within_two_in_a_hundred(ratio: float, same: bool) -> None:
    bars = Padding((0, 46, 640, 268), (None, "letterbox", None, "letterbox"), ratio, "")
    assert _same(Ratio(239, 100), bars) is same


def test_a_border_on_one_side_alone_is_a_warning() -> None:
    sides = [(0, 0, 640, 300), (0, 60, 640, 360), (100, 0, 640, 360)]
    for box in sides:
        canvas = Image.new("RGB", (640, 360))
        width, height = box[2] - box[0], box[3] - box[1]
        canvas.paste(texture(width, height), box[:2])
        [problem] = promised("not-padded", "{padding: forbidden}", save(canvas, "a.png"))
        assert problem.evidence is not None
        assert (problem.severity, problem.evidence["box"]) == ("warning", [box[0], box[1], width, height])
        assert (problem.expected, problem.actual) == ("a picture of 640x360", f"{width}x{height} of it")
    corner = Image.new("RGB", (640, 360))
    corner.paste(texture(540, 300), (100, 60))
    [problem] = promised("not-padded", "{padding: forbidden}", save(corner, "a.png"))
    assert problem.severity is None


@pytest.mark.parametrize(
    ("size", "fine"),
    [
        ((1000, 500), True),
        ((500, 1000), True),
        ((980, 490), True),  # the estimate is good to two in a hundred
        ((979, 490), False),
        ((980, 489), False),
        ((2000, 489), False),
    ],
)
def test_the_native_size_is_large_enough_on_both_edges(size: tuple[int, int], fine: bool) -> None:
    sized, unsized = assets(a="{native-size: 1000x500}", b="{native: on}")
    found, unknown = (Native("upscaled", each, None, (9.0, 9.0), "levels", "") for each in (size, None))
    assert _fine_enough(sized[NativeOptions], found) is fine
    assert _fine_enough(sized[NativeOptions], unknown) is False
    assert _fine_enough(unsized[NativeOptions], found) is False


@pytest.mark.parametrize(("entry", "severity"), [("required", None), ("on", "note"), ("warn", "note")])
def test_cells_are_told_by_their_width_and_height(entry: str, severity: str | None) -> None:
    [promise] = assets(a=f"{{native: {entry}}}")
    found = Native("cells", None, None, (0.0, 0.0), "none", "", cells=(20, 10))
    problem = _cells(promise[NativeOptions], found, {"sentence": "drawn in cells"})
    told = problem.message, problem.expected, problem.actual, problem.key, problem.severity
    assert told == ("drawn in cells", "detail in single pixels", "cells of 20x10", "native", severity)


@pytest.mark.parametrize(
    ("number", "exact", "wanted", "near"),
    [
        (80, True, Range(80, 80), True),
        (79, True, Range(80, None), False),
        (81, True, Range(None, 80), False),
        (72, False, Range(80, None), True),  # and three tenths of 28 are 8.4
        (71, False, Range(80, None), False),
        (85, False, Range(None, 80), False),
        (84, False, Range(None, 80), True),  # less 4.8
    ],
)
def test_a_foreign_table_has_three_tenths_of_grace(
    number: int, exact: bool, wanted: Range, near: bool
) -> None:
    assert _near(Quality(number, exact), wanted) is near


def test_three_kinds_of_damage_are_told() -> None:
    assert _told(("a",)) == "a"
    assert _told(("a", "b", "c")) == "a; b; c"
    assert _told(("a", "b", "c", "d")) == "a; b; c; and 1 more"
    assert _told(tuple("abcdefgh")) == "a; b; c; and 5 more"


def led(*urls: str) -> Exchanged:
    hops = tuple(Hop(one, 302, other) for one, other in pairwise(urls))
    return Exchanged(urls[0], urls[-1], hops, 200, {}, ())


OTHER, DOWN, ANY = "it redirects to another site", "an https address redirects to http", "it redirects"


@pytest.mark.parametrize(
    ("urls", "wish", "said"),
    [
        (("https://a.test/1", "https://a.test/2"), None, []),
        (("https://a.test/1", "https://b.test/2"), None, [(OTHER, "a.test", "b.test", "warning")]),
        (("https://a.test/1", "https://b.test/2"), "same-site", [(OTHER, "a.test", "b.test", "error")]),
        (("https://a.test/1", "https://b.test/2"), "allowed", []),
        (("https://a.test/1", "https://b.test/2", "https://a.test/3"), None, []),
        (("http://a.test/1", "https://a.test/1"), None, []),
        (("http://a.test/1", "http://a.test/2"), None, []),
        (("https://a.test/1", "http://a.test/2"), None, [(DOWN, "https all the way", "http://a.test/2", None)]),
        (("https://a.test/1", "http://a.test/2"), "allowed", [(DOWN, "https all the way", "http://a.test/2", None)]),
        (
            ("https://a.test/1", "http://a.test/2", "https://a.test/3", "http://a.test/4"),
            None,
            [(DOWN, "https all the way", "http://a.test/2", None)],
        ),
        (("https://a.test/1", "https://a.test/2"), "forbidden", [(ANY, "an answer", "302 to https://a.test/2", None)]),
    ],
)  # fmt: skip
def test_every_step_of_a_redirect_counts(urls: tuple[str, ...], wish: str | None, said: list[Any]) -> None:
    found = [(one.message, one.expected, one.actual, one.severity) for one in _found(led(*urls), wish)]
    assert found == said


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.example.com", "example.com"),
        ("example.com", "example.com"),
        ("a.b.co.uk", "b.co.uk"),
        ("a.b.com.au", "b.com.au"),
        ("a.abc.de", "a.abc.de"),
        ("a.abcd.de", "abcd.de"),
        ("abc.de", "abc.de"),
        ("a.co.com", "co.com"),
        ("::1", "::1"),
        ("10.0.0.1", "10.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_the_domain_that_hosts_share(host: str, domain: str) -> None:
    assert site(host) == domain
