"""PNG header facts: from the chunks before the pixels, and from nothing else."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metadata_files import LONG, icc, oriented, xmp
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
    ihdr,
    itxt_xmp,
    palette,
    picture,
)

from verify4k.errors import CannotRead, Damaged, LimitHit, NotAnImage, Verify4kError
from verify4k.formats.facts import Block, BytesReader, Header, Size
from verify4k.formats.metadata.icc import profile_name, read_icc
from verify4k.formats.png.chunks import COLOUR_TYPES, SIGNATURE
from verify4k.formats.png.header import header


def read(data: bytes) -> Header:
    return header(BytesReader(data))


class Counting(BytesReader):
    """Counts what a parser asks for."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.reads: list[int] = []

    def read(self, offset: int, length: int) -> bytes:
        found = super().read(offset, length)
        self.reads.append(len(found))
        return found


@pytest.mark.parametrize(("colour", "depth", "interlace"), ALL_KINDS)
def test_a_good_file_of_any_kind_tells_its_facts(colour: int, depth: int, interlace: int) -> None:
    found = read(picture(colour, depth, interlace, width=5, height=9))
    assert found == Header(
        "png",
        Size(5, 9),
        Size(5, 9),
        depth,
        COLOUR_TYPES[colour][0],
        alpha=colour in (4, 6),
        progressive=bool(interlace),
    )


def test_a_normal_file_costs_one_read_of_a_few_kilobytes() -> None:
    reader = Counting(GOOD + bytes(1 << 20))
    header(reader)
    assert reader.reads == [4096]


def test_bodies_that_tell_nothing_are_not_read() -> None:
    big = chunk(b"zTXt", b"Comment\0\0" + bytes(1 << 20))
    reader = Counting(HEAD + big * 3 + DATA + END)
    assert header(reader).damage == ()
    assert sum(reader.reads) < 40_000


@pytest.mark.parametrize("value", range(1, 9))
def test_exif_before_the_pixels_turns_the_picture(value: int) -> None:
    found = read(HEAD + chunk(b"eXIf", oriented(value)) + DATA + END)
    assert found.orientation == value
    assert found.displayed == (Size(3, 4) if value > 4 else Size(4, 3))
    assert found.disagreements == ()
    assert [block.kind for block in found.blocks] == ["exif"]


def test_exif_behind_the_pixels_is_not_the_header_s() -> None:
    assert read(HEAD + DATA + chunk(b"eXIf", oriented(6)) + END).orientation == 1


def test_exif_with_a_wrong_crc_is_written_but_not_applied() -> None:
    found = read(HEAD + bad_crc(b"eXIf", oriented(6)) + DATA + END)
    assert (found.orientation, found.displayed) == (6, Size(4, 3))
    assert "wrong CRC" in found.disagreements[0]


def test_upright_exif_with_a_wrong_crc_changes_nothing() -> None:
    assert read(HEAD + bad_crc(b"eXIf", oriented(1)) + DATA + END).disagreements == ()


def test_an_orientation_written_as_long_disagrees() -> None:
    found = read(HEAD + chunk(b"eXIf", oriented(6, LONG)) + DATA + END)
    assert (found.orientation, found.displayed) == (6, Size(4, 3))
    assert "LONG" in found.disagreements[0]


def test_exif_behind_jpeg_s_prefix_is_written_but_not_applied() -> None:
    found = read(HEAD + chunk(b"eXIf", b"Exif\0\0" + oriented(6)) + DATA + END)
    assert (found.orientation, found.displayed) == (6, Size(4, 3))
    assert "begins with a prefix" in found.disagreements[0]


def raw_profile(block: bytes, kind: bytes = b"exif") -> bytes:
    digits = (b"Exif\0\0" + block).hex().encode()
    lines = b"\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    return b"\n" + kind + b"\n%8d\n" % (len(block) + 6) + lines + b"\n"


@pytest.mark.parametrize("kind", [b"exif", b"APP1"])
@pytest.mark.parametrize("deflated", [False, True])
def test_exif_in_text_is_written_but_not_applied(kind: bytes, deflated: bool) -> None:
    text = raw_profile(oriented(6), kind)
    key = b"Raw profile type " + kind + b"\0"
    one = chunk(b"zTXt", key + b"\0" + zlib.compress(text)) if deflated else chunk(b"tEXt", key + text)
    found = read(HEAD + one + DATA + END)
    assert (found.orientation, found.displayed) == (6, Size(4, 3))
    assert "stands in a text chunk" in found.disagreements[0]


