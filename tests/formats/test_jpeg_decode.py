"""JPEG pixels: whole pictures decode, missing ones are damage, harmless oddities are neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jpeg_files import insert, jpeg, segment, sof

from verify4k.errors import CannotRead, Damaged, LimitHit
from verify4k.formats.facts import BytesReader
from verify4k.formats.jpeg import cleaned as jpeg_cleaned
from verify4k.formats.jpeg import decode as jpeg_decode
from verify4k.formats.jpeg.decode import decode
from verify4k.formats.jpeg.header import header

if TYPE_CHECKING:
    from verify4k.formats.pixels import Pixels


def pixels(data: bytes, *, colour: bool = False) -> Pixels:
    return decode(data, header(BytesReader(data)), colour=colour)


GOOD = [
    jpeg(),
    jpeg(mode="L"),
    jpeg(mode="CMYK"),
    jpeg(progressive=True),
    jpeg(subsampling=0),
    jpeg(subsampling=1, restart_marker_blocks=2),
    jpeg(subsampling="4:1:1", quality=3),
    jpeg(subsampling=0, optimize=True),
    jpeg(1, 1),
    jpeg(7, 19, progressive=True),
]


@pytest.mark.parametrize("data", GOOD)
def test_whole_pictures_decode_in_gray_and_in_colour(data: bytes) -> None:
    size = header(BytesReader(data)).stored
    assert pixels(data).array().shape == (size.height, size.width)
    assert pixels(data, colour=True).array().shape == (size.height, size.width, 3)
    assert not pixels(data).alpha_used()


def at(data: bytes, marker: bytes) -> int:
    return data.index(b"\xff" + marker)


def patched(data: bytes, place: int, *values: int) -> bytes:
    return data[:place] + bytes(values) + data[place + len(values) :]


BASE = jpeg()
CMYK = jpeg(mode="CMYK")
HARMLESS = [
    insert(BASE, b"\0\0\0"),
    insert(BASE, b"junk" + segment(0xE7) + b"more junk"),
    BASE[:-2] + bytes(40) + BASE[-2:],
    patched(BASE, 11, 2),  # JFIF version 2
    patched(BASE, at(BASE, b"\xda") + 12, 0),  # Se of a sequential scan
    insert(patched(BASE, 11, 9), b"\0"),
    patched(BASE, 11, 2)[:20] + segment(0xE0, b"JFXX\0\x10") + BASE[20:],
    patched(CMYK, CMYK.index(b"Adobe") + 11, 7),
    insert(BASE, segment(0xEE, b"Adobe\0\x64\0\0\0\0\x09")),
    BASE[: at(BASE, b"\xc4")] + b"\0\0" + BASE[at(BASE, b"\xc4") : -2] + bytes(30) + BASE[-2:],
]


@pytest.mark.parametrize("data", HARMLESS)
def test_faults_that_change_no_pixel_are_no_damage(data: bytes) -> None:
    clean = CMYK if header(BytesReader(data)).mode == "cmyk" else BASE
    found = pixels(data).array()
    assert found.shape == pixels(clean).array().shape
    if data[30:35] != b"Adobe" and clean is BASE:  # transforms decide what is luma
        assert np.array_equal(found, pixels(clean).array())


HALF = BASE[: len(BASE) * 3 // 4] + b"\xff\xd9"
SCAN = at(BASE, b"\xda")
DAMAGED = [
    (HALF, "premature end"),
    (insert(HALF, b"\0\0"), "premature end"),  # a harmless warning comes first
    (patched(insert(HALF, b"\0\0"), 13, 2), "premature end"),
    (BASE[:-2], "without an end marker"),
    (BASE[: SCAN + 40] + b"\xff\xd9" + BASE[SCAN + 40 :], "premature end"),
    (BASE[:-2] + b"not padding at all, but data that was left" + BASE[-2:], "extraneous bytes"),
    (BASE.replace(b"\xff\xc4", b"\xff\xe9").replace(b"\xff\xdb", b"\xff\xe9"), "no quantization table"),
    (patched(BASE, at(BASE, b"\xc0") + 12, 3), "decoder says"),  # a table that is not there
    (BASE[: SCAN + 30] + b"\xff\xd3" + BASE[SCAN + 30 :], "decoder says"),
]


@pytest.mark.parametrize(("data", "says"), DAMAGED)
def test_what_the_decoder_makes_up_is_damage(data: bytes, says: str) -> None:
    with pytest.raises(Damaged) as caught:
        pixels(data)
    assert says in caught.value.message


def test_a_half_scan_is_damage_wherever_it_is_cut() -> None:
    for data in (jpeg(24, 24), jpeg(24, 24, progressive=True), jpeg(24, 24, mode="CMYK")):
        for length in range(at(data, b"\xda") + 14, len(data) - 4):
            with pytest.raises(Damaged):
                pixels(data[:length] + b"\xff\xd9")


def test_a_promise_that_the_data_cannot_hold_is_damage_before_it_costs_memory() -> None:
    place = at(BASE, b"\xc0") + 5
    with pytest.raises(Damaged, match="cannot hold 65500x65500"):
        pixels(patched(BASE, place, 0xFF, 0xDC, 0xFF, 0xDC))


def test_pictures_beyond_the_limit_are_undecided() -> None:
    progressive = jpeg(progressive=True)
    place = at(progressive, b"\xc2") + 5
    with pytest.raises(LimitHit):
        pixels(patched(progressive, place, 0xFF, 0xDC, 0xFF, 0xDC))


def test_thousands_of_scans_are_undecided_before_they_cost_time(monkeypatch: pytest.MonkeyPatch) -> None:
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    many = data[:-2] + data[last:-2] * 100 + data[-2:]
    monkeypatch.setattr(jpeg_decode, "_SCAN_WORK", 1000)
    with pytest.raises(LimitHit, match="110 scans"):
        pixels(many)
    pixels(data)


@pytest.mark.parametrize(("code", "precision"), [(0xC3, 8), (0xC5, 8), (0xC1, 12)])
def test_processes_without_a_decoder_are_undecided(code: int, precision: int) -> None:
    data = b"\xff\xd8" + segment(0xDB, b"\0" + bytes(64)) + sof(code=code, precision=precision, components=1)
    data += segment(0xC4, b"\0" + bytes(16)) + segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"x\xff\xd9"
    with pytest.raises(CannotRead, match="cannot be decoded here"):
        pixels(data)


def test_unusual_subsampling_is_undecided_where_it_decodes() -> None:
    data = jpeg(subsampling=0)
    frame = at(data, b"\xc0")
    odd = patched(data, frame + 11, 0x31)  # 3x1 luma: a file that Pillow still decodes, wrongly
    with pytest.raises((CannotRead, Damaged)):
        pixels(odd)


@pytest.fixture
def _refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turbojpeg's interface knows no name for the subsampling (4:1:0, say)."""

    def refuse(*_: object, **__: object) -> None:
        raise ValueError("tjDecompressHeader3(): Could not determine subsampling level of JPEG image")

    monkeypatch.setattr("simplejpeg.decode_jpeg", refuse)


