"""Formats that are images and that nothing here reads: undecided by name, never "not an image"."""

from __future__ import annotations

from verify4k.formats.registry import Format


def _known(name: str, *magic: bytes, suffixes: tuple[str, ...] = (), types: tuple[str, ...] = ()) -> Format:
    return Format(name, suffixes, types, magic, readable=False)


FORMATS = (
    _known("xcf", b"gimp xcf ", suffixes=(".xcf",)),
    _known("hdr", b"#?RADIANCE", b"#?RGBE", suffixes=(".hdr",)),
    _known("jxr", b"II\xbc\x01"),
    _known("bpg", b"BPG\xfb"),
    _known("flif", b"FLIF"),
    _known("djvu", b"AT&TFORM"),
    _known("mng", b"\x8aMNG\r\n\x1a\n"),
    _known("jng", b"\x8bJNG\r\n\x1a\n"),
    _known("farbfeld", b"farbfeld"),
    _known("ktx", b"\xabKTX 11\xbb", suffixes=(".ktx",)),
    _known("fits", b"SIMPLE  ="),
    _known("dpx", b"SDPX", b"XPDS"),
    _known("cineon", b"\x80\x2a\x5f\xd7"),
    _known("sgi", *(b"\x01\xda" + bytes(kind) for kind in ((0, 1), (1, 1), (0, 2), (1, 2)))),
    _known("sun-raster", b"\x59\xa6\x6a\x95"),
    _known("pfm", b"PF\n", b"Pf\n"),
    _known("astc", b"\x13\xab\xa1\x5c"),
    _known("pvr", b"PVR\x03"),
    _known("xpm", b"/* XPM */"),
    _known("raw", b"IIU\0", b"IIRO", b"FUJIFILMCCD-RAW"),  # Panasonic RW2, Olympus ORF, Fujifilm RAF
)
