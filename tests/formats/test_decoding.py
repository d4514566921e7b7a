"""Pillow on its lead: limits before it allocates, our own errors for whatever it raises."""

from __future__ import annotations

import ctypes
import warnings
from io import BytesIO

import pytest
import webp_files as w
from PIL import Image

from verify4k.artifacts.content import Content
from verify4k.errors import CannotRead, Damaged, LimitHit
from verify4k.files.source import BytesSource
from verify4k.formats import decoding
from verify4k.formats.decoding import broken, decode_frames, our_limits, quiet_libtiff
from verify4k.formats.facts import Header, Size
from verify4k.formats.limits import DEFAULT


def told(width: int, height: int) -> Header:
    return Header("webp", Size(width, height), Size(width, height), 8, "rgb")


def test_another_size_than_promised_is_damage() -> None:
    with pytest.raises(Damaged, match="promises 9x6, the decoder finds 8x6"):
        decode_frames(w.riff(w.LOSSY), "WebP", told(9, 6), DEFAULT)


def test_what_a_decoder_says_is_escaped_and_short() -> None:
    found = broken(ValueError("\x1b[31m\n::error" + "x" * 999))
    assert isinstance(found, Damaged)
    assert found.message.isprintable()
    assert len(found.message) < 300
    assert broken(ValueError()).message.endswith("ValueError")
    assert isinstance(broken(MemoryError()), LimitHit)


@pytest.mark.parametrize("error", [NotImplementedError("no such mode"), RecursionError()])
def test_what_a_decoder_cannot_do_is_no_damage(error: Exception) -> None:
    assert type(broken(error)) is CannotRead


@pytest.mark.parametrize("form", ["WEBP", "TIFF"])
def test_our_limits_and_not_pillows_say_how_large_a_picture_may_be(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of TIFF and WebP Pillow's plug-ins ask its guard, which knows one size for a whole program."""
    held = BytesIO()
    Image.new("RGB", (64, 36), "red").save(
        held, form, **({"compression": "tiff_lzw"} if form == "TIFF" else {})
    )
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 4)
    content = Content(BytesSource(held.getvalue()))
    assert content.damage == ()
    assert Image.MAX_IMAGE_PIXELS == 4
    tight = Content(BytesSource(held.getvalue()), limits=DEFAULT._replace(pixels=4))
    with pytest.raises(LimitHit):
        _ = tight.pixels


def test_pillows_guard_is_put_back_by_the_last_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 4)
    with our_limits:
        with our_limits:
            pass
        assert Image.MAX_IMAGE_PIXELS is None
    assert Image.MAX_IMAGE_PIXELS == 4


def test_pillows_warnings_stay_inside() -> None:
    decoding.open_with("WebP", w.riff(w.LOSSY))
    with warnings.catch_warnings(record=True) as caught:
        warnings.warn_explicit("x", UserWarning, "PIL/x.py", 1, module="PIL.TiffImagePlugin")
    assert caught == []


def test_a_pillow_that_hides_libtiff_is_used_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    quiet_libtiff.__wrapped__()
