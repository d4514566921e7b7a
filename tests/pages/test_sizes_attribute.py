"""How wide a picture is on the widest screen, as its sizes attribute says."""

from __future__ import annotations

import pytest

from verify4k.pages.sizes import share_of_screen


@pytest.mark.parametrize(
    ("sizes", "width"),
    [
        ("100vw", 1920),
        ("33.3vw", 639),
        ("(max-width: 768px) 100vw, 50vw", 960),
        ("(max-width: 1920px) 80vw, 50vw", 1536),
        ("(min-width: 1024px) 25vw, 100vw", 480),
        ("(min-width: 1920px) 25vw, 100vw", 480),
        ("(min-width: 1921px) 25vw, 100vw", 1920),
        ("400px", 400),
        ("4000px", 1920),  # nothing wider is served
        ("150vw", 1920),
        ("9" * 400 + "px", 1920),
        ("9" * 400 + "vw", 1920),
        ("(min-width: " + "9" * 400 + "px) 10px, 5px", 5),
        ("calc(100vw - 2rem)", None),
        ("(orientation: portrait) 100vw, 50vw", None),
        ("20em", None),
        ("(max-width: 768px) 100vw", None),
        ("", None),
    ],
)
def test_the_first_condition_that_holds_counts(sizes: str, width: int | None) -> None:
    assert share_of_screen(sizes, 1920) == width
