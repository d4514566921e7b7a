"""TIFF: the first page's facts, every strip there, samples of every width."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from judging import decode, header_of, judge, verdict, walk_of
from PIL import Image
from tiff_files import LONG, RGB, RGBA, SHORT, Tiff, gray

from verify4k.errors import Damaged, LimitHit
from verify4k.formats.facts import BytesReader, Size
from verify4k.formats.tiff.pictures import pictures

KINDS = [(order, big) for order in "<>" for big in (False, True)]


@pytest.mark.parametrize(("order", "big"), KINDS)
def test_good_files_are_intact_in_every_byte_order(order: str, big: bool) -> None:
    data = Tiff(order, big).page().page(8, 9, [bytes(72)]).build()
    judged = judge(data)
    assert judged.damage == ()
    assert (judged.header.stored, judged.header.displayed) == (Size(4, 3), Size(4, 3))
    assert (judged.header.frames, judged.header.animated) == (1, False)
    assert (judged.header.bit_depth, judged.header.mode, judged.alpha) == (8, "gray", "none")
    assert judged.walk.trailing == 0
    assert judged.pixels is not None
    assert judged.pixels.array().tolist() == np.arange(12).reshape(3, 4).tolist()


@pytest.mark.parametrize(("order", "big"), KINDS)
def test_truncation_at_any_length_is_found(order: str, big: bool) -> None:
    data = Tiff(order, big).page(t282=(LONG, [1, 2, 3])).build()
    assert {verdict(data[:length]) for length in range(5, len(data))} == {"damaged"}


@pytest.mark.parametrize(
    ("tags", "depth", "mode"),
    [
        ({"t262": 0}, 8, "gray"),
        ({"t258": 1}, 1, "gray"),
        ({"t258": None}, 1, "gray"),
        ({"t258": 4}, 4, "gray"),
        ({"t258": 16}, 16, "gray"),
        ({"t262": 3, "t258": 4, "t320": (SHORT, [0] * 48)}, 4, "palette"),
        ({"t262": 4, "t258": 1}, 1, "gray"),
        ({"t262": 5, "t277": 4, "t258": (SHORT, [8] * 4)}, 8, "cmyk"),
        (RGB, 8, "rgb"),
        ({**RGB, "t258": (SHORT, [5, 6, 5])}, 6, "rgb"),
        ({**RGB, "t262": None}, 8, "rgb"),
        ({"t262": None}, 8, "gray"),
        ({"t262": 6, "t259": 7, "t277": None, "t258": (SHORT, [8, 8, 8])}, 8, "rgb"),
        ({"t262": 32803}, 8, "gray"),
        ({**RGB, "t262": 34892}, 8, "rgb"),
        ({**RGB, "t277": None}, 8, "rgb"),
    ],
)
def test_depth_and_mode_come_from_the_tags(tags: dict[str, Any], depth: int, mode: str) -> None:
    found = header_of(gray(**tags))
    assert (found.bit_depth, found.mode, found.alpha) == (depth, mode, False)


@pytest.mark.parametrize(
    ("tags", "alpha", "disagrees"),
    [
        (RGBA, True, False),
        ({**RGBA, "t338": 1}, True, False),
        ({**RGBA, "t338": 999}, True, False),
        ({**RGBA, "t338": None}, True, False),  # every reader takes the fourth for alpha
        ({**RGBA, "t338": 0}, False, True),
        ({"t277": 2, "t258": (SHORT, [8, 8]), "t338": 2}, True, False),
        ({"t277": 2, "t258": (SHORT, [8, 8])}, False, False),
        ({"t262": 5, "t277": 5, "t258": (SHORT, [8] * 5), "t338": 2}, True, False),
    ],
)
def test_extra_samples_say_what_is_alpha(tags: dict[str, Any], alpha: bool, disagrees: bool) -> None:
    found = header_of(gray(**tags))
    assert (found.alpha, bool(found.disagreements)) == (alpha, disagrees)


@pytest.mark.parametrize(
    ("tag", "orientation"),
    [(1, 1), (6, 6), ((LONG, [8]), 8), (9, 1), (0, 1), ((SHORT, [3, 3]), 3), (None, 1), ((2, [6]), 1)],
)
def test_orientation_is_told_but_not_applied(tag: Any, orientation: int) -> None:
    found = header_of(gray(t274=tag))
    assert (found.orientation, found.displayed) == (orientation, Size(4, 3))
    assert bool(found.disagreements) is (orientation != 1)
    assert decode(gray(t274=tag)).width == 4


def test_profile_and_xmp_are_told() -> None:
    data = gray(t34675=(7, list(b"profile!")), t700=(1, list(b"<x/> ")))
    told = {block.kind: data[block.offset : block.offset + block.length] for block in header_of(data).blocks}
    assert told == {"icc": b"profile!", "xmp": b"<x/> "}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"II*\0\x08\0", "inside the TIFF header"),
        (b"II+\0\4\0\0\0" + bytes(8), "other than 8 bytes"),
        (b"II*\0\x08\0\0\0\xff\xff" + bytes(20), "lies outside the file"),
        (b"II*\0\0\0\0\0" + bytes(20), "lies outside the file"),
        (gray(t256=0), "measures 0x3"),
        (gray(t257=None), "measures 4x0"),
        (gray(t258=0), "0 bits"),
        (gray(t277=0), "no samples"),
        (
            gray(t258=(SHORT, [8, 8, 8])).replace(
                struct.pack("<HHI", 258, 3, 3), struct.pack("<HHI", 258, 3, 3000)
            ),
            "tag 258",
        ),
    ],
)
def test_a_broken_directory_is_damage(data: bytes, words: str) -> None:
    with pytest.raises(Damaged, match=words):
        header_of(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (gray(strips=[bytes(11)]), "11 bytes holds less than the 12 promised"),
        (gray(strips=[bytes(8)], t278=2), "2 strips or tiles are needed, 1 are there"),
        (gray(strips=[bytes(8), bytes(4)], t278=2, t279=(LONG, [8])), "1 have a length"),
        (gray(strips=[]), "no pixel data"),
        (gray(t279=(LONG, [0])), "has no data"),
        (gray(t273=(LONG, [0])), "has no data"),
        (gray(t279=(LONG, [99999])), "truncated"),
        (gray(t322=0, t323=16), "tiles have no size"),
        (gray(t257=(LONG, [2_000_000]), t278=1), "more than any file has"),
        (gray(t322=16, t323=16, strips=[bytes(255)]), "less than the 256"),
        (gray(**{**RGB, "t284": 2}, strips=[bytes(12)] * 2), "3 strips or tiles are needed"),
        (gray(**{**RGB, "t258": 8}, strips=[bytes(35)]), "less than the 36"),
        (gray(**{**RGB, "t258": 8, "t284": 2}, strips=[bytes(12), bytes(12), bytes(11)]), "less than the 12"),
        (Tiff(loop=True).page().build(), "loops"),
        (Tiff(loop=True).page().page().build(), "loops"),
        (Tiff().page().page(t279=(LONG, [9999])).build(), "truncated"),
        (gray(t34665=(LONG, [99999])), "lies outside"),
        (
            gray(t282=(LONG, [1, 2])).replace(
                struct.pack("<HHI", 282, 4, 2), struct.pack("<HHI", 282, 4, 2000)
            ),
            "names data",
        ),
    ],
)
def test_damage_is_found_by_walking(data: bytes, words: str) -> None:
    assert words in " ".join(walk_of(data).damage)


def test_lengths_may_be_missing_where_one_strip_holds_all() -> None:
    assert walk_of(gray(t279=(2, [0]))).damage == ()
    assert walk_of(Tiff().page().page(strips=[]).build()).damage == ()  # a later page may be metadata


@pytest.mark.parametrize(("tail", "kind"), [(b"PK\3\4x", "zip"), (bytes(5), "nul"), (b"abc", "data")])
def test_trailing_bytes_are_what_no_directory_names(tail: bytes, kind: str) -> None:
    found = walk_of(gray() + tail)
    assert (found.trailing, found.trailing_kind, found.damage) == (len(tail), kind, ())


def test_metadata_directories_count_as_named() -> None:
    inner = struct.pack("<H", 1) + struct.pack("<HHII", 0x9000, 7, 4, 0) + bytes(4)
    base = gray(t34665=(LONG, [0]))
    data = base.replace(struct.pack("<HHII", 34665, 4, 1, 0), struct.pack("<HHII", 34665, 4, 1, len(base)))
    assert walk_of(data + inner).trailing == 0
    assert walk_of(data + inner + b"abc").trailing == 3
    note = inner.replace(struct.pack("<H", 0x9000), struct.pack("<H", 37500))
    assert walk_of(data + note + b"abc").trailing == 0  # a maker note may point anywhere
    loop = inner[:2] + struct.pack("<HHII", 34665, 4, 1, len(base)) + bytes(4)
    assert walk_of(data + loop).damage == ()


def test_a_padding_byte_is_no_trailing_data() -> None:
    data = gray(t270=(2, list(b"hello")))
    assert len(data) & 1
    assert walk_of(data + b"\0").trailing == 0
    assert walk_of(data + b"\n").trailing_kind == "newline"


def test_several_pages_padded_to_sixteen_bytes_have_no_trailing_data() -> None:
    """As Pillow writes them; a byte more or less is something else."""
    data = gray(t270=(2, [66] * (2 * 16 + 2)))
    left = -len(data) % 16
    assert left > 2
    assert walk_of(data + bytes(left)).trailing == 0
    assert walk_of(data + bytes(left - 1)).trailing == left - 1
    assert walk_of(data + bytes(left + 16)).trailing_kind == "nul"
    assert walk_of(data + b"\1" * left).trailing == left


def cloud_optimized(tail: bytes, trailer: str = "LAST_4_BYTES_REPEATED", big: bool = False) -> bytes:
    """As GDAL writes it: what it says of itself, the directory, then the block between its length and tail."""
    said = f"LAYOUT=IFDS_BEFORE_DATA\nBLOCK_LEADER=SIZE_AS_UINT4\nBLOCK_TRAILER={trailer}\n".encode()
    said = b"GDAL_STRUCTURAL_METADATA_SIZE=%06d bytes\n" % len(said) + said
    said += b" " * (-len(said) % 8)
    block = bytes(range(12))
    at = (16 if big else 8) + len(said)
    pixels = at + (8 + 10 * 20 + 8 if big else 2 + 10 * 12 + 4) + 4
    tags = {256: 4, 257: 3, 258: 8, 259: 1, 262: 1, 273: pixels, 277: 1, 278: 3, 279: len(block), 284: 1}
    entry, head, link = ("<HHQQ", "<HHHQ", "<Q") if big else ("<HHII", "<HI", "<I")
    directory = struct.pack("<Q" if big else "<H", len(tags))
    directory += b"".join(struct.pack(entry, tag, LONG, 1, value) for tag, value in tags.items())
    start = b"II" + struct.pack(head, *((43, 8, 0, at) if big else (42, at)))
    return start + said + directory + struct.pack(link, 0) + struct.pack("<I", len(block)) + block + tail


@pytest.mark.parametrize("big", [False, True])
def test_a_cloud_optimized_geotiff_ends_with_its_last_bytes_again(big: bool) -> None:
    again = bytes(range(8, 12))
    assert walk_of(cloud_optimized(again, big=big)).damage == ()
    assert walk_of(cloud_optimized(again, big=big)).trailing == 0
    assert walk_of(cloud_optimized(again + b"abc", big=big)).trailing == 3
    assert walk_of(cloud_optimized(b"abcd", big=big)).trailing == 4
    assert walk_of(cloud_optimized(again[:3], big=big)).trailing == 3
    assert walk_of(cloud_optimized(again, "NONE", big=big)).trailing == 4
    assert walk_of(gray() + gray()[-4:]).trailing == 4


@pytest.mark.parametrize(
    ("says", "sizes"),
    [
        ({}, [(64, 36), (32, 18)]),
        ({254: 0}, [(64, 36), (32, 18)]),
        ({254: 2}, [(64, 36), (32, 18)]),  # a page of several
        ({254: 1}, [(64, 36)]),  # a thumbnail, or a level of a pyramid
        ({254: 4}, [(64, 36)]),  # a mask
        ({254: 5}, [(64, 36)]),
    ],
)
def test_smaller_versions_and_masks_are_no_pages(says: dict[int, int], sizes: list[tuple[int, int]]) -> None:
    buffer = io.BytesIO()
    first, second = Image.new("L", (64, 36)), Image.new("L", (32, 18))
    first.save(buffer, "TIFF", save_all=True, append_images=[second], tiffinfo=says)
    assert list(pictures(BytesReader(buffer.getvalue()))) == sizes


def test_many_pages_and_values_end_in_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Tiff()
    for _ in range(5):
        made.page()
    monkeypatch.setattr("verify4k.formats.tiff.walk._LIMIT_PAGES", 3)
    with pytest.raises(LimitHit, match="pages"):
        walk_of(made.build())
    monkeypatch.setattr("verify4k.formats.tiff.ifd._LIMIT_VALUES", 2)
    with pytest.raises(LimitHit, match="values"):
        header_of(gray(**RGB))
    monkeypatch.setattr("verify4k.formats.tiff.ifd._LIMIT_ENTRIES", 2)
    with pytest.raises(LimitHit, match="entries"):
        header_of(gray())
