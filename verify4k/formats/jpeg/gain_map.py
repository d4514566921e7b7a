"""Whether a JPEG still carries its gain map: a further picture that says it is one.

ISO 21496-1 (a URN in APP2), Adobe's and Google's XMP (Ultra HDR), Apple's auxiliary type. What the main
picture says of a gain map proves nothing: converters keep that text and drop the picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Block, once
from verify4k.formats.jpeg.markers import APP2, SOS, Front
from verify4k.formats.jpeg.mpf import further_pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verify4k.formats.facts import Reader

_SIGNS = (
    b"urn:iso:std:iso:ts:21496:-1",
    b"http://ns.adobe.com/hdr-gain-map/1.0/",
    b"urn:com:apple:photo:2020:aux:hdrgainmap",
)
_HEAD = 1 << 16  # bytes of a further picture in which it says what it is


def gain_map(reader: Reader, end: Callable[[], int | None]) -> bool:
    """Look at every further picture, by the index or right behind the first one.

    end: where that one ends, asked for only where there is no index: telling costs a look at the whole file.
    """
    return any(_says_so(reader, start) for start in _starts(reader, end))


def gain_map_heads(reader: Reader) -> Iterator[bytes]:
    """Yield how each gain map begins that the index names."""
    for start in _starts(reader, lambda: None):
        if _says_so(reader, start):
            yield reader.read(start, _HEAD)


def _starts(reader: Reader, end: Callable[[], int | None]) -> list[int]:
    named = once(reader, _named)
    if named is not None:
        return named
    behind = end()
    return [] if behind is None else [behind]


def _named(reader: Reader) -> list[int] | None:
    """Return where the index says that further pictures begin; None where there is none."""
    front = once(reader, Front)
    for segment in front.until(SOS):
        if segment.code == APP2 and front.window.at(segment.body, 4) == b"MPF\0":
            mpf = Block("mpf", segment.body + 4, segment.length - 4)
            return [start for start, _ in further_pictures(reader, mpf)]
    return None


def _says_so(reader: Reader, start: int) -> bool:
    head = reader.read(start, _HEAD) if start < reader.size else b""
    return head.startswith(b"\xff\xd8") and any(sign in head for sign in _SIGNS)
