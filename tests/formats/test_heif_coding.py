"""Small parts of HEIF: boxes, tables, and the headers in which AV1 and HEVC tell their size."""

from __future__ import annotations

import pytest
from heif_files import (
    DATA,
    Heif,
    box,
    encode,
    full,
    heic,
)
from judging import header_of
from PIL import Image

from verify4k.errors import Damaged, LimitHit
from verify4k.formats.facts import BytesReader, Size
from verify4k.formats.heif.av1 import Sequence, read_sequence
from verify4k.formats.heif.header import read_parts
from verify4k.formats.reading.isobmff import Cursor, boxes


def test_boxes_stop_where_none_can_be() -> None:
    assert list(boxes(BytesReader(b"\0\0\0\4free"), 0, 8)) == []
    assert list(boxes(BytesReader(b"\0\0\0\x08fr"), 0, 6)) == []
    with pytest.raises(LimitHit):
        list(boxes(BytesReader(box(b"free") * 5000), 0, 40_000))


def test_large_tables_end_in_a_limit() -> None:
    with pytest.raises(LimitHit, match="iinf"):
        header_of(Heif(extra=box(b"iinf", bytes(1_000_001))).build())


def test_a_cursor_does_not_read_behind_its_end() -> None:
    with pytest.raises(Damaged, match="the abcd box ends too early"):
        Cursor(b"\0", "abcd").number(2)
    assert Cursor(b"abc", "x").text() == b"abc"


def test_items_without_a_type_are_no_images() -> None:
    old = full(b"iinf", 0, b"\0\1", full(b"infe", 0, b"\0\1\0\0\0"))
    with pytest.raises(Damaged, match="primary item does not exist"):
        header_of(box(b"ftyp", b"avif", bytes(4)) + full(b"meta", 0, full(b"pitm", 0, b"\0\1"), old))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (DATA, Sequence(Size(64, 48), exact=False)),
        (b"", None),
        (b"\x12\0", None),
        (b"\x12\0" * 20, None),
        (b"\x0a\x01\0", None),  # ends inside
        (b"\x0a" + b"\xff" * 7, None),  # a length without an end
    ],
)
def test_sequence_headers_are_found_or_not(data: bytes, expected: Sequence | None) -> None:
    found = read_sequence(data)
    assert (found and found.size) == (expected and expected.size)


def bits(*fields: tuple[int, int]) -> bytes:
    """Pack (value, width) pairs."""
    text = "".join(f"{value:0{width}b}" for value, width in fields)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8))


SIZE = ((5, 4), (5, 4), (63, 6), (47, 6))


@pytest.mark.parametrize(
    ("fields", "exact"),
    [
        (((0, 3), (1, 1), (1, 1), (0, 5), *SIZE), True),
        (((0, 3), (0, 1), (0, 1), (0, 1), (0, 1), (0, 5), (0, 12), (9, 5), (1, 1), *SIZE), False),
        (
            (
                (0, 3),
                (0, 2),
                (1, 1),
                (1, 32),
                (1, 32),
                (1, 1),
                (0, 1),
                (1, 1),
                (0, 1),
                (1, 1),
                (4, 5),
                (0, 42),
                (1, 1),
                (0, 5),
                (0, 12),
                (0, 5),
                (1, 1),
                (0, 11),
                (1, 1),
                (0, 4),
                *SIZE,
            ),
            False,
        ),
        (
            (
                (0, 3),
                (0, 2),
                (1, 1),
                (1, 32),
                (1, 32),
                (0, 1),
                (0, 1),
                (1, 1),
                (0, 5),
                (0, 12),
                (0, 5),
                (0, 1),
                *SIZE,
            ),
            False,
        ),
        (
            (
                (0, 3),
                (0, 2),
                (1, 1),
                (1, 32),
                (1, 32),
                (1, 1),
                (0, 32),
                (1, 1),
                (0, 1),
                (0, 1),
                (0, 5),
                (0, 12),
                (0, 5),
                *SIZE,
            ),
            False,
        ),
    ],
)
def test_every_kind_of_sequence_header_is_read(fields: tuple[tuple[int, int], ...], exact: bool) -> None:
    body = bits(*fields) + bytes(4)
    assert read_sequence(b"\x0a" + bytes([len(body)]) + body) == Sequence(Size(64, 48), exact)
    assert read_sequence(b"\x08" + body) == Sequence(Size(64, 48), exact)


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"\x12\0", True),  # a temporal delimiter
        (b"\x12\0\x0a\x01\0", True),
        (b"\x12\0\x0a\x02\0", False),  # a size beyond the end
        (b"\x12\0\x08\1\2\3", True),  # the last without its size
        (b"\x92\0", False),  # the forbidden bit
        (b"\x4a\0", False),  # a reserved type
        (b"\x0a\xff", False),
        (bytes(40), False),
    ],
)
def test_units_of_av1_are_whole_or_the_proof_of_damage(data: bytes, whole: bool) -> None:
    from verify4k.formats.heif.av1 import whole_units

    assert whole_units(data) is whole


@pytest.mark.parametrize("size", [(64, 64), (128, 80)])
def test_the_coded_size_of_hevc_stands_in_its_parameter_set(size: tuple[int, int]) -> None:
    from verify4k.formats.heif.hevc import coded_size

    data = heic(size=size)
    config = data[data.index(b"hvcC") + 4 :]
    found = coded_size(config)
    assert found is not None
    assert found.width >= size[0]
    assert found.height >= size[1]
    assert coded_size(config[:10]) is None
    assert coded_size(b"") is None


def test_boxes_are_read_once_for_all_facts() -> None:
    data = encode(Image.new("RGB", (16, 16)))
    reader = BytesReader(data, {})
    assert read_parts(reader) is read_parts(reader)
    assert read_parts(BytesReader(data)) is not read_parts(reader)
