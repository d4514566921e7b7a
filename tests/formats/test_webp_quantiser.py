"""How coarsely WebP files are quantised: of a real encoder, and of frame headers written bit by bit."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from verify4k.artifacts.artifact import Artifact
from verify4k.documents.nodes import Place
from verify4k.files.source import BytesSource
from verify4k.formats.webp.quantiser import frame_quantiser
from verify4k.model import Asset

if TYPE_CHECKING:
    from verify4k.analysis.native.coding import Quantiser

KEY_FRAME = b"\x10\0\0\x9d\x01\x2a\x40\x01\x40\x01"
Bits = list[tuple[int, int]]  # numbers and how many bits each has


def webp(quality: int, *, lossless: bool = False, frames: int = 1) -> bytes:
    buffer = io.BytesIO()
    noise = Image.effect_noise((320, 320), 40).convert("RGB")
    others = [noise.transpose(Image.Transpose.ROTATE_90) for _ in range(frames - 1)]
    noise.save(buffer, "WEBP", quality=quality, lossless=lossless, save_all=frames > 1, append_images=others)
    return buffer.getvalue()


def quantiser(data: bytes) -> Quantiser | None:
    return Artifact(Asset("a.webp", "a.webp", Place("m", 1, 1)), BytesSource(data), "header").quantiser


def coded(numbers: Bits) -> bytes:
    """A key frame's first bytes, by the bool encoder of RFC 6386, 7.3, every bit as likely."""
    value, span, bits = 0, 255, 0
    for number, count in numbers:
        for at in reversed(range(count)):
            split = 1 + ((span - 1) >> 1)
            if number >> at & 1:
                value, span = value + split, span - split
            else:
                span = split
            while span < 128:
                value, span, bits = value << 1, span << 1, bits + 1
    whole = -(bits + 8) % 8
    return KEY_FRAME + (value << whole).to_bytes((bits + 8 + whole) // 8, "big") + b"\0\0"


PLAIN: Bits = [(0, 2)]  # color_space, clamping_type
NO_SEGMENTS: Bits = [(0, 1)]
FILTER: Bits = [(1, 1), (23, 6), (5, 3), (0, 1)]
DELTAS: Bits = [(0, 1), (63, 6), (7, 3), (1, 1), (1, 1), *([(1, 1), (9, 6), (1, 1)] * 3), *([(0, 1)] * 5)]


def segments(quantisers: Bits, *, absolute: int, renewed_map: bool = False) -> Bits:
    head = [(1, 1), (int(renewed_map), 1), (1, 1), (absolute, 1), *quantisers]
    strengths = [(1, 1), (40, 6), (0, 1), (0, 1), (0, 1), (0, 1)]
    return [*head, *strengths, *([(1, 1), (200, 8), (0, 1), (1, 1), (7, 8)] if renewed_map else [])]


FOUR: Bits = [
    (1, 1),
    (60, 7),
    (0, 1),
    (1, 1),
    (50, 7),
    (0, 1),
    (1, 1),
    (70, 7),
    (0, 1),
    (1, 1),
    (55, 7),
    (0, 1),
]
LESS: Bits = [(1, 1), (20, 7), (1, 1), (0, 1), (1, 1), (5, 7), (0, 1), (0, 1)]
MORE: Bits = [(1, 1), (90, 7), (0, 1)] * 4


@pytest.mark.parametrize(
    ("middle", "expected"),
    [
        (NO_SEGMENTS, 100),
        ([(1, 1), (0, 1), (0, 1)], 100),  # segments that are not described
        (segments(FOUR, absolute=1), 50),
        (segments(FOUR, absolute=1, renewed_map=True), 50),
        (segments(LESS, absolute=0), 80),
        (segments(MORE, absolute=0), 127),
    ],
)
@pytest.mark.parametrize("filtered", [FILTER, DELTAS])
def test_the_finest_segment_of_a_frame_header(middle: Bits, expected: int, filtered: Bits) -> None:
    data = coded([*PLAIN, *middle, *filtered, (2, 2), (100, 7)])
    assert frame_quantiser(data) == expected


def test_what_is_cut_off_or_no_key_frame_tells_nothing() -> None:
    data = coded([*PLAIN, *NO_SEGMENTS, *FILTER, (0, 2), (100, 7)])
    assert frame_quantiser(data) == 100
    for cut in range(len(KEY_FRAME) + 2):
        assert frame_quantiser(data[:cut]) is None
    assert frame_quantiser(bytes([data[0] | 1]) + data[1:]) is None


def test_the_quantisers_of_qualities() -> None:
    found = [quantiser(webp(quality)) for quality in (0, 30, 60, 90, 100)]
    steps = [one.step for one in found if one is not None]
    assert (steps[0], steps[-1]) == (127, 0)
    assert steps == sorted(steps, reverse=True)
    assert [one is not None and one.coarse for one in found] == [True, False, False, False, False]
    assert found[0] is not None
    assert found[0].words == "WebP quantiser 127 of 127"


def test_lossless_and_animated_pictures_have_none() -> None:
    assert quantiser(webp(80, lossless=True)) is None
    assert quantiser(webp(80, frames=2)) is None
