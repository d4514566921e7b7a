"""Pillow on its lead: limits before it allocates, our own errors for whatever it raises."""

from __future__ import annotations

import ctypes
import warnings

import pytest
import webp_files as w

from verify4k.errors import Damaged, LimitHit
from verify4k.formats import decoding
from verify4k.formats.decoding import broken, decode_frames, quiet_libtiff
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


def test_pillows_own_bomb_error_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.Image.MAX_IMAGE_PIXELS", 4)
    monkeypatch.setattr(decoding, "open_with", _bomb)
    with pytest.raises(LimitHit, match="too large"):
        decode_frames(w.riff(w.LOSSY), "WebP", told(8, 6), DEFAULT)


def _bomb(*_: object) -> None:
    from PIL.Image import DecompressionBombError

    raise DecompressionBombError("x")


def test_pillows_warnings_stay_inside() -> None:
    decoding.open_with("WebP", w.riff(w.LOSSY))
    with warnings.catch_warnings(record=True) as caught:
        warnings.warn_explicit("x", UserWarning, "PIL/x.py", 1, module="PIL.TiffImagePlugin")
    assert caught == []


def test_a_pillow_that_hides_libtiff_is_used_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    quiet_libtiff.__wrapped__()
