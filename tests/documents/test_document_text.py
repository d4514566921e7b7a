"""Encodings, and characters that a manifest may not hold."""

from __future__ import annotations

import pytest
from node_trees import mistakes, plain, read, spot, value

from verify4k.documents.text import Lines, quoted

NAME = "größe/😀.png"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a: b\nc: \xff\n", "2:4: not UTF-8 text: byte 0xff at offset 8 (save it as UTF-8)"),
        ("ä: ".encode() + b"\xe4\n", "1:4: not UTF-8 text: byte 0xe4 at offset 4 (save it as UTF-8)"),
        (b"a: \xed\xa0\x80", "1:4: not UTF-8 text: byte 0xed at offset 3 (save it as UTF-8)"),
        ("a: b".encode("utf-32"), "1:1: the manifest is UTF-32 (save it as UTF-8)"),
        ("a: b".encode("utf-32-be"), "1:1: not UTF-8 text"),
        (b"\0\0\xfe\xff\0\0\0a", "1:1: the manifest is UTF-32 (save it as UTF-8)"),
        (b"\xff\xfea\0:", "1:2: not UTF-16 text: byte 0x3a at offset 2 (save it as UTF-8)"),
        (b"\x89PNG\r\n", "1:1: not UTF-8 text: byte 0x89 at offset 0 (is this really the manifest?"),
        (b"\x1f\x8b\x08", "1:2: not UTF-8 text: byte 0x8b at offset 1 (is this really the manifest?"),
    ],
)
def test_bytes_that_are_no_text_are_refused_where_they_stand(data: bytes, said: str) -> None:
    if data.startswith(b"\0\0\0a"):
        said = "1:1: a NUL character"
    (mistake,) = mistakes(data)[:1]
    assert mistake.startswith(said)


@pytest.mark.parametrize("path", ["m.yaml", "m.json"])
@pytest.mark.parametrize(
    "char", ["\x01", "\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\u2029", "\ufeff", "\uffff"]
)
def test_characters_that_no_editor_shows_are_named(char: str, path: str) -> None:
    (said,) = mistakes(f'{{"a": \n"b{char}"}}', path)
    assert said.startswith(f"2:3: an invisible control character, U+{ord(char):04X} (remove it, or write ")


def test_a_nul_character_gets_words_of_its_own() -> None:
    (said,) = mistakes("a: b\nc: \0\n")
    assert said == "2:4: a NUL character (save it as UTF-8; is this really a text file?)"


def test_a_binary_file_is_not_listed_to_its_end() -> None:
    said = mistakes(b"a\x01" * 1000)
    assert len(said) == 21
    assert said[-1].startswith("1:42: more control characters from here on")


def test_all_control_characters_of_a_text_are_named_at_once() -> None:
    assert [said.split(" ")[0] for said in mistakes("a: \x01\nb: \x02x\x03\n")] == ["1:4:", "2:4:", "2:6:"]


@pytest.mark.parametrize(
    ("text", "path"),
    [('{"a": "\\u0000"}', "m.json"), ('a: "\\0"', "m.yaml"), ('[tool.verify4k]\na = "\\u0000"', "m.toml")],
)
def test_an_escaped_nul_is_no_value(text: str, path: str) -> None:
    (said,) = mistakes(text, path)
    assert "a NUL character in a value" in said


def test_half_a_surrogate_pair_is_no_value() -> None:
    assert mistakes('{"a": "\\ud83d"}', "m.json") == [
        "1:7: half of a surrogate pair in a value (no file name or option can hold it)"
    ]


def test_a_whole_surrogate_pair_is_one_character() -> None:
    assert plain(read('{"a": "\\ud83d\\ude00"}', "m.json")) == {"a": "😀"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(("path", "form"), [("m.yaml", "{}: 1x1"), ("m.json", '{{"{}": "1x1"}}')])
def test_every_usual_encoding_gives_the_same_text(encoding: str, path: str, form: str) -> None:
    node = read(form.format(NAME).encode(encoding), path)
    assert plain(node) == {NAME: "1x1"}
    assert spot(node.place) == (1, 1)


def test_big_endian_utf_16_is_read_too() -> None:
    assert plain(read(b"\xfe\xff" + "a: ä".encode("utf-16-be"))) == {"a": "ä"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("path", ["m.yaml", "m.json"])
def test_columns_count_characters_and_lines_end_in_any_way(end: str, path: str) -> None:
    node = read(end.join(['{"😀": 1,', '"ä": ["ß", 2]}']), path)
    assert spot(value(node, "😀").place) == (1, 7)
    assert spot(value(node, "ä", 1).place) == (2, 12)


def test_an_offset_behind_the_text_is_on_its_last_line() -> None:
    lines = Lines("a\nbc", "m")
    assert spot(lines.place(4)) == (2, 3)
    assert lines.offset(9, 1) == 2


def test_a_long_text_is_cut_in_a_message() -> None:
    assert quoted("x" * 60) == '"' + "x" * 60 + '"'
    assert quoted("x" * 61) == '"' + "x" * 57 + '..."'
