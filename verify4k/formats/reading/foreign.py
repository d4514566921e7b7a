"""What bytes are when they are no image: an LFS pointer, an error page, a mangled signature, ...

The commonest reason for a broken picture in a release is that something else was saved
under its name. Naming it is most of the repair, so each kind has its sentence and its
next step. Nothing of the file's own text is repeated, except a validated oid and size.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from verify4k.errors import NotAnImage, Verify4kError
from verify4k.formats.facts import BytesReader
from verify4k.formats.limits import DEFAULT
from verify4k.formats.registry import load, sniff, suffixes

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.formats.facts import Reader

_HEAD = 4096
_MOST_SHIFTED = 64 << 20  # bytes that are tried as an image
_LFS = re.compile(rb"version https?://git-lfs\.github\.com/spec/|version https?://hawser\.github\.com/spec/")
_OID = re.compile(rb"^oid sha256:([0-9a-f]{64})\r?$", re.MULTILINE)
_SIZE = re.compile(rb"^size ([0-9]{1,19})\r?$", re.MULTILINE)

_ENCODED = "a Content-Encoding was kept: decompress it"
_BINARY = (
    (b"\x28\xb5\x2f\xfd", "zstd", "Zstandard data, not an image", _ENCODED),
    (b"\xfd7zXZ\0", "xz", "xz data, not an image", "decompress it"),
    (b"BZh", "bzip2", "bzip2 data, not an image", "decompress it"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "a 7z archive, not an image", "extract the image from it"),
    (b"Rar!\x1a\x07", "rar", "a RAR archive, not an image", "extract the image from it"),
    (b"PK\x03\x04", "zip", "a ZIP archive, not an image", "extract the image from it"),
    (b"PK\x05\x06", "zip", "an empty ZIP archive, not an image", "extract the image from it"),
    (b"%PDF-", "pdf", "a PDF document, not an image", "render the page as an image"),
    (b"%!PS", "postscript", "a PostScript document, not an image", "render the page as an image"),
    (b"\xc5\xd0\xd3\xc6", "postscript", "a PostScript document, not an image", "render it as an image"),
    (b"\x1aE\xdf\xa3", "video", "a Matroska or WebM video, not an image", "export a frame as an image"),
    (b"\0\0\1\xba", "video", "an MPEG video, not an image", "export a frame as an image"),
    (b"OggS", "video", "an Ogg stream, not an image", "export a frame as an image"),
    (b"ID3", "audio", "an MP3 file, not an image", ""),
    (b"\x7fELF", "program", "an ELF program, not an image", ""),
    (b"MZ", "program", "a Windows program, not an image", ""),
    (b"wOFF", "font", "a font, not an image", ""),
    (b"wOF2", "font", "a font, not an image", ""),
)
_TEXT_MODE = "a text-mode transfer changed its bytes: send it again as binary (git: mark it `binary`)"
_AGAIN = "fetch it again and check the status"
_LINK = re.compile(rb"(?:[\w.@+-]+/|/)*[\w.@+-]+", re.ASCII)
_MANGLED = (
    (b"\x89PNG\n\x1a\n", "png", "a PNG whose CRLF became LF", _TEXT_MODE),
    (b"\x89PNG\r\r\n\x1a\r\n", "png", "a PNG whose LF became CRLF", _TEXT_MODE),
    (b"\x89PNG\r\n\x1a\r\n", "png", "a PNG whose LF became CRLF", _TEXT_MODE),
    (b"\x89PNG\r\x1a\r", "png", "a PNG whose LF became CR", _TEXT_MODE),
    (b"\x09PNG\r\n\x1a\n", "png", "a PNG that lost the eighth bit of each byte", _TEXT_MODE),
    (b"\xc2\x89PNG", "png", "a PNG that was converted from Latin-1 to UTF-8", _TEXT_MODE),
    (b"\xe2\x80\xb0PNG", "png", "a PNG that was converted from Windows-1252 to UTF-8", _TEXT_MODE),
    (b"\xef\xbf\xbdPNG", "png", "a PNG that was decoded as UTF-8 text: bytes are lost", _TEXT_MODE),
    (b"?PNG\r\n\x1a\n", "png", "a PNG that was encoded as ASCII text: bytes are lost", _TEXT_MODE),
    (b"\xc3\xbf\xc3\x98\xc3\xbf", "jpeg", "a JPEG that was converted from Latin-1 to UTF-8", _TEXT_MODE),
    (b"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "", "binary data that was decoded as UTF-8 text", _TEXT_MODE),
    (b"iVBORw0KGgo", "png", "a PNG still encoded as base64", "decode it before saving"),
    (b"/9j/", "jpeg", "a JPEG still encoded as base64", "decode it before saving"),
    (b"UklGR", "webp", "a WebP still encoded as base64", "decode it before saving"),
    (b"data:image/", "data-url", "a data: URL in text form", "decode its base64 part before saving"),
)


def name_foreign(reader: Reader) -> NotAnImage:
    """Return (not raise) the error that says what the bytes are."""
    head = reader.read(0, _HEAD)
    if not head:
        return NotAnImage("the file is empty", "make or fetch it again", "empty")
    for ask in (_lfs_pointer, _gzip, _signature, _container, _markup, _blank):
        found = ask(head)
        if found is not None:
            return found
    found = _shifted(head, reader)
    if found is not None:
        return found
    if _is_text(head) and _LINK.fullmatch(head) and os.path.splitext(head)[1].lower().decode() in suffixes():
        return NotAnImage(
            "a symbolic link that git checked out as text, not the image",
            "check it out with links (git config core.symlinks true), or commit the image itself",
            "link",
        )
    if _is_text(head):
        return NotAnImage("plain text, not an image", "look at it: it may be an error message", "text")
    return NotAnImage(
        f"no known image signature (it starts with {head[:8].hex(' ')})",
        "see whether it was encrypted, compressed or damaged on its way",
    )


def _lfs_pointer(head: bytes) -> NotAnImage | None:
    """The Git LFS specification: `version` first, then `oid` and `size` in sorted keys."""
    if not _LFS.match(head.lstrip(b"\xef\xbb\xbf")):
        return None
    oid, size = _OID.search(head), _SIZE.search(head)
    wanted = "".join(
        (
            f" for {int(size[1])} bytes" if size else "",
            f" with oid sha256:{oid[1].decode('ascii')}" if oid else "",
        )
    )
    return NotAnImage(f"a Git LFS pointer{wanted}, not the image", "run `git lfs pull`", "lfs")


def _gzip(head: bytes) -> NotAnImage | None:
    """Look into gzip data for a few bytes, to say what a forgotten Content-Encoding hides."""
    if not head.startswith(b"\x1f\x8b"):
        return None
    import zlib

    try:
        inside = sniff(zlib.decompressobj(31).decompress(head, 64))
    except zlib.error:
        inside = None
    what = f"gzip data that holds a {inside}" if inside else "gzip data"
    return NotAnImage(f"{what}, not an image", _ENCODED, "gzip")


def _signature(head: bytes) -> NotAnImage | None:
    for magic, kind, what, hint in (*_MANGLED, *_BINARY):
        if head.startswith(magic):
            return NotAnImage(what, hint, kind)
    return None


def _container(head: bytes) -> NotAnImage | None:
    """RIFF and ISOBMFF that hold something else, or end before they say what."""
    if head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"WAVE"):
        kind = "video" if head[8:12] == b"AVI " else "audio"
        return NotAnImage(f"a RIFF file with {kind}, not an image", "export a frame as an image", kind)
    if head[:4] == b"RIFF":
        return NotAnImage("a RIFF file that is no WebP, or ends before it says so", "fetch it again", "riff")
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        hint = "export a frame as an image"
        return NotAnImage("an MP4 or QuickTime file without an image brand, not an image", hint, "video")
    return None


def _shifted(head: bytes, reader: Reader) -> NotAnImage | None:
    """An image behind a byte-order mark, white space or other short rubbish.

    The same bytes stand inside pixels and archives by chance: to cut is advice only where what follows is
    an image to its last row.
    """
    for magic, kind in ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF89a", "gif")):
        at = head.find(magic, 0, 1024 + len(magic))
        if at > 0 and _whole(reader.read(at, _MOST_SHIFTED), kind):
            before = head[:at]
            what = f"{at} foreign bytes"
            if before == b"\xef\xbb\xbf":
                what = "a byte-order mark"
            elif not before.strip():
                what = "white space"
            return NotAnImage(f"{what} before the {kind} signature", f"cut the first {at} bytes", kind)
    return None


def _whole(data: bytes, kind: str) -> bool:
    """Whether these bytes decode, with nothing behind them."""
    image, parser = BytesReader(data), load(kind)
    try:
        header, walk = parser.header(image), parser.walk(image)
        inflate = parser.find("inflate")
        if header.damage or walk.damage or walk.trailing or (inflate and inflate(image).damage):
            return False
        parser.decode(data, header, colour=False, limits=DEFAULT)
    except Verify4kError:
        return False
    return True


def _markup(head: bytes) -> NotAnImage | None:
    text = _as_text(head)
    if text is None:
        return None
    text = text.lstrip("\ufeff \t\r\n")
    for ask in (_html, _json):
        found = ask(text)
        if found is not None:
            return found
    return None


def _as_text(head: bytes) -> str | None:
    """UTF-8 or UTF-16 text; None for binary data."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head.decode(encoding, "replace")
    return None if b"\0" in head else head.decode("utf-8", "replace")


