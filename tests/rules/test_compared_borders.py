"""Where rules change their mind about what belongs together: sources, groups, addresses, git, borders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from one_rule import assets, promised
from pictures import drawn, save, texture
from PIL import Image

from verify4k.analysis.native.coding import Quality
from verify4k.analysis.native.verdict import Native
from verify4k.analysis.results import Padding
from verify4k.artifacts.artifact import Artifact
from verify4k.artifacts.tracking import Tracked
from verify4k.documents.nodes import Place
from verify4k.errors import NotAsked
from verify4k.files.source import BytesSource
from verify4k.formats.facts import Size
from verify4k.manifest.load import parse_manifest
from verify4k.model import Asset
from verify4k.options.groups import Membership
from verify4k.options.kinds import Range
from verify4k.options.ratios import Ratio
from verify4k.rules import all_rules
from verify4k.rules.native_resolution import NativeOptions, _cells, _fine_enough
from verify4k.rules.not_padded import _same
from verify4k.rules.readable import _told
from verify4k.rules.right_encoding import _near
from verify4k.rules.whole_group import _counted, _Kept, _shape, whole_group

if TYPE_CHECKING:
    from collections.abc import Sequence


NOBODY: Any = None


def grouped(options: str, *sizes: tuple[int, int], scale: Sequence[float] = ()) -> list[tuple[str, ...]]:
    """What whole-group says of files of these sizes."""
    scales = ", ".join(f"s{number}: {factor}" for number, factor in enumerate(scale))
    said = f"by: s, scale: {{{scales}}}" if scale else options
    names = ", ".join(f"s{number}" for number in range(len(sizes)))
    text = f"version: 1\ngroups: {{set: {{files: '{{s}}.png', s: [{names}], {said}}}}}\n"
    made = parse_manifest(text.encode(), "m.yaml", "root").assets
    kept = []
    for asset, size in zip(made, sizes, strict=True):
        facts = {"size": "x".join(map(str, size)), "ratio": _shape(Size(*size))}
        kept.append((asset, _Kept(facts, Size(*size))))
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
