"""JSON: strict, with places, numbers as written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from node_trees import mistakes, plain, read, scalars, spot, value

from verify4k.documents.nodes import Pairs, Scalar

WRONG: list[tuple[str, list[str]]] = [
    ("", ["1:1: the manifest is empty (`verify4k init`"]),
    (" \n\t", ["2:2: the manifest is empty"]),
    ('{"a": 1} x', ["1:10: text after the end of the document"]),
    ('{"a": 1}\n{}', ["2:1: text after the end of the document"]),
    ('{"a": 1,\n "a": 2}', ['2:2: the key "a" is given twice, here and on line 1 (keep one of them)']),
    ('{"a": 1,}', ["1:8: a comma before '}' (JSON allows none; remove it)"]),
    ('{"a": [1,\n],\n}', ["1:9: a comma before ']'", "2:2: a comma before '}'"]),
    ("[,1]", ["1:2: a value was expected here"]),
    ("[1,,2]", ["1:4: a value was expected here"]),
    ("{,}", ["1:2: a key in double quotes was expected"]),
    ('{"a": 1 // x\n}', ["1:9: JSON has no comments (use YAML, or remove it)"]),
    ('/* x\n */ {"a": 1} # y', ["1:1: JSON has no comments", "2:14: JSON has no comments"]),
    ("{a: 1}", ['1:2: a key in double quotes was expected (write "key": value)']),
    ("{'a': 1}", ["1:2: a key in double quotes was expected"]),
    ('{"a" 1}', ["1:6: a ':' was expected after the key \"a\""]),
    ('{"a": }', ["1:7: a value was expected here"]),
    ('{"a": 1 "b": 2}', ["1:9: ',' or '}' was expected in the mapping that begins on line 1"]),
    ("[1\n2]", ["2:1: ',' or ']' was expected in the list that begins on line 1"]),
    ("[1", ["1:3: the document ends too early: ',' or ']' was expected in the list"]),
    ('{"a":', ["1:6: the document ends too early: a value was expected here"]),
    ("[1}", ["1:3: ',' or ']' was expected in the list"]),
    ('["a', ["1:2: not a JSON string: Unterminated string"]),
    ('["a\nb"]', ["1:4: not a JSON string: Invalid control character"]),
    ('["a\tb"]', ["1:4: not a JSON string: Invalid control character"]),
    ('["C:\\q"]', ["1:5: not a JSON string: Invalid \\escape"]),
    ('["\\u12"]', ["1:4: not a JSON string: Invalid \\uXXXX escape"]),
    ("['a']", ['1:2: "\'a\'" is no JSON value (put text in double quotes)']),
    *(
        (f"[{word}]", [f'1:2: "{word}" is no JSON value'])
        for word in ["NaN", "Infinity", "True", "nul", "01", "1.", ".5", "+1", "0x10", "1e", "-", "١"]
    ),
    ("[" * 65 + "]" * 65, ["1:65: nested more than 64 levels deep"]),
    ('{"a":' * 100_000, ["1:321: nested more than 64 levels deep"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_what_is_no_json_is_refused_where_it_stands(text: str, expected: list[str]) -> None:
    said = mistakes(text, "m.json")
    assert [whole[: len(start)] for whole, start in zip(said, expected, strict=True)] == expected


@pytest.mark.parametrize("word", ["1", "-0", "1.50", "1e3", "-1.5E+10", "9" * 5000, "true", "false", "null"])
def test_numbers_and_words_stay_as_written(word: str) -> None:
    node = read(f"[{word}]", "m.json")
    (scalar,) = scalars(node)
    assert (scalar.text, scalar.plain) == (word, True)


def test_a_string_is_not_plain() -> None:
    (scalar,) = scalars(read('["no"]', "m.json"))
    assert scalar == Scalar(scalar.place, "no", plain=False)


def test_places_are_those_of_the_first_character() -> None:
    node = read('{\n\t"ä/b.png": {"size" : "1x1"},\r\n  "l": [1, {}]\n}\n', "m.json")
    assert spot(node.place) == (1, 1)
    assert isinstance(node, Pairs)
    assert spot(node.pairs[0][0].place) == (2, 2)
    assert spot(value(node, "ä/b.png").place) == (2, 13)
    assert spot(value(node, "ä/b.png", "size").place) == (2, 23)
    assert spot(value(node, "l").place) == (3, 8)
    assert spot(value(node, "l", 0).place) == (3, 9)
    assert spot(value(node, "l", 1).place) == (3, 12)


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert plain(read('{"<<": {"a": 1}}', "m.json")) == {"<<": {"a": "1"}}


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
TREES = st.recursive(
    WORDS | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


def as_text(tree: Any) -> Any:
    if isinstance(tree, list):
        return [as_text(item) for item in tree]
    if isinstance(tree, dict):
        return {key: as_text(item) for key, item in tree.items()}
    return tree if isinstance(tree, str) else json.dumps(tree)


@given(TREES, st.sampled_from([None, 2, "\t"]))
def test_a_tree_written_by_json_is_read_back_as_it_was(tree: Any, indent: int | str | None) -> None:
    assert plain(read(json.dumps(tree, indent=indent), "m.json")) == as_text(tree)


@given(st.dictionaries(st.text("aä😀"), st.lists(st.integers())), st.sampled_from([None, 1]))
def test_places_point_at_the_texts(tree: Any, indent: int | None) -> None:
    text = json.dumps(tree, indent=indent, ensure_ascii=False)
    rows = text.split("\n")
    for scalar in scalars(read(text, "m.json")):
        row = rows[scalar.place.line - 1][scalar.place.column - 1 :]
        assert row.startswith(scalar.text if scalar.plain else f'"{scalar.text}"')
