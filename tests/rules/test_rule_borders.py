"""Where rules change their mind: one pixel less, one more, and promises that exclude each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from one_rule import asked, header_of

from verify4k.errors import ManifestError
from verify4k.manifest.load import parse_manifest

if TYPE_CHECKING:
    from pathlib import Path


CLASSES = {
    "2k": (1920, 2879, 1920 * 1080),
    "3k": (2880, 3839, 2880 * 1620),
    "4k": (3840, 4799, 3840 * 2160),
    "5k": (4800, 5759, 5120 * 2880),
    "6k": (5760, 6719, 6016 * 3384),
    "8k": (7200, 8639, 7680 * 4320),
}


@pytest.mark.parametrize("word", CLASSES)
def test_a_class_ends_at_its_long_edges(word: str) -> None:
    low, high, _ = CLASSES[word]
    for long, holds in ((low - 1, False), (low, True), (high, True), (high + 1, False)):
        for size in ((long, 90), (90, long)):  # far from square, so that the number of pixels has no say
            problems = asked("name-claim", f"hero-{word}.png", header_of(*size))
            assert (problems == []) is holds, size
            if not holds:
                assert problems[0].expected == f"a long edge of {low} to {high} pixels"
                assert problems[0].actual == "x".join(map(str, size))


@pytest.mark.parametrize("word", CLASSES)
def test_a_squarish_picture_carries_a_class_by_its_pixels(word: str) -> None:
    low, _, pixels = CLASSES[word]
    least, most = 0.9 * pixels, 1.25 * pixels
    edge = int((1.25 * pixels) ** 0.5)
    assert edge < low  # or the long edge alone would carry it
    for height, holds in (
        (-(-int(least) // edge) + 1, True),
        (int(least) // edge - 1, False),
        (int(most) // edge, True),
        (int(most) // edge + 2, False),
    ):
        assert (asked("name-claim", f"hero-{word}.png", header_of(edge, height)) == []) is holds, height


def test_a_panorama_of_as_many_pixels_is_not_of_the_class() -> None:
    [problem] = asked("name-claim", "hero-4k.png", header_of(6000, 1500))
    assert problem.expected == "a long edge of 3840 to 4799 pixels"


@pytest.mark.parametrize(
    ("size", "holds"),
    [((6060, 3030), False), ((6059, 3030), True), ((3030, 6060), False), ((3030, 6059), True)],
)
def test_twice_as_long_as_high_is_no_longer_squarish(size: tuple[int, int], holds: bool) -> None:
    assert (asked("name-claim", "hero-5k.png", header_of(*size)) == []) is holds


@pytest.mark.parametrize(
    ("word", "lines"),
    [
        ("720p", 720),
        ("1080p", 1080),
        ("fhd", 1080),
        ("FullHD", 1080),
        ("qhd", 1440),
        ("wqhd", 1440),
        ("4320p", 4320),
    ],
)
def test_a_name_of_lines_is_exact(word: str, lines: int) -> None:
    for short, holds in ((lines - 1, False), (lines, True), (lines + 1, False)):
        problems = asked("name-claim", f"clip-{word}.png", header_of(9000, short))
        assert (problems == []) is holds
        assert [problem.expected for problem in problems] == ([] if holds else [f"{lines} lines"])


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{size: 64x36, width: ..63}", "width: ..63 contradicts the size 64x36"),
        ("{size: 64x36, width: 65..}", "width: 65.. contradicts the size 64x36"),
        ("{size: 64x36, height: ..35}", "height: ..35 contradicts the size 64x36"),
        ("{size: 64x36, height: 37..}", "height: 37.. contradicts the size 64x36"),
        ("{size: 64x36, multiple-of: 16}", "the size 64x36 is not divisible by 16"),
        ("{size: 64x36, ratio: 4:3}", "the size 64x36 has none of the promised ratios"),
        ("{tolerance: 1px}", "a tolerance needs"),
        ("{size: 64x36, width: 64..}", ""),
        ("{size: 64x36, width: ..64}", ""),
        ("{size: 64x36, height: 36..}", ""),
        ("{size: 64x36, height: ..36}", ""),
        ("{size: 64x36, height: 1..36, width: 1..64}", ""),
        ("{size: 64x36..128x72, width: 100..}", ""),
        ("{size: 64x36, multiple-of: 4}", ""),
        ("{size: 64x36..65x37, multiple-of: 16}", ""),
        ("{size: 64x36, ratio: [4:3, 16:9]}", ""),
        ("{size: 64x36, ratio: 4:3, tolerance: 12px}", ""),  # 48x36 is near enough
        ("{size: 64x36, multiple-of: 16, tolerance: 12px}", ""),
    ],
)
def test_promises_that_no_picture_can_keep_are_a_mistake(entry: str, words: str, tmp_path: Path) -> None:
    text = f"version: 1\nfiles: {{a.png: {entry}}}\n".encode()
    if not words:
        assert len(parse_manifest(text, "m.yaml", str(tmp_path)).assets) == 1
        return
    with pytest.raises(ManifestError) as caught:
        parse_manifest(text, "m.yaml", str(tmp_path))
    assert [words in mistake.message for mistake in caught.value.mistakes] == [True]


def test_a_header_that_is_damaged_is_told_as_damage() -> None:
    [problem] = asked("readable", "a.png", header_of(0, 36))
    assert problem.message.startswith("the image is damaged: ")
    assert (problem.expected, problem.actual) == ("an intact image", "damaged")
