"""Which pictures style sheets fit into their places, by the selectors that pages use."""

from __future__ import annotations

import pytest

from verify4k.pages.fitting import fitted
from verify4k.pages.html import read_page
from verify4k.pages.reference import Shape

IMG = '<img src=a.png class="face md:big" id=me data-x=1 width=80 height=40>'


def said(css: str, body: str) -> tuple[Shape | None, int | None]:
    page = read_page(f"<style>{css}</style>{body}", "p.html")
    found = fitted(page.references[-1], page.fits)
    return found.shape, found.least


NOT_FITTED = [
    (".face { width: 3px }", IMG),
    (".face { object-fit: fill }", IMG),
    (".face { object-fit: inherit }", IMG),
    (".other { object-fit: cover }", IMG),
    (".face.other { object-fit: cover }", IMG),
    ("#you, video { object-fit: cover }", IMG),
    (".card img { object-fit: cover }", IMG),
    (".card img { object-fit: cover }", f"<p class=card><br></p>{IMG}"),
    (".card img { object-fit: cover }", f"<div class=card><p>left open</div>{IMG}"),
    (".card:hover > .thumb img { object-fit: cover }", f"<p class=card>{IMG}</p>"),
    (":where(.a, .b) { object-fit: cover }", IMG),  # not understood
    ("& img { object-fit: cover }", IMG),
    ("[data-y] { object-fit: cover }", IMG),
]
CROPPED = [
    ("img { object-fit: cover }", IMG),
    ("* { OBJECT-FIT: Cover }", IMG),
    ("p, .face { object-fit: cover !important }", IMG),
    ("img.face#me { object-fit: cover }", IMG),
    (r".md\:big { object-fit: cover }", IMG),
    ("@media (min-width: 9px) { @layer x { .face { object-fit: cover } } }", IMG),
    ("[data-x='1']:first-child { object-fit: cover }", IMG),
    (":where(.face) { object-fit: cover }", IMG),
    (".card > p img { object-fit: cover }", f"<div class=card><p>{IMG}</p></div>"),
    ("h1 + img { object-fit: cover }", IMG),
    (".card { color: red; & > i {} } .face { object-fit: cover }", IMG),
]
FRAMED = [
    (".face { object-fit: contain }", IMG),
    (".face { object-fit: var(--fit) }", IMG),
    (".face { object-fit: cover } #me { object-fit: none }", IMG),
]


@pytest.mark.parametrize(("css", "body"), NOT_FITTED)
def test_what_no_rule_fits_keeps_its_shape(css: str, body: str) -> None:
    assert said(css, body) == (Shape(80, 40), 80)


@pytest.mark.parametrize(("css", "body"), CROPPED)
def test_what_is_cropped_has_to_fill_its_place_only(css: str, body: str) -> None:
    assert said(css, body) == (None, 80)


@pytest.mark.parametrize(("css", "body"), FRAMED)
def test_what_may_be_framed_promises_nothing(css: str, body: str) -> None:
    assert said(css, body) == (None, None)


def test_rules_without_end_are_read_up_to_a_bound() -> None:
    css = "a{" * 3000 + "object-fit: cover"
    assert said(css, IMG) == (Shape(80, 40), 80)
