"""WebP (RFC 9649)."""

from __future__ import annotations

from verify4k.formats.registry import Format


def _recognize(head: bytes) -> str | None:
    return "webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


FORMAT = Format("webp", suffixes=(".webp",), media_types=("image/webp",), recognize=_recognize)