def _html(text: str) -> NotAnImage | None:
    start = text[:1024].lower()
    if start.startswith("<!doctype html") or re.match(r"<(html|head|body|title|h1|script)[\s>]", start):
        return NotAnImage("an HTML page, probably an error page", _AGAIN, "html")
    if "<html" in start and start.startswith(("<!--", "<?xml", "<!doctype")):
        return NotAnImage("an HTML page, probably an error page", _AGAIN, "html")
    if start.startswith("<?xml") or re.match(r"<[a-z_][\w:.-]*[\s>/]", start):
        return NotAnImage("an XML document, probably an error body", _AGAIN, "xml")
    return None


def _json(text: str) -> NotAnImage | None:
    if re.match(r"\{\s*(\"|\}|$)|\[\s*([\[{\"\]\d-]|$)", text):
        return NotAnImage("a JSON document, probably an API's error body", _AGAIN, "json")
    return None


def _blank(head: bytes) -> NotAnImage | None:
    """A sparse or half-written file: the name exists, the data never came."""
    if head.count(head[:1]) != len(head):
        return None
    value = head[0]
    what = "NUL bytes" if value == 0 else f"bytes of value 0x{value:02x}"
    return NotAnImage(f"nothing but {what}", "it was never written or was wiped: make it again", "blank")


def _is_text(head: bytes) -> bool:
    printable: Callable[[int], bool] = lambda byte: byte >= 32 or byte in b"\t\r\n\f\x1b"  # noqa: E731
    return all(printable(byte) for byte in head) and b"\x7f" not in head
