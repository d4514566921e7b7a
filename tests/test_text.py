"""Foreign text on a terminal or in a log: one line, nothing obeyed, nothing reordered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify4k.text import counted, listed, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain name.png", "plain name.png"),
        ("图像-🖼.png", "图像-🖼.png"),
        ("café", "café"),
        ("new\nline", "new\\x0aline"),
        ("bell\x07\x1b[31m", "bell\\x07\\x1b[31m"),
        ("rtl\u202egnp", "rtl\\u202egnp"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("line\u2028end", "line\\u2028end"),
        ("bad\udce9byte", "bad\\xe9byte"),
        ("first\udc80byte", "first\\x80byte"),
        ("last\udcffbyte", "last\\xffbyte"),
        ("half\ud83d", "half\\ud83d"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("::error file=a::b", ":\\x3aerror file=a::b"),
        ("x ::error::y", "x :\\x3aerror::y"),
        ("a::b", "a::b"),
        ("##[error]x", "#\\x23[error]x"),
        ("##VSO[task]", "#\\x23VSO[task]"),
        ("## heading", "## heading"),
    ],
)
def test_text_is_shown_without_anything_that_acts(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_what_is_shown_is_one_line_of_printable_characters(text: str) -> None:
    shown = printable(text)
    assert all(char.isprintable() or char == "\u200d" for char in shown)
    assert not shown.startswith("::") or len(shown) == 2 or shown[2].isspace()
    assert "##[" not in shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a, b"),
        (["a", "b", "c"], "a, b and 1 more"),
        ("abcde", "a, b and 3 more"),
    ],
)
def test_a_long_list_says_how_many_it_leaves_out(words: list[str], shown: str) -> None:
    assert listed(words, 2) == shown


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (1200, "1,200 files")]
)
def test_one_is_singular_and_nothing_is_not(number: int, words: str) -> None:
    assert counted(number, "file") == words
