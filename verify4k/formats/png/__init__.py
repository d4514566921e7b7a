"""PNG and APNG (W3C, third edition, 2025)."""

from __future__ import annotations

from verify4k.formats.registry import Format

FORMAT = Format(
    "png",
    suffixes=(".png", ".apng"),
    media_types=("image/png", "image/apng", "image/vnd.mozilla.apng", "image/x-png"),
    magic=(b"\x89PNG\r\n\x1a\n",),
)
