"""YAML: what is refused, in which words, and that texts and places come out as written."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from node_trees import mistakes, plain, read, scalars, spot, value
from steps import steps

from verify4k.documents.nodes import Pairs, Scalar
from verify4k.documents.text import Lines
from verify4k.documents.yaml import MAX_NODES, read_yaml
from verify4k.documents.yaml_syntax import syntax_mistake
from verify4k.errors import ManifestError

# manifest, the beginning of each mistake
WRONG: list[tuple[str, list[str]]] = [
    ("", ["1:1: the manifest is empty (`verify4k init` writes one"]),
    ("# only\n# comments\n", ["1:1: the manifest is empty"]),
    ("---\n", ["1:1: the manifest is empty"]),
    ("a: 1\nb: 2\na: 3\n", ['3:1: the key "a" is given twice, here and on line 1 (keep one']),
    ("1: x\n'1': y\n", ['2:1: the key "1" is given twice, here and on line 1']),
    ("a: 1\na: 2\na: 3\n", ["2:1: the key", '3:1: the key "a" is given twice, here and on line 1']),
    ("x:\n  k: {a: 1, a: 2}\n", ['2:13: the key "a" is given twice, here and on line 2']),
    (
        "a: !!python/object/apply:os.system [id]\n",
        ['1:4: YAML tags are not supported: "!!python/object/apply:'],
    ),
    ("a: !foo b\n", ['1:4: YAML tags are not supported: "!foo" (remove it']),
    ("a: ! b\n", ['1:4: YAML tags are not supported: "!"']),
    ("!!str a: !!int 3\n", ["1:1: YAML tags", "1:10: YAML tags"]),
    ("!foo!bar x\n", ["1:1: YAML tags are not supported (quote text that begins with !"]),
    ("a: *nope\n", ["1:4: nothing above is named &nope (quote a text that begins with *, or define &nope"]),
    ("a: &size 1\nb: *sise\n", ["2:4: nothing above is named &sise (did you mean *size?)"]),
    ("a: &a [*a]\n", ["1:8: *a stands inside &a itself"]),
    ("&a {b: {c: *a}}\n", ["1:12: *a stands inside &a itself"]),
    ("? [a, b]\n: c\nd: e\nd: f\n", ["1:3: a key must be text, not a list or mapping", '4:1: the key "d"']),
    (
        "{a,b}/*.png: 1\n",
        ["1:1: a key must be text", "1:6: this does not fit the mapping that begins on line 1"],
    ),
    ("?\n: 1\n", ["1:2: a key is missing before the ':'"]),
    ("a\n---\nb\n", ["2:1: a second document begins here (keep one manifest a file)"]),
    ("a: 1\na: 2\n---\n", ['2:1: the key "a"', "3:1: a second document"]),
    ("a:\n\tb: 1\n", ["2:1: a tab where YAML wants spaces (indent with spaces only)"]),
    ("\ta: 1\n", ["1:1: a tab"]),
    ("a:\n  \tb: 1\n", ["2:3: a tab"]),
    ("a: b\n\tc\n", ["2:1: a tab"]),
    ("a: >\n\tfoo\n", ["2:1: a tab"]),
    ("-\tb\n", ["1:2: a tab"]),
    ("*.png: 1x1\n", ['1:1: * begins an alias in YAML (put quotes around "*.png")']),
    ("a: [**/*.png, b]\n", ['1:5: * begins an alias in YAML (put quotes around "**/*.png,")']),
    ("a: &.x b\n", ['1:4: & begins an anchor in YAML (put quotes around "&.x")']),
    ("a: @x\n", ['1:4: "@" cannot begin a value (put quotes around it)']),
    ("a: `x\n", ['1:4: "`" cannot begin a value']),
    ("a: %x\n", ['1:4: "%" cannot begin a value']),
    ("a: b: c\n", ["1:5: a ':' where no key can end (quote a value that holds ': ', fix the"]),
    ("a: 1\n  b: 2\n", ["2:4: a ':' where no key can end"]),
    ("a:\n  - 1\n  b\n", ["3:3: this line has no ':' that makes it a key (write `key: value`)"]),
    ("a: 'x\nb: y\n", ["1:4: this quote is never closed (close it with the same sign)"]),
    ('a: "x\n---\n', ["1:4: this quote is never closed"]),
    (
        'a: "C:\\q"\n',
        ["1:7: no such escape in double quotes (use single quotes, or write \\\\ for a backslash)"],
    ),
    (
        'a: "\\xZZ"\n',
        ["1:7: an escape that names no character (write \\u and four hexadecimal digits; an emoji"],
    ),
    ('a: "\\U00110000"\n', ["1:7: an escape that names no character"]),
    ('a: "\\UFFFFFFFF"\n', ["1:7: an escape that names no character"]),
    (
        "a: [1, 2\nb: 3\n",
        ["1:4: this list is not closed: ',' or ']' was expected on line 2 (close it with ])"],
    ),
    ("a: [1, 2", ["1:4: this list is not closed: ',' or ']' was expected at the end"]),
    ("a: {b: 1\n", ["1:4: this mapping is not closed: ',' or '}' was expected at the end (close it with })"]),
    ("a: [", ["2:1: the manifest ends inside a list or mapping (close it with ] or })"]),
    ("a: ]\n", ["1:4: a value was expected here"]),
    ("a: 'x' y\n", ["1:8: this does not fit the mapping that begins on line 1 (give the keys"]),
    ("a: 1\n- b\n", ["2:1: this does not fit the mapping that begins on line 1"]),
    ("- a\nb: 1\n", ["2:1: this does not fit the list that begins on line 1 (begin each item with '- '"]),
    ("a: - 1\n", ["1:4: a list cannot begin here (put it on the lines below its key)"]),
    ("a: |x\n  foo\n", ["1:5: this does not fit the block text (| or >) that begins on line 1"]),
    ("  a: 1\nb: 2\n", ["2:1: this does not belong to what stands above"]),
    ("%YAML 2.0\n---\na\n", ["1:1: unusable YAML directive (remove the line that begins with %)"]),
    ("a: &a [1]\nb: {<<: *a}\n", ["2:5: << takes a mapping, or a list of mappings"]),
    ("b: {<<: x}\n", ["1:5: << takes a mapping"]),
    ("b: {<<: {x: 1}, <<: {y: 1}}\n", ['1:17: the key "<<" is given twice']),
    ("[" * 65 + "]" * 65, ["1:65: nested more than 64 levels deep (a manifest needs about five)"]),
    ("- " * 2000, ["1:129: nested more than 64 levels deep"]),
]


@pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "pure"])
@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_a_mistake_is_named_where_it_stands_by_either_parser(
    text: str, expected: list[str], pure: bool
) -> None:
    with pytest.raises(ManifestError) as caught:
        read_yaml(text, "m", pure=pure)
    said = [str(mistake).removeprefix("m:") for mistake in caught.value.mistakes]
    assert [whole[: len(start)] for whole, start in zip(said, expected, strict=True)] == expected


def test_a_syntax_error_without_words_of_ours_keeps_those_of_the_parser() -> None:
    error = yaml.MarkedYAMLError(problem="did not expect the Spanish inquisition")
    assert (
        str(syntax_mistake(error, "a", Lines("a", "m")))
        == "m:1:1: not YAML: did not expect the Spanish inquisition"
    )


def test_all_mistakes_before_a_syntax_error_are_reported_with_it() -> None:
    said = mistakes("a: !x 1\nb: *c\n{x}: 1\nd: [x")
    assert [mistake.split(" ")[0] for mistake in said] == ["1:4:", "2:4:", "3:1:", "4:4:"]


@pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "pure"])
def test_an_anchor_bomb_is_a_mistake_before_it_unfolds(pure: bool) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]

    def read() -> None:
        with pytest.raises(ManifestError, match="more than 100,000 values, aliases followed"):
            read_yaml("\n".join(rows), "m", pure=pure)

    assert steps(read) < 20_000


def test_values_are_counted_with_aliases_followed() -> None:
    def rows(count: int) -> str:
        return f"- &a [{', '.join('x' * 99)}]\n" + "- *a\n" * count

    assert len(list(scalars(read(rows(998))))) == 999 * 99
    assert MAX_NODES == 100_000
    (said,) = mistakes(rows(999))
    assert said.startswith("1000:3: more than 100,000 values")


def test_levels_are_counted_with_aliases_followed() -> None:
    def rows(count: int) -> str:
        return "- &a0 [x]\n" + "".join(f"- &a{n} [*a{n - 1}]\n" for n in range(1, count))

    read(rows(62))
    (said,) = mistakes(rows(63))
    assert said.startswith("63:9: nested more than 64 levels deep")


def test_sixty_four_levels_are_read() -> None:
    read("[" * 63 + "x" + "]" * 63)


@pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "pure"])
@pytest.mark.parametrize(
    "text",
    [
        "16:9",
        "no",
        "1e3",
        "0x10",
        "007",
        "1_000",
        "~",
        "null",
        "2026-01-01",
        "3840x2160",
        "yes",
        ".inf",
        "=",
        "1.10",
    ],
)
def test_a_scalar_is_the_text_that_was_written(text: str, pure: bool) -> None:
    node = value(read_yaml(f"a: {text}\n", "m", pure=pure), "a")
    assert node == Scalar(node.place, text, plain=True)


@pytest.mark.parametrize(
    ("written", "text", "bare"),
    [
        ("", "", True),
        ("''", "", False),
        ('""', "", False),
        ("'no'", "no", False),
        ("'it''s'", "it's", False),
        ('"a\\tb"', "a\tb", False),
        ("|\n  x\n  y", "x\ny\n", False),
        (">-\n  x\n  y", "x y", False),
        ("x\n  y", "x y", True),
        ("x # note", "x", True),
        ("x#1", "x#1", True),
    ],
)
def test_each_way_to_write_a_text(written: str, text: str, bare: bool) -> None:
    node = value(read(f"a: {written}\nb: 1\n"), "a")
    assert isinstance(node, Scalar)
    assert (node.text, node.plain) == (text, bare)


def test_places_are_those_of_the_first_character() -> None:
    node = read("version: 1\nfiles:\n  dist/ä.png: 3840x2160\n  'b.png': [1x1,  {size: x}]\n")
    assert [(scalar.text, *spot(scalar.place)) for scalar in scalars(node)] == [
        ("version", 1, 1),
        ("1", 1, 10),
        ("files", 2, 1),
        ("dist/ä.png", 3, 3),
        ("3840x2160", 3, 15),
        ("b.png", 4, 3),
        ("1x1", 4, 13),
        ("size", 4, 20),
        ("x", 4, 26),
    ]


def test_an_alias_gives_what_was_anchored_and_its_place() -> None:
    node = read("a: &big {size: 1x1}\nb: *big\n*big2 : 1\n".replace("*big2 : 1\n", ""))
    assert value(node, "b") == value(node, "a")
    assert spot(value(node, "b").place) == (1, 4)


def test_an_alias_as_key_stands_where_it_is_written() -> None:
    node = read("a: &name x.png\n*name : 1x1\n")
    assert isinstance(node, Pairs)
    key = node.pairs[1][0]
    assert (key.text, *spot(key.place)) == ("x.png", 2, 1)


@pytest.mark.parametrize(
    ("merge", "merged"),
    [
        ("{<<: *b}", {"x": "1", "y": "2"}),
        ("{<<: *b, x: 3}", {"y": "2", "x": "3"}),
        ("{x: 3, <<: *b}", {"x": "3", "y": "2"}),
        ("{<<: [*b, *c]}", {"x": "1", "y": "2", "z": "9"}),
        ("{<<: [*c, *b]}", {"y": "8", "z": "9", "x": "1"}),
        ("{<<: {q: 1}}", {"q": "1"}),
        ("{<<: []}", {}),
        ("{'<<': 1}", {"<<": "1"}),
        ("{'<<': 1, <<: *b}", {"<<": "1", "x": "1", "y": "2"}),
    ],
)
def test_merge_keys_fill_in_what_is_not_written(merge: str, merged: dict[str, str]) -> None:
    node = value(read(f"b: &b {{x: 1, y: 2}}\nc: &c {{y: 8, z: 9}}\nm: {merge}\n"), "m")
    assert list(plain(node).items()) == list(merged.items())


def test_a_merge_of_merges_reaches_all_of_them() -> None:
    text = "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\n"
    assert plain(value(read(text), "c")) == {"x": "1", "y": "2"}


def test_document_marks_around_one_document_are_fine() -> None:
    assert plain(read("%YAML 1.2\n---\na: b\n...\n")) == {"a": "b"}


def test_an_anchor_may_be_used_again_for_another_value() -> None:
    assert plain(read("- &a 1\n- *a\n- &a 2\n- *a\n")) == ["1", "1", "2", "2"]


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\u2028\u2029\ufffe\uffff")
)
TREES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(WORDS, TREES, min_size=1, max_size=3), st.booleans(), st.booleans())
def test_a_tree_written_by_pyyaml_is_read_back_as_it_was(tree: Any, flow: bool, pure: bool) -> None:
    text = yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True, sort_keys=False)
    assert plain(read_yaml(text, "m", pure=pure)) == tree


@given(st.dictionaries(WORDS, TREES, min_size=1, max_size=3), st.booleans())
def test_both_parsers_give_the_same_tree_and_places(tree: Any, flow: bool) -> None:
    text = yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True, sort_keys=False)
    assert read_yaml(text, "m") == read_yaml(text, "m", pure=True)


@given(
    st.dictionaries(
        st.text("abäß😀", min_size=1), st.lists(st.text("xyö☃", min_size=1), min_size=1), min_size=1
    )
)
def test_places_point_at_the_texts(tree: dict[str, list[str]]) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    rows = text.splitlines()
    for scalar in scalars(read(text)):
        row = rows[scalar.place.line - 1][scalar.place.column - 1 :]
        assert row.startswith((scalar.text, f"'{scalar.text}'", '"'))
