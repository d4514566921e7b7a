"""Ratios and tolerances: what fits at the border, and what one pixel further does not."""

from __future__ import annotations

from typing import Any

import pytest

from verify4k.documents.yaml import read_yaml
from verify4k.errors import ManifestError
from verify4k.formats.facts import Size
from verify4k.options.kinds import Context, Kind
from verify4k.options.ratios import Ratio, Tolerance, ratios, tolerance
from verify4k.options.sizes import split_size


def read(kind: Kind[Any], written: str) -> Any:
    return kind.parse(read_yaml(written, "m.yaml"), Context({}))


@pytest.mark.parametrize(
    ("ratio", "inside", "outside"),
    [
        ("16:9", ["64x36", "3840x2160", "1366x768", "854x480", "16x9"], ["64x48", "1368x768", "36x64"]),
        ("2.39:1", ["2390x1000", "4096x1714", "5x2"], ["4096x1715", "4096x1713"]),
        ("1:1", ["1x1", "500x500"], ["501x500", "500x501"]),
        ("2:1", ["1001x500", "999x500"], ["1002x500", "998x500"]),
        ("1:2", ["500x1001", "500x999"], ["500x1002", "500x998"]),
    ],
)
def test_a_ratio_holds_to_half_a_pixel_on_one_edge(ratio: str, inside: list[str], outside: list[str]) -> None:
    [shape] = read(ratios, ratio)
    assert [text for text in inside if not shape.allows(split_size(text))] == []
    assert [text for text in outside if shape.allows(split_size(text))] == []
    assert str(shape) == ratio


@pytest.mark.parametrize(
    "written", ["16", "0:9", "16:0", "-16:9", "a:b", "16:9:1", "1000001:1", "1:1000001", "nan:1", "[]"]
)
def test_what_is_no_ratio_is_refused(written: str) -> None:
    with pytest.raises(ManifestError):
        read(ratios, written)


def test_the_largest_ratio_is_a_strip_of_a_million() -> None:
    assert read(ratios, "1000000:1") == (Ratio(1_000_000, 1),)
    assert read(ratios, "1:1000000") == (Ratio(1, 1_000_000),)


@pytest.mark.parametrize(
    ("written", "found", "shown"),
    [
        ("2px", Tolerance(pixels=2), "2 px"),
        ("2", Tolerance(pixels=2), "2 px"),
        ("2 px", Tolerance(pixels=2), "2 px"),
        ("0", Tolerance(), "0 px"),
        ("0.5%", Tolerance(share=0.005), "0.5%"),
        ("10%", Tolerance(share=0.1), "10%"),
        ("0 %", Tolerance(), "0 px"),
    ],
)
def test_a_tolerance_is_pixels_or_a_share(written: str, found: Tolerance, shown: str) -> None:
    assert read(tolerance, written) == found
    assert str(found) == shown


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("10.1%", "at most 10%"),
        ('"%"', "at most 10%"),
        ("1.2.3%", "at most 10%"),
        ("-1px", ""),
        ("1.5px", ""),
        ("2em", ""),
    ],
)
def test_what_is_no_tolerance_is_refused(written: str, hint: str) -> None:
    with pytest.raises(ManifestError, match=r"expected a tolerance like 2px or 0\.5%, found") as caught:
        read(tolerance, written)
    assert caught.value.mistakes[0].hint == hint


@pytest.mark.parametrize(
    ("given", "size", "slack"),
    [
        (Tolerance(), Size(3840, 2160), Size(0, 0)),
        (Tolerance(pixels=2), Size(3840, 2160), Size(2, 2)),
        (Tolerance(share=0.01), Size(3840, 2160), Size(38, 21)),
        (Tolerance(share=0.01), Size(99, 100), Size(0, 1)),
    ],
)
def test_a_share_is_of_each_edge_and_rounded_down(given: Tolerance, size: Size, slack: Size) -> None:
    assert given.slack(size) == slack
