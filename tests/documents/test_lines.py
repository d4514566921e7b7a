"""Lines of a text that is read in pieces are those of the whole text."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify4k.documents import lines as module
from verify4k.documents.lines import lines
from verify4k.errors import ManifestError

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = st.lists(st.sampled_from(["a", "é", "\U0001f5bc", "\r", "\n", "\r\n", "\u2028", " "])).map("".join)


@given(TEXTS, st.lists(st.integers(0, 60)), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_pieces_of_any_size_give_the_lines_of_the_whole(text: str, cuts: list[int], encoding: str) -> None:
    data = text.encode(encoding)
    at = sorted({0, len(data), *(min(4 + cut, len(data)) for cut in cuts)})
    pieces = [data[start:end] for start, end in pairwise(at)]
    whole = re.sub("\r\n|\r", "\n", text)
    assert list(lines(pieces, "a.csv")) == re.findall("[^\n]*\n|[^\n]+", whole)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a\nb\n\xff\n", "a.csv:3:1: not UTF-8 text: byte 0xff (save it as UTF-8)"),
        (b"a\nb\xc3", "a.csv:2:1: not UTF-8 text: byte 0xc3 (save it as UTF-8)"),
        ("\ufeffa\n".encode("utf-16-le") + b"\x00\xdc\x00\x00", "a.csv:2:1: not UTF-16 text: byte 0x00"),
        (b"\xff\xfe\0\0a\0\0\0", "a.csv:1:1: the list is UTF-32 (save it as UTF-8)"),
    ],
)
@pytest.mark.parametrize("size", [4, 5, 100])
def test_what_is_no_text_is_told_with_its_line(data: bytes, said: str, size: int) -> None:
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    with pytest.raises(ManifestError) as caught:
        list(lines(pieces, "a.csv"))
    [mistake] = caught.value.mistakes
    assert str(mistake).startswith(said)


@pytest.mark.parametrize("end", ["", "\nb"])
def test_a_line_without_an_end_is_not_gathered_for_ever(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 1_000)
    read = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read
        for _ in range(100):
            read += 1
            yield b"x" * 400
        yield end.encode()

    with pytest.raises(ManifestError, match=r"a\.jsonl:2:1: a line has more than 1,000 characters"):
        list(lines(chain([b"first line\n"], pieces()), "a.jsonl"))
    assert read == 3
