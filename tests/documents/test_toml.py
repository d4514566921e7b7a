"""The table of a pyproject.toml: values as tomllib reads them, places as written."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from node_trees import mistakes, plain, read, scalars, spot, value
from steps import steps

from verify4k.documents.nodes import Scalar

PATH = "pyproject.toml"
HEAD = "[tool.verify4k]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: no [tool.verify4k] table in this file (add the table, or name another manifest with -c)"),
        ("[tool.black]\n", "1:1: no [tool.verify4k] table in this file"),
        ("tool = 3\n", "1:1: no [tool.verify4k] table in this file"),
        (HEAD + "a = \n", "2:5: not TOML: "),
        (HEAD + "a = 1\na = 2\n", "3:6: not TOML: "),
        (
            HEAD + 'dist/a.png = "1x1"\n',
            "2:5: not TOML: Expected '=' after a key in a key/value pair (quote a key",
        ),
        (HEAD + 'a = "x', "2:7: not TOML: "),
        (HEAD + "a = 1 # \0\n", "2:"),
        (HEAD + "a = 2026-99-99\n", "2:9: not TOML: "),
        (HEAD + "a = " + "9" * 5000, "1:1: not TOML: Exceeds the limit"),
        (HEAD + "a = " + "[" * 50_000, "1:1: nested too deeply"),
        (HEAD + "a = " + "[" * 64 + "]" * 64, "2:68: nested more than 64 levels deep"),
        (HEAD + ".".join("a" * 33) + " = 1", "2:1: a key of 32 parts or more"),
    ],
)
def test_what_cannot_be_used_is_refused_where_it_stands(text: str, said: str) -> None:
    (mistake,) = mistakes(text, PATH)
    assert mistake[: len(said)] == said


def test_deep_tables_of_other_tools_are_none_of_our_business() -> None:
    text = "[tool.other]\na = " + "[{b=[" * 30 + "1,'x]'" + "]}]" * 30 + "\nc = [2]\n" + HEAD + "v = 1\n"
    node = read(text, PATH)
    assert plain(node) == {"v": "1"}
    assert spot(value(node, "v").place) == (5, 5)


@pytest.mark.parametrize(
    ("written", "text", "bare"),
    [
        ("1_000", "1_000", True),
        ("0xFF", "0xFF", True),
        ("1.50", "1.50", True),
        ("1e3", "1e3", True),
        ("inf", "inf", True),
        ("true", "true", True),
        ("1979-05-27T07:32:00Z", "1979-05-27T07:32:00Z", True),
        ("1979-05-27 07:32:00.5 # x", "1979-05-27 07:32:00.5", True),
        ("1979-05-27", "1979-05-27", True),
        ('"no"', "no", False),
        ('"a\\"b\\u00e4 # x"', 'a"bä # x', False),
        ("'C:\\x'", "C:\\x", False),
        ('"""\nx"y\\\n  z"""', 'x"yz', False),
        ('"""x""""', 'x"', False),
        ('""""""', "", False),
        ("'''\na''b'''''", "a''b''", False),
        ('""', "", False),
    ],
)
def test_each_way_to_write_a_value(written: str, text: str, bare: bool) -> None:
    node = read(f"{HEAD}a = {written}\nb = 7\n", PATH)
    inner = value(node, "a")
    assert isinstance(inner, Scalar)
    assert (inner.text, inner.plain, spot(inner.place)) == (text, bare, (2, 5))
    assert spot(value(node, "b").place)[1] == 5


