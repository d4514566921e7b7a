"""JPEG XL: image headers bit by bit, boxes, and pixels through the extra."""

from __future__ import annotations

import io
import struct
import sys
from typing import Any

import pytest
from heif_files import box
from judging import decode, header_of, judge, verdict, walk_of
from jxl_files import SMALL, metadata, stream
from PIL import Image

from verify4k.errors import Damaged, LimitHit, MissingTool
from verify4k.formats.facts import Size
from verify4k.formats.jxl.bits import read_codestream

SIGNATURE = bytes.fromhex("0000000c4a584c200d0a870a")
FTYP = box(b"ftyp", b"jxl ", bytes(4), b"jxl ")


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (stream((1, 1), (1, 5), (0, 3), (2, 5), (1, 1)), (24, 16)),
        (stream((1, 1), (1, 5), (1, 3), (1, 1)), (16, 16)),
        (stream((1, 1), (2, 5), (2, 3), (1, 1)), (28, 24)),  # 12:10, rounded down
        (stream((0, 1), (1, 2), (2159, 13), (5, 3), (1, 1)), (3840, 2160)),
        (stream((0, 1), (0, 2), (99, 9), (0, 3), (2, 2), (199, 18), (1, 1)), (200, 100)),
        (stream((0, 1), (3, 2), (99, 30), (7, 3), (1, 1)), (200, 100)),
    ],
)
def test_sizes_are_read_in_every_coding(data: bytes, size: tuple[int, int]) -> None:
    found = header_of(data)
    assert (found.stored, found.displayed, found.bit_depth, found.mode) == (
        Size(*size),
        Size(*size),
        8,
        "rgb",
    )
    assert (found.alpha, found.frames, found.animated) == (False, 1, False)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (metadata(), {}),
        (metadata((1, 1), (5, 3), (0, 3)), {"orientation": 6, "displayed": Size(16, 24)}),
        (metadata((1, 1), (2, 3), (0, 3)), {"orientation": 3, "displayed": Size(24, 16)}),
        (metadata((1, 1), (0, 3), (1, 1), *SMALL, (0, 2)), {}),
        (metadata((1, 1), (0, 3), (0, 1), (1, 1), (1, 1), (0, 2), (0, 3), (0, 2), (0, 1)), {}),
        (metadata((1, 1), (0, 3), (0, 1), (1, 1), (0, 1), (0, 2), (9, 6), (1, 3), (0, 1)), {}),
        (
            metadata((1, 1), (0, 3), (0, 2), (1, 1), (0, 2), (0, 2), (0, 2), (0, 1)),
            {"animated": True, "frames": None},
        ),
        (metadata(depth=((0, 1), (1, 2))), {"bit_depth": 10}),
        (metadata(depth=((0, 1), (3, 2), (15, 6))), {"bit_depth": 16}),
        (metadata(depth=((1, 1), (1, 2), (4, 4))), {"bit_depth": 16}),
        (metadata(extra=((1, 2), (1, 1))), {"alpha": True}),
        (metadata(extra=((1, 2), (0, 1), (0, 2), (0, 1), (0, 2), (0, 2), (0, 2), (1, 1))), {"alpha": True}),
        (
            metadata(
                extra=((1, 2), (0, 1), (1, 2), (0, 1), (0, 2), (0, 2), (1, 2), (2, 4), (97, 8), (98, 8))
            ),
            {},
        ),
        (metadata(extra=((1, 2), (0, 1), (2, 2), (0, 4), (0, 1), (0, 2), (0, 2), (0, 2), (0, 64))), {}),
        (metadata(extra=((1, 2), (0, 1), (2, 2), (2, 4), (0, 1), (0, 2), (0, 2), (0, 2))), {"mode": "cmyk"}),
        (metadata(extra=((1, 2), (0, 1), (2, 2), (3, 4), (0, 1), (0, 2), (0, 2), (0, 2), (0, 2))), {}),
        (metadata(colour=((0, 1), (0, 1), (1, 2))), {"mode": "gray"}),
        (metadata(colour=((0, 1), (0, 1), (0, 2))), {"mode": "rgb"}),
    ],
)
def test_metadata_are_read_in_every_coding(data: bytes, expected: dict[str, Any]) -> None:
    found = header_of(data)
    default = {
        "bit_depth": 8,
        "mode": "rgb",
        "alpha": False,
        "orientation": 1,
        "frames": 1,
        "animated": False,
    }
    assert {name: getattr(found, name) for name in default | expected} == default | expected


