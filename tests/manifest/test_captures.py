"""Captures in paths: what a name says, and which names do not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify4k.manifest.captures import read_pattern

CASES = [
    ("art/{name}-{theme}.png", {}, "art/hero-dark.png", {"name": "hero", "theme": "dark"}),
    ("art/{name}-{theme}.png", {}, "art/hero.png", None),
    ("art/{name}-{theme}.png", {"theme": ["dark"]}, "art/a-b-dark.png", {"name": "a-b", "theme": "dark"}),
    ("art/{name}-{theme}.png", {"theme": ["dark"]}, "art/a-light.png", None),
    ("{name}{scale}.png", {"scale": ["", "@2x"]}, "a@2x.png", {"name": "a", "scale": "@2x"}),
    ("{name}{scale}.png", {"scale": ["", "@2x"]}, "a.png", {"name": "a", "scale": ""}),
    ("{name}/{name}.png", {}, "a/a.png", {"name": "a"}),
    ("{name}/{name}.png", {}, "a/b.png", None),
    ("{locale}/**/*.png", {}, "en/a/b/c.png", {"locale": "en"}),
    ("{locale}/**/*.png", {}, "en/c.png", {"locale": "en"}),
    ("{locale}/*.png", {}, "en/a/c.png", None),
    ("a.b/{x}", {}, "aXb/c", None),
    ("{x}[12].png", {}, "a1.png", {"x": "a"}),
    ("{x}[12].png", {}, "a3.png", None),
    ("[!_]{x}.png", {}, "hero.png", {"x": "ero"}),  # as files: reads it, not as an expression
    ("[!_]{x}.png", {}, "_hero.png", None),
    ("{x}[z-a].png", {}, "az.png", None),
    ("{x}[a&&b].png", {}, "x&.png", {"x": "x"}),
    ("{x}[]-].png", {}, "x].png", {"x": "x"}),
    ("{x}[/y].png", {}, "a[/y].png", {"x": "a"}),
    ("{locale}/**", {}, "en/a/b/c.png", {"locale": "en"}),
    ("{locale}/a**/c.png", {}, "en/a1/c.png", {"locale": "en"}),
    ("{locale}/a**/c.png", {}, "en/a1/b/c.png", None),
]


@pytest.mark.parametrize(("pattern", "values", "target", "said"), CASES)
def test_a_target_says(
    pattern: str, values: dict[str, list[str]], target: str, said: dict[str, str] | None
) -> None:
    assert read_pattern(pattern, values).match(target) == said


NAMES = st.text(alphabet="ab-.@2x{}()[", min_size=1, max_size=6).filter(lambda text: "/" not in text)


@given(NAMES, NAMES)
def test_what_is_filled_in_is_read_back(name: str, theme: str) -> None:
    pattern = read_pattern("art/{name}/{theme}.png", {})
    said = {"name": name, "theme": theme}
    assert pattern.match(pattern.fill(said)) == said
