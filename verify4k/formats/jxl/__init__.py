"""JPEG XL (ISO/IEC 18181), bare or in boxes."""

from __future__ import annotations

from verify4k.formats.registry import Format

FORMAT = Format(
    "jxl",
    suffixes=(".jxl",),
    media_types=("image/jxl",),
    magic=(b"\0\0\0\x0cJXL \r\n\x87\n", b"\xff\x0a"),
)