STREAM = stream(*SMALL, (1, 1))
NOTHING_MORE = ((1, 1), (0, 2), (1, 1))  # colours as usual, no extensions, the usual transform
_BITS = sum(width for _, width in (*SMALL, (0, 1), (0, 1), (0, 3), (1, 1), (0, 2), (0, 1), *NOTHING_MORE))
ALIGNED = ((0, -_BITS % 8),)
FRAME = ((0, 1), (0, 2), (0, 1))  # not all as usual, a frame that is shown, VarDCT


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (STREAM, ""),
        (metadata(), ""),
        (metadata(xyb=0, colour=(*NOTHING_MORE, *ALIGNED, (1, 1))), ""),  # a frame of which nothing is said
        (metadata(xyb=0, colour=(*NOTHING_MORE, *ALIGNED, *FRAME, (0, 2), (0, 1))), ""),
        (metadata(xyb=0, colour=(*NOTHING_MORE, *ALIGNED, *FRAME, (0, 2), (1, 1), (0, 6))), ""),
        (
            metadata(xyb=0, colour=(*NOTHING_MORE, *ALIGNED, *FRAME, (0, 2), (1, 1), (0, 2), (1, 2), (0, 2))),
            "4:2:0",
        ),
        (
            metadata(xyb=0, colour=(*NOTHING_MORE, *ALIGNED, *FRAME, (0, 2), (1, 1), (0, 2), (2, 2), (0, 2))),
            "4:2:2",
        ),
        (
            metadata(xyb=0, colour=(*NOTHING_MORE, *ALIGNED, *FRAME, (0, 2), (1, 1), (0, 2), (3, 2), (0, 2))),
            "4:4:0",
        ),
        (
            metadata(
                xyb=0,
                colour=(*NOTHING_MORE, *ALIGNED, *FRAME, (1, 2), (3, 4), (1, 1), (0, 2), (1, 2), (0, 2)),
            ),
            "4:2:0",
        ),
        (metadata(xyb=0, colour=(*NOTHING_MORE, *ALIGNED, *FRAME, (2, 2), (15, 8), (1, 1), (0, 6))), None),
        (metadata(xyb=0, colour=(*NOTHING_MORE, *ALIGNED, *FRAME, (3, 2), (0, 12), (1, 1))), None),
        (metadata(xyb=0, colour=((1, 1), (1, 2), (0, 4))), None),
        (metadata(xyb=0, colour=((1, 1), (0, 2), (0, 1))), None),
        (metadata(xyb=0, colour=((0, 1), (1, 1), (0, 2))), None),
        (metadata(xyb=0, colour=(*NOTHING_MORE, *ALIGNED))[:5], None),
    ],
)
def test_the_first_frame_tells_whether_colours_are_those_of_a_jpeg(data: bytes, told: str | None) -> None:
    assert read_codestream(data).sampling == told


def test_what_stands_between_the_colours_and_the_first_frame_is_passed_over() -> None:
    extra = ((1, 1), (0, 3), (0, 1), (0, 1), (0, 1))
    toned = ((1, 1), (0, 1), (7, 16), (7, 16), (1, 1), (7, 16), (0, 2), (1, 1))
    bits = sum(width for _, width in (*SMALL, (0, 1), *extra, (0, 3), (1, 1), (0, 2), (0, 1), *toned))
    frame = ((0, -bits % 8), *FRAME, (0, 2), (1, 1), (0, 2), (1, 2), (0, 2))
    assert read_codestream(metadata(*extra, xyb=0, colour=(*toned, *frame))).sampling == "4:2:0"
    preview = ((1, 1), (0, 3), (0, 1), (1, 1), (1, 1), (0, 2), (0, 3), (0, 2), (0, 1))
    assert read_codestream(metadata(*preview, xyb=0)).sampling is None


