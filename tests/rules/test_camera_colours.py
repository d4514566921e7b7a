"""A camera says Adobe RGB by Exif alone, without a profile: browsers ignore that, and other viewers obey."""

from __future__ import annotations

from typing import Any

import pytest
from one_rule import promised
from pictures import exif_with, gradient, p3, save
from PIL import ImageCms

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
UNCALIBRATED = {0xA001: 0xFFFF}
ADOBE = {**UNCALIBRATED, 0xA005: {1: "R03"}}
SRGB_WORDS = "the colours are not declared as sRGB"


def photograph(inner: dict[int, Any], name: str = "a.jpg", **options: Any) -> bytes:
    return save(gradient(64, 36), name, exif=exif_with({}, inner), **options)


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        (ADOBE, "no profile, declared as Adobe RGB"),
        ({0xA001: 2}, "no profile, declared as Adobe RGB"),
        (UNCALIBRATED, ""),  # what libvips writes into every JPEG, and editors of anything
        ({**UNCALIBRATED, 0xA005: {1: "R98"}}, ""),
        ({0xA001: 1, 0xA005: {1: "R03"}}, ""),
        ({}, ""),
    ],
)
def test_adobe_rgb_by_exif_is_no_srgb(inner: dict[int, Any], said: str) -> None:
    found = promised("color", "{icc: srgb}", photograph(inner), "a.jpg")
    assert [(one.message, one.actual) for one in found] == ([(SRGB_WORDS, said)] if said else [])


def test_a_promise_of_no_other_colours_is_broken_too_and_none_asks_nothing() -> None:
    [found] = promised("color", "{icc: forbidden}", photograph(ADOBE), "a.jpg")
    assert (found.message, found.actual) == ("the colours are declared to be no sRGB", "Adobe RGB")
    assert promised("color", "{}", photograph(ADOBE), "a.jpg") == []


def test_a_profile_stands_above_the_camera_s_word() -> None:
    """A picture that was converted keeps the Exif of the camera."""
    assert promised("color", "{icc: srgb}", photograph(ADOBE, icc_profile=SRGB), "a.jpg") == []
    for profile in (p3(), SRGB[:200]):
        [found] = promised("color", "{icc: srgb}", photograph(ADOBE, icc_profile=profile), "a.jpg")
        assert found.message == SRGB_WORDS


def test_other_formats_have_no_such_word() -> None:
    assert promised("color", "{icc: srgb}", photograph(ADOBE, "a.webp"), "a.webp") == []
