"""ICC profiles: joined, inflated within bounds, and named."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metadata_files import icc

from verify4k.errors import CannotRead, LimitHit
from verify4k.formats.facts import Block, BytesReader
from verify4k.formats.metadata.icc import profile_name, profile_space, read_icc


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


def test_what_does_not_inflate_is_undecided() -> None:
    with pytest.raises(CannotRead):
        read_icc(BytesReader(b"junk"), [Block("icc", 0, 4, deflated=True)])


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
