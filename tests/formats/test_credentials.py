"""Sizes in C2PA manifests: JUMBF boxes built by hand, as ISO 19566-5 describes them."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jpeg_files import insert, jpeg, segment
from pictures import jumbf, superbox

from verify4k.formats.facts import Block, BytesReader, Size
from verify4k.formats.jpeg.header import header as jpeg_header
from verify4k.formats.metadata.claims import Claim
from verify4k.formats.metadata.credentials import named_sizes

EXIF = {
    "@context": {"exif": "http://ns.adobe.com/exif/1.0/"},
    "exif:PixelXDimension": 9,
    "exif:PixelYDimension": "8",
}
BY_EXIF = Claim("C2PA exif:PixelXDimension x exif:PixelYDimension", Size(9, 8))


def sizes(*parts: bytes) -> tuple[Claim, ...]:
    data = b"".join(parts)
    blocks, at = [], 0
    for part in parts:
        blocks.append(Block("c2pa", at, len(part)))
        at += len(part)
    return named_sizes(BytesReader(data), blocks)


@pytest.mark.parametrize("label", ["stds.exif", "stds.exif__2", "c2pa.metadata", "cawg.metadata"])
def test_a_metadata_assertion_names_a_size(label: str) -> None:
    assert sizes(jumbf({label: EXIF})) == (BY_EXIF,)


def test_tiff_tags_count_too_and_each_size_once() -> None:
    tags = {"tiff:ImageWidth": 7, "tiff:ImageLength": 6}
    found = sizes(jumbf({"stds.exif": EXIF, "c2pa.metadata": {**EXIF, **tags}}))
    assert set(found) == {BY_EXIF, Claim("C2PA tiff:ImageWidth x tiff:ImageLength", Size(7, 6))}
    assert len(found) == 2


def test_boxes_before_and_behind_others_are_found() -> None:
    other = {"c2pa.actions": {"a": 1}}
    assert sizes(jumbf({**other, "stds.exif": EXIF, "c2pa.hash.data": {}})) == (BY_EXIF,)


@pytest.mark.parametrize(
    "tags",
    [
        {**EXIF, "exif:PixelXDimension": value}
        for value in (0, -9, 9.5, "wide", None, [9], True, "9" * 30, "٩")
    ]
    + [{"exif:PixelXDimension": 9}, [], 9, None, "exif:PixelXDimension"],
)
def test_what_is_no_size_is_none(tags: Any) -> None:
    assert sizes(jumbf({"stds.exif": tags})) == ()


@pytest.mark.parametrize("label", ["c2pa.actions", "stds.exifs", "stds", "", "c2pa.metadata.v2"])
def test_other_assertions_are_not_read(label: str) -> None:
    assert sizes(jumbf({label: EXIF})) == ()


def test_a_label_is_that_of_the_assertion_s_own_box() -> None:
    inner = superbox("c2pa.ingredient", struct.pack(">I4s", 8 + 13, b"json") + b'{"exif:a": 1}')
    box = superbox("stds.exif", inner, superbox("c2pa.other", _json(EXIF)))
    assert sizes(box) == ()


def test_a_box_without_a_label_does_not_inherit_one() -> None:
    text = _json(EXIF)
    assert sizes(superbox("stds.exif", struct.pack(">I4s", 8 + len(text), b"jumb") + text)) == ()


def test_after_very_many_boxes_nothing_is_read() -> None:
    box = superbox("stds.exif", _json(EXIF))
    for number, found in ((100, (BY_EXIF,)), (10_000, ())):
        assert sizes(superbox("x", struct.pack(">I4s", 8, b"free") * number, box)) == found


def _json(tags: Any) -> bytes:
    text = json.dumps(tags).encode()
    return struct.pack(">I4s", 8 + len(text), b"json") + text


def test_parts_are_joined_and_heif_s_own_fields_skipped() -> None:
    data = bytes(4) + b"manifest\0" + bytes(8) + jumbf({"stds.exif": EXIF})
    assert sizes(data[:40], data[40:90], data[90:]) == (BY_EXIF,)


def test_a_jpeg_s_segments_are_joined() -> None:
    box = jumbf({"stds.exif": {**EXIF, "padding": "x" * 300}})
    first, second = box[:200], box[200:]
    head = b"JP\0\1"
    segments = (
        segment(0xEB, head + struct.pack(">I", 1) + first),
        segment(0xEB, head + struct.pack(">I", 2) + box[:8] + second),
    )
    reader = BytesReader(insert(jpeg(), *segments))
    assert named_sizes(reader, jpeg_header(reader).blocks) == (BY_EXIF,)


def test_other_blocks_are_not_searched() -> None:
    data = jumbf({"stds.exif": EXIF})
    assert named_sizes(BytesReader(data), [Block("xmp", 0, len(data))]) == ()


@pytest.mark.parametrize("length", [0, 1, 7, 0xFFFFFFFF])
def test_impossible_lengths_end_the_search(length: int) -> None:
    data = jumbf({"stds.exif": EXIF})
    assert sizes(struct.pack(">I", length) + data[4:]) == ()


def test_too_deep_and_too_long_is_left_alone() -> None:
    deep = superbox("stds.exif", _json(EXIF))
    for _ in range(20):
        deep = superbox("x", deep)
    assert sizes(deep) == ()
    assert sizes(jumbf({"stds.exif": {**EXIF, "x": "y" * 300_000}})) == ()
    assert sizes(superbox("stds.exif", struct.pack(">I4s", 8 + 100_000, b"json") + b"[" * 100_000)) == ()


@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_bytes_raise(noise: bytes, at: int) -> None:
    data = jumbf({"stds.exif": EXIF})
    sizes(data[:at] + noise + data[at:])
    sizes(b"\0\0\0\x10jumb" + noise)
