"""The first bits of a JPEG XL codestream: SizeHeader and ImageMetadata (ISO/IEC 18181-1)."""

from __future__ import annotations

from verify4k.errors import Damaged
from verify4k.formats.facts import Size
from verify4k.formats.metadata.cicp import SRGB, declared
from verify4k.formats.reading.subsampling import coarseness
from verify4k.named_tuple import NamedTuple

_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_Choice = tuple[int, int]  # bits to read, number to add
_SIZE: tuple[_Choice, ...] = ((9, 1), (13, 1), (18, 1), (30, 1))
_ENUM: tuple[_Choice, ...] = ((0, 0), (0, 1), (4, 2), (6, 18))
_ALPHA, _SPOT, _BLACK, _CFA = 0, 2, 4, 5
_GRAY, _XYB = 1, 2
_CUSTOM = 2
_FROM_DC_FRAME = 0x20
_SHIFTS = ((0, 0), (1, 1), (1, 0), (0, 1))  # by how many bits a channel is finer, across and down


class Codestream(NamedTuple):
    """What the image header says. ``orientation`` as in Exif."""

    size: Size
    depth: int = 8
    mode: str = "rgb"
    alpha: bool = False
    orientation: int = 1
    animated: bool = False
    colours: str = "sRGB"  # as `Header.colours`
    coded_icc: bool = False
    sampling: str | None = ""  # of colours, "" where they are whole; None: not read


class _Bits:
    """Least significant bit first."""

    def __init__(self, data: bytes) -> None:
        self.value = int.from_bytes(data, "little")
        self.left = 8 * len(data)

    def take(self, count: int) -> int:
        self.left -= count
        if self.left < 0:
            raise Damaged("the file ends inside the JPEG XL image header")
        found = self.value & ((1 << count) - 1)
        self.value >>= count
        return found

    def choose(self, *choices: _Choice) -> int:
        """Read a U32: two bits choose how many more to read and what to add (9.2.2)."""
        bits, offset = choices[self.take(2)]
        return self.take(bits) + offset

    def long(self) -> int:
        """Read a U64, of which more than 12 bits are too many for what is read here (9.2.3)."""
        chosen = self.take(2)
        if chosen < 3:
            return self.take((0, 4, 8)[chosen]) + (0, 1, 17)[chosen]
        found = self.take(12)
        if self.take(1):
            raise Damaged("a number of the JPEG XL image header is too large")
        return found

    def align(self) -> None:
        """Go on at the next byte."""
        self.take(self.left % 8)


def read_codestream(data: bytes) -> Codestream:
    """Read the image header of a codestream that starts with FF 0A."""
    bits = _Bits(data[2:])
    size = _size(bits)
    if bits.take(1):  # all_default
        return Codestream(size)
    orientation, animated, preview = 1, False, False
    extra = bool(bits.take(1))
    if extra:
        orientation = bits.take(3) + 1
        if bits.take(1):
            _size(bits)  # intrinsic size
        preview = bool(bits.take(1))
        if preview:
            _preview(bits)
        animated = bool(bits.take(1))
        if animated:
            _animation(bits)
    depth = _depth(bits)
    bits.take(1)  # modular_16bit_buffers
    channels = {_channel(bits) for _ in range(bits.choose((0, 0), (0, 1), (4, 2), (12, 1)))}
    xyb = bool(bits.take(1))
    gray, coded_icc, colours = (False, False, SRGB) if bits.take(1) else _colours(bits)
    mode = "cmyk" if _BLACK in channels else "gray" if gray else "rgb"
    alpha = _ALPHA in channels
    sampling = "" if xyb else None if coded_icc or preview else _sampling(bits, extra=extra)
    return Codestream(size, depth, mode, alpha, orientation, animated, colours, coded_icc, sampling)


