"""What AVIF and HEIC share because both are HEIF: their modules take these functions as their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader, Timing, Walk
    from verify4k.formats.heif.items import Coding


def walk(reader: Reader) -> Walk:
    """Check boxes, extents and grids, and of AV1 the sequence headers."""
    from verify4k.formats.heif.walk import walk_heif

    return walk_heif(reader)


def timing(reader: Reader) -> Timing | None:
    """Return how the sequence plays; None for a still picture."""
    from verify4k.formats.heif.timing import heif_timing

    return heif_timing(reader)


def sampling(reader: Reader) -> str:
    """Return how coarse the colours are, "4:2:0" say; "" where they are whole. Raises `CannotRead`."""
    from verify4k.errors import CannotRead
    from verify4k.formats.heif.header import read_parts
    from verify4k.formats.heif.items import coding_of, read_coding

    parts = read_parts(reader)
    coding: Coding | None
    if parts.meta is not None and parts.meta.primary:
        coding = coding_of(parts.meta, parts.meta.primary)
    else:
        configs = (read_coding(kind, each.config) for each in parts.tracks[:1] for kind in (b"av1C", b"hvcC"))
        coding = next((each for each in configs if each is not None), None)
    if coding is None or coding.sampling is None:
        raise CannotRead("how the picture samples colours is not told by its codec's configuration")
    return coding.sampling


def gain_map(reader: Reader, _end: object) -> bool:
    """Tell whether a picture that brightens HDR screens is in the file."""
    from verify4k.formats.heif.gain_map import heif_gain_map

    return heif_gain_map(reader)
