"""How colours are sampled, of files that libavif, libheif, libwebp and libjpeg wrote."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from jxl_files import metadata
from pictures import save, texture
from PIL import Image
from tiff_files import SHORT, Tiff

from verify4k.artifacts.artifact import Artifact
from verify4k.documents.nodes import Place
from verify4k.errors import CannotRead
from verify4k.files.source import BytesSource
from verify4k.model import Asset

if TYPE_CHECKING:
    from pathlib import Path

ONCE = texture(96, 64)
CLEAR = Image.merge("RGBA", (*ONCE.split(), texture(96, 64).convert("L")))


def of(name: str, data: bytes) -> str:
    return Artifact(Asset(name, name, Place("m", 1, 1)), BytesSource(data), "header").sampling


def encoded(image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return buffer.getvalue()


def sampling(image: Image.Image, name: str, **options: Any) -> str:
    return of(name, encoded(image, **options))


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
    assert of("a.heic", buffer.getvalue()) == named


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


JPEG = {"4:4:4": "", "4:2:2": "4:2:2", "4:2:0": "4:2:0"}


@pytest.mark.parametrize("asked", JPEG)
def test_jpeg(asked: str) -> None:
    assert sampling(ONCE, "a.jpg", format="JPEG", subsampling=asked) == JPEG[asked]
    assert sampling(ONCE.convert("L"), "a.jpg", format="JPEG") == ""
    assert sampling(ONCE.convert("CMYK"), "a.jpg", format="JPEG") == ""


@pytest.mark.parametrize(
    ("factors", "named"),
    [((0x12, 0x11, 0x11), "4:4:0"), ((0x31, 0x11, 0x11), "3x1"), ((0x22, 0x22, 0x21), "4:4:0")],
)
def test_jpeg_of_other_factors(factors: tuple[int, ...], named: str) -> None:
    data = bytearray(save(ONCE, "a.jpg", subsampling=2))
    at = data.index(b"\xff\xc0") + 11
    for number, each in enumerate(factors):
        data[at + 3 * number] = each
    assert of("a.jpg", bytes(data)) == named


@pytest.mark.parametrize("asked", JPEG)
def test_a_jpeg_that_jpeg_xl_has_packed(asked: str, tmp_path: Path) -> None:
    pytest.importorskip("pillow_jxl")
    (tmp_path / "a.jpg").write_bytes(save(ONCE, "a.jpg", subsampling=asked, icc_profile=None))
    with Image.open(tmp_path / "a.jpg") as image:
        image.save(tmp_path / "a.jxl", lossless_jpeg=True)
    assert of("a.jxl", (tmp_path / "a.jxl").read_bytes()) == JPEG[asked]


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 80}])
def test_jpeg_xl_of_its_own_is_whole(options: dict[str, Any]) -> None:
    pytest.importorskip("pillow_jxl")
    assert sampling(ONCE, "a.jxl", format="JXL", **options) == ""
    assert sampling(CLEAR, "a.jxl", format="JXL", **options) == ""


def test_behind_a_coded_profile_jpeg_xl_is_not_read() -> None:
    with pytest.raises(CannotRead, match="how this JPEG XL samples colours is not read"):
        of("a.jxl", metadata(xyb=0, colour=((0, 1), (1, 1), (0, 2))))


@pytest.mark.parametrize(("steps", "named"), [((1, 1), ""), ((2, 1), "4:2:2"), ((2, 2), "4:2:0")])
def test_jpeg_2000(steps: tuple[int, int], named: str) -> None:
    data = bytearray(encoded(ONCE, format="JPEG2000"))
    at = data.index(b"\xff\x4f\xff\x51") + 42 + 3
    for component in (0, 3):
        data[at + component + 1 : at + component + 3] = bytes(steps)
    assert of("a.jp2", bytes(data)) == named


@pytest.mark.parametrize(("steps", "named"), [((1, 1), ""), ((2, 1), "4:2:2"), ((4, 4), "4x4")])
def test_tiff(steps: tuple[int, int], named: str) -> None:
    tags = {"t262": 6, "t277": 3, "t258": (SHORT, [8, 8, 8]), "t530": (SHORT, list(steps))}
    assert of("a.tif", Tiff().page(8, 8, [bytes(192)], **tags).build()) == named
    with pytest.raises(CannotRead, match="how the JPEG in a TIFF samples colours is not read"):
        of("a.tif", Tiff().page(8, 8, [bytes(192)], t259=7, **tags).build())


def test_what_the_codec_does_not_tell_is_not_whole() -> None:
    data = encoded(ONCE, format="AVIF", speed=10)
    with pytest.raises(CannotRead, match="how the picture samples colours is not told"):
        of("a.avif", data.replace(b"av1C", b"free"))


def test_png_has_whole_colours() -> None:
    assert sampling(ONCE, "a.png", format="PNG") == ""