def cut_with_end(data: bytes, share: float) -> bytes:
    """A scan that stops too soon, with an end marker glued on."""
    start = at(data, b"\xda")
    return data[: start + int((len(data) - start) * share)] + b"\xff\xd9"


@pytest.mark.usefixtures("_refusing")
def test_unusual_subsampling_decodes_where_the_last_bytes_are_the_last_rows() -> None:
    assert pixels(BASE).array().shape[:2] == (pixels(BASE).height, pixels(BASE).width)


@pytest.mark.usefixtures("_refusing")
@pytest.mark.parametrize("share", [0.3, 0.6])
def test_unusual_subsampling_that_ends_too_soon_is_damage(share: float) -> None:
    with pytest.raises(Damaged, match="before the last row"):
        pixels(cut_with_end(jpeg(128, 128), share))


@pytest.mark.usefixtures("_refusing")
def test_unusual_subsampling_of_several_scans_stays_undecided() -> None:
    with pytest.raises(CannotRead, match="last row"):
        pixels(jpeg(progressive=True))


@pytest.mark.usefixtures("_refusing")
def test_what_no_decoder_opens_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("broken")

    monkeypatch.setattr("PIL.JpegImagePlugin.JpegImageFile.load", fail)
    with pytest.raises(Damaged):
        pixels(BASE)


def test_a_lack_of_memory_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("simplejpeg.decode_jpeg", full)
    with pytest.raises(LimitHit):
        pixels(BASE)


def test_a_decoder_that_never_stops_warning_is_not_asked_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def warn(*_: object, **__: object) -> None:
        asked.append(1)
        raise ValueError("Corrupt JPEG data: 1 extraneous bytes before marker 0xd9")

    monkeypatch.setattr("simplejpeg.decode_jpeg", warn)
    with pytest.raises(Damaged):
        pixels(BASE[:-2] + bytes(40) + BASE[-2:])
    assert len(asked) == 8


@pytest.mark.parametrize(
    "message", ["3 extraneous bytes before marker 0xda", "extraneous bytes", "3 extraneous bytes"]
)
def test_padding_that_is_not_there_is_not_taken_away(message: str) -> None:
    assert jpeg_cleaned.without_padding(BASE, message) == BASE


@given(st.lists(st.tuples(st.integers(2, 1500), st.binary(min_size=1, max_size=4)), min_size=1, max_size=3))
def test_no_bytes_raise_anything_else(patches: list[tuple[int, bytes]]) -> None:
    broken = bytearray(jpeg(16, 16))
    for place, patch in patches:
        broken[place : place + len(patch)] = patch
    try:
        pixels(bytes(broken))
    except (Damaged, CannotRead):
        return
