"""Which claims vote for an enlargement, and when they agree with the pixels."""

from __future__ import annotations

import pytest

from verify4k.analysis.native.metadata_claims import MetadataClaim, agrees, metadata_claims

STORED = (3840, 2160)


@pytest.mark.parametrize(
    "size",
    [
        (3840, 2160),  # the truth
        (7680, 4320),  # larger: a reduction
        (3763, 2117),  # 0.98: nothing to tell from a crop
        (1920, 1200),  # another shape: a crop
        (1920, 1103),  # 2 % off
        (3840, 1080),  # one axis
        (0, 0),
        (0, 1080),
    ],
)
def test_what_says_nothing_about_enlarging_has_no_vote(size: tuple[int, int]) -> None:
    assert metadata_claims([("Exif", size)], STORED) == ()


@pytest.mark.parametrize(
    "size", [(1920, 1080), (3724, 2095), (1280, 720), (1920, 1088), (1080, 1920), (160, 90), (854, 480)]
)
def test_a_smaller_picture_of_the_same_shape_votes(size: tuple[int, int]) -> None:
    assert metadata_claims([("Exif", size), ("XMP", STORED)], STORED) == (MetadataClaim("Exif", size),)


def test_a_portrait_is_judged_by_its_own_shape() -> None:
    assert metadata_claims([("Exif", (1080, 1920))], (2160, 3840)) == (MetadataClaim("Exif", (1080, 1920)),)


@pytest.mark.parametrize(
    ("estimate", "same"),
    [
        ((1920, 1080), True),
        ((1958, 1080), True),
        ((1920, 1060), True),
        ((1080, 1920), True),
        ((1960, 1080), False),
        ((1920, 1050), False),
        ((2560, 1440), False),
        (None, False),
    ],
)
def test_votes_agree_within_two_in_a_hundred(estimate: tuple[int, int] | None, same: bool) -> None:
    assert agrees(MetadataClaim("Exif", (1920, 1080)), estimate) is same
