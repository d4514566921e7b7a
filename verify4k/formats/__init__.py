"""Which format the bytes are, and the module that reads it: names come from magic, never from a file name.

`sniff` looks at the first few KB only. It also names kinds that are images but that
verify4k cannot judge, so that a caller says "unsupported, undecided" instead of
"not an image". What is no image at all is `verify4k.formats.foreign`'s to name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

HEAD = 4096  # bytes that `sniff` may want to see

SUFFIXES = {
    ".png": "png",
    ".apng": "png",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".jpe": "jpeg",
    ".jfif": "jpeg",
    ".webp": "webp",
    ".avif": "avif",
    ".avifs": "avif",
    ".heic": "heic",
    ".heics": "heic",
    ".heif": "heic",
    ".heifs": "heic",
    ".hif": "heic",
    ".gif": "gif",
    ".tif": "tiff",
    ".tiff": "tiff",
    ".bmp": "bmp",
    ".dib": "bmp",
    ".ico": "ico",
    ".cur": "ico",
    ".jxl": "jxl",
    ".svg": "svg",
    ".jp2": "jp2",
    ".j2k": "jp2",
    ".jpx": "jp2",
    ".psd": "psd",
    ".psb": "psd",
    ".exr": "exr",
    ".dds": "dds",
    ".qoi": "qoi",
    ".pbm": "pnm",
    ".pgm": "pnm",
    ".ppm": "pnm",
    ".pnm": "pnm",
    ".hdr": "hdr",
    ".xcf": "xcf",
}
"""The format a suffix (lower case, with its dot) promises."""

MEDIA_TYPES = {
    "image/png": "png",
    "image/apng": "png",
    "image/vnd.mozilla.apng": "png",
    "image/jpeg": "jpeg",
    "image/jpg": "jpeg",
    "image/pjpeg": "jpeg",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/avif-sequence": "avif",
    "image/heic": "heic",
    "image/heic-sequence": "heic",
    "image/heif": "heic",
    "image/heif-sequence": "heic",
    "image/gif": "gif",
    "image/tiff": "tiff",
    "image/bmp": "bmp",
    "image/x-ms-bmp": "bmp",
    "image/x-icon": "ico",
    "image/vnd.microsoft.icon": "ico",
    "image/jxl": "jxl",
    "image/svg+xml": "svg",
    "image/jp2": "jp2",
    "image/vnd.adobe.photoshop": "psd",
}
"""The format a media type (lower case, without parameters) promises."""

SUPPORTED = frozenset({"png", "jpeg", "webp", "avif", "heic", "gif", "tiff", "bmp", "ico", "jxl"})
"""Formats with a module here; `sniff` may name others, which stay undecided."""

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "jxl"),
    (b"\xff\x0a", "jxl"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
    (b"8BPS\0\x01", "psd"),
    (b"8BPS\0\x02", "psd"),
    (b"\x76\x2f\x31\x01", "exr"),
    (b"DDS ", "dds"),
    (b"qoif", "qoi"),
    (b"gimp xcf ", "xcf"),
    (b"#?RADIANCE", "hdr"),
    (b"#?RGBE", "hdr"),
    (b"II\xbc\x01", "jxr"),
    (b"BPG\xfb", "bpg"),
    (b"FLIF", "flif"),
    (b"icns", "icns"),
    (b"AT&TFORM", "djvu"),
    (b"\x8aMNG\r\n\x1a\n", "mng"),
    (b"\x8bJNG\r\n\x1a\n", "jng"),
    (b"farbfeld", "farbfeld"),
    (b"\xabKTX ", "ktx"),
    (b"SIMPLE  =", "fits"),
    (b"IIU\0", "raw"),  # Panasonic RW2
    (b"IIRO", "raw"),  # Olympus ORF
    (b"FUJIFILMCCD-RAW", "raw"),
)

_AVIF_BRANDS = frozenset({b"avif", b"avis", b"avio"})
_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1"}
)


def sniff(head: bytes) -> str | None:
    """Name the image format of a file that starts with ``head``; None: no image known here."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _sniff_brands(head)
    return _sniff_weak(head)


def _sniff_brands(head: bytes) -> str | None:
    """ISO 14496-12, 4.3: AVIF wherever a reader may take it as one (browsers read all brands)."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, max(size, 16), 4))]
    if brands[0] == b"crx ":
        return "raw"  # Canon CR3
    for known, name in ((_AVIF_BRANDS, "avif"), (_HEIC_BRANDS, "heic")):
        if brands[0] in known and brands[0] not in (b"mif1", b"mif2", b"msf1"):
            return name
    for known, name in ((_AVIF_BRANDS, "avif"), (_HEIC_BRANDS, "heic")):
        if not known.isdisjoint(brands):
            return name
    return None


def _sniff_weak(head: bytes) -> str | None:
    """Two or four bytes of magic are little: what follows has to fit as well."""
    if head[:2] == b"BM" and (head[6:10] == bytes(4) or head[15:18] == bytes(3)) and len(head) > 10:
        return "bmp"
    if head[:4] in (b"\0\0\1\0", b"\0\0\2\0") and head[4:6] not in (b"", b"\0\0"):
        return "ico"  # a count of zero would be a TGA header
    if len(head) > 2 and head[:1] == b"P" and head[1:2] in b"1234567" and head[2:3].isspace():
        return "pnm"
    # a file cut inside its own signature: the module says how it ends
    if len(head) < 8 and (head == b"\xff\xd8" or (len(head) > 2 and _cut_signature(head))):
        return _cut_signature(head) or "jpeg"
    return None


def _cut_signature(head: bytes) -> str | None:
    return next((name for magic, name in _MAGIC[:4] if magic.startswith(head)), None)


def load(name: str) -> ModuleType:
    """Import the module that reads ``name`` (one of `SUPPORTED`), with its three functions."""
    from importlib import import_module

    if name not in SUPPORTED:
        from verify4k.errors import CannotRead

        raise CannotRead(
            f"{name} is an image format that verify4k cannot read",
            "export it as PNG, JPEG, WebP or AVIF, or leave it out of the manifest",
        )
    return import_module(f"verify4k.formats.{name}")
