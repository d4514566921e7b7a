"""BMP: every header size, row order, bit field and run length."""

from __future__ import annotations

import struct

import pytest
from judging import decode, header_of, judge, verdict, walk_of

from verify4k.errors import CannotRead, Damaged, LimitHit
from verify4k.formats.facts import Size

FIELDS_565 = struct.pack("<IIII", 0xF800, 0x07E0, 0x001F, 0)
FIELDS_ARGB = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)


def bmp(
    pixels: bytes,
    width: int = 4,
    height: int = 3,
    bits: int = 24,
    compression: int = 0,
    length: int = 40,
    rest: bytes = b"",
    claimed: int | None = None,
) -> bytes:
    if length == 12:
        head = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        head = struct.pack(
            "<IiiHHIIiiII", length, width, height, 1, bits, compression, len(pixels), 0, 0, 0, 0
        )
        head = (head[:length] + rest).ljust(length, b"\0")
        if length == 40 and compression:
            head += b"" if bits <= 8 else rest
    table = b"" if bits > 8 else bytes(range(3 if length == 12 else 4)) * (1 << bits)
    start = 14 + len(head) + len(table)
    whole = start + len(pixels) if claimed is None else claimed
    return b"BM" + struct.pack("<IHHI", whole, 0, 0, start) + head + table + pixels


RLE8 = b"\4\1\0\0\0\3\1\2\3\0\1\1\0\0\0\2\1\0\3\2\0\1"
RLE4 = b"\4\x12\0\0\0\4\x12\x34\0\0\4\x11\0\1"


@pytest.mark.parametrize(
    ("data", "depth", "mode", "alpha"),
    [
        (bmp(bytes(36)), 8, "rgb", "none"),
        (bmp(bytes(36), height=-3), 8, "rgb", "none"),
        (bmp(bytes(36), length=12), 8, "rgb", "none"),
        (bmp(bytes(36), length=108), 8, "rgb", "none"),
        (bmp(bytes(36), length=124), 8, "rgb", "none"),
        (bmp(bytes(12), bits=8), 8, "palette", "none"),
        (bmp(bytes(12), bits=4), 4, "palette", "none"),
        (bmp(bytes(12), bits=1, length=12), 1, "palette", "none"),
        (bmp(bytes(24), bits=16), 5, "rgb", "none"),
        (bmp(bytes(24), bits=16, compression=3, length=56, rest=FIELDS_565), 6, "rgb", "none"),
        (bmp(bytes(48), bits=32), 8, "rgb", "none"),
        (bmp(bytes(48), bits=32, compression=3, length=56, rest=FIELDS_ARGB), 8, "rgb", "used"),
        (bmp(b"\xff" * 48, bits=32, compression=3, length=124, rest=FIELDS_ARGB), 8, "rgb", "opaque"),
        (bmp(RLE8, bits=8, compression=1), 8, "palette", "none"),
        (bmp(RLE4, bits=4, compression=2), 4, "palette", "none"),
    ],
)
def test_good_files_are_intact(data: bytes, depth: int, mode: str, alpha: str) -> None:
    judged = judge(data)
    assert judged.damage == ()
    assert (judged.header.stored, judged.header.bit_depth, judged.header.mode) == (Size(4, 3), depth, mode)
    assert (judged.alpha, judged.walk.trailing, judged.walk.warnings) == (alpha, 0, ())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bmp(bytes(36))[:20], "not known, or cut off"),
        (bmp(bytes(36), length=15), "header of 15 bytes"),
        (bmp(bytes(36), width=0), "measures 0x3"),
        (bmp(bytes(36), width=-4), "measures -4x3"),
        (bmp(bytes(36), bits=7), "7 bits a pixel"),
    ],
)
def test_a_broken_header_is_damage(data: bytes, words: str) -> None:
    with pytest.raises(Damaged, match=words):
        header_of(data)
    assert words in walk_of(data).damage[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bmp(bytes(35)), "truncated: the pixel data end 1 bytes"),
        (bmp(bytes(36))[:10] + b"\x10\0\0\0" + bmp(bytes(36))[14:], "start at 16"),
        (bmp(bytes(36))[:10] + b"\0\xff\0\0" + bmp(bytes(36))[14:], "outside the file"),
    ],
)
def test_damage_is_found_by_walking(data: bytes, words: str) -> None:
    assert words in walk_of(data).damage[0]


@pytest.mark.parametrize("data", [bmp(bytes(36)), bmp(RLE8, bits=8, compression=1)])
def test_truncation_at_any_length_is_found(data: bytes) -> None:
    assert {verdict(data[:length]) for length in range(18, len(data))} == {"damaged"}


