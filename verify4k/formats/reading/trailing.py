"""What the bytes behind an image look like: one word for a report, never the bytes themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

# Kinds that hold nothing, in words: what disks, encoders (fill bytes before a marker) and scripts leave.
PADDING = {"nul": "NUL bytes", "newline": "a newline", "fill": "FF bytes", "blank": "white space"}
_ALONE = {"nul": b"\0", "fill": b"\xff", "blank": b" \t\r\n"}  # the bytes that such a kind is all of
_PIECE = 1 << 20
_STARTS = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"#!", "script"),
    (b"<?php", "script"),
    (b"<script", "html"),
    (b"<html", "html"),
    (b"<!doctype html", "html"),
)


def trailing_kind(reader: Reader, start: int, end: int | None = None) -> str:
    """Return "" (nothing), a kind of PADDING, a known kind, or "data"."""
    end = reader.size if end is None else end
    if start >= end:
        return ""
    head = reader.read(start, min(32, end - start))
    if end - start <= 2 and head in (b"\n", b"\r\n"):
        return "newline"
    for kind, alone in _ALONE.items():
        if not head.strip(alone) and _only(alone, reader, start, end):
            return kind
    low = head.lstrip().lower()
    for magic, kind in _STARTS:
        if low.startswith(magic.lower()):
            return kind
    return "video" if head[4:8] == b"ftyp" else "data"


def _only(alone: bytes, reader: Reader, start: int, end: int) -> bool:
    pieces = (reader.read(at, min(_PIECE, end - at)) for at in range(start, end, _PIECE))
    return not any(piece.strip(alone) for piece in pieces)
