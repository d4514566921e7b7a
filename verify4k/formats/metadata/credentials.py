"""Sizes that C2PA manifests name: of the picture itself, or of what it was made from.

C2PA keeps manifests in JUMBF boxes (ISO 19566-5, annex A; C2PA 2.2, section 11). Metadata
assertions among them are JSON-LD: `stds.exif` (C2PA 1.0), `c2pa.metadata` (1.4 and later) and
`cawg.metadata` repeat Exif and TIFF tags, also those of ingredients. Nothing is validated here, as
little as Exif is; nothing raises.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from verify4k.formats.facts import Size
from verify4k.formats.metadata.claims import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify4k.formats.facts import Block, Reader

_MOST = 4 << 20  # bytes of all manifests together
_MOST_BOXES = 10_000
_DEEPEST = 8  # store, manifest, assertion store, assertion: four are usual
_LONGEST = 1 << 18  # bytes of one assertion
_LABELS = ("stds.exif", "c2pa.metadata", "cawg.metadata")
_PAIRS = (("exif:PixelXDimension", "exif:PixelYDimension"), ("tiff:ImageWidth", "tiff:ImageLength"))


def named_sizes(reader: Reader, blocks: Sequence[Block]) -> tuple[Claim, ...]:
    """Read the metadata assertions of all manifests for sizes, each once."""
    parts, left = [], _MOST
    for block in blocks:
        if block.kind == "c2pa":
            parts.append(reader.read(block.offset, min(block.length, left)))
            left -= len(parts[-1])
    data = b"".join(parts)
    start = data.find(b"jumb") - 4  # HEIF puts a few fields of its own before the first box
    if start < 0:
        return ()
    found = (claim for text in _assertions(data[start:]) for claim in _claims(text))
    return tuple(dict.fromkeys(found))


def _assertions(data: bytes) -> Iterator[bytes]:
    """Yield the JSON of each metadata assertion."""
    left = _MOST_BOXES
    open_: list[tuple[int, int, int, str]] = [(0, len(data), 0, "")]  # from, to, depth, label
    while open_ and left:
        at, end, depth, label = open_.pop()
        left -= 1
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if not 8 <= length <= end - at:
            continue  # 64-bit and open-ended boxes are larger than any assertion
        body, after = at + 8, at + length
        if kind == b"jumd":
            label = _label(data[body:after])
        elif kind == b"jumb" and depth < _DEEPEST:
            open_.append((body, after, depth + 1, ""))
        elif kind == b"json" and label.partition("__")[0] in _LABELS and length < _LONGEST:
            yield data[body:after]
        open_.append((after, end, depth, label))


def _label(body: bytes) -> str:
    """A description box: 16 bytes of type, one of toggles, a label that ends with NUL."""
    return body[17:].partition(b"\0")[0].decode("ascii", "replace") if body[16:17] else ""


def _claims(text: bytes) -> Iterator[Claim]:
    try:
        tags = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(tags, dict):
        return
    for wide, tall in _PAIRS:
        width, height = _number(tags.get(wide)), _number(tags.get(tall))
        if width and height:
            yield Claim(f"C2PA {wide} x {tall}", Size(width, height))


def _number(value: Any) -> int:
    """JSON-LD writes numbers as numbers or as text."""
    text = str(value).strip() if isinstance(value, int | str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
