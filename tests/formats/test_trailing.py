"""Bytes behind an image are named, never quoted."""

from __future__ import annotations

import pytest

from verify4k.formats.facts import BytesReader
from verify4k.formats.reading.trailing import trailing_kind

KINDS = [
    (b"", ""),
    (b"\n", "newline"),
    (b"\r\n", "newline"),
    (b"\0", "nul"),
    (b"\xff", "fill"),  # before a marker that never came
    (b"\xff\xff\xfe", "data"),
    (b"\n\n", "blank"),  # behind a script's closing tag
    (b" \r\n\t", "blank"),
    (b"\n" * 40 + b"x", "data"),
    (b" \0", "data"),
    (bytes(64) + b"x", "data"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"Rar!", "rar"),
    (b"%PDF-1.7", "pdf"),
    (b"\n<!DOCTYPE html>", "html"),
    (b"  <SCRIPT>", "html"),
    (b"<?PHP", "script"),
    (b"#!/bin/sh", "script"),
    (b"\0\0\0\x18ftypmp42", "video"),
    (b"\xff\xd8\xff\xe0", "jpeg"),
    (b"anything", "data"),
]


@pytest.mark.parametrize(("rest", "kind"), KINDS)
def test_each_kind_has_a_name(rest: bytes, kind: str) -> None:
    assert trailing_kind(BytesReader(b"image" + rest), 5) == kind


def test_megabytes_are_looked_through_to_their_end() -> None:
    for rest, kind in ((b"\xff", "fill"), (b"\0", "nul")):
        assert trailing_kind(BytesReader(b"image" + rest * (3 << 20)), 5) == kind
        assert trailing_kind(BytesReader(b"image" + rest * (3 << 20) + b"x"), 5) == "data"


def test_only_the_named_range_is_looked_at() -> None:
    assert trailing_kind(BytesReader(b"\0\0x"), 0, 2) == "nul"
