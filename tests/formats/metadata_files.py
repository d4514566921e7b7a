"""Builds Exif blocks, XMP packets and ICC profiles."""

from __future__ import annotations

import struct

SHORT, LONG = 3, 4


def exif(
    *entries: tuple[int, int, int, int],
    order: str = "<",
    details: tuple[tuple[int, int, int, int], ...] = (),
    thumbnail: bytes = b"",
) -> bytes:
    """Return a TIFF block; entries are (tag, type, count, value), ``details`` those of the Exif IFD."""
    main = list(entries)
    ifd0 = 2 + 12 * (len(main) + bool(details)) + 4
    inner = 8 + ifd0
    after = inner + (2 + 12 * len(details) + 4 if details else 0)
    if details:
        main.append((0x8769, LONG, 1, inner))
    out = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    out += _ifd(main, order, after if thumbnail else 0)
    if details:
        out += _ifd(list(details), order, 0)
    if thumbnail:
        start = after + 2 + 24 + 4
        out += _ifd([(0x0201, LONG, 1, start), (0x0202, LONG, 1, len(thumbnail))], order, 0) + thumbnail
    return out


def _ifd(entries: list[tuple[int, int, int, int]], order: str, following: int) -> bytes:
    out = struct.pack(order + "H", len(entries))
    for tag, kind, count, value in entries:
        out += struct.pack(order + "HHI", tag, kind, count)
        out += {
            1: struct.pack(order + "Bxxx", value & 255),
            3: struct.pack(order + "Hxx", value & 65535),
            8: struct.pack(order + "hxx", value if value < 32768 else 0),
        }.get(kind, struct.pack(order + "I", value))
    return out + struct.pack(order + "I", following)


def oriented(value: int, kind: int = SHORT, count: int = 1, order: str = "<") -> bytes:
    return exif((0x0112, kind, count, value), order=order)


def zoomed(above: int, below: int, order: str = "<", size: tuple[int, int] = (0, 0)) -> bytes:
    """Exif with a DigitalZoomRatio, a rational: both numbers follow the last directory."""

    def block(place: int) -> bytes:
        sizes = ((0xA002, LONG, 1, size[0]), (0xA003, LONG, 1, size[1]))
        return exif(details=(*sizes, (0xA404, 5, 1, place)), order=order)

    return block(len(block(0))) + struct.pack(order + "II", above, below)


def sized(width: int, height: int) -> bytes:
    return exif(details=((0xA002, LONG, 1, width), (0xA003, LONG, 1, height)))


def xmp(attributes: str = "", elements: str = "") -> bytes:
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"'
        ' xmlns:exif="http://ns.adobe.com/exif/1.0/"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        ' xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"'
        ' xmlns:Container="http://ns.google.com/photos/1.0/container/"'
        ' xmlns:Item="http://ns.google.com/photos/1.0/container/item/"'
        f" {attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    ).encode()


def icc(name: str = "Test RGB", *, old: bool = False, space: bytes = b"RGB ") -> bytes:
    """Return a profile with nothing but a description: v4 mluc, or v2 text."""
    if old:
        text = name.encode("latin-1") + b"\0"
        tag = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text
    else:
        text = name.encode("utf-16-be")
        records = struct.pack(">2s2sII", b"de", b"DE", 2, 40) + struct.pack(
            ">2s2sII", b"en", b"US", len(text), 42
        )
        tag = b"mluc" + bytes(4) + struct.pack(">II", 2, 12) + records + b"\0x" + text
    head = bytearray(128)
    head[16:20] = space
    head[36:40] = b"acsp"
    table = struct.pack(">I4sII", 2, b"cprt", 0, 0) + struct.pack(">4sII", b"desc", 156, len(tag))
    return bytes(head) + table + tag
