"""How coarsely AVIF files of real encoders are quantised; what is cut or foreign tells nothing."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from verify4k.artifacts.artifact import Artifact
from verify4k.documents.nodes import Place
from verify4k.files.source import BytesSource
from verify4k.formats.heif.quantiser import base_quantiser
from verify4k.model import Asset


def avif(size: tuple[int, int], quality: int) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((64, 64), 40).resize(size).convert("RGB").save(
        buffer, "AVIF", quality=quality, speed=9
    )
    return buffer.getvalue()


def quantiser(name: str, data: bytes) -> int | None:
    found = Artifact(Asset(name, name, Place("m", 1, 1)), BytesSource(data), "header").quantiser
    return None if found is None else found.step


# What libavif makes of these qualities: 5000 pixels and more are coded in several tiles.
@pytest.mark.parametrize("size", [(333, 480), (5000, 320)])
@pytest.mark.parametrize(("quality", "expected"), [(0, 255), (25, 208), (30, 196), (60, 120), (100, 0)])
def test_the_quantiser_of_a_quality(size: tuple[int, int], quality: int, expected: int) -> None:
    assert quantiser("a.avif", avif(size, quality)) == expected


def test_other_formats_have_none() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 320)).save(buffer, "PNG")
    assert quantiser("a.png", buffer.getvalue()) is None


def test_what_is_cut_off_or_no_reduced_still_picture_tells_nothing() -> None:
    data = avif((640, 480), 50)
    units = data[data.index(b"mdat") + 4 :].removeprefix(b"\x12\0")  # a temporal delimiter
    assert base_quantiser(units) is not None
    header = 2 + units[1]  # the sequence header alone
    for cut in range(header + 5):
        assert base_quantiser(units[:cut]) is None
    whole = bytearray(units)
    whole[2] &= ~0x08  # reduced_still_picture_header
    assert base_quantiser(bytes(whole)) is None
    assert base_quantiser(units[header:]) is None