@pytest.mark.parametrize(
    "data",
    [
        SIGNATURE + FTYP + box(b"jxlc", STREAM),
        SIGNATURE + FTYP + box(b"jxlp", bytes(4), STREAM[:3]) + box(b"jxlp", b"\x80\0\0\1", STREAM[3:]),
    ],
)
def test_a_codestream_in_boxes_is_found(data: bytes) -> None:
    assert header_of(data).stored == Size(24, 16)
    found = walk_of(data)
    assert (found.damage, found.end, found.trailing) == ((), len(data), 0)
    assert "truncated" in walk_of(data[:-1]).damage[0]
    tail = walk_of(data + b"PK\3\4" + bytes(20))
    assert (tail.trailing, tail.trailing_kind, tail.damage) == (24, "zip", ())
    assert walk_of(data + b"many words are here").trailing == 19


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (SIGNATURE + FTYP, "no codestream"),
        (SIGNATURE + FTYP + box(b"jxlp", bytes(4), STREAM[:3]), "inside the JPEG XL image header"),
        (b"\xff\x0a", "inside the JPEG XL image header"),
    ],
)
def test_a_codestream_that_ends_early_is_damage(data: bytes, words: str) -> None:
    with pytest.raises(Damaged, match=words):
        header_of(data)


def test_a_last_part_that_is_missing_is_damage() -> None:
    data = SIGNATURE + FTYP + box(b"jxlp", bytes(4), STREAM)
    assert walk_of(data).damage == ("truncated: the codestream's last box is missing",)


def test_metadata_boxes_point_at_their_bytes() -> None:
    data = (
        SIGNATURE
        + FTYP
        + box(b"Exif", b"\0\0\0\1x", b"II*\0")
        + box(b"xml ", b"<x/>")
        + box(b"jumb", b"c2pa")
    )
    data += box(b"jxlc", STREAM) + box(b"Exif", b"\xff\0\0\0")
    told = [
        (block.kind, data[block.offset : block.offset + block.length]) for block in header_of(data).blocks
    ]
    assert told == [("exif", b"II*\0"), ("xmp", b"<x/>"), ("c2pa", b"c2pa")]
    assert header_of(data + struct.pack(">I", 99) + b"xml ").blocks[0].kind == "exif"


# -- pixels -----------------------------------------------------------------------------------


def encode(mode: str, **options: Any) -> bytes:
    plugin = pytest.importorskip("pillow_jxl", reason="the jxl extra is not installed")
    assert plugin
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((24, 16)).convert(mode).save(buffer, "JXL", lossless=True, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(("mode", "alpha"), [("RGB", "none"), ("RGBA", "opaque"), ("L", "none")])
@pytest.mark.parametrize("container", [False, True])
def test_pixels_are_decoded(mode: str, alpha: str, container: bool) -> None:
    judged = judge(encode(mode, use_container=container))
    assert (judged.damage, judged.alpha) == ((), alpha)
    assert judged.header.mode == ("gray" if mode == "L" else "rgb")


def test_truncation_is_found() -> None:
    data = encode("RGB")
    assert {verdict(data[:length]) for length in range(3, len(data))} == {"damaged"}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pixels_come_in_stored_orientation(orientation: int) -> None:
    from verify4k.formats.jxl.decode import _unturn

    picture = Image.linear_gradient("L").resize((24, 16))
    picture.putpixel((1, 2), 200)
    exif = Image.Exif()
    exif[0x112] = orientation
    picture.info["exif"] = exif.tobytes()
    from PIL import ImageOps

    assert _unturn(ImageOps.exif_transpose(picture), orientation).tobytes() == picture.tobytes()


def test_the_decoder_has_to_find_what_the_header_promises(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encode("RGB")
    header = header_of(data)
    from verify4k.formats.jxl.decode import decode as decode_jxl

    with pytest.raises(Damaged, match="promises 99x16, the decoder finds 24x16"):
        decode_jxl(data, header._replace(stored=Size(99, 16), displayed=Size(99, 16)), colour=True)


def test_bombs_end_in_a_limit() -> None:
    with pytest.raises(LimitHit):
        decode(stream((0, 1), (2, 2), (99_999, 18), (1, 3), (1, 1)))


def test_without_its_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_jxl", None)
    with pytest.raises(MissingTool) as caught:
        decode(STREAM)
    assert caught.value.hint == 'pip install "verify4k[jxl]"'
