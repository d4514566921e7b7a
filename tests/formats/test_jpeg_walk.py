"""JPEG structure: the true end of the first image, and what is declared behind it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jpeg_files import app1_exif, app1_xmp, insert, jpeg, segment, sof, with_mpf
from metadata_files import exif, oriented, xmp

from verify4k.formats.facts import BytesReader, Walk
from verify4k.formats.jpeg import markers as jpeg_markers
from verify4k.formats.jpeg.markers import scan_end
from verify4k.formats.jpeg.walk import walk

DQT = segment(0xDB, b"\0" + bytes(64))
DHT = segment(0xC4, b"\0" + bytes(16))
SCAN = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"pixels"
EOI = b"\xff\xd9"
GRAY = sof(components=1)
TINY = b"\xff\xd8" + DQT + GRAY + DHT + SCAN + EOI


def check(data: bytes) -> Walk:
    return walk(BytesReader(data))


CLEAN = [
    TINY,
    jpeg(),
    jpeg(mode="L"),
    jpeg(mode="CMYK"),
    jpeg(progressive=True),
    jpeg(progressive=True, mode="CMYK"),
    jpeg(optimize=True, subsampling=2),
    jpeg(restart_marker_blocks=1),
    jpeg(restart_marker_rows=1, progressive=True),
    insert(jpeg(), app1_exif(exif(thumbnail=jpeg(16, 16)))),
    TINY.replace(b"pixels", b"pi\xff\0xe\xff\xd0ls\xff\xff"),
    TINY.replace(DQT, segment(0xDB, b"\x13" + bytes(128) + b"\0" + bytes(64))),
    TINY.replace(b"pixels", b"pixels" + segment(0xDC, b"\0\x08")),
]


@pytest.mark.parametrize("data", CLEAN)
def test_good_files_are_clean(data: bytes) -> None:
    assert check(data) == Walk(end=len(data))


SOF3 = sof(components=3)
PROGRESSIVE = sof(code=0xC2, components=1)


def scan(*names: int, first: int = 0, last: int = 63, bits: int = 0) -> bytes:
    return (
        segment(0xDA, bytes((len(names), *(x for name in names for x in (name, 0)), first, last, bits)))
        + b"px"
    )


def whole(*parts: bytes) -> bytes:
    return b"\xff\xd8" + DQT + b"".join(parts) + EOI


COMPLETE = [
    whole(SOF3, DHT, scan(1, 2, 3)),
    whole(SOF3, DHT, scan(1), scan(2), scan(3)),
    whole(SOF3, DHT, scan(1, 2, 3, first=7, last=7)),  # sequential: decoders do not look
    whole(PROGRESSIVE, DHT, scan(1, last=0), scan(1, first=1)),
    whole(PROGRESSIVE, DHT, scan(1, last=0, bits=1), scan(1, first=1), scan(1, last=0, bits=0x10)),
]


@pytest.mark.parametrize("data", COMPLETE)
def test_scans_that_bring_every_coefficient_are_complete(data: bytes) -> None:
    assert check(data).damage == ()


DAMAGED = [
    (b"", "no JPEG signature"),
    (b"\xff\xd8", "without an end marker"),
    (TINY[:-2], "ends inside its pixel data"),
    (TINY[:-1], "ends inside its pixel data"),
    (TINY[: -len(EOI + SCAN)], "without an end marker"),
    (b"\xff\xd8" + EOI, "no pixel data"),
    (TINY.replace(SCAN, b""), "no pixel data"),
    (TINY.replace(GRAY, b""), "no frame header"),
    (TINY.replace(DQT, b""), "no quantization table"),
    (TINY.replace(DQT, segment(0xDB, b"\x04" + bytes(64))), "quantization table at byte 2 is malformed"),
    (TINY.replace(DQT, segment(0xDB, b"\x20" + bytes(64))), "is malformed"),
    (TINY.replace(DQT, segment(0xDB, b"\x10" + bytes(64))), "is malformed"),
    (TINY.replace(DQT, segment(0xDB, b"\0" + bytes(63))), "is malformed"),
    (TINY.replace(GRAY, GRAY + GRAY), "second frame header"),
    (TINY.replace(GRAY, sof(height=0)), "height 0"),
    (TINY.replace(b"pixels", b"pix\xff\xd8ls"), "second image begins inside the first"),
    (TINY.replace(b"pixels", b"pix\xff\x02\0\x02"), "reserved marker FF02"),
    (TINY.replace(b"pixels", b"pix\xff\xe0\0\x01"), "length of 1"),
    (TINY.replace(b"pixels", b"pix\xff\xe0\xff\xff"), "ends inside a marker segment"),
    (whole(SOF3, DHT, scan(1), scan(2)), "not every component"),
    (whole(PROGRESSIVE, DHT, scan(1, last=0)), "63 coefficients never came"),
    (whole(PROGRESSIVE, DHT, scan(1, last=0), scan(1, first=1, bits=1)), "63 only coarsely"),
    (whole(GRAY, DHT, scan(9)), "component that the frame does not have"),
    (whole(GRAY, DHT, segment(0xDA, b"\x01\x01\0\0\x3f")), "scan header is malformed"),
    (whole(GRAY, DHT, segment(0xDA)), "scan header is malformed"),
    (whole(PROGRESSIVE, DHT, scan(1, last=64)), "coefficients 0 to 64"),
    (whole(PROGRESSIVE, DHT, scan(1, first=5, last=4)), "coefficients 5 to 4"),
]


@pytest.mark.parametrize(("data", "says"), DAMAGED)
def test_each_fault_is_found(data: bytes, says: str) -> None:
    damage = check(data).damage
    assert any(says in sentence for sentence in damage), damage


def test_damage_is_bounded() -> None:
    assert len(check(whole(GRAY, DHT, segment(0x02) * 100, SCAN)).damage) <= 20


def test_the_same_wrong_scan_is_said_once() -> None:
    assert len(check(whole(GRAY, DHT, scan(9) * 5)).damage) == 1


@pytest.mark.parametrize("code", [0xC3, 0xC5])
def test_processes_without_coefficients_are_not_asked_for_them(code: int) -> None:
    assert check(b"\xff\xd8" + sof(code=code, components=1) + SCAN + EOI).damage == ()


def test_missing_huffman_tables_are_a_warning() -> None:
    assert "no Huffman tables" in check(TINY.replace(DHT, b"")).warnings[0]


@pytest.mark.parametrize("gap", [b"\0", b"junk", bytes(10_000)])
def test_bytes_between_segments_are_a_warning(gap: bytes) -> None:
    found = check(insert(jpeg(), gap))
    assert found.damage == ()
    assert found.warnings == (f"{len(gap)} bytes between marker segments belong to none",)


def test_fill_bytes_are_no_gap() -> None:
    assert check(insert(jpeg(), b"\xff" * 9000)).warnings == ()


def test_noted_gaps_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jpeg_markers, "MOST_STRAYS", 2)
    assert check(insert(jpeg(), (b"x" + segment(0xE7)) * 5)).warnings[0].startswith("2 bytes")


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_scan_ends_where_its_marker_is_however_it_is_read(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jpeg_markers, "_PIECE", max(2, size))
    data = b"abc\xff\0de\xff\xd3\xff\xff\xff\0f\xff" + EOI
    assert scan_end(BytesReader(data), 0) == len(data) - 2
    assert scan_end(BytesReader(data[:-1]), 0) == -1
    assert scan_end(BytesReader(b""), 0) == -1


def test_every_truncation_is_found() -> None:
    for data in (jpeg(16, 16), jpeg(16, 16, progressive=True)):
        for length in range(len(data)):
            assert check(data[:length]).damage, length


@pytest.mark.parametrize(
    ("rest", "kind"), [(b"\n", "newline"), (bytes(9), "nul"), (b"PK\3\4", "zip"), (jpeg(8, 8), "jpeg")]
)
def test_undeclared_bytes_are_counted_and_named(rest: bytes, kind: str) -> None:
    good = jpeg()
    assert check(good + rest) == Walk(end=len(good), trailing=len(rest), trailing_kind=kind)


SECOND = jpeg(16, 16)


@pytest.mark.parametrize("order", ["<", ">"])
def test_pictures_of_a_multi_picture_index_are_declared(order: str) -> None:
    size = len(SECOND)
    primary = with_mpf(jpeg(), (0, size), (size, size), order=order)
    assert check(primary + SECOND + SECOND) == Walk(end=len(primary))


def test_only_what_the_index_declares_is_declared() -> None:
    primary = with_mpf(jpeg(), (0, len(SECOND)))
    found = check(primary + SECOND + b"PK\3\4")
    assert (found.trailing, found.trailing_kind) == (4, "zip")


def test_padding_before_a_declared_picture_is_named_as_such() -> None:
    primary = with_mpf(jpeg(), (6, len(SECOND)))
    found = check(primary + bytes(6) + SECOND)
    assert (found.damage, found.trailing, found.trailing_kind) == ((), 6, "nul")
    found = check(primary + bytes(6) + SECOND + b"text")
    assert (found.trailing, found.trailing_kind) == (10, "data")


def test_a_file_that_ends_inside_a_declared_picture_is_damaged() -> None:
    primary = with_mpf(jpeg(), (0, len(SECOND)))
    assert "ends inside a further picture: 9 bytes" in check(primary + SECOND[:-9]).damage[0]


def test_pictures_that_are_gone_altogether_are_a_warning() -> None:
    found = check(with_mpf(jpeg(), (0, 50), (50, 50)))
    assert found.damage == ()
    assert found.warnings == ("the multi-picture index names a picture that is not in the file",)


@pytest.mark.parametrize("offset", [3, -40])
def test_an_index_that_points_astray_declares_nothing(offset: int) -> None:
    found = check(with_mpf(jpeg(), (offset, len(SECOND))) + SECOND + bytes(9))
    assert "no picture begins" in found.warnings[0]
    assert found.trailing == len(SECOND) + 9


@pytest.mark.parametrize(
    "body", [b"MPF\0", b"MPF\0II*\0\xff\xff\xff\xff", b"MPF\0JUNKJUNK", b"MPF\0II*\0\x08\0\0\0\0\0"]
)
def test_a_broken_index_declares_nothing(body: bytes) -> None:
    found = check(insert(jpeg(), segment(0xE2, body)) + SECOND)
    assert found.trailing == len(SECOND)


def test_items_that_xmp_declares_are_declared() -> None:
    gain_map = f'<x Item:Semantic="GainMap" Item:Length="{len(SECOND)}"/>'
    items = f'<Container:Directory><x Item:Semantic="Primary"/>{gain_map}</Container:Directory>'
    primary = insert(jpeg(), app1_xmp(xmp(elements=items)))
    assert check(primary + SECOND) == Walk(end=len(primary))
    assert check(primary + SECOND + b"more").trailing == 4


def test_a_motion_photo_s_video_is_declared_from_the_file_s_end() -> None:
    primary = insert(jpeg(), app1_xmp(xmp('GCamera:MicroVideoOffset="20"')))
    assert check(primary + b"\0\0\0\x14ftypmp42" + bytes(8)) == Walk(end=len(primary))
    assert check(primary + b"junk" + bytes(20)).trailing == 4


def samsung(payload: bytes) -> bytes:
    directory = b"SEFH" + struct.pack("<IIIII", 107, 1, 0x0A010000, len(payload), len(payload))
    return payload + directory + struct.pack("<I", len(directory)) + b"SEFT"


def test_samsung_s_trailer_is_declared() -> None:
    good = jpeg()
    assert check(good + samsung(b"block")) == Walk(end=len(good))
    assert check(good + samsung(b"")) == Walk(end=len(good))
    assert check(good + b"junk" + samsung(b"block")).trailing == 4


@pytest.mark.parametrize(
    "rest", [b"SEFT", b"xxxx\xff\xff\0\0SEFT", b"XEFH" + bytes(8) + b"\x0c\0\0\0SEFT", b"\0\0\0\0SEFT"]
)
def test_a_broken_trailer_is_not_declared(rest: bytes) -> None:
    assert check(jpeg() + rest).trailing == len(rest)


RICH = insert(
    with_mpf(jpeg(16, 16), (0, len(SECOND))),
    app1_exif(oriented(6)),
    app1_xmp(xmp('GCamera:MicroVideoOffset="20"')),
)


@given(st.lists(st.tuples(st.integers(0, len(RICH)), st.binary(min_size=1, max_size=6)), max_size=3))
def test_no_bytes_raise(patches: list[tuple[int, bytes]]) -> None:
    broken = bytearray(RICH + SECOND + samsung(b"block"))
    for at, patch in patches:
        broken[at : at + len(patch)] = patch
    check(bytes(broken))


def test_gaps_of_megabytes_are_given_up() -> None:
    assert "no marker stands in the 4 MB from byte 2" in check(insert(jpeg(), bytes(5 << 20))).damage[0]


def test_an_index_without_entries_declares_nothing() -> None:
    empty = segment(
        0xE2, b"MPF\0II*\0\x08\0\0\0" + struct.pack("<HHHIIHHIII", 2, 0xB000, 7, 4, 0, 0xB001, 4, 1, 2, 0)
    )
    assert check(insert(jpeg(), empty) + SECOND).trailing == len(SECOND)


def test_segments_between_scans_are_no_metadata() -> None:
    late = whole(SOF3, DHT, scan(1), app1_exif(oriented(6)), scan(2), scan(3))
    assert check(late) == Walk(end=len(late))


def test_a_scan_without_a_frame_header_is_asked_nothing_else() -> None:
    assert check(whole(DHT, SCAN, SCAN)).damage == ("there is no frame header before the pixel data",)


def test_only_the_entries_of_an_index_declare() -> None:
    primary = with_mpf(jpeg(), (0, len(SECOND))).replace(b"\xb0\x02\0\x07", b"\xb0\x03\0\x07")
    assert check(primary + SECOND).trailing == len(SECOND)
