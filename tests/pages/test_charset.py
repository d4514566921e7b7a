"""Pages are read in the encoding that they declare, if browsers would."""

from __future__ import annotations

import pytest

from verify4k.pages.charset import declared

LABELS = (
    ("x-sjis", "cp932"), ("KS_C_5601-1989", "euc_kr"), ("windows-949", "euc_kr"), ("iso-8859-8-i", "iso8859-8"),
    ("x-cp1251", "cp1251"), ("dos-874", "cp874"), ("x-mac-cyrillic", "mac-cyrillic"), ("iso88592", "iso8859-2"),
    ("visual", "iso8859-8"), ("csGB2312", "gbk"), ("x-x-big5", "big5"), ("ansi_x3.4-1968", "cp1252"),
    ("ucs-2", "utf-16-le"), ("cp949", "utf-8"), ("hz", "utf-8"), ("latin_1", "utf-8"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("data", "header", "name"),
    [
        (b"", "", "utf-8"),
        (b"<meta charset=windows-1252>", "", "cp1252"),
        (b"<meta charset='ISO-8859-1'>", "", "cp1252"),  # as browsers read it
        (b'<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">', "", "cp932"),
        (b"<meta charset=iso-8859-9>", "", "cp1254"),
        (b"<meta charset=iso-8859-2>", "", "iso8859-2"),
        (b"<html>", "text/html; charset=utf-16", "utf-16-le"),
        (b"<html>", "text/html; charset=utf-16be", "utf-16-be"),
        (b"<meta charset=utf-16>", "", "utf-8"),  # or else its own word could not be read
        (b"\xff\xfe<\0", "text/html; charset=big5", "utf-16"),
        (b"\xfe\xff\0<", "", "utf-16"),
        (b"<meta charset=koi8-r>", "text/html; charset=UTF-8", "utf-8"),  # the header counts
        (b"\xef\xbb\xbf<meta charset=koi8-r>", "text/html; charset=big5", "utf-8-sig"),
        (b"<meta charset=nonsense>", "", "utf-8"),
        (b"<!-- charset=big5 --><meta charset=koi8-r>", "", "koi8-r"),
        (b"<script src=a charset=big5></script><title>charset=big5</title>", "", "utf-8"),
        (b"<meta name=a content='charset=big5'><META\nCHARSET = 'koi8-r'>", "", "koi8-r"),
        (b" " * 1010 + b"<meta charset=koi8-r>", "", "utf-8"),
        (b"<?xml version='1.0' encoding='koi8-r'?>", "", "koi8-r"),
        (b'@charset "koi8-r";', "", "koi8-r"),
        (b'a{background:url("data:;charset=big5,")}', "", "utf-8"),
        *((b"", f"text/html;charset={label}", name) for label, name in LABELS),
    ],
)
def test_a_declared_encoding_is_the_one_that_browsers_take(data: bytes, header: str, name: str) -> None:
    assert declared(data, header) == name


@pytest.mark.parametrize(
    "name", ["punycode", "idna", "unicode_escape", "utf-7", "zip", "rot13", "mbcs", "undefined"]
)
def test_no_encoding_is_taken_that_no_browser_knows(name: str) -> None:
    # decoding punycode takes time that grows with the square of the length: 16 MiB would take hours
    assert declared(b"", f"text/html; charset={name}") == "utf-8"
