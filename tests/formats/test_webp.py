"""WebP: canvas, frames and metadata by chunk headers; damage that a lazy reader misses."""

from __future__ import annotations

import struct

import pytest
import webp_files as w
from judging import decode, header_of, judge, verdict, walk_of
from PIL import Image

from verify4k.errors import Damaged, LimitHit
from verify4k.formats.facts import BytesReader, Size
from verify4k.formats.webp.header import header

SIMPLE = w.riff(w.LOSSY)
EXTENDED = w.riff(w.vp8x(8, 6), w.LOSSY)
FRAME = w.anmf(w.LOSSY)
ANIMATION = w.riff(w.vp8x(8, 6, w.ANIMATION), w.ANIM, FRAME, w.anmf(w.LOSSLESS), FRAME)
EXIF_6 = Image.Exif()
EXIF_6[0x112] = 6


@pytest.mark.parametrize(
    ("data", "alpha", "frames"),
    [
        (SIMPLE, "none", 1),
        (w.riff(w.LOSSLESS), "none", 1),
        (w.riff(w.LOSSLESS_ALPHA), "used", 1),
        (w.encode(w.image(alpha=254), lossless=True, exact=True), "used", 1),
        (EXTENDED, "none", 1),
        (w.riff(w.vp8x(8, 6, w.ALPHA), w.ALPH, w.LOSSY), "used", 1),
        (w.riff(w.vp8x(8, 6, w.ALPHA), w.ALPH_RAW_OPAQUE, w.LOSSY), "opaque", 1),
        (w.riff(w.vp8x(8, 6, w.ALPHA), w.LOSSY), "none", 1),  # the flag lies
        (w.riff(w.vp8x(8, 6), w.ALPH, w.LOSSY), "used", 1),  # the flag hides
        (w.riff(w.vp8x(8, 6), w.chunk(b"????", b"odd"), w.LOSSY), "none", 1),
        (ANIMATION, "none", 3),
        (w.riff(w.vp8x(8, 6, w.ANIMATION), w.ANIM, FRAME), "none", 1),
        (w.riff(w.vp8x(8, 6, w.ANIMATION | w.ALPHA), w.ANIM, w.anmf(w.LOSSLESS_ALPHA), FRAME), "used", 2),
        (w.riff(w.vp8x(8, 6, w.ANIMATION | w.ALPHA), w.ANIM, w.anmf(w.ALPH, w.LOSSY), FRAME), "used", 2),
        (w.riff(w.vp8x(10, 8, w.ANIMATION), w.ANIM, w.anmf(w.LOSSY, x=2, y=2)), "used", 1),  # uncovered
    ],
)
def test_good_files_are_intact(data: bytes, alpha: str, frames: int) -> None:
    judged = judge(data)
    assert judged.damage == ()
    assert (judged.alpha, judged.frames, judged.animated) == (alpha, frames, frames > 1)
    assert judged.walk.trailing == 0
    assert (judged.header.bit_depth, judged.header.mode) == (8, "rgb")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (w.riff(w.vp8x(3840, 2160), w.LOSSY), "canvas measures 3840x2160, the image on it 8x6"),
        (w.riff(w.vp8x(8, 6)), "no image data"),
        (w.riff(w.vp8x(8, 6, w.ANIMATION), w.ANIM), "has no frames"),
        (w.riff(w.vp8x(8, 6, w.ANIMATION), w.ANIM, w.LOSSY), "has no frames"),
        (w.riff(w.vp8x(8, 6, w.ANIMATION), FRAME), "without an announced animation"),
        (w.riff(w.vp8x(8, 6), w.ANIM, FRAME), "without an announced animation"),
        (w.riff(w.vp8x(8, 6, w.ANIMATION), w.chunk(b"ANIM", b"123"), FRAME), "ANIM chunk is too short"),
        (w.riff(w.vp8x(8, 6, w.ANIMATION), w.ANIM, w.anmf(w.LOSSY, x=2)), "outside the canvas"),
        (w.riff(w.vp8x(9, 9, w.ANIMATION), w.ANIM, w.anmf(w.LOSSY, width=9)), "promises 9x6 and holds 8x6"),
        (w.riff(w.vp8x(8, 6, w.ANIMATION), w.ANIM, w.anmf()), "has no image data"),
        (w.riff(w.vp8x(8, 6, w.ANIMATION), w.ANIM, w.anmf(w.LOSSY[:30])), "longer than its chunk"),
        (w.riff(w.vp8x(8, 6, w.ANIMATION), w.ANIM, w.chunk(b"ANMF", b"short")), "inside its header"),
        (w.riff(w.vp8x(8, 6, w.ANIMATION), w.ANIM, w.anmf(w.chunk(b"VP8L", b"xxxxx"))), "signature"),
        (w.riff(w.vp8x(1 << 16, 1 << 16), w.LOSSY), "larger than WebP allows"),
        (w.riff(w.chunk(b"ABCD"), w.LOSSY), "the first chunk is 'ABCD'"),
        (w.riff(w.chunk(b"\x1b[3m"), w.LOSSY), r"the first chunk is '\x1b[3m'"),
        (SIMPLE[:16] + struct.pack("<I", 900) + SIMPLE[20:], "longer than the RIFF container"),
        (SIMPLE[:-1], "bytes promised"),
        (w.riff(w.LOSSY[:8] + bytes([w.LOSSY[8] & ~0x10]) + w.LOSSY[9:]), "not to be shown"),
        (w.riff(w.LOSSY[:8] + bytes([w.LOSSY[8] | 0x0E]) + w.LOSSY[9:]), "unknown version 7"),
        (w.riff(w.LOSSY[:9] + b"\xff\xff" + w.LOSSY[11:]), "first VP8 partition is longer"),
        (
            w.riff(w.vp8x(8, 6), w.LOSSLESS[:12] + bytes([w.LOSSLESS[12] | 0x20]) + w.LOSSLESS[13:]),
            "version 1",
        ),
    ],
)
def test_damage_is_found_by_walking(data: bytes, words: str) -> None:
    found = walk_of(data)
    assert words in " ".join(found.damage)
    assert found.end is None
    assert found.trailing == 0
    assert verdict(data) == "damaged"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"RIFF\x10\0\0\0WEBP", "no image data"),
        (w.riff(w.chunk(b"VP8 ", b"short")), "inside the frame header"),
        (w.riff(w.chunk(b"VP8 ", b"\1" * 12)), "no key frame"),
        (w.riff(w.chunk(b"VP8 ", w.LOSSY[8:14] + bytes(4))), "measures 0x0"),
        (w.riff(w.chunk(b"VP8L", b"\x2f")), "inside the header"),
        (w.riff(w.chunk(b"VP8X", b"short")), "VP8X chunk is too short"),
    ],
)
def test_a_file_that_tells_no_size_is_damaged(data: bytes, words: str) -> None:
    with pytest.raises(Damaged) as caught:
        header_of(data)
    assert words in caught.value.message or "promised" in caught.value.message


