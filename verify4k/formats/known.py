"""Formats that are images and that nothing here reads: undecided by name, never "not an image"."""

from __future__ import annotations

from verify4k.formats.registry import Format


def _pnm(head: bytes) -> str | None:
    fits = len(head) > 2 and head[:1] == b"P" and head[1:2] in b"1234567" and head[2:3].isspace()
    return "pnm" if fits else None


def _known(name: str, *magic: bytes, suffixes: tuple[str, ...] = (), types: tuple[str, ...] = ()) -> Format:
    return Format(name, suffixes, types, magic, readable=False)


FORMATS = (
    _known("svg", suffixes=(".svg",), types=("image/svg+xml",)),  # a drawing: `reading.foreign` names it
    _known(
        "jp2",
        b"\0\0\0\x0cjP  \r\n\x87\n",
        b"\xff\x4f\xff\x51",
        suffixes=(".jp2", ".j2k", ".jpx"),
        types=("image/jp2",),
    ),
    _known(
        "psd",
        b"8BPS\0\x01",
        b"8BPS\0\x02",
        suffixes=(".psd", ".psb"),
        types=("image/vnd.adobe.photoshop",),
    ),
    _known("exr", b"\x76\x2f\x31\x01", suffixes=(".exr",)),
    _known("dds", b"DDS ", suffixes=(".dds",)),
    _known("qoi", b"qoif", suffixes=(".qoi",)),
    Format("pnm", (".pbm", ".pgm", ".ppm", ".pnm"), recognize=_pnm, readable=False, weak=True),
    _known("xcf", b"gimp xcf ", suffixes=(".xcf",)),
    _known("hdr", b"#?RADIANCE", b"#?RGBE", suffixes=(".hdr",)),
    _known("jxr", b"II\xbc\x01"),
    _known("bpg", b"BPG\xfb"),
    _known("flif", b"FLIF"),
    _known("icns", b"icns"),
    _known("djvu", b"AT&TFORM"),
    _known("mng", b"\x8aMNG\r\n\x1a\n"),
    _known("jng", b"\x8bJNG\r\n\x1a\n"),
    _known("farbfeld", b"farbfeld"),
    _known("ktx", b"\xabKTX "),
    _known("fits", b"SIMPLE  ="),
    _known("raw", b"IIU\0", b"IIRO", b"FUJIFILMCCD-RAW"),  # Panasonic RW2, Olympus ORF, Fujifilm RAF
)
