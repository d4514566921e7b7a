"""GIF: every block visited, every frame decoded to its last pixel."""

from __future__ import annotations

import pytest
from gif_files import TABLE, TRAILER, control, extension, frame, lzw, screen
from judging import decode, header_of, judge, verdict, walk_of

from verify4k.errors import Damaged, LimitHit
from verify4k.formats.facts import Size

GOOD = screen() + frame() + TRAILER
XMP = b"<x:xmpmeta/>"
XMP_TRAILER = bytes([1, *range(255, -1, -1), 0])


@pytest.mark.parametrize(
    ("data", "alpha", "frames"),
    [
        (GOOD, "none", 1),
        (GOOD.replace(b"GIF89a", b"GIF87a"), "none", 1),
        (screen(table=b"") + frame() + TRAILER, "none", 1),
        (screen(table=b"") + frame(table=TABLE) + TRAILER, "none", 1),
        (screen() + frame(flags=0x40) + TRAILER, "none", 1),
        (screen() + control() + frame() + TRAILER, "none", 1),
        (screen() + control(0) + frame() + TRAILER, "opaque", 1),
        (screen() + control(1) + frame() + TRAILER, "used", 1),
        (screen() + frame(3, 3) + TRAILER, "used", 1),  # uncovered canvas
        (screen() + extension(0xFE, b"comment", b"x" * 255) + frame() + TRAILER, "none", 1),
        (screen() + extension(0x01, bytes(12), b"text") + frame() + TRAILER, "none", 1),
        (screen() + frame() + frame(2, 2, x=2, y=1) + TRAILER, "none", 2),
        (screen() + frame() + control(1) + frame() + TRAILER, "none", 2),  # the first frame counts
        (screen() + extension(0xF9, b"odd") + frame() + TRAILER, "none", 1),
    ],
)
def test_good_files_are_intact(data: bytes, alpha: str, frames: int) -> None:
    judged = judge(data)
    assert judged.damage == ()
    assert (judged.alpha, judged.frames, judged.animated) == (alpha, frames, frames > 1)
    assert (judged.header.stored, judged.header.bit_depth, judged.header.mode) == (Size(4, 3), 8, "palette")
    assert (judged.walk.end, judged.walk.trailing) == (len(data), 0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (screen() + frame(), "ends before the GIF trailer"),
        (screen() + TRAILER, "no image in the file"),
        (screen() + frame(5, 3) + TRAILER, "outside the screen of 4x3"),
        (screen() + frame(4, 3, y=1) + TRAILER, "outside the screen"),
        (screen() + frame(0, 3) + TRAILER, "measures 0x3"),
        (screen() + b",\0\0", "inside an image descriptor"),
        (screen() + frame()[:-4], "inside a block's data"),
        (screen() + b"\xaa" + frame() + TRAILER, "a block starts with 0xaa"),
        (screen() + extension(0xFE, b"abc")[:-2], "inside a block's data"),
        (screen() + frame(data=lzw(11)) + TRAILER, "do not decode"),  # one pixel short
        (screen() + frame(data=b"\2\2\xff\xff\0") + TRAILER, "do not decode"),
        (screen() + frame() + frame(data=lzw(6)) + TRAILER, "do not decode"),  # in the second frame
    ],
)
def test_damage_is_found(data: bytes, words: str) -> None:
    assert words in " ".join(judge(data).damage)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"GIF89a\4\0", "screen descriptor"), (screen(0, 3) + frame() + TRAILER, "measures 0x3")],
)
def test_a_file_without_a_screen_is_damaged(data: bytes, words: str) -> None:
    with pytest.raises(Damaged, match=words):
        header_of(data)


def test_truncation_at_any_length_is_found() -> None:
    data = screen() + extension(0xFE, b"comment") + control(1) + frame() + frame() + TRAILER
    assert {verdict(data[:length]) for length in range(8, len(data))} == {"damaged"}


@pytest.mark.parametrize(
    ("tail", "kind"), [(b"PK\3\4x", "zip"), (bytes(5), "nul"), (b"\n", "newline"), (b"abc", "data")]
)
def test_trailing_bytes_are_counted_and_named(tail: bytes, kind: str) -> None:
    found = walk_of(GOOD + tail)
    assert (found.trailing, found.trailing_kind, found.damage) == (len(tail), kind, ())


