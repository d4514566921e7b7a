"""Quantisation tables and subsampling, against Pillow's reading of files that libjpeg wrote."""

from __future__ import annotations

from io import BytesIO

import pytest
from jpeg_files import insert, jpeg, segment, sof
from PIL import Image

from verify4k.formats.facts import BytesReader
from verify4k.formats.jpeg.tables import Tables, tables


def of(data: bytes) -> Tables | None:
    return tables(BytesReader(data))


@pytest.mark.parametrize("quality", [1, 30, 75, 95])
@pytest.mark.parametrize("progressive", [False, True])
def test_the_luma_table_is_in_natural_order(quality: int, progressive: bool) -> None:
    data = jpeg(quality=quality, progressive=progressive)
    found = of(data)
    assert found is not None
    with Image.open(BytesIO(data)) as image:
        assert list(found.luma) == list(image.quantization[0])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("mode", "asked", "named"),
    [
        ("RGB", "4:4:4", "4:4:4"),
        ("RGB", "4:2:2", "4:2:2"),
        ("RGB", "4:2:0", "4:2:0"),
        ("L", None, "4:0:0"),
        ("CMYK", None, ""),
    ],
)
def test_subsampling_has_its_usual_name(mode: str, asked: str | None, named: str) -> None:
    found = of(jpeg(mode=mode, **({"subsampling": asked} if asked else {})))
    assert found is not None
    assert found.subsampling == named


def table(number: int, step: int, width: int = 1) -> bytes:
    steps = [step + place for place in range(64)]
    return bytes([(width - 1) << 4 | number]) + b"".join(one.to_bytes(width) for one in steps)


FRAME, SCAN = sof(), segment(0xDA, b"\x01\x01\0\0\x3f\0")


@pytest.mark.parametrize(
    ("segments", "first"),
    [
        (segment(0xDB, table(0, 7)) + FRAME + SCAN, 7),
        (FRAME + segment(0xDB, table(0, 7)) + SCAN, 7),
        (segment(0xDB, table(1, 3) + table(0, 7)) + FRAME + SCAN, 7),
        (segment(0xDB, table(0, 3)) + segment(0xDB, table(0, 7)) + FRAME + SCAN, 7),
        (segment(0xDB, table(0, 700, 2)) + FRAME + SCAN, 700),
        (segment(0xDB, table(0, 7)) + FRAME + SCAN + segment(0xDB, table(0, 9)), 7),
        (segment(0xDB, table(0, 7)) + FRAME, 7),
        (segment(0xDB, table(1, 7)) + FRAME + SCAN, None),
        (segment(0xDB, table(0, 7)[:-1]) + FRAME + SCAN, None),
        (segment(0xDB, table(0, 7)) + SCAN + FRAME, None),
        (segment(0xDB, table(0, 7)) + segment(0xC0, b"\x08\0\x08\0\x08\x03\x01") + SCAN, None),
        (FRAME + SCAN, None),
        (b"", None),
    ],
)
def test_the_table_that_the_first_scan_finds(segments: bytes, first: int | None) -> None:
    found = of(b"\xff\xd8" + segments)
    assert (None if found is None else found.luma[0]) == first


def test_a_thumbnail_s_tables_are_not_the_picture_s() -> None:
    inner = jpeg(quality=5)
    data = insert(jpeg(quality=90), segment(0xE1, b"Exif\0\0" + inner[:60000]))
    assert of(data) == of(jpeg(quality=90))


def test_steps_stand_where_the_zigzag_puts_them() -> None:
    found = of(b"\xff\xd8" + segment(0xDB, table(0, 0)) + FRAME + SCAN)
    assert found is not None
    assert found.luma[:4] == (0, 1, 5, 6)
    assert found.luma[8:11] == (2, 4, 7)
    assert found.luma[-1] == 63
    assert len(found.luma) == 64