def test_every_kind_of_key_and_table_has_its_place() -> None:
    text = """\
[project]
name = "x"  # a comment with [brackets] = 1
x = [ # one
  "a]", 'b', { c = 1, "d e" = [2] },
]
[tool.verify4k]
version = 1
defaults.alpha = "forbidden"
[ tool . verify4k . "files" ]
"dist/ä.png" = "3840x2160"
'b.png' = { size = "1x1", native = true }
"c\\u0020d" = [1, 2,
  3]
[[tool.verify4k.more]]
k = 1
[tool.verify4k.more.sub]
s = 2
[[tool.verify4k.more]]
k = 3
"""
    node = read(text, PATH)
    assert plain(node) == {
        "version": "1",
        "defaults": {"alpha": "forbidden"},
        "files": {
            "dist/ä.png": "3840x2160",
            "b.png": {"size": "1x1", "native": "true"},
            "c d": ["1", "2", "3"],
        },
        "more": [{"k": "1", "sub": {"s": "2"}}, {"k": "3"}],
    }
    assert [(scalar.text, *spot(scalar.place)) for scalar in scalars(node)] == [
        ("version", 7, 1),
        ("1", 7, 11),
        ("defaults", 8, 1),
        ("alpha", 8, 10),
        ("forbidden", 8, 18),
        ("files", 9, 21),
        ("dist/ä.png", 10, 1),
        ("3840x2160", 10, 16),
        ("b.png", 11, 1),
        ("size", 11, 13),
        ("1x1", 11, 20),
        ("native", 11, 27),
        ("true", 11, 36),
        ("c d", 12, 1),
        ("1", 12, 15),
        ("2", 12, 18),
        ("3", 13, 3),
        ("more", 14, 17),
        ("k", 15, 1),
        ("1", 15, 5),
        ("sub", 16, 21),
        ("s", 17, 1),
        ("2", 17, 5),
        ("k", 19, 1),
        ("3", 19, 5),
    ]


@pytest.mark.parametrize(
    "text", ["tool.verify4k.a = 1", "tool = {verify4k = {a = 1}}", "[tool]\nverify4k.a = 1"]
)
def test_the_table_may_be_written_in_other_ways(text: str) -> None:
    node = read(text, PATH)
    assert plain(node) == {"a": "1"}
    assert spot(value(node, "a").place)[1] == text.splitlines()[-1].index("1") + 1


def test_an_empty_table_is_an_empty_mapping() -> None:
    assert plain(read(HEAD, PATH)) == {}


def test_windows_line_ends_change_no_line() -> None:
    node = read(HEAD.replace("\n", "\r\n") + 'a = """x\r\ny"""\r\nb = 1\r\n', PATH)
    assert plain(node) == {"a": "x\ny", "b": "1"}
    assert spot(value(node, "b").place) == (4, 5)


def test_long_dotted_keys_end_soon() -> None:
    parts = ["a", "' '", '"\\""'] * 90_000
    said: list[str] = []
    taken = steps(lambda: said.extend(mistakes(HEAD + "x = 1\n" + ".".join(parts) + " = 1", PATH)))
    assert said[0].startswith("3:1: a key of 32 parts or more")
    assert taken < 1_000  # refused before anything looks at each part


KEYS = st.from_regex(r"[a-z0-9_-]{1,3}|\"[a-z .=#\[]{0,4}\"|'[a-z .=#\]\"]{0,4}'", fullmatch=True)
LEAVES = st.sampled_from(
    ["1", "-2.5", "true", "12:30:00", "'x # y'", '"a\\\\\\"b"', "'''\n[x]\n'''", '"""q"" # """']
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(KEYS, inner, max_size=2).map(
            lambda d: f"{{{', '.join(f'{k} = {v}' for k, v in d.items())}}}"
        )
    ),
    max_leaves=5,
)


def as_text(tree: Any) -> Any:
    if isinstance(tree, list):
        return [as_text(item) for item in tree]
    if isinstance(tree, dict):
        return {key: as_text(item) for key, item in tree.items()}
    return str(tree).lower() if isinstance(tree, bool) else str(tree)


@given(st.lists(st.tuples(KEYS, VALUES), max_size=4))
def test_values_are_those_of_tomllib_and_each_has_a_line_of_its_own(pairs: list[tuple[str, str]]) -> None:
    text = HEAD + "".join(f"{key} = {written} # [x]\n" for key, written in pairs)
    try:
        expected = tomllib.loads(text)["tool"]["verify4k"]
    except tomllib.TOMLDecodeError:
        mistakes(text, PATH)
        return
    node = read(text, PATH)
    assert plain(node) == as_text(expected)
    rows = text.split("\n")
    for scalar in scalars(node):
        row = rows[scalar.place.line - 1][scalar.place.column - 1 :]
        assert row.startswith((scalar.text, '"', "'"))
