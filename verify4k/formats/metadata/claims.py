"""Sizes that metadata claims, with where each is written. Whether one is a lie is a rule's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Size
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.formats.facts import Block, Header, Reader
    from verify4k.formats.metadata.exif import Exif

THUMBNAIL, ZOOM = "Exif thumbnail", "Exif DigitalZoomRatio"


class Claim(NamedTuple):
    """One size, and the metadata that names it.

    A thumbnail is rightly smaller than its picture, and so is the part that a camera's digital zoom made the
    picture of: the ``source`` is `THUMBNAIL` or `ZOOM`.
    """

    source: str
    size: Size
    camera: bool = False  # the file holds Exif that names a camera's maker


def claims(reader: Reader, header: Header, blocks: Sequence[Block]) -> tuple[Claim, ...]:
    """Read Exif and XMP for sizes, in the order of ``blocks``."""
    found: list[Claim] = []
    read: list[Exif] = []
    exif = [block for block in blocks if block.kind == "exif"]
    xmp = [block for block in blocks if block.kind == "xmp"]
    if exif:
        from verify4k.formats.metadata.exif import read_exif
        from verify4k.formats.png.raw_profile import load_exif

        for block in exif[:4]:
            said = read_exif(load_exif(reader, block))
            read.append(said)
            found += _named("Exif PixelXDimension x PixelYDimension", said.size)
            if header.format != "tiff":  # where they are the picture's own size
                found += _named("Exif ImageWidth x ImageLength", said.tiff_size)
            found += _named(THUMBNAIL, said.thumbnail)
            if said.size in (header.stored, header.stored.turned):  # nobody has resized it since
                found += _named(ZOOM, _part(header.stored, said.zoom))
    if xmp:
        from verify4k.formats.metadata.xmp import load_xmp, read_xmp

        packet = read_xmp(load_xmp(reader, xmp))
        found += _named("XMP exif:PixelXDimension x exif:PixelYDimension", packet.size)
        found += _named("XMP tiff:ImageWidth x tiff:ImageLength", packet.tiff_size)
    if any(said.camera for said in read):
        found = [claim._replace(camera=True) for claim in found]
    return tuple(dict.fromkeys(found))


def _named(source: str, size: Size | None) -> list[Claim]:
    return [] if size is None else [Claim(source, size)]


def _part(stored: Size, zoom: float | None) -> Size | None:
    """What the camera had of the picture before it enlarged it; no camera zooms to less than a pixel."""
    if zoom is None or min(stored) < zoom:
        return None
    return Size(round(stored.width / zoom), round(stored.height / zoom))


# Programs that edit, develop, convert or enlarge pictures and call themselves so in Exif's Software.
_EDITORS = (
    "adobe", "photoshop", "lightroom", "camera raw", "gimp", "paint", "affinity", "capture one", "darktable",
    "rawtherapee", "digikam", "picasa", "snapseed", "topaz", "gigapixel", "upscal", "waifu", "esrgan",
    "magick", "pillow", "opencv", "ffmpeg", "vips", "xnview", "irfanview", "faststone", "acdsee", "luminar",
    "pixelmator", "dxo", "canva", "figma", "microsoft", "shotwell", "gthumb", "krita", "editor",
)  # fmt: skip


def camera_original(reader: Reader, header: Header, blocks: Sequence[Block]) -> bool:
    """Whether the first Exif block names a camera's maker and the picture's own size, and no editor.

    Exif can be copied: this is a claim like any other.
    """
    block = next((block for block in blocks if block.kind == "exif"), None)
    if block is None:
        return False
    from verify4k.formats.metadata.exif import read_exif
    from verify4k.formats.png.raw_profile import load_exif

    said = read_exif(load_exif(reader, block))
    edited = any(name in said.software.lower() for name in _EDITORS)
    return said.camera and said.size in (header.stored, header.stored.turned) and not edited
