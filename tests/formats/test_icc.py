"""ICC profiles: joined, inflated within bounds, and named."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metadata_files import icc
from PIL import ImageCms

from verify4k.errors import LimitHit
from verify4k.formats.facts import Block, BytesReader
from verify4k.formats.metadata.icc import (
    Profile,
    describe,
    fault,
    is_srgb,
    profile_name,
    profile_space,
    read_icc,
)


@pytest.mark.parametrize("old", [False, True])
def test_a_profile_has_the_name_of_its_description(old: bool) -> None:
    assert profile_name(icc("Display P3", old=old)) == "Display P3"


def test_without_english_the_first_name_counts() -> None:
    assert profile_name(icc("Name").replace(b"enUS", b"frFR")) == "x"


def test_a_description_may_be_plain_text() -> None:
    profile = icc("Plain", old=True).replace(b"desc\0\0\0\0\0\0\0\x06", b"text\0\0\0\0" + b"")
    assert profile_name(profile) == "Plain"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(200),
        icc()[:131],
        icc("", old=True),
        icc().replace(b"desc", b"dmnd"),
        icc().replace(b"mluc", b"zxxc"),
        icc()[: 156 + 20],
        icc("x", old=True)[: 156 + 9],
        icc().replace(b"mluc\0\0\0\0\0\0\0\x02", b"mluc\0\0\0\0\0\0\0\0"),
    ],
)
def test_no_description_is_no_name(data: bytes) -> None:
    assert profile_name(data) is None


def test_names_are_bounded() -> None:
    assert len(profile_name(icc("n" * 9000)) or "") == 400


@pytest.mark.parametrize(
    ("space", "name"), [(b"RGB ", "RGB"), (b"GRAY", "GRAY"), (b"CMYK", "CMYK"), (b"\x1b[0m", None)]
)
def test_the_colour_space_is_told(space: bytes, name: str | None) -> None:
    assert profile_space(icc(space=space)) == name


def test_what_is_no_profile_has_no_space() -> None:
    assert profile_space(bytes(200)) is None
    assert profile_space(b"") is None


def test_blocks_are_joined_in_order_and_others_left_out() -> None:
    data = b"abc" + zlib.compress(b"def")
    blocks = [Block("icc", 0, 3), Block("xmp", 0, 3), Block("icc", 3, len(data) - 3, deflated=True)]
    assert read_icc(BytesReader(data), blocks) == b"abcdef"


def test_no_blocks_are_no_profile() -> None:
    assert read_icc(BytesReader(b"abc"), [Block("xmp", 0, 3)]) is None


def test_what_does_not_inflate_is_a_broken_profile() -> None:
    data = read_icc(BytesReader(b"junk"), [Block("icc", 0, 4, deflated=True)])
    assert describe(data) == Profile(fault="0 bytes that are no ICC profile")


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def changed(at: int, value: bytes) -> bytes:
    return SRGB[:at] + value + SRGB[at + len(value) :]


def entry(tag: bytes) -> int:
    return SRGB.index(tag, 132)


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (SRGB, ""),
        (SRGB + bytes(3), ""),  # padded
        (SRGB[:300], "is cut: 588 bytes promised, 300 there"),
        (b"not a profile at all, sRGB", "26 bytes that are no ICC profile"),
        (changed(128, bytes(4)), "a table of 0 tags"),
        (changed(128, b"\0\0\0\x63"), "a table of 99 tags"),
        (changed(entry(b"rXYZ") + 4, b"\0\0\x02\x40"), "lies outside it"),
        (changed(entry(b"rXYZ") + 4, b"\0\0\0\x10"), "lies outside it"),
    ],
)
def test_a_profile_is_sound_where_header_size_and_tags_fit(data: bytes, wrong: str) -> None:
    assert wrong in fault(data) if wrong else fault(data) == ""


def curve(gamma: float) -> bytes:
    return b"curv" + bytes(4) + b"\0\0\0\x01" + round(gamma * 256).to_bytes(2)


def test_srgb_is_told_by_its_colours_and_not_by_its_name() -> None:
    assert is_srgb(SRGB)
    assert is_srgb(SRGB.replace("sRGB".encode("utf-16-be"), "c2ci".encode("utf-16-be")))
    red = SRGB[: entry(b"rXYZ") + 8]
    at = int.from_bytes(red[-4:])
    assert not is_srgb(changed(at + 8, (35000).to_bytes(4)))  # Display P3's red is wider
    at = int.from_bytes(SRGB[entry(b"rTRC") + 4 : entry(b"rTRC") + 8])
    assert is_srgb(changed(at, curve(2.2)))
    assert not is_srgb(changed(at, curve(1.8)))
    assert not is_srgb(changed(at, curve(1.0)))


def test_a_profile_of_tables_goes_by_its_name() -> None:
    assert is_srgb(icc("sRGB v4 preference"))
    assert not is_srgb(icc("Display P3"))


def test_bombs_hit_a_limit() -> None:
    data = zlib.compress(bytes(17 << 20))
    with pytest.raises(LimitHit):
        read_icc(BytesReader(data), [Block("icc", 0, len(data), deflated=True)])


@given(st.binary(max_size=8), st.integers(128, 260))
def test_no_bytes_raise(patch: bytes, at: int) -> None:
    data = bytearray(icc())
    data[at : at + len(patch)] = patch
    profile_name(bytes(data))
    profile_space(bytes(data))
    describe(bytes(data))


@pytest.mark.parametrize(
    ("mode", "space", "fits"),
    [
        ("rgb", b"RGB ", True), ("palette", b"RGB ", True), ("gray", b"GRAY", True), ("cmyk", b"CMYK", True),
        ("gray", b"RGB ", True),  # what is left of a picture whose colours were taken away: everybody has some
        ("rgb", b"Lab ", False), ("rgb", b"CMYK", False), ("rgb", b"GRAY", False), ("palette", b"GRAY", False),
        ("gray", b"CMYK", False), ("cmyk", b"RGB ", False), ("rgb", b"\0\0\0\0", False), ("", b"Lab ", True),
    ],
)  # fmt: skip
def test_a_profile_for_other_samples_is_one_that_decoders_drop(mode: str, space: bytes, fits: bool) -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[16:20] = space
    found = describe(bytes(profile), mode)
    assert found is not None
    assert (not found.fault) is fits
    if not fits:
        assert f"samples, the picture's are {mode}" in found.fault
