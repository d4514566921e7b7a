"""What is no image is named for what it is, with a next step and without its own text."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import gradient, save

from verify4k.formats.facts import BytesReader
from verify4k.formats.reading.foreign import name_foreign
from verify4k.formats.registry import sniff

OID = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
LFS = f"version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 12345678\n".encode()
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
WHOLE, JPEG = save(gradient(8, 6), "a.png"), save(gradient(8, 6), "a.jpg")


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"", "empty", "empty"),
        (LFS, "lfs", f"12345678 bytes with oid sha256:{OID}"),
        (LFS.replace(b"\n", b"\r\n"), "lfs", "12345678 bytes"),
        (LFS.replace(b"4d7a", b"\x1b[31"), "lfs", "a Git LFS pointer for 12345678 bytes, not"),
        (LFS.replace(b"12345678", b"9" * 40), "lfs", "a Git LFS pointer with oid"),
        (b"<!DOCTYPE html><html><h1>502</h1>", "html", "error page"),
        (b"\xef\xbb\xbf\r\n <HTML lang=en>", "html", "error page"),
        (b"<!-- x --><html>", "html", "HTML"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "xml", "XML"),
        (b"<Error>", "xml", "XML"),
        (b'{"error": {"message": "no"}}', "json", "JSON"),
        (b'[{"error": 1}]', "json", "JSON"),
        (b"{}", "json", "JSON"),
        (b"{no json", "text", "plain text"),
        (b"<!-- no end <svg>", "text", "plain text"),
        ("\ufeff<html>".encode("utf-16-be"), "html", "HTML"),
        (b"<svgfoo>", "xml", "XML"),
        (b"<!doctype html><svg>", "html", "HTML"),
        (gzip.compress(PNG, mtime=0), "gzip", "holds a png"),
        (gzip.compress(b"hello", mtime=0), "gzip", "gzip data, not"),
        (b"\x1f\x8bxxxxxxxxxxxxx", "gzip", "gzip data, not"),
        (b"PK\3\4", "zip", "ZIP"),
        (b"%PDF-1.7", "pdf", "PDF"),
        (b"\x28\xb5\x2f\xfd", "zstd", "Zstandard"),
        (b"\x89PNG\n\x1a\n", "png", "CRLF became LF"),
        (b"\x89PNG\r\r\n\x1a\r\n", "png", "LF became CRLF"),
        (b"\xc2\x89PNG\r\n", "png", "Latin-1"),
        (b"\xef\xbf\xbdPNG\r\n", "png", "bytes are lost"),
        (b"iVBORw0KGgoAAAA", "png", "base64"),
        (b"data:image/png;base64,iVBO", "data-url", "data: URL"),
        (b"\xef\xbb\xbf" + WHOLE, "png", "a byte-order mark before"),
        (b"\r\n" + WHOLE, "png", "white space before"),
        (b"junk" + WHOLE, "png", "4 foreign bytes before the png"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + JPEG, "jpeg", "19 foreign bytes"),
        (bytes(9000), "blank", "NUL bytes"),
        (b"\xff" * 90, "blank", "0xff"),
        (b"RIFF\0\0\0\0AVI LIST", "video", "RIFF file with video"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio", "RIFF file with audio"),
        (b"RIFF\0\0", "riff", "ends before it says so"),
        (b"\0\0\0\x14ftypisom\0\0\2\0mp41", "video", "without an image brand"),
        (b"Not Found", "text", "plain text"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08\x09", "", "01 02 03 04 05 06 07 08"),
    ],
)
def test_bytes_are_named_for_what_they_are(data: bytes, kind: str, words: str) -> None:
    assert sniff(data[:4096]) is None
    found = name_foreign(BytesReader(data))
    assert found.kind == kind
    assert words in found.message


def test_a_pointer_says_how_to_fetch_the_image() -> None:
    assert name_foreign(BytesReader(LFS)).hint == "run `git lfs pull`"


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", LFS[:70], b"<", b"<!DOCTYPE svg [", b"{", b"\x1f\x8b", b"RIFF"]),
)
def test_no_foreign_byte_reaches_a_sentence(data: bytes, start: bytes) -> None:
    found = name_foreign(BytesReader(start + data))
    assert found.message.isascii()
    assert found.message.isprintable()
    assert len(found.message) < 200


@pytest.mark.parametrize("behind", [WHOLE[:-20], JPEG[:-2], b"\xff\xd8\xff" * 9, WHOLE + b"more"])
def test_to_cut_is_no_advice_where_what_follows_is_no_whole_image(behind: bytes) -> None:
    """Pixels of a raw format may hold FF D8 FF by chance: cutting there would destroy them."""
    found = name_foreign(BytesReader(b"\x01raw pixels" + behind))
    assert "signature" in found.message
    assert "before the" not in found.message
    assert "cut" not in found.hint
