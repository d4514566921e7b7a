"""TIFF: the first page, as stored. Orientation is reported, not applied; pages do not play.

TIFF 6.0 with Adobe's supplements; the walk is in `tiff_walk`, the pixels in `tiff_decode`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged
from verify4k.formats.facts import Block, Header
from verify4k.formats.reading.peek import Peek
from verify4k.formats.tiff import ifd
from verify4k.formats.tiff.page import page_samples, page_size

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader

_COLOURS = {0: 1, 1: 1, 2: 3, 3: 1, 4: 1, 5: 4, 6: 3, 8: 3, 9: 3, 10: 3}  # samples that are colour
_MODES = {0: "gray", 1: "gray", 2: "rgb", 3: "palette", 4: "gray", 5: "cmyk"}
_ALPHA = (1, 2)  # associated, unassociated; 999: written by CorelDRAW 10


def header(reader: Reader) -> Header:
    """Return the first page's facts."""
    page = ifd.first_directory(Peek(reader, 4096))
    stored = page_size(page)
    samples, photometric = page_samples(page)
    bits = page.values(ifd.BITS)[: max(1, samples)] or (1,)
    if 0 in bits:
        raise Damaged("a sample has 0 bits")
    alpha, disagreements = _alpha(page, samples - _COLOURS.get(photometric, samples), photometric)
    orientation = page.value(ifd.ORIENTATION, 1)
    orientation = orientation if 1 <= orientation <= 8 else 1
    if orientation != 1:
        disagreements.append(f"TIFF orientation {orientation}: some viewers turn the page, others do not")
    return Header(
        format="tiff",
        stored=stored,
        displayed=stored,
        bit_depth=max(bits),
        mode=_MODES.get(photometric, "rgb" if samples >= 3 or photometric == 6 else "gray"),
        alpha=alpha,
        orientation=orientation,
        blocks=tuple(
            Block(kind, entry.at, entry.length)
            for tag, kind in ((ifd.ICC, "icc"), (ifd.XMP, "xmp"))
            if (entry := page.entries.get(tag)) is not None and entry.length
        ),
        disagreements=tuple(disagreements),
    )


def _alpha(page: ifd.Directory, extra: int, photometric: int) -> tuple[bool, list[str]]:
    """Section 18: ExtraSamples says which samples beyond the colours are alpha."""
    kinds = page.values(ifd.EXTRA_SAMPLES)
    if extra <= 0:
        return False, []
    if any(kind in _ALPHA for kind in kinds[:extra]) or kinds[:1] == (999,):
        return True, []
    if kinds and extra == 1 and photometric == 2:
        # libtiff's viewers read it as alpha, browsers' and Pillow's do not
        return False, ["a fourth sample of unspecified meaning: some viewers take it for alpha"]
    return not kinds and extra == 1 and photometric == 2, []
