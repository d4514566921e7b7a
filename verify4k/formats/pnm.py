"""PBM, PGM, PPM and PAM: a header in words, samples in plain text or in binary.

Netpbm's pbm(5), pgm(5), ppm(5) and pam(5).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.facts import Header, Size, Walk
from verify4k.formats.limits import DEFAULT
from verify4k.formats.reading.trailing import trailing_kind
from verify4k.formats.registry import Format
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels


def _recognize(head: bytes) -> str | None:
    fits = len(head) > 2 and head[:1] == b"P" and head[1:2] in b"1234567" and head[2:3].isspace()
    return "pnm" if fits else None


FORMAT = Format(
    "pnm",
    suffixes=(".ppm", ".pgm", ".pbm", ".pnm", ".pam"),
    media_types=("image/x-portable-anymap", "image/x-portable-pixmap", "image/x-portable-graymap"),
    recognize=_recognize,
    weak=True,
)

_MOST = 65_536
_TOKEN = rb"(?:\s|#[^\n\r]*[\n\r])*([^\s#]+)"  # compiled by `re` where one is read
_PAM = rb"^(WIDTH|HEIGHT|DEPTH|MAXVAL)[ \t]+(\d{1,9})[ \t\r]*$"


class _Head(NamedTuple):
    kind: int  # the digit behind P
    size: Size
    channels: int
    most: int
    data: int


def _head(reader: Reader) -> _Head:
    data = reader.read(0, _MOST)
    if _recognize(data[:4]) is None:
        raise Damaged("the file ends inside the PNM signature")
    kind = data[1] - 48
    found = _pam(data) if kind == 7 else _words(data, kind)
    if 0 in found.size or not 1 <= found.most <= 65_535 or not 1 <= found.channels <= 4:
        raise Damaged(
            f"the PNM header says {found.size}, {found.channels} channels up to {found.most}: no image"
        )
    return found


def _words(data: bytes, kind: int) -> _Head:
    numbers, at = [], 2
    for _ in range(2 if kind in (1, 4) else 3):
        found = re.compile(_TOKEN).match(data, at)
        if found is None or not found[1].isdigit() or len(found[1]) > 9:
            raise Damaged("the PNM header is cut off, or holds something else than numbers")
        numbers.append(int(found[1]))
        at = found.end()
    most = numbers[2] if len(numbers) > 2 else 1
    return _Head(kind, Size(numbers[0], numbers[1]), 3 if kind in (3, 6) else 1, most, at + 1)


def _pam(data: bytes) -> _Head:
    end = data.find(b"\nENDHDR\n")
    if end < 0:
        raise Damaged("the PAM header has no end")
    told = {name: int(number) for name, number in re.findall(_PAM, data[:end], re.MULTILINE)}
    if len(told) < 4:
        raise Damaged("the PAM header lacks a size, a depth or a largest value")
    size = Size(told[b"WIDTH"], told[b"HEIGHT"])
    return _Head(7, size, told[b"DEPTH"], told[b"MAXVAL"], end + 8)


def header(reader: Reader) -> Header:
    """Return the facts of the header."""
    head = _head(reader)
    mode = "rgb" if head.channels >= 3 else "gray"
    return Header("pnm", head.size, head.size, head.most.bit_length(), mode, alpha=head.channels in (2, 4))


def walk(reader: Reader) -> Walk:
    """Check that the binary samples are there; plain ones are left to the decoder."""
    try:
        head = _head(reader)
    except Damaged as error:
        return Walk(damage=(error.message,))
    if head.kind < 4:
        return Walk(end=reader.size)
    width, height = head.size
    row = (width + 7) // 8 if head.kind == 4 else width * head.channels * (2 if head.most > 255 else 1)
    end = head.data + row * height
    if end > reader.size:
        return Walk(damage=(f"truncated: the samples end {end - reader.size} bytes after the file",))
    if reader.read(end, 1) == b"P" and reader.read(end + 1, 1) in b"123456":
        return Walk(end=reader.size)  # a stream of several pictures: pnm(5) allows it
    return Walk(end=end, trailing=reader.size - end, trailing_kind=trailing_kind(reader, end))


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode the first picture with Pillow."""
    from verify4k.formats.decoding import decode_still

    if data[1:2] == b"7" or (header.mode == "rgb" and header.bit_depth > 8):
        raise CannotRead("no decoder here reads PAM, or PPM with more than 8 bits", "convert it to PNG")
    return decode_still(data, "Ppm", header, limits)
