"""A rule's page shows its examples as lines that work in a manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from verify4k.cli._rule_page import page
from verify4k.documents.flow import flow
from verify4k.documents.nodes import Items, Node, Pairs, Scalar
from verify4k.documents.yaml import read_yaml
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from verify4k.rule import Example


def plain(node: Node) -> object:
    """What a node holds, every value as text."""
    if isinstance(node, Pairs):
        return {key.text: plain(value) for key, value in node.pairs}
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text


@pytest.mark.parametrize(
    "example",
    [pytest.param(e, id=f"{r.id}: {e.title}") for r in all_rules().values() for e in r.examples],
)
def test_the_promise_of_an_example_is_yaml_that_says_the_same(example: Example) -> None:
    assert plain(read_yaml(f"a.png: {flow(example.promise)}", "x.yaml")) == {"a.png": example.promise}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("16:9", "16:9"),
        ("2.39:1", "2.39:1"),
        ("..48", "..48"),
        ("Display P3", "Display P3"),
        ("EXIF:Copy*", "EXIF:Copy*"),
        ("a: b", '"a: b"'),
        ("a ", '"a "'),
        ("*", '"*"'),
        ("a #b", '"a #b"'),
        ("a, b", '"a, b"'),
        ("", '""'),
        ({"a": ["b", {"c": "d"}]}, "{a: [b, {c: d}]}"),
    ],
)
def test_values_are_plain_where_yaml_reads_them_back_and_quoted_elsewhere(value: object, text: str) -> None:
    assert flow(value) == text
    assert plain(read_yaml(f"x: {text}", "x.yaml")) == {"x": value}


def test_a_failing_example_says_what_will_be_read() -> None:
    lines = page(all_rules()["exact-size"]).splitlines()
    at = lines.index("- half size: 32x18 under `picture.png: {size: 64x36}`")
    told = "the picture has 0.5 times the promised width and height; expected 64x36, found 32x18"
    assert lines[at + 1] == f"  - error: {told}"
