"""The nouns: a copy of an asset keeps what nobody replaced, whatever fields an asset has."""

from __future__ import annotations

from typing import Any

import pytest

from verify4k.documents.nodes import Place
from verify4k.manifest.generation import GenerateOptions
from verify4k.model import Asset, Size


def whole() -> Any:
    """An asset with a word in every field, whatever it is for."""
    asset: Any = Asset("a.png", "dist/a.png", Place("m", 1, 1))
    for name in Asset.__slots__:
        setattr(asset, name, f"<{name}>")
    return asset


@pytest.mark.parametrize("field", ["options", "generate", "url"])
def test_a_copy_replaces_one_field_and_keeps_every_other(field: str) -> None:
    asset = whole()
    copy = asset.replaced(**{field: "new"})
    assert {name: getattr(copy, name) for name in Asset.__slots__} == {
        name: "new" if name == field else f"<{name}>" for name in Asset.__slots__
    }
    assert getattr(asset, field) == f"<{field}>"


def test_a_field_may_be_replaced_by_nothing() -> None:
    assert whole().replaced(url=None).url is None
    assert whole().replaced().url == "<url>"


def test_a_promise_moves_to_another_url_whole() -> None:
    moved = whole().moved("https://cdn.example/a.png")
    assert (moved.url, moved.target, moved.ignores) == ("https://cdn.example/a.png", "<target>", "<ignores>")


def test_fallbacks_and_prompt_are_those_of_the_wish() -> None:
    asset = Asset("a.png", "a.png", Place("m", 1, 1))
    assert (asset.fallbacks, asset.prompted) == ((), False)
    wish = GenerateOptions(prompt="a hill", critical=False, fallback=(Size(4, 3),))
    asked = asset.replaced(generate=wish)
    assert (asked.fallbacks, asked.prompted) == ((Size(4, 3),), True)
    assert asset.replaced(generate=wish.replaced(critical=True)).fallbacks == ()
