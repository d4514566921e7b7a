"""JPEG header facts: from the segments before the first scan, never from a thumbnail."""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jpeg_files import (
    app1_exif,
    app1_more_xmp,
    app1_xmp,
    app2_icc,
    app11_c2pa,
    insert,
    jpeg,
    segment,
    sof,
)
from metadata_files import LONG, exif, icc, oriented, xmp

from verify4k.artifacts.content import Content
from verify4k.errors import CannotRead, Damaged, LimitHit, NotAnImage, Verify4kError
from verify4k.files.source import FileSource
from verify4k.formats.facts import BytesReader, Header, Size, once
from verify4k.formats.jpeg import markers as jpeg_markers
from verify4k.formats.jpeg.density import density
from verify4k.formats.jpeg.gain_map import gain_map
from verify4k.formats.jpeg.header import header
from verify4k.formats.jpeg.pictures import pictures
from verify4k.formats.jpeg.sampling import sampling
from verify4k.formats.jpeg.tables import tables
from verify4k.formats.metadata.icc import profile_name, read_icc
from verify4k.formats.metadata.xmp import load_xmp, read_xmp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verify4k.artifacts.content import Depth
    from verify4k.formats.facts import Reader

SOS = segment(0xDA, b"\x01\x01\0\0\x3f\0")


def read(data: bytes) -> Header:
    return header(BytesReader(data))


@pytest.mark.parametrize(
    ("data", "mode"),
    [
        (jpeg(), "rgb"),
        (jpeg(mode="L"), "gray"),
        (jpeg(mode="CMYK"), "cmyk"),
        (jpeg(progressive=True), "rgb"),
        (jpeg(subsampling=0, optimize=True), "rgb"),
    ],
)
def test_a_good_file_tells_its_facts(data: bytes, mode: str) -> None:
    progressive = b"\xff\xc2" in data
    assert read(data) == Header("jpeg", Size(48, 32), Size(48, 32), 8, mode, scans=0, progressive=progressive)


@pytest.mark.parametrize("value", range(1, 9))
def test_exif_turns_the_picture(value: int) -> None:
    found = read(insert(jpeg(), app1_exif(oriented(value, order=">"))))
    assert found.orientation == value
    assert found.displayed == (Size(32, 48) if value > 4 else Size(48, 32))
    assert found.disagreements == ()


def test_an_orientation_written_as_long_disagrees() -> None:
    found = read(insert(jpeg(), app1_exif(oriented(6, LONG))))
    assert (found.orientation, found.displayed) == (6, Size(48, 32))
    assert "LONG" in found.disagreements[0]


def test_the_first_exif_counts_and_another_that_differs_disagrees() -> None:
    first, second = app1_exif(oriented(6)), app1_exif(oriented(3))
    found = read(insert(jpeg(), first, second))
    assert found.orientation == 6
    assert "two Exif segments" in found.disagreements[0]
    assert read(insert(jpeg(), first, first)).disagreements == ()


def test_a_thumbnail_s_frame_header_is_not_the_picture_s() -> None:
    found = read(insert(jpeg(), app1_exif(exif(thumbnail=jpeg(320, 200)))))
    assert found.stored == Size(48, 32)


@pytest.mark.parametrize(("said", "disagrees"), [(1, True), (6, False), (8, True)])
def test_xmp_that_turns_otherwise_than_exif_disagrees(said: int, disagrees: bool) -> None:
    packet = app1_xmp(xmp(f'tiff:Orientation="{said}"'))
    found = read(insert(jpeg(), app1_exif(oriented(6)), packet))
    assert bool(found.disagreements) is disagrees


def test_profiles_are_joined_in_the_order_of_their_numbers() -> None:
    profile = icc("Split Profile")
    data = insert(
        jpeg(), app2_icc(2, 2, profile[100:]), app2_icc(1, 2, profile[:100]), segment(0xE2, b"ICC_PROFILE\0")
    )
    assert profile_name(read_icc(BytesReader(data), read(data).blocks) or b"") == "Split Profile"


def test_extended_xmp_is_joined_behind_the_packet_in_the_order_of_its_offsets() -> None:
    more = xmp('exif:PixelXDimension="3840" exif:PixelYDimension="2160"')
    data = insert(
        jpeg(),
        app1_more_xmp(50, more[50:], len(more)),
        app1_xmp(xmp('tiff:ImageWidth="5" tiff:ImageLength="4"')),
        app1_more_xmp(0, more[:50], len(more)),
    )
    found = read_xmp(load_xmp(BytesReader(data), read(data).blocks))
    assert (found.tiff_size, found.size) == (Size(5, 4), Size(3840, 2160))


