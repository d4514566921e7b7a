"""What a page's mentions of one picture promise together."""

from __future__ import annotations

from typing import Any

import pytest

from verify4k.documents.nodes import Place
from verify4k.pages.promises import merged
from verify4k.pages.reference import Reference, Shape

PLACE = Place("index.html", 3, 5)


def promised(*said: Reference, target: str = "a.png") -> list[dict[str, Any]]:
    return [dict(options) for _, _, options in merged([(target, each) for each in said])]


def reference(**given: Any) -> Reference:
    return Reference("a.png", PLACE)._replace(**given)


@pytest.mark.parametrize(
    ("target", "options"),
    [
        *(
            (f"a{suffix}", {})
            for suffix in (".png", ".jpg", ".jpeg", ".ico", ".bmp", ".tif", ".tiff", ".PNG")
        ),
        *((f"a{suffix}", {"animation": "allowed"}) for suffix in (".gif", ".webp", ".avif", "")),
        ("a.png?v=2#x", {}),
        ("a.svg", {"format": "svg"}),
    ],
)
def test_what_may_move_is_told_by_the_name(target: str, options: dict[str, Any]) -> None:
    assert promised(reference(), target=target) == [options]


@pytest.mark.parametrize(
    ("shapes", "ratio"),
    [
        ([(160, 90)], "160:90"),
        ([(160, 90), (320, 180)], "320:180"),  # the largest is the least rounded
        ([(320, 180), (160, 90)], "320:180"),
        ([(100, 100), (102, 100)], "102:100"),
        ([(100, 100), (103, 100)], None),  # the page crops
        ([(160, 90), (90, 160)], None),
    ],
)
def test_shapes_that_agree_within_two_in_a_hundred_are_one(
    shapes: list[tuple[int, int]], ratio: str | None
) -> None:
    [options] = promised(*(reference(shape=Shape(*shape)) for shape in shapes))
    assert options == ({} if ratio is None else {"ratio": ratio, "tolerance": "2%"})


def test_the_widest_place_asks_for_the_most_pixels() -> None:
    assert promised(reference(least=800), reference(least=1200), reference(least=400)) == [
        {"width": "1200.."}
    ]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([{"width": 800}, {"width": 800}], [{"width": "800"}]),
        ([{"width": 800}, {"width": 900}], [{"width": "800"}, {"width": "900"}]),
        ([{"width": 800}, {"least": 800}], [{"width": "800"}]),
        ([{"width": 800}, {"least": 801}], [{"size": "800x*"}, {"width": "801.."}]),
    ],
)
def test_an_exact_width_that_is_too_narrow_elsewhere_is_told(
    said: list[dict[str, Any]], found: list[dict[str, Any]]
) -> None:
    assert promised(*(reference(**each) for each in said)) == found