@pytest.mark.parametrize("data", [SIMPLE, w.riff(w.LOSSLESS), EXTENDED, ANIMATION])
def test_truncation_at_any_length_is_found(data: bytes) -> None:
    assert {verdict(data[:length]) for length in range(12, len(data))} == {"damaged"}


@pytest.mark.parametrize(
    ("tail", "kind"),
    [(b"PK\3\4x", "zip"), (bytes(5), "nul"), (b"\n", "newline"), (b"abc", "data"), (b"", "")],
)
def test_trailing_bytes_are_counted_and_named(tail: bytes, kind: str) -> None:
    found = walk_of(SIMPLE + tail)
    assert (found.trailing, found.trailing_kind, found.damage) == (len(tail), kind, ())


def test_an_odd_riff_size_takes_its_padding_with_it() -> None:
    body = b"WEBP" + w.LOSSY + w.chunk(b"ABCD", b"x")[:-1]
    data = b"RIFF" + struct.pack("<I", len(body)) + body
    assert len(body) & 1
    assert (walk_of(data + b"\0").trailing, walk_of(data + b"\0").damage) == (0, ())
    assert walk_of(data).warnings == ("the padding byte after the last chunk is missing",)


def test_rests_and_repetitions_inside_the_container_are_warnings() -> None:
    body = b"WEBP" + w.LOSSY + b"abc\0"
    rest = b"RIFF" + struct.pack("<I", len(body)) + body
    assert walk_of(rest).warnings == ("4 bytes inside the RIFF container belong to no chunk",)
    assert walk_of(w.riff(w.LOSSY, w.LOSSY)).warnings == ("a further 'VP8 ' chunk is ignored",)
    lying = w.riff(w.vp8x(8, 6, w.ALPHA), w.LOSSY)
    assert walk_of(lying).warnings == ("VP8X announces alpha and there is none",)


