"""ICNS: the largest picture counts, every picture is listed and looked at."""

from __future__ import annotations

import io
import struct

import pytest
from judging import decode, header_of, judge, verdict, walk_of
from PIL import Image

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.facts import BytesReader, Size
from verify4k.formats.icns import pictures


def png(edge: int, mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((edge, edge)).convert(mode).save(buffer, "PNG")
    return buffer.getvalue()


def icns(*entries: tuple[bytes, bytes]) -> bytes:
    body = b"".join(kind + struct.pack(">I", 8 + len(data)) + data for kind, data in entries)
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def runs(edge: int) -> bytes:
    """The run lengths of Mac OS 8: 130 equal bytes at most, each channel by itself."""
    channel = b"".join(bytes((min(130, left) + 125, 90)) for left in range(edge * edge, 2, -130))
    return channel * 3


SMALL = icns((b"ic11", png(32)), (b"icp4", png(16)))


def test_pillows_icon_is_intact_and_lists_its_pictures() -> None:
    buffer = io.BytesIO()
    Image.linear_gradient("L").convert("RGBA").save(buffer, "ICNS")
    found = judge(buffer.getvalue())
    assert (found.damage, found.header.displayed, found.alpha) == ((), Size(1024, 1024), "opaque")
    assert sorted(set(pictures(BytesReader(buffer.getvalue())))) == [
        Size(edge, edge) for edge in (32, 64, 128, 256, 512, 1024)
    ]


def test_sizes_are_those_of_the_pictures_and_a_wrong_one_is_a_blemish() -> None:
    found = judge(icns((b"ic11", png(24)), (b"icp4", png(16))))
    assert (found.damage, found.header.displayed) == ((), Size(24, 24))
    assert found.walk.warnings == ("entry ic11 is to be 32x32 and is 24x24",)


@pytest.mark.parametrize(("kind", "edge"), [(b"is32", 16), (b"il32", 32), (b"ih32", 48)])
def test_icons_of_mac_os_8_are_read(kind: bytes, edge: int) -> None:
    data = icns((kind, runs(edge)), (kind[1:2] + b"8mk", bytes([255]) * edge**2))
    header = header_of(data)
    assert (header.stored, header.alpha) == (Size(edge, edge), True)
    found = judge(data)
    assert (found.damage, found.alpha) == ((), "opaque")


def test_the_run_lengths_of_an_icon_are_its_channels() -> None:
    red = bytes([255, 7, 121, *range(122), 129, 9])  # 130 sevens, 122 numbers, 4 nines
    body = red + bytes([255, 8, 251, 1]) + bytes([255, 9, 251, 2])
    image = decode(icns((b"is32", body), (b"s8mk", bytes(range(256))))).array()
    assert image[0, 0].tolist() == [7, 8, 9, 0]
    assert image[15, 15].tolist() == [9, 1, 2, 255]
    assert image[9, 0].tolist() == [14, 1, 2, 144]


def test_an_icon_of_128_pixels_has_four_bytes_more_and_plain_ones_have_no_runs() -> None:
    assert verdict(icns((b"it32", bytes(4) + runs(128)), (b"t8mk", bytes(128 * 128)))) == "ok"
    image = decode(icns((b"is32", bytes(range(256)) * 3))).array()
    assert image[0, 1].tolist() == [3, 4, 5]


@pytest.mark.parametrize(
    ("more", "cut", "found"),
    [
        ((0, 0, 0), 0, "ok"),
        ((0, 0, 1), 0, "ok"),  # a writer that rounds its last run up: every pixel is there
        ((1, 0, 0), 0, "damaged"),
        ((0, 1, 0), 0, "damaged"),
        ((0, 0, 0), 1, "damaged"),
        ((0, 0, 0), 2, "damaged"),
    ],
)
def test_runs_fill_their_channels(more: tuple[int, int, int], cut: int, found: str) -> None:
    body = b"".join(bytes((255, 90, 251 + each, 90)) for each in more)
    data = icns((b"is32", body[: len(body) - cut]), (b"s8mk", bytes([255]) * 256))
    assert verdict(data) == found


def test_a_mask_that_is_cut_is_damage() -> None:
    assert verdict(icns((b"is32", runs(16)), (b"s8mk", bytes(255)))) == "damaged"


def test_an_entry_that_no_decoder_reads_is_undecided() -> None:
    with pytest.raises(CannotRead, match="type ic05"):
        judge(icns((b"ic05", b"ARGB" + bytes(40))))


def test_a_picture_that_is_broken_is_damage_also_where_it_is_not_the_largest() -> None:
    broken = png(16)
    broken = broken[:50] + b"\0\0\0\0" + broken[54:]
    assert judge(icns((b"ic11", png(32)), (b"icp4", broken))).damage


def test_no_cut_passes() -> None:
    for end in range(8, len(SMALL)):
        assert verdict(SMALL[:end]) != "ok", end


def test_bytes_behind_the_icon_are_counted() -> None:
    assert walk_of(SMALL + b"x").trailing == 1


@pytest.mark.parametrize("data", [icns(), icns((b"TOC ", b"")), b"icns\0\0\0\x10ic11\0\0\0\4"])
def test_an_icon_without_pictures_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        header_of(data)
