"""ICO and CUR: the largest entry by its own header, every entry there and whole."""

from __future__ import annotations

import io
import struct

import pytest
from judging import decode, header_of, judge, verdict, walk_of
from PIL import Image
from png_files import GOOD as PNG_4X3
from png_files import picture

from verify4k.errors import CannotRead, Damaged, LimitHit
from verify4k.formats.facts import Size


def png(width: int, height: int, mode: str = "RGBA") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


def bitmap(width: int = 4, height: int = 4, alpha: int = 255) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height * 2, 1, 32, 0, 0, 0, 0, 0, 0)
    return head + (b"abc" + bytes([alpha])) * (width * height) + bytes(-(-width // 32) * 4 * height)


def ico(*entries: bytes, kind: int = 1, told: tuple[int, int] = (4, 4)) -> bytes:
    table, body, at = b"", b"", 6 + 16 * len(entries)
    for entry in entries:
        table += struct.pack("<BBBBHHII", *told, 0, 0, 1, 32, len(entry), at + len(body))
        body += entry
    return struct.pack("<HHH", 0, kind, len(entries)) + table + body


@pytest.mark.parametrize(
    ("data", "size", "alpha"),
    [
        (ico(bitmap()), (4, 4), "opaque"),
        (ico(bitmap(alpha=254)), (4, 4), "used"),
        (ico(png(4, 4)), (4, 4), "used"),
        (ico(png(4, 4, "RGB")), (4, 4), "none"),
        (ico(bitmap(), png(40, 30), bitmap(8, 8)), (40, 30), "used"),
        (ico(bitmap(8, 8), png(4, 4)), (8, 8), "opaque"),
        (ico(bitmap(), kind=2), (4, 4), "opaque"),
        (ico(png(512, 512, "L"), told=(0, 0)), (512, 512), "none"),
        (ico(picture(3, 4)), (4, 3), "none"),
    ],
)
def test_the_largest_entry_counts(data: bytes, size: tuple[int, int], alpha: str) -> None:
    judged = judge(data)
    assert judged.damage == ()
    assert (judged.header.displayed, judged.alpha, judged.frames) == (Size(*size), alpha, 1)
    assert judged.walk.trailing == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (ico(bitmap())[:-1], "truncated: an icon entry ends 1 bytes"),
        (ico(bitmap())[:10], "directory is cut off"),
        (ico(bitmap(), b"\x89PNG\r\n\x1a\nxx"), "PNG header is cut off"),
        (ico(png(4, 4)[:16] + bytes(4) + png(4, 4)[20:]), "measures 0x4"),
        (ico(bitmap()[:8] + b"\1\0\0\0" + bitmap()[12:]), "measures 4x0"),
        (ico(b"x" * 40), "is not known"),
    ],
)
def test_damage_is_found_by_walking(data: bytes, words: str) -> None:
    assert words in " ".join(walk_of(data).damage)
    assert verdict(data) == "damaged"


def test_truncation_at_any_length_is_found() -> None:
    data = ico(bitmap(), PNG_4X3)
    assert {verdict(data[:length]) for length in range(6, len(data))} == {"damaged"}


def test_every_entry_is_decoded() -> None:
    broken = PNG_4X3.replace(PNG_4X3[45:49], b"\xff\xff\xff\xff")
    data = ico(bitmap(), broken)
    assert walk_of(data).damage == ()
    with pytest.raises(Damaged, match="an icon entry"):
        decode(data)
    with pytest.raises(Damaged, match="do not decode"):
        decode(ico(bitmap(), bitmap()[:60]))


def test_a_directory_that_lies_is_a_warning() -> None:
    assert walk_of(ico(bitmap(), told=(16, 16))).warnings == ("the directory says 16x16, the entry is 4x4",)


def test_trailing_bytes_are_counted() -> None:
    assert walk_of(ico(bitmap()) + b"abc").trailing == 3


def test_large_icons_end_in_a_limit() -> None:
    with pytest.raises(CannotRead, match="300 entries"):
        header_of(ico(*[b""] * 300))
    entry = png(2000, 2000)
    table = struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, len(entry), 6 + 16 * 250)
    with pytest.raises(LimitHit):
        decode(struct.pack("<HHH", 0, 1, 250) + table * 250 + entry)


def test_decoding_refuses_what_the_walk_refuses() -> None:
    header = header_of(ico(bitmap()))
    from verify4k.formats import ico as module

    with pytest.raises(Damaged, match="truncated"):
        module.decode(ico(bitmap())[:-1], header, colour=True)


@pytest.mark.parametrize(
    ("told", "edge", "warns"), [((0, 0), 256, False), ((16, 16), 256, True), ((16, 16), 257, False)]
)
def test_a_directory_cannot_say_more_than_256(told: tuple[int, int], edge: int, warns: bool) -> None:
    assert bool(walk_of(ico(png(edge, edge), told=told)).warnings) is warns


@pytest.mark.parametrize("poorer", [png(4, 4, "1"), png(4, 4, "P")])
@pytest.mark.parametrize("first", [True, False])
def test_of_equally_large_entries_the_one_with_more_colours_counts(poorer: bytes, first: bool) -> None:
    richer = png(4, 4, "RGB")
    found = header_of(ico(*((poorer, richer) if first else (richer, poorer))))
    assert (found.bit_depth, found.mode) == (8, "rgb")


def test_256_entries_are_read_and_no_more() -> None:
    entry = bitmap(1, 1)
    assert header_of(ico(*[entry] * 256, told=(1, 1))).stored == Size(1, 1)
    with pytest.raises(CannotRead, match="an icon with 257 entries"):
        header_of(ico(*[entry] * 257, told=(1, 1)))
