"""Gain maps that are in the file, and text that announces one that is not; what counts as HDR."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import pytest
from heif_files import GRAY_CONFIG, GRAY_DATA, Heif, Item, box, full, ispe
from pictures import gradient, png_chunk, save, with_gain_map

from verify4k.artifacts.artifact import Artifact
from verify4k.documents.nodes import Place
from verify4k.errors import BeyondDepth
from verify4k.files.source import FileSource
from verify4k.formats.facts import BytesReader
from verify4k.formats.registry import load
from verify4k.model import Asset

if TYPE_CHECKING:
    from pathlib import Path

JPEG, PNG = save(gradient(64, 36), "a.jpg"), save(gradient(64, 36), "a.png")
ULTRA_HDR = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/></rdf:RDF></x:xmpmeta>'
)
MAP = save(gradient(16, 9).convert("L"), "a.jpg", xmp=ULTRA_HDR)
APPLE = full(b"auxC", 0, b"urn:com:apple:photo:2020:aux:hdrgainmap\0")


def has_gain_map(form: str, data: bytes) -> bool:
    parser, reader = load(form), BytesReader(data)
    ask = parser.find("gain_map")
    assert ask is not None
    found: bool = ask(reader, lambda: parser.walk(reader).end)
    return found


@pytest.mark.parametrize(
    ("data", "there"),
    [
        (with_gain_map(JPEG), True),
        (save(gradient(64, 36), "a.jpg", xmp=ULTRA_HDR) + MAP, True),  # without an index, right behind
        (JPEG, False),
        (save(gradient(64, 36), "a.jpg", xmp=ULTRA_HDR), False),  # announced and lost
        (JPEG + save(gradient(16, 9), "a.jpg"), False),  # another picture, of nothing known
        (with_gain_map(JPEG)[: len(JPEG) + 78], False),
        (with_gain_map(JPEG).replace(b"21496", b"21497"), False),
        (JPEG[:2] + struct.pack(">2sH", b"\xff\xe2", 6) + b"MPF\0" + JPEG[2:], False),
    ],
)
def test_a_jpegs_gain_map_is_a_picture_that_says_so(data: bytes, there: bool) -> None:
    assert has_gain_map("jpeg", data) is there


@pytest.mark.parametrize("form", ["avif", "heic"])
@pytest.mark.parametrize(
    ("items", "there"),
    [
        ({1: Item()}, False),
        ({1: Item(), 2: Item(b"tmap", b"\0", [ispe()])}, True),
        ({1: Item(), 2: Item(b"av01", GRAY_DATA, [ispe(), GRAY_CONFIG, APPLE])}, True),
        ({1: Item(), 2: Item(b"av01", GRAY_DATA, [ispe(), GRAY_CONFIG])}, False),
    ],
)
def test_heif_files_name_their_gain_maps(form: str, items: dict[int, Any], there: bool) -> None:
    assert has_gain_map(form, Heif(items).build()) is there


TURN = box(b"irot", b"\1")
MAPPED = [(b"dimg", 3, [1, 2])]


@pytest.mark.parametrize("form", ["avif", "heic"])
@pytest.mark.parametrize(
    ("file", "sizes"),
    [
        (Heif(), ["64x48"]),
        (Heif({1: Item(), 2: Item(properties=[ispe(32, 24), GRAY_CONFIG, APPLE])}), ["64x48", "32x24"]),
        (Heif({1: Item(), 2: Item(properties=[ispe(32, 24), APPLE, TURN])}), ["64x48", "24x32"]),
        (
            Heif({1: Item(), 2: Item(properties=[ispe(32, 24)]), 3: Item(b"tmap", b"\0", [ispe()])}, MAPPED),
            ["64x48", "32x24"],
        ),
        (Heif({1: Item(), 3: Item(b"tmap", b"\0", [ispe()])}), ["64x48"]),  # it names no inputs
        (
            Heif({1: Item(), 3: Item(b"tmap", b"\0", [ispe()])}, MAPPED),
            ["64x48"],
        ),  # it names none that is there
        (Heif({1: Item(), 2: Item(properties=[ispe(32, 24)])}), ["64x48"]),  # a thumbnail, a burst: no map
    ],
)
def test_the_picture_and_its_gain_map_are_listed(form: str, file: Heif, sizes: list[str]) -> None:
    ask = load(form).find("pictures")
    assert ask is not None
    assert [str(size) for size in ask(BytesReader(file.build()))] == sizes


def test_jpeg_xl_has_a_box_for_it() -> None:
    start = b"\0\0\0\x0cJXL \r\n\x87\n" + box(b"ftyp", b"jxl ", bytes(4), b"jxl ")
    stream = box(b"jxlc", b"\xff\x0a" + bytes(8))
    assert has_gain_map("jxl", start + stream) is False
    assert has_gain_map("jxl", start + box(b"jhgm", bytes(9)) + stream) is True
    assert has_gain_map("jxl", b"\xff\x0a" + box(b"jhgm")) is False


def cicp(primaries: int, transfer: int) -> bytes:
    return PNG[:33] + png_chunk(b"cICP", bytes((primaries, transfer, 0, 1))) + PNG[33:]


@pytest.mark.parametrize(
    ("name", "data", "hdr"),
    [
        ("a.png", PNG, ""),
        ("a.png", cicp(1, 13), ""),
        ("a.png", cicp(12, 13), ""),  # Display P3 is wide, not high
        ("a.png", cicp(9, 16), "BT.2020, PQ"),
        ("a.png", cicp(9, 18), "BT.2020, HLG"),
        ("a.jpg", JPEG, ""),
        ("a.jpg", with_gain_map(JPEG), "a gain map"),
    ],
)
def test_hdr_is_what_is_declared_or_carried(name: str, data: bytes, hdr: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    path = str(tmp_path / name)
    assert Artifact(Asset(name, path, Place("", 0, 0)), FileSource(path)).hdr == hdr


def test_no_whole_file_is_read_for_it_at_header_depth(tmp_path: Path) -> None:
    (tmp_path / "plain.jpg").write_bytes(JPEG)
    (tmp_path / "indexed.jpg").write_bytes(with_gain_map(JPEG))
    plain, indexed = (
        Artifact(Asset(path.name, str(path), Place("", 0, 0)), FileSource(str(path)), "header")
        for path in (tmp_path / "plain.jpg", tmp_path / "indexed.jpg")
    )
    with pytest.raises(BeyondDepth):
        plain.gain_map  # noqa: B018
    assert indexed.gain_map is True
