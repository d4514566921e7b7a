"""Measured numbers and shapes, as a manifest writes them."""

from __future__ import annotations

import pytest

from verify4k.documents.nodes import Place, Scalar
from verify4k.errors import ManifestError
from verify4k.formats.facts import Size
from verify4k.options.kinds import Context
from verify4k.options.numbers import Margin, Paper, Span, margin, paper, plays, share, span
from verify4k.options.ratios import Tolerance, shapes
from verify4k.options.sizes import counts

PIXELS = span("4..25", "megapixels")
TIME = span("20ms..1s", "ms", {"ms": 1, "s": 1000})


def node(text: str) -> Scalar:
    return Scalar(Place("verify4k.yaml", 1, 1), text)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("4", 4, 4), ("4..25", 4, 25), ("4..", 4, None), ("..25", None, 25), ("0.5 .. 2.25", 0.5, 2.25)],
)
def test_a_number_or_a_range_is_read_as_written(text: str, low: float | None, high: float | None) -> None:
    assert PIXELS.parse(node(text), Context({})) == Span(low, high, "megapixels")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("20ms", 20, 20), ("20ms..1s", 20, 1000), ("..1.5s", None, 1500), ("40 ms..", 40, None)],
)
def test_units_are_counted_in_the_first_one(text: str, low: float | None, high: float | None) -> None:
    assert TIME.parse(node(text), Context({})) == Span(low, high, "ms")


@pytest.mark.parametrize(
    "text", ["", "..", "x", "4...25", "-4..", "1e3", "4,5", "nan", "inf", "4MP", "٤", "1" * 13]
)
def test_what_is_no_number_is_a_mistake_with_an_example(text: str) -> None:
    with pytest.raises(ManifestError, match=r"a number or a range like 4\.\.25"):
        PIXELS.parse(node(text), Context({}))


@pytest.mark.parametrize("text", ["20", "20..1s", "20min"])
def test_a_time_without_its_unit_is_a_mistake(text: str) -> None:
    with pytest.raises(ManifestError, match=r"like 20ms\.\.1s"):
        TIME.parse(node(text), Context({}))


def test_an_empty_range_is_told_with_the_full_one() -> None:
    with pytest.raises(ManifestError, match=r"write 4\.\.25"):
        PIXELS.parse(node("25..4"), Context({}))


def test_nothing_but_nought_is_no_promise() -> None:
    with pytest.raises(ManifestError, match="nothing above 0"):
        PIXELS.parse(node("..0"), Context({}))


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (Span(4, 25, "megapixels"), "4 to 25 megapixels"),
        (Span(4, None, "megapixels"), "at least 4 megapixels"),
        (Span(None, 1500, "ms"), "at most 1,500 ms"),
        (Span(72, 72), "72"),
        (Span(1234.56789, None, "ms"), "at least 1,234.56789 ms"),
    ],
)
def test_bounds_are_told_in_words(bounds: Span, words: str) -> None:
    assert str(bounds) == words


@pytest.mark.parametrize(
    ("shape", "size", "allowed"),
    [
        ("16:9", (1920, 1080), True),
        ("16:9", (1366, 768), True),  # half a pixel
        ("16:9", (1366, 767), False),
        ("1:2..2:1", (1080, 2160), True),
        ("1:2..2:1", (2160, 1080), True),
        ("1:2..2:1", (100, 100), True),
        ("1:2..2:1", (1080, 2161), False),  # a limit is not rounded
        ("1:2..2:1", (2161, 1080), False),
        ("16:9..16:9", (1920, 1080), True),
        ("1:N", (16, 512), True),
        ("1:N", (16, 16), True),
        ("1:N", (16, 8), False),
        ("1:n", (16, 500), False),
        ("N:1", (512, 16), True),
        ("N:1", (16, 512), False),
    ],
)
def test_a_shape_allows_what_it_says(shape: str, size: tuple[int, int], allowed: bool) -> None:
    (found,) = shapes.parse(node(shape), Context({}))
    assert found.allows(Size(*size)) is allowed


@pytest.mark.parametrize(
    ("shape", "size", "slack", "allowed"),
    [
        ("1:4", (512, 2064), Tolerance(share=0.01), True),
        ("1:4", (512, 2075), Tolerance(share=0.01), False),
        ("4:1", (2064, 512), Tolerance(share=0.01), True),
        ("16:9", (1920, 1078), Tolerance(pixels=2), True),
        ("16:9", (1920, 1076), Tolerance(pixels=2), False),
        ("1:1", (102, 100), Tolerance(pixels=2), True),
        ("2:1", (204, 100), Tolerance(pixels=2), True),
        ("2:1", (205, 100), Tolerance(pixels=2), False),  # the half pixel comes not on top
        ("2:1", (202, 100), Tolerance(share=0.01), True),
        ("2:1", (203, 100), Tolerance(share=0.01), False),
        ("1:2..2:1", (1080, 2165), Tolerance(share=0.01), True),
        ("1:2..2:1", (1080, 2165), Tolerance(pixels=3), True),
        ("1:2..2:1", (1080, 2190), Tolerance(share=0.01), False),
        ("1:N", (16, 65), Tolerance(share=0.1), False),  # a cut cell is cut
    ],
)
def test_a_tolerance_is_of_the_shape(
    shape: str, size: tuple[int, int], slack: Tolerance, allowed: bool
) -> None:
    (found,) = shapes.parse(node(shape), Context({}))
    assert found.allows(Size(*size), slack) is allowed


@pytest.mark.parametrize("shape", ["16", "16:", ":9", "0:1", "nan:1", "1:2..", "N:N", "2:N", "1:2..N:1"])
def test_what_is_no_shape_is_a_mistake(shape: str) -> None:
    with pytest.raises(ManifestError, match="expected a ratio like 16:9"):
        shapes.parse(node(shape), Context({}))