def _sampling(bits: _Bits, *, extra: bool) -> str | None:
    """Read on to the first frame's header, which says so where its colours are a JPEG's (annex F.2)."""
    try:
        if extra and not bits.take(1):  # tone_mapping
            bits.take(16 + 16 + 1 + 16)
        if bits.long() or not bits.take(1):  # extensions; transforms of one's own
            return None
        bits.align()
        if bits.take(1):  # all_default
            return ""
        bits.take(2 + 1)  # frame_type, encoding
        flags = bits.long()
        if not bits.take(1):  # do_YCbCr
            return ""
        if flags & _FROM_DC_FRAME:
            return None
        first, luma, last = (bits.take(2) for _ in range(3))
    except Damaged:  # of what was read of it
        return None
    across, down = (
        (_SHIFTS[luma][n] - _SHIFTS[first][n], _SHIFTS[luma][n] - _SHIFTS[last][n]) for n in (0, 1)
    )
    return coarseness(2 ** max(across), 2 ** max(down))


def _size(bits: _Bits) -> Size:
    small = bits.take(1)
    height = (bits.take(5) + 1) * 8 if small else bits.choose(*_SIZE)
    ratio = bits.take(3)
    if ratio:
        over, under = _RATIOS[ratio - 1]
        return Size(height * over // under, height)
    return Size((bits.take(5) + 1) * 8 if small else bits.choose(*_SIZE), height)


def _preview(bits: _Bits) -> None:
    by_eight: tuple[_Choice, ...] = ((0, 16), (0, 32), (5, 1), (9, 33))
    choices = by_eight if bits.take(1) else ((6, 1), (8, 65), (10, 321), (12, 1345))
    bits.choose(*choices)
    if not bits.take(3):
        bits.choose(*choices)


def _animation(bits: _Bits) -> None:
    bits.choose((0, 100), (0, 1000), (10, 1), (30, 1))
    bits.choose((0, 1), (0, 1001), (8, 1), (10, 1))
    bits.choose((0, 0), (3, 0), (16, 0), (32, 0))
    bits.take(1)


def _depth(bits: _Bits) -> int:
    if bits.take(1):  # float_sample
        depth = bits.choose((0, 32), (0, 16), (0, 24), (6, 1))
        bits.take(4)
        return depth
    return bits.choose((0, 8), (0, 10), (0, 12), (6, 1))


def _channel(bits: _Bits) -> int:
    """Read one ExtraChannelInfo; return its type."""
    if bits.take(1):  # d_alpha: 8-bit straight alpha
        return _ALPHA
    kind = bits.choose(*_ENUM)
    _depth(bits)
    bits.choose((0, 0), (0, 3), (0, 4), (3, 1))
    bits.take(8 * bits.choose((0, 0), (4, 0), (5, 16), (10, 48)))  # the name
    if kind == _ALPHA:
        bits.take(1)
    elif kind == _SPOT:
        bits.take(4 * 16)
    elif kind == _CFA:
        bits.choose((0, 1), (2, 0), (4, 3), (8, 19))
    return kind


def _colours(bits: _Bits) -> tuple[bool, bool, str]:
    """Read ColourEncoding: whether it is gray, whether an ICC profile follows, and what else it names."""
    coded_icc = bool(bits.take(1))
    space = bits.choose(*_ENUM)
    gray = space == _GRAY
    if coded_icc:
        return gray, True, ""
    if space == _XYB:
        return gray, False, ""
    white = bits.choose(*_ENUM)
    if white == _CUSTOM:
        _point(bits)
    primaries = 1 if gray else bits.choose(*_ENUM)
    if primaries == _CUSTOM:
        for _ in range(3):
            _point(bits)
    transfer = 0 if bits.take(1) else bits.choose(*_ENUM)  # 0: a gamma of its own
    if _CUSTOM in (white, primaries) or not transfer:
        return gray, False, "colours of its own"
    # the numbers are those of H.273; 11 is P3 with either white point
    return gray, False, declared(12 if primaries == 11 else primaries, transfer)


def _point(bits: _Bits) -> None:
    for _ in range(2):
        bits.choose((19, 0), (19, 524288), (20, 1048576), (21, 2097152))
