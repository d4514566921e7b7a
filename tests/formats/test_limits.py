"""What one file may cost: up to the border it is decoded, beyond it is undecided, never damaged."""

from __future__ import annotations

import pytest

from verify4k.errors import LimitHit
from verify4k.formats.facts import Header, Size
from verify4k.formats.limits import CEILING, DEFAULT, Limits, guard, guard_frames, guard_work

A0 = Size(9933, 14043)  # at 300 dpi


def told(size: Size, mode: str = "rgb", depth: int = 8, frames: int = 1) -> Header:
    return Header("png", size, size, depth, mode, frames=frames)


@pytest.mark.parametrize(
    ("header", "length"),
    [
        (told(A0), 10_000_000),
        (told(A0, depth=16), 10_000_000),
        (told(Size(4096, 4096)), 1),
        (told(Size(7680, 4320)), 50_000),
        (told(Size(1, 1), frames=32_768), 1),
        (told(Size(4096, 4096), frames=47), 1),
    ],
)
def test_ordinary_work_is_decoded(header: Header, length: int) -> None:
    guard(header, length, DEFAULT)


@pytest.mark.parametrize(
    ("header", "length", "words"),
    [
        (told(Size(200_000_001, 1)), 10**9, "200000001 pixels, more than the 200000000 allowed"),
        (told(Size(200_000_000, 2)), 10**9, "400000000 pixels"),
        (told(Size(7680, 4320)), 1000, "decompression bomb"),
        (told(Size(1, 1), frames=32_769), 1, "32769 frames are more than the 32768 allowed"),
        (told(Size(4096, 4096), frames=48), 1, "pixels together"),
        (told(Size(1, 1), frames=10**9), 1, "frames"),
    ],
)
def test_what_costs_too_much_is_not_begun(header: Header, length: int, words: str) -> None:
    with pytest.raises(LimitHit, match=words):
        guard(header, length, DEFAULT)


@pytest.mark.parametrize(
    ("mode", "depth", "samples", "memory"),
    [("gray", 8, 0, 100), ("gray", 16, 0, 200), ("rgb", 8, 0, 300), ("cmyk", 8, 0, 400), ("rgb", 8, 1, 100)],
)
def test_memory_is_what_the_decoded_frame_takes(mode: str, depth: int, samples: int, memory: int) -> None:
    header = told(Size(10, 10), mode, depth)
    guard(header, 100, Limits(memory=memory), samples=samples)
    with pytest.raises(LimitHit, match=f"take {memory} bytes, more than the {memory - 1} allowed"):
        guard(header, 100, Limits(memory=memory - 1), samples=samples)


def test_frames_found_late_are_bounded_too() -> None:
    guard_frames(5, Limits(frames=5))
    guard_work(400, Limits(pixels=100))
    with pytest.raises(LimitHit):
        guard_frames(6, Limits(frames=5))
    with pytest.raises(LimitHit):
        guard_work(401, Limits(pixels=100))


@pytest.mark.parametrize(
    ("wished", "bounds", "pixels"),
    [
        ({}, {}, DEFAULT.pixels),
        ({"pixels": 300_000_000}, {}, 300_000_000),
        ({"pixels": 10}, {}, 10),
        ({"pixels": 10**12}, {}, CEILING.pixels),
        ({}, {"pixels": 500}, 500),
        ({"pixels": 400}, {"pixels": 500}, 400),
        ({"pixels": 600}, {"pixels": 500}, 500),
        ({"pixels": 10**12}, {"pixels": 10**12}, 10**12),  # whoever runs it may
    ],
)
def test_a_manifest_moves_limits_as_far_as_the_command_line_lets_it(
    wished: dict[str, int], bounds: dict[str, int], pixels: int
) -> None:
    assert DEFAULT.within(wished, bounds).pixels == pixels
