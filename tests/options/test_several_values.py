"""Several values that stand in one text, and what is one value."""

from __future__ import annotations

import pytest

from verify4k.options.lists import several


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("16x16; 32x32", ("16x16", "32x32")),
        ("16x16 32x32", ("16x16", "32x32")),
        ("png, webp | jpeg", ("png", "webp", "jpeg")),
        ("png,", ()),
        ("png", ()),
        ("", ()),
        ("640, 480", ()),  # a size
        ("640, 480x*", ("640", "480x*")),
        ("a," * 1000, ("a",) * 1000),
        ("a," * 1000 + "b", ()),  # longer than anybody writes
    ],
)
def test_values_stand_between_commas_semicolons_bars_and_lines(text: str, values: tuple[str, ...]) -> None:
    assert several(text) == values