def test_a_terminator_too_many_is_a_warning() -> None:
    found = walk_of(screen() + frame() + b"\0" + frame() + TRAILER)
    assert (found.warnings, found.damage, found.frames) == (("a stray NUL stands between two blocks",), (), 2)


def test_metadata_blocks_point_at_their_bytes() -> None:
    profile = [b"i" * 255, b"cc"]
    icc = b"!\xff\x0bICCRGBG1012" + extension(0, *profile)[2:]
    xmp = b"!\xff\x0bXMP DataXMP" + XMP + XMP_TRAILER
    short = b"!\xff\x0bXMP DataXMP\0"
    other = b"!\xff\x0bNETSCAPE2.0" + extension(0, b"\1\0\0")[2:]
    data = screen() + icc + other + xmp + short + frame() + TRAILER
    told = [
        (block.kind, data[block.offset : block.offset + block.length]) for block in header_of(data).blocks
    ]
    assert told == [("icc", profile[0]), ("icc", profile[1]), ("xmp", XMP)]
    assert walk_of(data).blocks == ()
    late = screen() + frame() + xmp + TRAILER
    assert header_of(late).blocks == ()
    assert [block.kind for block in walk_of(late).blocks] == ["xmp"]


def test_colours_and_places_are_composed() -> None:
    picture = decode(screen() + frame(2, 2, x=1, y=1, table=bytes(range(50, 62))) + TRAILER).array()
    assert picture.shape == (3, 4, 4)
    assert picture[0, 0, 3] == 0
    assert picture[1, 1].tolist() == [53, 54, 55, 255]


def test_bombs_end_in_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LimitHit):
        decode(screen(65535, 65535) + frame(1, 1) + TRAILER)
    with pytest.raises(LimitHit, match="bomb"):
        decode(screen(5000, 5000) + frame(1, 1) + TRAILER)
    monkeypatch.setattr("verify4k.formats.gif._LIMIT_FRAMES", 3)
    with pytest.raises(LimitHit, match="5 frames"):
        decode(screen() + frame() * 5 + TRAILER)
    monkeypatch.setattr("verify4k.formats.gif._LIMIT_STEPS", 90)
    with pytest.raises(LimitHit, match="blocks"):
        walk_of(screen() + extension(0xFE, *[b"a"] * 99) + frame() + TRAILER)
    with pytest.raises(LimitHit, match="blocks"):
        walk_of(screen() + bytes(99) + frame() + TRAILER)


def test_decoding_needs_a_frame() -> None:
    with pytest.raises(Damaged, match="no image"):
        decode(screen() + TRAILER)
    with pytest.raises(Damaged, match="starts with"):
        decode(screen() + b"\xaa")


CORNER, OTHER_CORNER = frame(2, 1), frame(2, 1, x=2, y=2)


@pytest.mark.parametrize(
    ("frames", "alpha"),
    [
        ([(1, frame()), (0, CORNER)], False),
        ([(2, frame()), (0, CORNER)], True),  # cleared, and the next one covers a corner
        ([(3, frame()), (0, CORNER)], True),  # before the first frame there was nothing
        ([(2, frame()), (0, frame())], False),
        ([(0, frame()), (2, CORNER), (0, OTHER_CORNER)], True),
        ([(0, frame()), (2, CORNER), (0, CORNER)], False),
        ([(0, frame()), (3, CORNER), (0, OTHER_CORNER)], False),  # what was there comes back
        ([(0, CORNER), (0, frame())], True),
    ],
)
def test_what_a_frame_leaves_cleared_is_transparent(frames: list[tuple[int, bytes]], alpha: bool) -> None:
    blocks = b"".join(control(disposal=disposal) + data for disposal, data in frames)
    assert walk_of(screen() + blocks + TRAILER).alpha is alpha


@pytest.mark.parametrize(("count", "animated"), [(1, None), (2, True)])
def test_of_a_cut_file_two_frames_are_enough_to_move(count: int, animated: bool | None) -> None:
    cut = walk_of(screen() + frame() * count)
    assert (cut.animated, cut.frames, len(cut.damage)) == (animated, None, 1)