def test_a_range_of_shapes_the_wrong_way_round_is_told() -> None:
    with pytest.raises(ManifestError, match=r"write 1:2\.\.2:1"):
        shapes.parse(node("2:1..1:2"), Context({}))


@pytest.mark.parametrize("text", ["8", "8x", "0x4", "8x4x2", "4k-landscape"])
def test_a_grid_is_two_numbers(text: str) -> None:
    with pytest.raises(ManifestError, match="expected two numbers like 8x4"):
        counts("8x4").parse(node(text), Context({}))


@pytest.mark.parametrize(
    ("text", "found"),
    [("9" * 12, 999_999_999_999), ("0.123456789", 0.123456789), ("0.000000001", 1e-9)],
)
def test_twelve_digits_and_nine_behind_the_point_are_a_number(text: str, found: float) -> None:
    assert PIXELS.parse(node(text), Context({})) == Span(found, found, "megapixels")


def test_ten_digits_behind_the_point_are_none() -> None:
    with pytest.raises(ManifestError, match="expected a number"):
        PIXELS.parse(node("0.0123456789"), Context({}))


@pytest.mark.parametrize(
    ("bounds", "slack", "inside", "outside"),
    [
        (Span(4, 25), 0, [4, 25, 4.5], [3.999, 25.001]),
        (Span(4, None), 0, [4, 1e9], [3.999]),
        (Span(None, 25), 0, [0, 25], [25.001]),
        (Span(4, 25), 0.5, [3.5, 25.5], [3.499, 25.501]),
    ],
)
def test_both_ends_lie_inside_and_so_does_the_slack(
    bounds: Span, slack: float, inside: list[float], outside: list[float]
) -> None:
    assert [number for number in inside if not bounds.holds(number, slack)] == []
    assert [number for number in outside if bounds.holds(number, slack)] == []


@pytest.mark.parametrize(
    ("text", "edge", "inside", "outside", "words"),
    [
        ("16..24", 100, [16, 24], [15, 25], "16 to 24 pixels"),
        ("16px", 100, [16], [15, 17], "16 pixels"),
        ("10%", 100, [10], [9, 11], "10%"),
        ("10%", 333, [33], [32, 34], "10%"),  # a tenth is 33.3 pixels: half a pixel is given
        ("10%", 5, [0, 1], [2], "10%"),
    ],
)
def test_a_margin_is_pixels_or_a_share_to_half_a_pixel(
    text: str, edge: int, inside: list[int], outside: list[int], words: str
) -> None:
    found: Margin = margin.parse(node(text), Context({}))
    assert [pixels for pixels in inside if not found.holds(pixels, edge)] == []
    assert [pixels for pixels in outside if found.holds(pixels, edge)] == []
    assert str(found) == words


@pytest.mark.parametrize(("text", "part"), [("80%", 0.8), ("100 %", 1.0), ("0.5%", 0.005)])
def test_a_share_is_read_in_hundredths(text: str, part: float) -> None:
    assert share.parse(node(text), Context({})) == pytest.approx(part)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("0.8", "write 80%"),
        ("1", "write 100%"),
        ("1.5", "write 1.5%"),
        ("80", "write 80%"),
        ("100", "write 100%"),
        ("101", ""),
        ("0", ""),
        ("0%", ""),
        ("101%", ""),
        ("10%..20%", ""),
        ("..20%", ""),
    ],
)
def test_what_is_no_share_is_a_mistake_with_the_share_that_was_meant(text: str, hint: str) -> None:
    with pytest.raises(ManifestError) as caught:
        share.parse(node(text), Context({}))
    assert caught.value.mistakes[0].hint == hint


@pytest.mark.parametrize(
    ("text", "width", "height"),
    [("254x127mm", 10, 5), ("25.4x5.08cm", 10, 2), ("8.5x11in", 8.5, 11), ("254x127 mm", 10, 5)],
)
def test_paper_is_measured_in_inches(text: str, width: float, height: float) -> None:
    found: Paper = paper.parse(node(text), Context({}))
    assert found[:2] == pytest.approx((width, height))
    assert str(found) == text


@pytest.mark.parametrize(
    "text",
    ["210x297", "210mm", "0x297mm", "210x297pt", "210x1.2.3mm", f"{'1' * 10}x297mm", "x297mm", "-1x2in"],
)
def test_what_is_no_paper_is_a_mistake(text: str) -> None:
    with pytest.raises(ManifestError, match=r"expected a paper size like 210x297mm or 8\.5x11in"):
        paper.parse(node(text), Context({}))


def test_an_edge_of_paper_has_nine_digits_at_most() -> None:
    assert paper.parse(node(f"{'1' * 9}x1in"), Context({})).width == 111_111_111


@pytest.mark.parametrize(
    ("text", "rounds"), [("forever", 0), ("once", 1), ("1", 1), ("2", 2), ("65536", 65_536)]
)
def test_rounds_are_counted_and_forever_is_none(text: str, rounds: int) -> None:
    assert plays.parse(node(text), Context({})) == rounds


@pytest.mark.parametrize(
    ("text", "hint"),
    [("0", "did you mean forever?"), ("Infinite", "did you mean forever?"), ("65537", ""), ("twice", "")],
)
def test_what_is_no_number_of_rounds_is_a_mistake(text: str, hint: str) -> None:
    with pytest.raises(ManifestError, match="expected forever, once or a number of rounds") as caught:
        plays.parse(node(text), Context({}))
    assert caught.value.mistakes[0].hint == hint