def test_upright_exif_in_text_does_not_disagree() -> None:
    one = chunk(b"tEXt", b"Raw profile type exif\0" + raw_profile(oriented(1)))
    assert read(HEAD + one + DATA + END).disagreements == ()


def test_exif_in_text_does_not_count_beside_a_chunk_of_its_own() -> None:
    text = chunk(b"tEXt", b"Raw profile type exif\0" + raw_profile(oriented(3)))
    found = read(HEAD + text + chunk(b"eXIf", oriented(6)) + DATA + END)
    assert (found.orientation, found.disagreements) == (6, ())


RAW = b"Raw profile type exif\0"
NO_PROFILES = [
    chunk(b"tEXt", b"Raw profile type iptc\0" + raw_profile(oriented(6))),
    chunk(b"tEXt", RAW),
    chunk(b"tEXt", RAW + b"\nexif\n 4\nnot hex\n"),
    chunk(b"tEXt", RAW + b"\nexif\n 4\n\xff\xff"),
    chunk(b"tEXt", RAW + b"\nexif"),
    chunk(b"zTXt", RAW),
    chunk(b"zTXt", RAW + b"\0junk"),
    chunk(b"zTXt", RAW + b"\0" + zlib.compress(bytes(1 << 22))),
]


@pytest.mark.parametrize("one", NO_PROFILES)
def test_text_that_is_no_exif_says_nothing(one: bytes) -> None:
    found = read(HEAD + one + DATA + END)
    assert (found.orientation, found.disagreements) == (1, ())


def test_a_second_exif_disagrees() -> None:
    both = chunk(b"eXIf", oriented(6)) + chunk(b"eXIf", oriented(3))
    found = read(HEAD + both + DATA + END)
    assert found.orientation == 6
    assert "several eXIf" in found.disagreements[0]


@pytest.mark.parametrize("deflated", [False, True])
def test_xmp_that_turns_what_exif_does_not_disagrees(deflated: bool) -> None:
    packet = xmp('tiff:Orientation="6"')
    found = read(HEAD + itxt_xmp(packet, deflated=deflated) + DATA + END)
    assert (found.orientation, found.displayed) == (1, Size(4, 3))
    assert "XMP says orientation 6" in found.disagreements[0]
    assert found.blocks[0].deflated is deflated


def test_xmp_that_agrees_with_exif_does_not_disagree() -> None:
    same = chunk(b"eXIf", oriented(6)) + itxt_xmp(xmp('tiff:Orientation="6"'))
    assert read(HEAD + same + DATA + END).disagreements == ()


@pytest.mark.parametrize(
    "text",
    [
        b"Comment\0\0\0\0\0x",
        b"XML:com.adobe.xmp\0\0",
        b"XML:com.adobe.xmp\0\0\0en",
        b"XML:com.adobe.xmp\0\0\0e\0x",
    ],
)
def test_other_or_broken_text_is_no_xmp(text: bytes) -> None:
    assert read(HEAD + chunk(b"iTXt", text) + DATA + END).blocks == ()


def test_a_profile_is_found_and_can_be_read() -> None:
    body = b"name\0\0" + zlib.compress(icc("Display P3"))
    data = HEAD + chunk(b"iCCP", body) + DATA + END
    blocks = read(data).blocks
    assert profile_name(read_icc(BytesReader(data), blocks) or b"") == "Display P3"


@pytest.mark.parametrize("body", [b"", b"no end", b"a\0\0"])
def test_a_profile_chunk_without_a_profile_is_none(body: bytes) -> None:
    assert read(HEAD + chunk(b"iCCP", body) + DATA + END).blocks == ()


def test_content_credentials_are_found() -> None:
    assert read(HEAD + chunk(b"caBX", b"jumbf") + DATA + END).blocks == (Block("c2pa", 41, 5),)


TRNS = [
    (0, 8, b"\0\1", True),
    (0, 8, b"\0", False),
    (2, 8, bytes(6), True),
    (2, 8, bytes(5), False),
    (3, 2, b"\0", True),
    (3, 2, bytes(4), True),
    (3, 2, bytes(5), False),
    (3, 2, b"", False),
]


@pytest.mark.parametrize(("colour", "depth", "body", "alpha"), TRNS)
def test_trns_is_an_alpha_channel_where_decoders_heed_it(
    colour: int, depth: int, body: bytes, alpha: bool
) -> None:
    assert read(picture(colour, depth, before=chunk(b"tRNS", body))).alpha is alpha


