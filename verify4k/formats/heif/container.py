"""What AVIF and HEIC share because both are HEIF: their modules take these functions as their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader, Timing, Walk


def walk(reader: Reader) -> Walk:
    """Check boxes, extents and grids, and of AV1 the sequence headers."""
    from verify4k.formats.heif.walk import walk_heif

    return walk_heif(reader)


def timing(reader: Reader) -> Timing | None:
    """Return how the sequence plays; None for a still picture."""
    from verify4k.formats.heif.timing import heif_timing

    return heif_timing(reader)


def sampling(reader: Reader) -> str:
    """Return how coarse the colours are, "4:2:0" say; "" where they are whole, or none."""
    from verify4k.formats.heif.header import read_parts
    from verify4k.formats.heif.items import coding_of, read_coding

    parts = read_parts(reader)
    if parts.meta is not None and parts.meta.primary:
        return coding_of(parts.meta, parts.meta.primary).sampling
    configs = (read_coding(kind, each.config) for each in parts.tracks[:1] for kind in (b"av1C", b"hvcC"))
    return next((each.sampling for each in configs if each is not None), "")


def gain_map(reader: Reader, _end: object) -> bool:
    """Tell whether a picture that brightens HDR screens is in the file."""
    from verify4k.formats.heif.gain_map import heif_gain_map

    return heif_gain_map(reader)
