"""Pillow on its lead: limits before it allocates, our own errors for whatever it raises."""

from __future__ import annotations

import ctypes
import warnings

import pytest
import webp_files as w

from verify4k.errors import Damaged, LimitHit
from verify4k.formats import decoding
from verify4k.formats.decoding import broken, decode_frames, guard_size, guard_work, quiet_libtiff
from verify4k.formats.facts import LIMIT_PIXELS, Size


def test_sizes_up_to_the_limit_pass() -> None:
    guard_size(Size(LIMIT_PIXELS, 1))
    guard_size(Size(4096, 4096), length=1)
    guard_size(Size(7680, 4320), length=50_000)
    guard_size(Size(1, 1), frames=20_000)
    guard_work(decoding.LIMIT_WORK)


@pytest.mark.parametrize(
    ("size", "frames", "length"),
    [
        ((LIMIT_PIXELS + 1, 1), 1, None),
        ((7680, 4320), 1, 1000),
        ((4096, 4096), 22, None),
        ((1, 1), 30_000, None),
    ],
)
def test_what_is_beyond_ends_in_a_limit(size: tuple[int, int], frames: int, length: int | None) -> None:
    with pytest.raises(LimitHit):
        guard_size(Size(*size), frames, length)


def test_another_size_than_promised_is_damage() -> None:
    with pytest.raises(Damaged, match="promises 9x6, the decoder finds 8x6"):
        decode_frames(w.riff(w.LOSSY), "WebP", Size(9, 6))


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
        decode_frames(w.riff(w.LOSSY), "WebP", Size(8, 6))


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