def test_content_credentials_are_joined_without_their_repeated_headers() -> None:
    data = insert(
        jpeg(), app11_c2pa(1, b"c2pa-one"), app11_c2pa(2, b"two"), segment(0xEB, b"JP\0\1" + bytes(40))
    )
    parts = [data[block.offset : block.offset + block.length] for block in read(data).blocks]
    assert parts == [b"\0\0\0\x99jumbc2pa-one", b"two"]


def test_other_segments_are_stepped_over() -> None:
    other = [segment(code, b"anything at all") for code in (0xE1, 0xE2, 0xEB, 0xE0, 0xEE, 0xFE, 0xE7)]
    assert read(insert(jpeg(), *other, b"\xff\xff\xff\x01")) == read(jpeg())


def test_ten_thousand_segments_cost_few_reads() -> None:
    class Counting(BytesReader):
        reads = 0

        def read(self, offset: int, length: int) -> bytes:
            Counting.reads += 1
            return super().read(offset, length)

    header(Counting(insert(jpeg(), segment(0xE7, bytes(8)) * 10_000)))
    assert Counting.reads < 20


def test_bodies_that_tell_nothing_are_not_read() -> None:
    class Counting(BytesReader):
        bytes_read = 0

        def read(self, offset: int, length: int) -> bytes:
            found = super().read(offset, length)
            Counting.bytes_read += len(found)
            return found

    header(Counting(insert(jpeg(), segment(0xE7, bytes(65000)) * 20)))
    assert Counting.bytes_read < 100_000


PROCESSES = [
    (0xC1, 12, "12-bit"),
    (0xC3, 16, "lossless"),
    (0xCB, 8, "lossless"),
    (0xC5, 8, "hierarchical"),
    (0xCD, 8, "hierarchical"),
    (0xC9, 8, "arithmetic-coded"),
    (0xCA, 8, "arithmetic-coded"),
]


@pytest.mark.parametrize(("code", "precision", "name"), PROCESSES)
def test_processes_that_browsers_do_not_show_disagree(code: int, precision: int, name: str) -> None:
    found = read(b"\xff\xd8" + sof(code=code, precision=precision) + SOS)
    assert found.bit_depth == precision
    assert found.disagreements == (f"the JPEG is {name}: browsers cannot show it",)


@pytest.mark.parametrize(("components", "mode"), [(1, "gray"), (2, "gray"), (3, "rgb"), (4, "cmyk")])
def test_components_tell_the_mode(components: int, mode: str) -> None:
    assert read(b"\xff\xd8" + sof(components=components) + SOS).mode == mode


def test_five_components_are_undecided() -> None:
    with pytest.raises(CannotRead):
        read(b"\xff\xd8" + sof(components=5) + SOS)


def test_bytes_between_segments_are_stepped_over() -> None:
    good = jpeg()
    for gap in (b"\0", b"junk\xff\0junk", bytes(9000), b"x" * 4095 + b"\xff\xff", b"\xff" * 9000):
        assert read(insert(good, gap)).stored == Size(48, 32)


BROKEN = [
    (b"\xff\xd8", "end marker"),
    (b"\xff\xd8\xff", "end marker"),
    (b"\xff\xd8\xff\xd9", "no frame header"),
    (b"\xff\xd8\xff\xd8" + sof() + SOS, "no frame header"),
    (b"\xff\xd8" + SOS + sof(), "no frame header"),
    (b"\xff\xd8" + sof()[:-1], "ends inside a marker segment (FFC0 at byte 2)"),
    (b"\xff\xd8\xff\xe0", "ends inside a marker segment"),
    (b"\xff\xd8\xff\xe0\0\x01" + sof() + SOS, "length of 1"),
    (b"\xff\xd8" + sof(height=0) + SOS, "height 0"),
    (b"\xff\xd8" + sof(width=0) + SOS, "0x8 with 3"),
    (b"\xff\xd8" + sof(components=0) + SOS, "8x8 with 0"),
    (b"\xff\xd8" + segment(0xC0, b"\x08\0\x08\0\x08\x03\x01\x11\0") + SOS, "11 bytes long"),
    (b"\xff\xd8" + segment(0xC0, b"\x08") + SOS, "3 bytes long"),
    (b"\xff\xd8" + sof(factors=0x51) + SOS, "sampling factors"),
    (b"\xff\xd8" + sof(factors=0x10) + SOS, "sampling factors"),
    (b"\xff\xd8" + sof(precision=12) + SOS, "12 bits"),
    (b"\xff\xd8" + sof(precision=17, code=0xC3) + SOS, "17 bits"),
]


