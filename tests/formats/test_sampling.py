"""How colours are sampled, of files that libavif, libheif, libwebp and libjpeg wrote."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pictures import texture
from PIL import Image

from verify4k.artifacts.artifact import Artifact
from verify4k.documents.nodes import Place
from verify4k.files.source import BytesSource
from verify4k.model import Asset

ONCE = texture(96, 64)
CLEAR = Image.merge("RGBA", (*ONCE.split(), texture(96, 64).convert("L")))


def sampling(image: Image.Image, name: str, **options: Any) -> str:
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return Artifact(Asset(name, name, Place("m", 1, 1)), BytesSource(buffer.getvalue()), "header").sampling


@pytest.mark.parametrize(
    ("asked", "named"), [("4:4:4", ""), ("4:2:2", "4:2:2"), ("4:2:0", "4:2:0"), ("4:0:0", "")]
)
def test_avif(asked: str, named: str) -> None:
    assert sampling(ONCE, "a.avif", format="AVIF", subsampling=asked, speed=10) == named


def test_an_avif_that_moves() -> None:
    moving = {"format": "AVIF", "speed": 10, "save_all": True, "append_images": [ONCE.rotate(9)]}
    assert sampling(ONCE, "a.avif", subsampling="4:2:0", **moving) == "4:2:0"


@pytest.mark.parametrize(("asked", "named"), [("444", ""), ("422", "4:2:2"), ("420", "4:2:0")])
def test_heic(asked: str, named: str) -> None:
    heif = pytest.importorskip("pillow_heif")
    buffer = io.BytesIO()
    heif.from_pillow(ONCE).save(buffer, format="HEIF", chroma=asked)
    asset = Asset("a.heic", "a.heic", Place("m", 1, 1))
    assert Artifact(asset, BytesSource(buffer.getvalue()), "header").sampling == named


WEBP: dict[str, tuple[Image.Image, dict[str, Any], str]] = {
    "lossy": (ONCE, {}, "4:2:0"),
    "lossless": (ONCE, {"lossless": True}, ""),
    "lossy behind its opacity": (CLEAR.resize((384, 256)), {}, "4:2:0"),
    "lossy behind a large profile": (ONCE, {"icc_profile": bytes(9000)}, "4:2:0"),
    "lossless that names the other": (ONCE, {"lossless": True, "icc_profile": b"VP8 " * 9}, ""),
    "moving": (ONCE, {"save_all": True, "append_images": [ONCE.rotate(9)]}, "4:2:0"),
    "moving, lossless": (ONCE, {"save_all": True, "append_images": [ONCE.rotate(9)], "lossless": True}, ""),
}


@pytest.mark.parametrize("name", WEBP)
def test_webp(name: str) -> None:
    image, options, named = WEBP[name]
    assert sampling(image, "a.webp", format="WEBP", **options) == named


def test_jpeg_and_what_does_not_say() -> None:
    assert sampling(ONCE, "a.jpg", format="JPEG", subsampling="4:2:2") == "4:2:2"
    assert sampling(ONCE.convert("L"), "a.jpg", format="JPEG") == ""
    assert sampling(ONCE, "a.png", format="PNG") == ""
