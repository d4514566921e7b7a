"""srcset as browsers read it, with the cases of the standard's own tests that trip splitters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify4k.pages.srcset import Candidate, parse_srcset

C = Candidate
CASES = [
    ("", []),
    (" , ,", []),
    ("a.png", [C("a.png")]),
    ("a.png 2x", [C("a.png", None, 2.0)]),
    ("a.png 1.5x, b.png 800w", [C("a.png", None, 1.5), C("b.png", 800)]),
    ("a.png 800w 600h", [C("a.png", 800)]),
    ("a.png,b.png", [C("a.png,b.png")]),  # a comma without a blank belongs to the URL
    ("a.png, b.png", [C("a.png"), C("b.png")]),
    (
        "data:image/png;base64,AA== 1x, b.png 2x",
        [C("data:image/png;base64,AA==", None, 1.0), C("b.png", None, 2.0)],
    ),
    ("a.png 0w, b.png 1w", [C("b.png", 1)]),
    ("a.png -1x, b.png", [C("b.png")]),
    ("a.png 1w 2x", []),
    ("a.png 0x, b.png 1e6x, c.png 1000001x", [C("b.png", None, 1e6)]),
    ("a.png 1e999x, b.png infx, c.png nanx, d.png 2x", [C("d.png", None, 2.0)]),
    ("a.png " + "9" * 400 + "x", []),
    ("a.png 800q", []),
    ("a.png 600h", []),
    ("a.png 1x 2x, b.png 1w 2w, c.png 1w 2h 3h, d.png 1x 2h, e.png 1w 0h", []),
    (
        "a.png +1x, b.png 1_0x, c.png 1.x, d.png 1_0w, e.png \u0661x, f.png x, g.png .5x",
        [C("g.png", None, 0.5)],
    ),
    ("a.png 1.0w, b.png 1e2w, c.png 1e2x", [C("c.png", None, 100.0)]),
    ("a.png (x, y) 1w, b.png 2w", [C("b.png", 2)]),
    ("\n  a.png\t800w ,\n  b.png 1600w\n", [C("a.png", 800), C("b.png", 1600)]),
]


@pytest.mark.parametrize(("text", "found"), CASES)
def test_candidates_are_those_of_a_browser(text: str, found: list[Candidate]) -> None:
    assert parse_srcset(text) == found


@given(st.text(alphabet="ab .,()wx012-\n\t", max_size=60))
def test_no_text_raises_and_no_candidate_is_empty(text: str) -> None:
    assert all(each.url for each in parse_srcset(text))