@pytest.mark.parametrize(("data", "says"), BROKEN)
def test_a_header_that_describes_no_image_is_damage(data: bytes, says: str) -> None:
    with pytest.raises(Damaged) as caught:
        read(data)
    assert says in caught.value.message


SEEN_DAMAGE = [
    (b"\xff\xd8" + sof(), "end marker"),
    (b"\xff\xd8" + sof() + b"\xff\xd9", "FFD9 stands before the pixel data"),
    (b"\xff\xd8" + sof() + b"\xff\xd8", "FFD8 stands before"),
    (b"\xff\xd8" + sof() + sof(9, 9) + SOS, "second frame header stands at byte 21"),
    (b"\xff\xd8" + sof() + SOS[:-1], "FFDA at byte 21"),
]


@pytest.mark.parametrize(("data", "says"), SEEN_DAMAGE)
def test_damage_behind_the_frame_header_leaves_the_facts(data: bytes, says: str) -> None:
    found = read(data)
    assert found.stored == Size(8, 8)
    assert says in found.damage[0]


def test_other_bytes_are_no_jpeg() -> None:
    with pytest.raises(NotAnImage):
        read(b"\xff\xd9")


def test_an_empty_file_is_damage() -> None:
    with pytest.raises(Damaged):
        read(b"")


def test_endless_segments_hit_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jpeg_markers, "_MOST_SEGMENTS", 10)
    with pytest.raises(LimitHit):
        read(b"\xff\xd8" + segment(0xE7) * 11 + sof() + SOS)


class Counted(BytesReader):
    reads = 0

    def read(self, offset: int, length: int) -> bytes:
        self.reads += 1
        return super().read(offset, length)


def test_whoever_looks_through_the_segments_first_they_are_read_once() -> None:
    data = insert(jpeg(), app2_icc(1, 1, icc()))
    looks = (header, density, sampling, tables, pictures)
    told = [look(BytesReader(data)) for look in looks]
    for order in (range(5), range(4, -1, -1)):
        reader = Counted(data, {})
        first = Counted(data, {})
        header(first)
        assert {number: looks[number](reader) for number in order} == dict(enumerate(told))
        assert reader.reads == first.reads


@pytest.mark.parametrize("look", [density, sampling, lambda reader: gain_map(reader, lambda: None)])
def test_segments_behind_an_early_end_change_no_other_fact(look: Callable[[Reader], object]) -> None:
    data = b"\xff\xd8\xff\xd9" + jpeg()[2:10]
    reader = BytesReader(data, {})
    with suppress(Verify4kError):
        look(reader)
    with pytest.raises(Damaged, match="no frame header") as error:
        header(reader)
    with pytest.raises(Damaged) as alone:
        header(BytesReader(data))
    assert error.value.message == alone.value.message


@pytest.mark.parametrize("depth", ["header", "full"])
def test_a_closed_file_is_held_by_nothing_that_was_read_of_it(depth: Depth, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())
    content = Content(FileSource(tmp_path / "a.jpg"), depth)
    _ = content.header
    reader: Any = content.reader
    assert reader.parsed
    content.close()
    assert not reader.parsed


def test_too_many_segments_are_too_many_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jpeg_markers, "_MOST_SEGMENTS", 3)
    reader = BytesReader(jpeg(), {})
    for look in (header, density, header):
        with pytest.raises(LimitHit):
            once(reader, look)


@given(st.integers(0, 700), st.binary(min_size=1, max_size=5))
def test_no_patch_raises_anything_else(at: int, patch: bytes) -> None:
    rich = insert(
        jpeg(8, 8),
        app1_exif(oriented(6)),
        app1_xmp(xmp('tiff:Orientation="3"')),
        app2_icc(1, 1, icc()),
        segment(0xE2, b"MPF\0MM\0*" + struct.pack(">I", 8)),
        app11_c2pa(1, b"c2pa"),
    )
    broken = bytearray(rich)
    broken[at : at + len(patch)] = patch
    try:
        read(bytes(broken))
    except Verify4kError as error:
        assert isinstance(error, Damaged | NotAnImage | CannotRead)


def test_jpeg_ls_is_another_codec_and_no_damage() -> None:
    frame = b"\xff\xf7\0\x0b\x08\0\x25\0\x35\1\1\x11\0"
    scan = b"\xff\xda\0\x08\1\1\0\0\0\0" + bytes(range(1, 90)) + b"\xff\xd9"
    with pytest.raises(CannotRead, match="JPEG-LS"):
        header(BytesReader(b"\xff\xd8" + frame + scan))
