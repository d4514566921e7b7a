"""TIFF 6.0 and BigTIFF: the first page."""

from __future__ import annotations

from verify4k.formats.registry import Format

FORMAT = Format(
    "tiff",
    suffixes=(".tif", ".tiff"),
    media_types=("image/tiff",),
    magic=(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
)
