"""PNG structure: good files are clean, every rule of order and number finds its fault."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metadata_files import oriented, xmp
from png_files import (
    ALL_KINDS,
    ANIMATION,
    DATA,
    END,
    GOOD,
    HEAD,
    HIDDEN_DEFAULT,
    actl,
    bad_crc,
    chunk,
    fctl,
    fdat,
    idat,
    ihdr,
    itxt_xmp,
    palette,
    picture,
    rows,
)

from verify4k.errors import LimitHit
from verify4k.formats.facts import BytesReader, Walk
from verify4k.formats.png import chunks as png_chunks
from verify4k.formats.png.chunks import SIGNATURE
from verify4k.formats.png.inflate import inflate
from verify4k.formats.png.walk import walk


def check(data: bytes) -> Walk:
    return walk(BytesReader(data))


PALETTE_HEAD = SIGNATURE + ihdr(colour=3)
PALETTE_DATA = idat(rows(colour=3))
SPLIT = [chunk(b"IDAT", DATA[8:-4][:9]), chunk(b"IDAT", DATA[8:-4][9:])]

CLEAN = [
    GOOD,
    HEAD + SPLIT[0] + chunk(b"IDAT") + SPLIT[1] + END,
    HEAD + chunk(b"gAMA", bytes(4)) + chunk(b"tEXt", b"Title\0x") + DATA + chunk(b"tIME", bytes(7)) + END,
    HEAD + palette(4) + DATA + END,
    HEAD + chunk(b"sPLT", b"a") * 2 + chunk(b"prIv", b"x") + DATA + END,
    PALETTE_HEAD + palette(256) + chunk(b"tRNS", b"\0") + PALETTE_DATA + END,
    HEAD + chunk(b"prIv", bytes(600_000)) + DATA + END,  # larger than the buffer
    HEAD + chunk(b"prIv", bytes(100_000)) * 5 + DATA + END,  # across buffers
    ANIMATION,
    HIDDEN_DEFAULT,
    HEAD + actl(1) + fctl(0, ways=(2, 1)) + DATA + END,
    HEAD + actl(1) + DATA + fctl(0, 2, 1, 2, 2) + fdat(1, rows(2, 1)) + END,
]


@pytest.mark.parametrize("data", CLEAN)
def test_good_files_are_clean(data: bytes) -> None:
    assert check(data) == Walk(end=len(data))


@pytest.mark.parametrize(("colour", "depth", "interlace"), ALL_KINDS)
def test_good_files_of_any_kind_are_clean(colour: int, depth: int, interlace: int) -> None:
    data = picture(colour, depth, interlace)
    assert check(data) == Walk(end=len(data))


DAMAGED = [
    (b"", "after 0 bytes"),
    (b"GIF89a" + bytes(50), "no PNG signature"),
    (SIGNATURE + bad_crc(b"IHDR", ihdr()[8:21]) + DATA + END, "CRC of IHDR"),
    (HEAD + bad_crc(b"IDAT", DATA[8:-4]) + END, "CRC of IDAT at byte 33"),
    (HEAD + DATA + bad_crc(b"IEND"), "CRC of IEND"),
    (HEAD + DATA, "without an IEND"),
    (HEAD + DATA + END[:-1], "ends inside its IEND chunk: 1 bytes"),
    (HEAD + DATA[:-5], "ends inside its IDAT chunk: 5 bytes"),
    (HEAD + DATA + b"\0\0\0\0I", "ends inside a chunk: 7 bytes"),
    (HEAD + DATA + b"\0\0\0", "ends inside a chunk: 9 bytes"),
    (HEAD + END, "no pixel data"),
    (HEAD + SPLIT[0] + chunk(b"tEXt", b"x") + SPLIT[1] + END, "tEXt stands between two IDAT"),
    (HEAD + ihdr(3840, 2160) + DATA + END, "second IHDR stands at byte 33"),
    (HEAD + chunk(b"CrIt") + DATA + END, "CrIt at byte 33 is no critical chunk"),
    (HEAD + chunk(b"a1b\x1b") + DATA + END, "no chunk begins at byte 33: its name would be 'a1b\\x1b'"),
    (HEAD + DATA + chunk(b"IEND", b"x"), "IEND holds 1 bytes"),
    (PALETTE_HEAD + PALETTE_DATA + END, "no palette before the pixels"),
    (PALETTE_HEAD + PALETTE_DATA + palette(2) + END, "no palette before the pixels"),
    (PALETTE_HEAD + palette(2) + palette(2) + PALETTE_DATA + END, "second palette"),
    (PALETTE_HEAD + chunk(b"PLTE", bytes(4)) + PALETTE_DATA + END, "4 bytes long"),
    (PALETTE_HEAD + chunk(b"PLTE") + PALETTE_DATA + END, "0 bytes long"),
    (PALETTE_HEAD + palette(257) + PALETTE_DATA + END, "771 bytes long"),
    (HEAD + actl(3) + fctl(0) + DATA + fctl(1) + fdat(2) + END, "promises 3 frames, 2 are there"),
    (HEAD + actl(1) + fctl(0) + DATA + fctl(1) + fdat(2) + END, "promises 1 frames, 2 are there"),
    (HEAD + actl(0) + DATA + END, "acTL promises 0 frames"),
    (HEAD + actl(2) + actl(2) + fctl(0) + DATA + fctl(1) + fdat(2) + END, "second acTL"),
    (HEAD + chunk(b"acTL", bytes(7)) + DATA + END, "acTL is 7 bytes long"),
    (HEAD + actl(2) + fctl(0) + DATA + fctl(1) + fdat(3) + END, "number 2 is missing: 3 follows"),
    (HEAD + actl(2) + fctl(1) + DATA + fctl(2) + fdat(3) + END, "number 0 is missing: 1 follows"),
    (HEAD + actl(2) + fctl(0) + DATA + fctl(1) + END, "last frame has no pixel data"),
    (HEAD + actl(2) + fctl(0) + DATA + fctl(1) + fctl(2) + fdat(3) + END, "frame 2 has no pixel data"),
    (HEAD + actl(1) + fctl(0) + fctl(1) + DATA + END, "frame 1 has no pixel data"),
    (HEAD + actl(1) + fctl(0, 3, 3) + DATA + END, "frame 1 (3x3 at 0,0) is not the whole 4x3"),
    (HEAD + actl(1) + DATA + fctl(0, 4, 3, 1) + fdat(1) + END, "does not lie inside the 4x3 canvas"),
    (HEAD + actl(1) + DATA + fctl(0, 4, 3, 0, 1) + fdat(1) + END, "does not lie inside"),
    (HEAD + actl(1) + DATA + fctl(0, 0, 3) + fdat(1) + END, "does not lie inside"),
    (HEAD + actl(1) + fctl(0, ways=(3, 0)) + DATA + END, "unknown ways"),
    (HEAD + actl(1) + fctl(0, ways=(0, 2)) + DATA + END, "unknown ways"),
    (HEAD + actl(1) + chunk(b"fcTL", bytes(25)) + DATA + END, "fcTL is 25 bytes long"),
    (HEAD + actl(1) + fctl(0) + DATA + chunk(b"fdAT", b"abc") + END, "too short for its sequence number"),
    (HEAD + actl(1) + fdat(0) + DATA + fctl(1) + fdat(2) + END, "before its frame's fcTL"),
    (HEAD + actl(1) + DATA + fdat(0) + fctl(1) + fdat(2) + END, "before its frame's fcTL"),
    (HEAD + fctl(0) + DATA + END, "no acTL before the pixels"),
    (HEAD + DATA + actl(1) + fctl(0) + fdat(1) + END, "no acTL before the pixels"),
    (ANIMATION.replace(fdat(2), bad_crc(b"fdAT", fdat(2)[8:-4])), "CRC of fdAT"),
]


@pytest.mark.parametrize(("data", "says"), DAMAGED)
def test_each_fault_is_found(data: bytes, says: str) -> None:
    damage = check(data).damage
    assert any(says in sentence for sentence in damage), damage


def test_one_wrong_number_is_said_once() -> None:
    damage = check(HEAD + actl(2) + fctl(0) + DATA + fctl(5) + fdat(9) + END).damage
    assert len(damage) == 1


def test_a_cut_file_is_not_blamed_for_what_the_cut_took() -> None:
    assert len(check(ANIMATION[:-20]).damage) == 1


def test_a_wrong_crc_in_a_large_chunk_is_found() -> None:
    good = chunk(b"IDAT", bytes(600_000))
    assert "CRC of IDAT" in check(HEAD + good[:-1] + b"x" + END).damage[0]


WARNED = [
    (HEAD + bad_crc(b"tEXt", b"a\0b") + DATA + END, "CRC of tEXt"),
    (HEAD + DATA + chunk(b"gAMA", bytes(4)) + END, "gAMA stands behind the pixels"),
    (HEAD + DATA + actl(2) + END, "acTL stands behind the pixels"),
    (HEAD + palette(2) + chunk(b"gAMA", bytes(4)) + DATA + END, "gAMA stands behind the palette"),
    (
        PALETTE_HEAD + chunk(b"tRNS", b"\0") + palette(256) + PALETTE_DATA + END,
        "tRNS stands before the palette",
    ),
    (HEAD + chunk(b"gAMA", bytes(4)) * 2 + DATA + END, "several gAMA"),
    (HEAD + DATA + palette(2) + END, "PLTE stands behind the pixels"),
    (HEAD + chunk(b"PLTE", bytes(4)) + DATA + END, "4 bytes long"),
    (picture(0, before=palette(2)), "gray picture has a palette"),
    (picture(4, before=palette(2)), "gray picture has a palette"),
    (picture(6, before=chunk(b"tRNS", bytes(6))), "tRNS in a picture with alpha samples"),
    (
        SIGNATURE + ihdr(colour=3, depth=1) + palette(3) + idat(rows(depth=1, colour=3)) + END,
        "more colours than",
    ),
]


@pytest.mark.parametrize(("data", "says"), WARNED)
def test_what_decoders_drop_is_a_warning(data: bytes, says: str) -> None:
    found = check(data)
    assert found.damage == ()
    assert says in found.warnings[0]


def test_warnings_are_bounded_and_said_once() -> None:
    assert len(check(HEAD + bad_crc(b"tEXt", b"a") * 50 + DATA + END).warnings) == 20
    assert len(check(HEAD + DATA + chunk(b"gAMA", bytes(4)) * 9 + END).warnings) == 1


def test_damage_is_bounded() -> None:
    assert len(check(HEAD + bad_crc(b"CrIt") * 50 + DATA + END).damage) < 25


def test_endless_chunks_hit_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png_chunks, "_MOST_CHUNKS", 10)
    with pytest.raises(LimitHit):
        check(HEAD + chunk(b"prIv") * 11 + DATA + END)


@pytest.mark.parametrize(
    ("rest", "kind"),
    [(b"\n", "newline"), (bytes(5), "nul"), (b"PK\3\4rest", "zip"), (END, "data"), (GOOD, "png")],
)
def test_bytes_behind_iend_are_counted_and_named(rest: bytes, kind: str) -> None:
    assert check(GOOD + rest) == Walk(end=len(GOOD), trailing=len(rest), trailing_kind=kind)


def test_exif_behind_the_pixels_disagrees_where_it_turns() -> None:
    found = check(HEAD + DATA + chunk(b"eXIf", oriented(6)) + END)
    assert found.orientation == 6
    assert "browsers ignore it" in found.disagreements[0]
    assert [block.kind for block in found.blocks] == ["exif"]


def test_upright_exif_behind_the_pixels_does_not_disagree() -> None:
    found = check(HEAD + DATA + chunk(b"eXIf", oriented(1)) + END)
    assert (found.orientation, found.disagreements) == (None, ())


def test_exif_on_both_sides_of_the_pixels_disagrees() -> None:
    found = check(HEAD + chunk(b"eXIf", oriented(1)) + DATA + chunk(b"eXIf", oriented(6)) + END)
    assert "several eXIf" in found.disagreements[0]


def test_xmp_behind_the_pixels_disagrees_where_it_turns() -> None:
    found = check(HEAD + DATA + itxt_xmp(xmp('tiff:Orientation="6"')) + END)
    assert "XMP behind the pixels says orientation 6" in found.disagreements[0]
    assert check(HEAD + DATA + itxt_xmp(xmp()) + chunk(b"iTXt", b"a\0") + END).disagreements == ()


def test_content_credentials_behind_the_pixels_are_found() -> None:
    assert [block.kind for block in check(HEAD + DATA + chunk(b"caBX", b"x") + END).blocks] == ["c2pa"]


@pytest.mark.parametrize(
    ("before", "says"),
    [(bad_crc(b"tRNS", bytes(6)), "wrong CRC"), (chunk(b"tRNS", bytes(5)), "tRNS is 5 bytes long")],
)
def test_transparency_that_some_viewers_drop_disagrees(before: bytes, says: str) -> None:
    assert says in check(HEAD + before + DATA + END).disagreements[0]


SMALL = [picture(2), picture(3, 2, 1), ANIMATION]


@pytest.mark.parametrize("data", SMALL)
def test_every_truncation_is_found(data: bytes) -> None:
    for length in range(len(data)):
        assert check(data[:length]).damage, length


@pytest.mark.parametrize("data", SMALL)
def test_every_flipped_bit_is_found(data: bytes) -> None:
    for bit in range(len(data) * 8):
        broken = bytearray(data)
        broken[bit // 8] ^= 1 << bit % 8
        reader = BytesReader(bytes(broken))
        found = walk(reader)
        assert found.damage or inflate(reader).damage, bit


@given(
    st.sampled_from(SMALL),
    st.lists(st.tuples(st.integers(0, 300), st.binary(min_size=1, max_size=6)), max_size=3),
)
def test_no_bytes_raise(data: bytes, patches: list[tuple[int, bytes]]) -> None:
    broken = bytearray(data)
    for at, patch in patches:
        broken[at : at + len(patch)] = patch
    reader = BytesReader(bytes(broken))
    walk(reader)
    inflate(reader)


@given(
    st.permutations(
        [ihdr(), actl(1), fctl(0), DATA, END, palette(1), chunk(b"tRNS", bytes(6)), chunk(b"eXIf", b"")]
    )
)
def test_no_order_raises(parts: list[bytes]) -> None:
    data = SIGNATURE + b"".join(parts)
    found = check(data)
    assert found.damage or found.end is not None


def test_a_second_xmp_with_the_sequence_numbers_wrapped_does_not_raise() -> None:
    last = struct.pack(">I", 0xFFFFFFFF)
    data = ANIMATION.replace(fctl(1), chunk(b"fcTL", last + fctl(1)[12:-4]))
    assert "missing" in check(data).damage[0]
