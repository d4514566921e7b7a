"""AVIF: HEIF boxes around AV1, decoded by Pillow (libavif)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.heif import container
from verify4k.formats.heif.brands import recognize
from verify4k.formats.limits import DEFAULT
from verify4k.formats.registry import Format

if TYPE_CHECKING:
    from verify4k.formats.facts import Header, Reader, Size
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

FORMAT = Format(
    "avif",
    suffixes=(".avif", ".avifs"),
    media_types=("image/avif", "image/avif-sequence"),
    recognize=recognize,
)

walk, timing, gain_map = container.walk, container.timing, container.gain_map
sampling = container.sampling


def header(reader: Reader) -> Header:
    """Return the primary item's facts."""
    from verify4k.formats.heif.header import read_header

    return read_header(reader, "avif")


def quantiser(reader: Reader) -> int | None:
    """Return how coarsely the primary item is quantised, 0 to 255; None where it does not tell."""
    from verify4k.formats.heif.quantiser import quantiser as base_quantiser

    return base_quantiser(reader)


def pictures(reader: Reader) -> tuple[Size, ...]:
    """Return the size of the picture, and of its gain map where there is one."""
    from verify4k.formats.heif.gain_map import heif_pictures

    return heif_pictures(reader, "avif")


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode every frame. Pillow turns nothing: the picture comes as stored."""
    from verify4k.formats.decoding import decode_frames, deep_alpha
    from verify4k.formats.heif.header import broken_units

    try:
        return deep_alpha(decode_frames(data, "Avif", header, limits), header)
    except Damaged as error:
        if broken_units(data):
            raise
        raise CannotRead(
            f"the decoder refuses it, and the container is whole: {error.message}",
            "look at it with other programs; export it again if they refuse it too",
        ) from error