def test_trns_before_the_palette_is_not_heeded() -> None:
    data = SIGNATURE + ihdr(colour=3) + chunk(b"tRNS", b"\0") + palette(2) + DATA + END
    assert not read(data).alpha


@pytest.mark.parametrize(
    ("data", "frames", "animated"),
    [
        (ANIMATION, 2, True),
        (HIDDEN_DEFAULT, 2, True),
        (HEAD + actl(1) + DATA + END, 1, False),
        (HEAD + actl(0) + DATA + END, 1, False),
        (HEAD + DATA + actl(9) + END, 1, False),
        (HEAD + actl(3) + actl(9) + DATA + END, 3, True),
    ],
)
def test_frames_are_what_an_animation_promises_before_the_pixels(
    data: bytes, frames: int, animated: bool
) -> None:
    found = read(data)
    assert (found.frames, found.animated) == (frames, animated)


def test_the_first_of_two_ihdr_counts() -> None:
    assert read(HEAD + ihdr(3840, 2160) + DATA + END).stored == Size(4, 3)


SEEN_DAMAGE = [
    (SIGNATURE + bad_crc(b"IHDR", ihdr()[8:21]) + DATA + END, "CRC of IHDR"),
    (HEAD, "ends before its pixel data"),
    (HEAD + DATA[:6], "ends before its pixel data"),
    (HEAD + DATA[:-1], "ends inside its IDAT"),
    (HEAD + chunk(b"tEXt", bytes(9))[:-4], "ends inside its tEXt"),
    (HEAD + END, "no pixel data"),
]


@pytest.mark.parametrize(("data", "says"), SEEN_DAMAGE)
def test_damage_on_the_way_leaves_the_facts(data: bytes, says: str) -> None:
    found = read(data)
    assert found.stored == Size(4, 3)
    assert says in found.damage[0]


def raw_ihdr(*values: int) -> bytes:
    return SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", *values)) + DATA + END


BROKEN = [
    (SIGNATURE, "after 8 bytes"),
    (b"", "after 0 bytes"),
    (GOOD[:32], "after 32 bytes"),
    (raw_ihdr(0, 3, 8, 2, 0, 0, 0), "0x3"),
    (raw_ihdr(4, 0, 8, 2, 0, 0, 0), "4x0"),
    (raw_ihdr(1 << 31, 3, 8, 2, 0, 0, 0), "2147483648x3"),
    (raw_ihdr(4, 3, 8, 1, 0, 0, 0), "colour type 1"),
    (raw_ihdr(4, 3, 4, 2, 0, 0, 0), "with 4 bits"),
    (raw_ihdr(4, 3, 8, 2, 1, 0, 0), "unknown methods"),
    (raw_ihdr(4, 3, 8, 2, 0, 1, 0), "unknown methods"),
    (raw_ihdr(4, 3, 8, 2, 0, 0, 2), "unknown methods"),
    (SIGNATURE + chunk(b"IHDR", bytes(14)) + DATA + END, "14 bytes long"),
    (SIGNATURE + DATA + END * 2, "is IDAT instead of IHDR"),
    (SIGNATURE + chunk(b"\x1b[0m", bytes(30)), "'\\x1b[0m'"),
    (SIGNATURE + chunk(b"CgBI", bytes(4)) + ihdr() + DATA + END, "Apple"),
]


@pytest.mark.parametrize(("data", "says"), BROKEN)
def test_a_header_that_describes_no_image_is_damage(data: bytes, says: str) -> None:
    with pytest.raises(Damaged) as caught:
        read(data)
    assert says in caught.value.message


def test_the_largest_size_is_a_size() -> None:
    assert read(raw_ihdr((1 << 31) - 1, 3, 8, 2, 0, 0, 0)).stored.width == (1 << 31) - 1


def test_other_bytes_are_no_png() -> None:
    with pytest.raises(NotAnImage):
        read(b"\x89PNG\n\x1a\n" + GOOD[8:])


def test_endless_chunks_before_the_pixels_hit_a_limit() -> None:
    with pytest.raises(LimitHit):
        read(HEAD + chunk(b"prIv") * 100_001 + DATA + END)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=5))
def test_no_patch_raises_anything_else(at: int, patch: bytes) -> None:
    rich = HEAD + chunk(b"eXIf", oriented(6)) + itxt_xmp(xmp('tiff:Orientation="3"')) + actl(2) + DATA + END
    broken = bytearray(rich)
    broken[at : at + len(patch)] = patch
    try:
        read(bytes(broken))
    except Verify4kError as error:
        assert isinstance(error, Damaged | NotAnImage | CannotRead)
