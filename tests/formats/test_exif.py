"""Exif: what is written, what browsers make of it, and that no bytes can hurt."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jpeg_files import jpeg
from metadata_files import LONG, SHORT, exif, oriented, sized, zoomed

from verify4k.formats.facts import Size
from verify4k.formats.metadata.exif import Exif, jpeg_size, read_exif, turned


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("value", range(1, 9))
def test_a_short_orientation_is_applied_in_both_byte_orders(value: int, order: str) -> None:
    found = read_exif(oriented(value, order=order))
    assert (found.orientation, found.applied, found.disagreement) == (value, value, None)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("above", "below", "zoom"),
    [(152, 100, 1.52), (4, 1, 4.0), (100, 100, None), (0, 100, None), (1, 0, None), (0, 0, None)],
)
def test_a_digital_zoom_is_read_where_there_was_one(
    above: int, below: int, zoom: float | None, order: str
) -> None:
    assert read_exif(zoomed(above, below, order)).zoom == zoom


def test_a_digital_zoom_that_is_cut_off_or_of_another_type_is_none() -> None:
    assert read_exif(zoomed(152, 100)[:-1]).zoom is None
    assert read_exif(exif(details=((0xA404, LONG, 1, 2),))).zoom is None


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_outside_1_to_8_is_none(value: int) -> None:
    assert read_exif(oriented(value)) == Exif()


@pytest.mark.parametrize(
    ("kind", "count", "says"),
    [(LONG, 1, "LONG"), (1, 1, "BYTE"), (8, 1, "SSHORT"), (SHORT, 2, "2 values")],
)
def test_an_orientation_that_browsers_do_not_read_is_a_disagreement(kind: int, count: int, says: str) -> None:
    found = read_exif(oriented(6, kind, count))
    assert (found.orientation, found.applied) == (6, 1)
    assert says in str(found.disagreement)


def test_an_odd_type_that_says_upright_is_no_disagreement() -> None:
    assert read_exif(oriented(1, LONG)).disagreement is None


@pytest.mark.parametrize(("kind", "count"), [(2, 1), (5, 1), (SHORT, 0), (13, 1), (LONG, 2), (SHORT, 3)])
def test_types_without_a_value_in_reach_say_nothing(kind: int, count: int) -> None:
    assert read_exif(oriented(70000 if count > 1 else 6, kind, count)).orientation == 1


def test_a_value_that_does_not_fit_its_entry_is_found_at_its_offset() -> None:
    block = exif((0x0112, SHORT, 3, 26)) + struct.pack("<HHH", 8, 1, 1)
    assert read_exif(block).orientation == 8


def test_two_orientations_disagree_and_the_first_counts() -> None:
    found = read_exif(exif((0x0112, SHORT, 1, 6), (0x0112, SHORT, 1, 3)))
    assert found.orientation == 6
    assert "several orientations" in str(found.disagreement)


def test_the_prefix_of_jpeg_is_skipped() -> None:
    assert read_exif(b"Exif\0\0" + oriented(3)).orientation == 3


def test_claimed_sizes_come_from_the_exif_directory() -> None:
    assert read_exif(sized(3840, 2160)).size == Size(3840, 2160)


def test_claimed_sizes_also_come_from_the_main_directory() -> None:
    found = read_exif(exif((0x0100, LONG, 1, 3840), (0x0101, SHORT, 1, 2160)))
    assert (found.size, found.tiff_size) == (None, Size(3840, 2160))


@pytest.mark.parametrize(("width", "height"), [(0, 2160), (3840, 0)])
def test_half_a_size_is_none(width: int, height: int) -> None:
    assert read_exif(sized(width, height)).size is None


def test_the_first_of_two_equal_tags_counts() -> None:
    twice = ((0xA002, LONG, 1, 9), (0xA003, LONG, 1, 8), (0xA002, LONG, 1, 7))
    assert read_exif(exif(details=twice)).size == Size(9, 8)


def test_a_negative_size_is_none() -> None:
    block = exif(details=((0xA002, 9, 1, 0xFFFFFFFF), (0xA003, 9, 1, 5)))
    assert read_exif(block).size is None


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_thumbnail_has_the_size_of_its_own_frame_header(order: str) -> None:
    assert read_exif(exif(thumbnail=jpeg(320, 200), order=order)).thumbnail == Size(320, 200)


def test_a_thumbnail_without_a_length_is_read_to_the_end() -> None:
    block = exif(thumbnail=jpeg(64, 40)).replace(
        struct.pack("<HHI", 0x0202, LONG, 1), struct.pack("<HHI", 0x0222, 4, 1)
    )
    assert read_exif(block).thumbnail == Size(64, 40)


def test_a_directory_without_a_thumbnail_has_none() -> None:
    block = bytearray(exif(thumbnail=b"x"))
    struct.pack_into("<I", block, 14 + 2 + 8, 0)
    assert read_exif(bytes(block)).thumbnail is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"GIF89a",
        jpeg(8, 8)[:20],
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xda\0\x02" + bytes(9),
        b"\xff\xd8\xff\xe0\xff\xff" + bytes(9),
    ],
)
def test_streams_without_a_frame_header_have_no_size(data: bytes) -> None:
    assert jpeg_size(data + b"") is None


def test_fill_bytes_and_markers_without_length_are_stepped_over() -> None:
    whole = jpeg(9, 7)
    assert jpeg_size(b"\xff\xd8\xff\x01\xff\xff" + whole[2:]) == Size(9, 7)


@pytest.mark.parametrize(
    "data", [b"", b"II", b"II*\0\x08", b"II*\0\xff\xff\xff\xff", b"XX*\0" + bytes(8), b"II*\0\x08\0\0\0\x05"]
)
def test_broken_blocks_say_nothing(data: bytes) -> None:
    assert read_exif(data) == Exif()


def test_a_directory_that_points_to_itself_ends() -> None:
    block = bytearray(exif((0x8769, LONG, 1, 8)))
    struct.pack_into("<I", block, 8 + 2 + 12, 8)
    assert read_exif(bytes(block)).orientation == 1


@pytest.mark.parametrize(
    ("orientation", "size"), [(1, (4, 3)), (4, (4, 3)), (5, (3, 4)), (8, (3, 4)), (9, (4, 3))]
)
def test_orientations_5_to_8_exchange_width_and_height(orientation: int, size: tuple[int, int]) -> None:
    assert turned(Size(4, 3), orientation) == size


@given(st.binary(max_size=200), st.sampled_from([b"II*\0", b"MM\0*", b"Exif\0\0II*\0\x08\0\0\0"]))
def test_no_bytes_raise(tail: bytes, head: bytes) -> None:
    read_exif(head + tail)


@given(st.integers(0, 200), st.binary(min_size=1, max_size=4))
def test_no_patch_raises(at: int, patch: bytes) -> None:
    block = bytearray(exif((0x0112, SHORT, 1, 6), details=((0xA002, LONG, 1, 5),), thumbnail=jpeg(8, 8)))
    block[at : at + len(patch)] = patch
    read_exif(bytes(block))
