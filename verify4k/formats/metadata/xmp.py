"""XMP: the sizes, the orientation and the lengths it claims, by a parser that refuses DTDs.

XMP is RDF/XML (ISO 16684-1, clause 7): a simple property is an attribute or an element of an
``rdf:Description`` that stands directly in ``rdf:RDF``. Prefixes are whatever the file says, so
names are compared by namespace. What does not parse tells nothing; nothing here raises for it.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from verify4k.formats.facts import Size
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.formats.facts import Block, Reader

_MOST = 1 << 20  # bytes that are read, and bytes that are inflated
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "
_EXIF = "http://ns.adobe.com/exif/1.0/ "
_TIFF = "http://ns.adobe.com/tiff/1.0/ "
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/ "
_CAMERA = "http://ns.google.com/photos/1.0/camera/ "
_ITEM = "http://ns.google.com/photos/1.0/container/item/ "
_WANTED = frozenset(
    (
        _EXIF + "PixelXDimension",
        _EXIF + "PixelYDimension",
        _TIFF + "ImageWidth",
        _TIFF + "ImageLength",
        _TIFF + "Orientation",
        _IPTC + "DigitalSourceType",
        _CAMERA + "MicroVideoOffset",
    )
)


class Xmp(NamedTuple):
    """What one XMP packet says.

    ``appended``: bytes of the items it says follow the image; ``video``: bytes of a motion photo
    that it says end the file.
    """

    orientation: int | None = None
    size: Size | None = None  # exif:PixelXDimension x exif:PixelYDimension
    tiff_size: Size | None = None  # tiff:ImageWidth x tiff:ImageLength
    source_type: str | None = None  # Iptc4xmpExt:DigitalSourceType as written
    appended: int = 0
    video: int = 0


def load_xmp(reader: Reader, blocks: Sequence[Block]) -> bytes:
    """Join the packet and its extension (a few MB at most), inflating what is deflated."""
    parts = []
    left = 4 * _MOST
    for block in blocks:
        data = reader.read(block.offset, min(block.length, _MOST, left))
        left -= len(data)
        if block.deflated:
            try:
                data = zlib.decompressobj().decompress(data, _MOST)
            except zlib.error:
                data = b""
        parts.append(data)
    return b"".join(parts)


def disagreement(reader: Reader, block: Block, orientation: int) -> list[str]:
    """Return a sentence where XMP names another orientation than Exif does."""
    data = load_xmp(reader, [block])
    if b"rientation" not in data.replace(b"\0", b""):
        return []
    said = read_xmp(data).orientation
    if said is None or said == orientation:
        return []
    differ = "browsers go by Exif, some editors and libraries by XMP"
    return [f"XMP says orientation {said} and Exif {orientation}: {differ}"]


def read_xmp(data: bytes) -> Xmp:
    """Read one packet, or several that follow each other (a JPEG's extended XMP)."""
    found = _Found()
    for _ in range(4):
        data = data.lstrip(b"\0 \t\r\n")
        used = found.parse(data)
        if used <= 0:
            break
        data = data[used:]
    values = found.values
    return Xmp(
        _number(values.get(_TIFF + "Orientation"), 8),
        _size(values.get(_EXIF + "PixelXDimension"), values.get(_EXIF + "PixelYDimension")),
        _size(values.get(_TIFF + "ImageWidth"), values.get(_TIFF + "ImageLength")),
        values.get(_IPTC + "DigitalSourceType"),
        found.appended,
        _number(values.get(_CAMERA + "MicroVideoOffset")) or 0,
    )


class _Refused(Exception):
    """The packet holds a DTD."""


class _Found:
    """Collects wanted properties while expat runs."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.appended = 0
        self._path: list[str] = []
        self._text: list[str] | None = None

    def parse(self, data: bytes) -> int:
        """Parse one document; return where junk behind it begins, 0 where all is used or broken."""
        from xml.parsers import expat

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.buffer_text = True
        self._path, self._text = [], None
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            junk = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
            return parser.ErrorByteIndex if error.code == junk else 0
        except (_Refused, LookupError, ValueError):  # LookupError, ValueError: encodings
            pass
        return 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        path = self._path
        self._text = None
        if name == _RDF + "Description" and path[-1:] == [_RDF + "RDF"]:
            for key, value in attributes.items():
                if key in _WANTED:
                    self.values.setdefault(key, value)
        elif name in _WANTED and path[-2:] == [_RDF + "RDF", _RDF + "Description"]:
            self._text = []
            resource = attributes.get(_RDF + "resource")
            if resource is not None:
                self.values.setdefault(name, resource)
        for key in ("Length", "Padding"):
            self.appended += _number(attributes.get(_ITEM + key)) or 0
        path.append(name)

    def _end(self, name: str) -> None:
        self._path.pop()
        if self._text is not None and name in _WANTED:
            self.values.setdefault(name, "".join(self._text))
        self._text = None

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)


def _refuse(*_: object) -> None:
    raise _Refused


def _number(text: str | None, most: int = 1 << 40) -> int | None:
    text = (text or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 14):
        return None
    return int(text) if 1 <= int(text) <= most else None


def _size(width: str | None, height: str | None) -> Size | None:
    x, y = _number(width), _number(height)
    return Size(x, y) if x and y else None
