"""JavaScript read for its literals: what is told apart, and what is never guessed."""

from __future__ import annotations

import pytest

from verify4k.documents.building import plain_value
from verify4k.documents.javascript import Code, Script, tokens


def values(text: str, key: str = "a") -> list[object]:
    return [
        "code" if isinstance(value, Code) else plain_value(value)
        for value in Script(text, "x.js").values(key)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x = {a: 1}", ["1"]),
        ("x = {'a': \"it's\", b: 1}", ["it's"]),
        ("x = {a: 'it\\'s'}", ["it's"]),
        ("x = {a: [1, 2_0, ], b}", [["1", "20"]]),
        ("x = {a: []}", [[]]),
        ("x = {a: [1] as const}", [["1"]]),
        ("x.a = [1]\nlet b = 2", [["1"]]),
        ("x.a = [1];", [["1"]]),
        ("const A = [1]\nx = {a: A}", [["1"]]),
        ("let A = [1]; A = [2]; x = {a: A}", ["code"]),
        ("x = {a: A}", ["code"]),
        ("x = {a: 1 + 2}", ["code"]),
        ("x = {a: [1].map(f)}", ["code"]),
        ("x = {a: [[1]]}", ["code"]),
        ("x = {a: `1`}", ["code"]),
        ("x = {a: y ? 1 : 2}", ["code"]),
        ("x = {a}", ["code"]),
        ("x = y ? a : 1", []),  # no key
        ("x = {/* a: 1, */ b: 2} // a: 3", []),
        ("x = {b: '{a: 1}', c: `{a: ${1}}`, d: /{a: 1}/}", []),
        ('x = {b: /[/"]/, a: 1}', ["1"]),
        ("x = {b: 4 / 2, c: '/', a: 1}", ["1"]),
        ("x = {b: (4) / 2 / 1, a: 1}", ["1"]),
        ("x = {a: 1}, y = {a: 2}", ["1", "2"]),
        ("x = {a: [1", ["code"]),
        ("x = {a:", ["code"]),
    ],
)
def test_only_what_is_written_is_read(text: str, found: list[object]) -> None:
    assert values(text) == found


def test_a_value_has_its_place() -> None:
    (value,) = Script("x = {\n  a: [640]\n}", "x.js").values("a")
    assert str(value.place) == "x.js:2:6"


def test_hostile_text_ends() -> None:
    """Each of these took minutes where every start was searched to the text's end."""
    hostile = ("`", "/*", "'a\\", '"\\\n', "[", "/", "/[", "a:", "{a:b,", "\0\ufffd")
    for text in (piece * 20_000 for piece in hostile):
        assert tokens(text) is not None
        assert values(f"x = {{a: {text}") is not None
