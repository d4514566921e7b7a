"""JPEG (ITU-T T.81), JFIF and multi-picture files."""

from __future__ import annotations

from verify4k.formats.registry import Format

FORMAT = Format(
    "jpeg",
    suffixes=(".jpg", ".jpeg", ".jpe", ".jfif"),
    media_types=("image/jpeg", "image/jpg", "image/pjpeg"),
    magic=(b"\xff\xd8\xff",),
)
