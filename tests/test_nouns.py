"""The nouns: a copy of an asset keeps what nobody replaced, whatever fields an asset has."""

from __future__ import annotations

from typing import Any

import pytest

from verify4k.documents.nodes import Place
from verify4k.manifest.generation import GenerateOptions
from verify4k.model import Asset, Lineage, Manifest, Size


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


@pytest.mark.parametrize(
    ("url", "delivered"),
    [
        ("http://a.example/b.png", True),
        ("https://a.example/b.png", True),
        ("HTTPS://a.example/b.png", True),
        ("s3://bucket/b.png", False),
        (None, False),
    ],
)
def test_a_web_server_answers_for_http_and_https(url: str | None, delivered: bool) -> None:
    assert Asset("b.png", "b.png", Place("m", 1, 1), url=url).delivered is delivered


def test_a_file_beside_another_is_weighed_like_it_and_promised_nothing() -> None:
    beside = whole().neighbour("b.png", "dist/b.png")
    kept = {"place": "<place>", "severities": "<severities>", "ignores": "<ignores>"}
    assert {name: getattr(beside, name) for name in kept} == kept
    assert (beside.target, beside.path, beside.url, beside.made_from) == ("b.png", "dist/b.png", None, None)
    assert (dict(beside.options), dict(beside.written), beside.generate) == ({}, {}, None)


def test_an_asset_travels_whole_and_its_defaults_stay_where_they_are() -> None:
    plain = Asset("a.png", "dist/a.png", Place("m", 1, 1))
    for asset in (plain, plain.replaced(url="https://a.example/a.png", severities={"color": None})):
        back = Asset.__new__(Asset)
        back.__setstate__(asset.__getstate__())
        assert {name: getattr(back, name) for name in Asset.__slots__} == {
            name: getattr(asset, name) for name in Asset.__slots__
        }


def test_one_is_alone_that_comes_from_nothing_and_of_which_nothing_comes() -> None:
    place = Place("m", 1, 1)
    first = Asset("a.png", "a.png", place)
    made = Asset("b.png", "b.png", place, made_from="a.png")
    other = Asset("c.png", "c.png", place)
    lineage = Lineage([first, made, other])
    assert [lineage.alone(asset) for asset in (first, made, other)] == [False, False, True]
    assert [lineage.of(asset) for asset in (first, made)] == [(first,), (first, made)]


def test_files_of_a_manifest_are_its_promises_without_a_url() -> None:
    place = Place("m", 1, 1)
    file, url = Asset("a.png", "a.png", place), Asset("u", "u", place, url="https://a.example/b.png")
    assert Manifest("m", "0" * 64, "/", (file, url)).files == ["a.png"]