def test_hidden_alpha_is_a_disagreement() -> None:
    hidden = header_of(w.riff(w.vp8x(8, 6), w.ALPH, w.LOSSY))
    assert hidden.disagreements == ("the image has alpha but its VP8X header denies it: viewers differ",)
    assert header_of(w.riff(w.vp8x(8, 6, w.ALPHA), w.ALPH, w.LOSSY)).disagreements == ()


def test_exif_orientation_is_told_but_not_applied() -> None:
    found = header_of(w.encode(w.image(), exif=EXIF_6))
    assert (found.orientation, found.stored, found.displayed) == (6, Size(8, 6), Size(8, 6))
    assert "orientation 6" in found.disagreements[0]
    as_in_jpeg = w.riff(
        w.vp8x(8, 6, w.EXIF),
        w.LOSSY,
        w.chunk(b"EXIF", b"Exif\0\0" + EXIF_6.tobytes().removeprefix(b"Exif\0\0")),
    )
    assert header_of(as_in_jpeg).orientation == 6
    upright = Image.Exif()
    upright[0x112] = 1
    assert header_of(w.encode(w.image(), exif=upright)).disagreements == ()


def test_metadata_blocks_are_the_first_of_their_kind() -> None:
    data = w.riff(
        w.vp8x(8, 6, w.ICC | w.EXIF | w.XMP),
        w.chunk(b"ICCP", b"profile"),
        w.LOSSY,
        w.chunk(b"EXIF", b"II*\0"),
        w.chunk(b"XMP ", b"<x/>"),
        w.chunk(b"XMP ", b"<y/>"),
        w.chunk(b"C2PA", b"jumb"),
    )
    blocks = header_of(data).blocks
    assert [(block.kind, data[block.offset : block.offset + block.length]) for block in blocks] == [
        ("icc", b"profile"),
        ("exif", b"II*\0"),
        ("xmp", b"<x/>"),
        ("c2pa", b"jumb"),
    ]
    assert walk_of(data).warnings == ()
    unannounced = w.riff(w.vp8x(8, 6), w.LOSSY, w.chunk(b"EXIF", b"II*\0"))
    assert walk_of(unannounced).warnings == ("the 'EXIF' chunk is not announced by VP8X",)


def test_a_header_leaves_long_animations_to_the_walk() -> None:
    exif = w.chunk(b"EXIF", b"II*\0")
    data = w.riff(w.vp8x(8, 6, w.ANIMATION | w.EXIF), w.ANIM, FRAME * 600, exif)
    told = header_of(data)
    assert (told.frames, told.animated, told.blocks) == (None, True, ())
    found = walk_of(data)
    assert (found.frames, found.animated, [block.kind for block in found.blocks]) == (600, True, ["exif"])
    assert walk_of(ANIMATION).blocks == ()


def test_a_header_reads_little_of_a_large_file() -> None:
    class Counting(BytesReader):
        asked = 0

        def read(self, offset: int, length: int) -> bytes:
            Counting.asked += length
            return super().read(offset, length)

    large = w.riff(
        w.vp8x(8, 6, w.EXIF), w.chunk(b"ABCD", bytes(900_000)), w.LOSSY, w.chunk(b"EXIF", b"II*\0")
    )
    assert header(Counting(large)).stored == Size(8, 6)
    assert Counting.asked < 4096


def test_pixels_that_do_not_decode_are_damage() -> None:
    broken = w.riff(w.chunk(b"VP8L", w.LOSSLESS[8:13] + b"\xff" * 40))
    with pytest.raises(Damaged, match="do not decode"):
        decode(broken)


def test_every_frame_is_decoded() -> None:
    bad = w.anmf(w.chunk(b"VP8L", w.LOSSLESS[8:13] + b"\xff" * 40))
    data = w.riff(w.vp8x(8, 6, w.ANIMATION), w.ANIM, FRAME, bad)
    assert walk_of(data).damage == ()
    assert verdict(data) == "damaged"


@pytest.mark.parametrize("edge", [16384, 9000])
def test_a_bomb_ends_in_a_limit(edge: int) -> None:
    data = w.bomb(edge, edge)
    assert header_of(data).displayed == Size(edge, edge)
    with pytest.raises(LimitHit):
        decode(data)


def test_too_many_frames_and_chunks_end_in_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LimitHit, match="frames"):
        decode(w.riff(w.vp8x(8, 6, w.ANIMATION), w.ANIM, FRAME * 33_000))
    monkeypatch.setattr("verify4k.formats.webp.scan._LIMIT_CHUNKS", 5)
    with pytest.raises(LimitHit, match="chunks"):
        walk_of(w.riff(w.vp8x(8, 6), w.chunk(b"ABCD") * 9, w.LOSSY))