@pytest.mark.parametrize(
    ("width", "bits", "row"),
    [
        (1, 24, 4),
        (2, 24, 8),
        (3, 24, 12),
        (4, 24, 12),
        (5, 24, 16),
        (1, 8, 4),
        (4, 8, 4),
        (5, 8, 8),
        (1, 1, 4),
        (32, 1, 4),
        (33, 1, 8),
        (7, 4, 4),
        (9, 4, 8),
        (1, 16, 4),
        (3, 16, 8),
        (1, 32, 4),
    ],
)
def test_rows_are_padded_to_four_bytes(width: int, bits: int, row: int) -> None:
    whole = bmp(bytes(row * 3), width, bits=bits)
    judged = judge(whole)
    assert (judged.damage, judged.walk.end) == ((), len(whole))
    assert walk_of(whole[:-1]).damage == ("truncated: the pixel data end 1 bytes after the file",)
    assert walk_of(whole + b"PK\3\4").trailing == 4


@pytest.mark.parametrize("runs", [b"\4\1\0\0\4\1\0\0", b"\4\1\0\2\0", b"\0", b""])
def test_run_lengths_without_their_end_are_damage(runs: bytes) -> None:
    with pytest.raises(Damaged, match="run lengths end after"):
        decode(bmp(runs, bits=8, compression=1))


def test_trailing_bytes_are_counted_and_named() -> None:
    found = walk_of(bmp(bytes(36)) + b"PK\3\4")
    assert (found.trailing, found.trailing_kind) == (4, "zip")
    assert walk_of(bmp(bytes(36), claimed=94) + b"more").trailing == 0
    assert walk_of(bmp(bytes(36), claimed=999)).warnings == ("the header promises 999 bytes, 90 are there",)
    unknown = bytearray(bmp(RLE8, bits=8, compression=1))
    unknown[34:38] = bytes(4)  # no length: nobody can tell where the image ends
    assert walk_of(bytes(unknown)).trailing == 0


def test_an_embedded_profile_is_told() -> None:
    rest = bytearray(84)
    rest[16:20] = b"DEBM"
    rest[72:80] = struct.pack("<II", 124 + 36, 7)
    data = bmp(bytes(36), length=124, rest=bytes(rest)) + b"PROFILE"
    (block,) = header_of(data).blocks
    assert data[block.offset : block.offset + block.length] == b"PROFILE"
    assert walk_of(data).trailing == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bmp(bytes(36), compression=5), "compression 5"),
        (bmp(bytes(12), bits=2), "not supported"),
        (bmp(bytes(96), bits=64), "64 bits a pixel"),
        (
            bmp(bytes(48), bits=32, compression=3, length=56, rest=struct.pack("<IIII", 5, 56, 448, 0)),
            "with gaps",
        ),
    ],
)
def test_kinds_that_nothing_reads_are_undecided(data: bytes, words: str) -> None:
    with pytest.raises(CannotRead, match=words):
        decode(data)


def test_bombs_end_in_a_limit() -> None:
    with pytest.raises(LimitHit):
        decode(bmp(bytes(36), width=60_000, height=60_000))


def test_the_decoder_has_to_find_what_the_header_promises() -> None:
    from verify4k.formats import bmp as module

    data = bmp(bytes(36))
    with pytest.raises(Damaged, match="promises 5x3, the decoder finds 4x3"):
        module.decode(data, header_of(data)._replace(stored=Size(5, 3)), colour=True)


@pytest.mark.parametrize(
    ("bits", "masks", "pixel", "rgba"),
    [
        (16, (0x7C00, 0x3E0, 0x1F, 0x8000), 0x7FFF, (255, 255, 255, 0)),  # A1R5G5B5, fully transparent
        (16, (0x7C00, 0x3E0, 0x1F, 0x8000), 0xFC00, (255, 0, 0, 255)),
        (16, (0xF00, 0xF0, 0xF, 0xF000), 0x8421, (68, 34, 17, 136)),
        (32, (0x3FF00000, 0xFFC00, 0x3FF, 0xC0000000), 0xBFFFFFFF, (255, 255, 255, 170)),
        (32, (0x1F, 0x7E0, 0xF800, 0), 0x7E0, (0, 255, 0)),
    ],
)
def test_bit_fields_of_any_width_are_read_with_their_alpha(
    bits: int, masks: tuple[int, int, int, int], pixel: int, rgba: tuple[int, ...]
) -> None:
    row = pixel.to_bytes(bits // 8, "little") * 4
    data = bmp(row * 3, bits=bits, compression=3, length=56, rest=struct.pack("<IIII", *masks))
    found = decode(data)
    assert found.array().shape == (3, 4, len(rgba))
    assert tuple(int(value) for value in found.array()[1, 2]) == rgba
    assert found.alpha_used() == (len(rgba) == 4 and rgba[3] < 255)
