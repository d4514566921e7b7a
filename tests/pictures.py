"""Makes the pictures that rules' examples speak of, as real files."""

from __future__ import annotations

import io
import json
import random
import struct
import zlib
from typing import TYPE_CHECKING

from PIL import Image, ImageCms, ImageDraw, ImageOps

from verify4k.formats.metadata.placeholder import XMP
from verify4k.rule import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 57199\n" % (b"4d" * 32)
_FORMATS = {
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "png": "PNG",
    "webp": "WEBP",
    "gif": "GIF",
    "ico": "ICO",
    "tif": "TIFF",
    "jxl": "JXL",  # once pillow_jxl is imported
}


def gradient(width: int, height: int, shift: int = 0) -> Image.Image:
    """A picture in which every pixel matters and no two sizes look the same."""
    red = Image.linear_gradient("L").resize((width, height))
    green = red.rotate(180)
    blue = Image.new("L", (width, height), (width * 7 + height + shift) % 256)
    return Image.merge("RGB", (red, green, blue))


def busy(width: int, height: int, seed: int) -> Image.Image:
    """A picture full of soft shapes, the same at every size."""
    noise = Image.frombytes("RGB", (24, 14), random.Random(seed).randbytes(24 * 14 * 3))
    return noise.resize((width, height), Image.Resampling.BICUBIC)


def save(image: Image.Image, name: str, **options: Any) -> bytes:
    """Encode in the format that the suffix of ``name`` says."""
    buffer = io.BytesIO()
    image.save(buffer, _FORMATS[name.rpartition(".")[2].lower()], **options)
    return buffer.getvalue()


def exif_with(tags: Mapping[int, Any], inner: Mapping[int, Any] | None = None) -> Image.Exif:
    """Exif with tags of IFD0 and of the Exif directory."""
    exif = Image.Exif()
    exif.update(tags)
    exif.get_ifd(0x8769).update(inner or {})
    return exif


def p3() -> bytes:
    """A profile of Display P3's primaries with sRGB's curve, by what LittleCMS can make."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    columns = {
        b"rXYZ": (0.5151, 0.2412, -0.0011),
        b"gXYZ": (0.2919, 0.6922, 0.0419),
        b"bXYZ": (0.1572, 0.0666, 0.7841),
    }
    for index in range(int.from_bytes(data[128:132])):
        entry = 132 + 12 * index
        tag, at = bytes(data[entry : entry + 4]), int.from_bytes(data[entry + 4 : entry + 8])
        for place, value in enumerate(columns.get(tag, ())):
            data[at + 8 + 4 * place : at + 12 + 4 * place] = round(value * 65536).to_bytes(4, signed=True)
    return bytes(data)


def thumbnailed(size: tuple[int, int], whole: tuple[int, int]) -> bytes:
    """A JPEG whose Exif holds a small picture of this size."""
    small = save(Image.new("RGB", size), "t.jpg")
    exif = exif_with({})
    exif.get_ifd(0x8769)
    start = 8 + 2 + 4 + 2 + 2 * 12 + 4
    tiff = (
        b"II*\0\x08\0\0\0" + b"\0\0" + (14).to_bytes(4, "little") + b"\x02\0"
        + b"\x01\x02\x04\0\x01\0\0\0" + start.to_bytes(4, "little")
        + b"\x02\x02\x04\0\x01\0\0\0" + len(small).to_bytes(4, "little") + bytes(4) + small
    )  # fmt: skip
    return save(gradient(*whole), "a.jpg", exif=b"Exif\0\0" + tiff)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """One PNG chunk with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def deep_png(width: int, height: int) -> bytes:
    """A 16-bit RGB PNG, which Pillow cannot write."""
    row = b"\0" + b"".join(struct.pack(">3H", x * 257, 40000, 65535 - x) for x in range(width))
    header = struct.pack(">2I5B", width, height, 16, 2, 0, 0, 0)
    chunks = (
        png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(row * height)) + png_chunk(b"IEND", b"")
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


def stored_png(width: int, height: int) -> bytes:
    """An RGB PNG without compression: the same bytes whatever the version of zlib."""
    line = range(width)
    rows = b"".join(
        b"\0" + bytes((x * 3 + y * 5 + channel * 40) % 256 for x in line for channel in range(3))
        for y in range(height)
    )
    size = struct.pack("<HH", len(rows), len(rows) ^ 0xFFFF)  # one stored block (RFC 1951, 3.2.4)
    stream = b"\x78\x01\x01" + size + rows + struct.pack(">I", zlib.adler32(rows))
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", stream) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _alpha(picture: Picture, low: int) -> bytes:
    image = gradient(picture.width, picture.height).convert("RGBA")
    image.putpixel((picture.width // 2, picture.height // 2), (1, 2, 3, low))
    return save(image, picture.name)


def _xmp(width: int, height: int) -> bytes:
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:PixelXDimension="%d" '
        b'exif:PixelYDimension="%d"/></rdf:RDF></x:xmpmeta>' % (width, height)
    )


def with_c2pa(png: bytes) -> bytes:
    """Put a chunk of the kind that holds C2PA manifests behind a PNG's header."""
    jumbf = struct.pack(">I4s", 8 + 12, b"jumb") + b"c2pa" + bytes(8)
    return png[:33] + png_chunk(b"caBX", jumbf) + png[33:]


def superbox(label: str, *content: bytes) -> bytes:
    """A JUMBF superbox: its description, then what it holds."""
    told = bytes(16) + b"\x03" + label.encode() + b"\0"
    inner = struct.pack(">I4s", 8 + len(told), b"jumd") + told + b"".join(content)
    return struct.pack(">I4s", 8 + len(inner), b"jumb") + inner


def jumbf(assertions: Mapping[str, Any]) -> bytes:
    """A C2PA manifest store: one manifest with JSON assertions under these labels."""
    boxes = []
    for label, tags in assertions.items():
        text = json.dumps(tags).encode()
        boxes.append(superbox(label, struct.pack(">I4s", 8 + len(text), b"json") + text))
    return superbox("c2pa", superbox("urn:uuid:1", superbox("c2pa.assertions", *boxes)))


def with_png_xmp(png: bytes, packet: bytes) -> bytes:
    """Put an XMP packet behind a PNG's header."""
    return png[:33] + png_chunk(b"iTXt", b"XML:com.adobe.xmp" + bytes(5) + packet) + png[33:]


_IPTC_AI = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    b'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/>'
    b"</rdf:RDF></x:xmpmeta>"
)


def _frames(picture: Picture) -> bytes:
    first, second = (gradient(picture.width, picture.height, shift) for shift in (0, 90))
    return save(first, picture.name, save_all=True, append_images=[second], duration=100, loop=0)


def _with_once(picture: Picture) -> bytes:
    first, second = (gradient(picture.width, picture.height, shift) for shift in (0, 90))
    return save(first, picture.name, save_all=True, append_images=[second], duration=100)


def _disc(picture: Picture, ground: tuple[int, int, int] | None) -> Image.Image:
    """A white disc of half the shorter edge."""
    image = Image.new("RGBA", (picture.width, picture.height), (*ground, 255) if ground else (0, 0, 0, 0))
    edge = min(image.size)
    x, y = (picture.width - edge // 2) // 2, (picture.height - edge // 2) // 2
    ImageDraw.Draw(image).ellipse((x, y, x + edge // 2 - 1, y + edge // 2 - 1), fill=(255, 255, 255, 255))
    return image


def _rounded(picture: Picture) -> bytes:
    """Blue, with black corners cut off by an arc of a quarter of the shorter edge."""
    image = Image.new("RGB", (picture.width, picture.height))
    box = (0, 0, picture.width - 1, picture.height - 1)
    ImageDraw.Draw(image).rounded_rectangle(box, min(image.size) // 4, fill=(30, 90, 200))
    return save(image, picture.name)


def _nine_patch(picture: Picture) -> bytes:
    image = Image.new("RGBA", (picture.width, picture.height))
    image.paste((30, 90, 200, 255), (1, 1, picture.width - 1, picture.height - 1))
    for side in ((5, 0, 8, 1), (0, 4, 1, 7), (3, picture.height - 1, 9, picture.height)):
        image.paste((0, 0, 0, 255), side)
    return save(image, picture.name)


def with_gain_map(jpeg: bytes) -> bytes:
    """Append a grey JPEG that says that it is a gain map, and index it (CIPA DC-007, ISO 21496-1)."""
    grey = save(gradient(16, 9).convert("L"), "x.jpg")
    urn = b"urn:iso:std:iso:ts:21496:-1\0" + bytes(4)
    second = grey[:2] + struct.pack(">2sH", b"\xff\xe2", 2 + len(urn)) + urn + grey[2:]
    directory = struct.pack("<HHHI4s", 2, 0xB000, 7, 4, b"0100") + struct.pack("<HHII", 0xB002, 7, 32, 38)
    where = len(jpeg) + 78 - 10  # of the second picture, counted from the index
    entries = struct.pack("<8I", 0x20030000, len(jpeg) + 78, 0, 0, 0, len(second), where, 0)
    body = b"MPF\0II*\0" + struct.pack("<I", 8) + directory + bytes(4) + entries
    assert len(body) == 74
    return jpeg[:2] + struct.pack(">2sH", b"\xff\xe2", 2 + len(body)) + body + jpeg[2:] + second


def _plain(picture: Picture) -> bytes:
    return save(gradient(picture.width, picture.height), picture.name)


def _with(**options: Any) -> Callable[[Picture], bytes]:
    return lambda picture: save(gradient(picture.width, picture.height), picture.name, **options)


def texture(width: int, height: int) -> Image.Image:
    """Fine and coarse detail together, as a photograph has; the same for the same size."""
    import numpy as np

    random = np.random.default_rng(width * 10_007 + height)
    waves = np.fft.rfft2(random.standard_normal((height, width)))
    across = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    plane = np.fft.irfft2(waves / (across + 0.02), s=(height, width))
    plane = (plane - plane.mean()) / plane.std() * 45 + 128
    return Image.fromarray(plane.clip(0, 255).astype("uint8")).convert("RGB")


def _enlarged(picture: Picture) -> bytes:
    small = texture(picture.width // 2, picture.height // 2)
    return save(small.resize((picture.width, picture.height), Image.Resampling.BICUBIC), picture.name)


def _on_black(picture: Picture, width: int, height: int) -> bytes:
    canvas = Image.new("RGB", (picture.width, picture.height))
    canvas.paste(texture(width, height), ((picture.width - width) // 2, (picture.height - height) // 2))
    return save(canvas, picture.name)


def _soft(picture: Picture) -> bytes:
    small = texture(picture.width // 8, picture.height // 8)
    return save(small.resize((picture.width, picture.height), Image.Resampling.BICUBIC), picture.name)


_MAKERS: dict[str, Callable[[Picture], bytes]] = {
    "plain": _plain,
    "stored": lambda picture: stored_png(picture.width, picture.height),
    "unlisted": _plain,
    "busy": lambda picture: save(busy(picture.width, picture.height, 1), picture.name),
    "other-busy": lambda picture: save(busy(picture.width, picture.height, 2), picture.name),
    "other": lambda picture: save(gradient(picture.width, picture.height, 50), picture.name),
    "jpeg": lambda picture: save(gradient(picture.width, picture.height), "x.jpg"),
    "webp": lambda picture: save(gradient(picture.width, picture.height), "x.webp"),
    "gray": lambda picture: save(gradient(picture.width, picture.height).convert("L"), picture.name),
    "cmyk": lambda picture: save(gradient(picture.width, picture.height).convert("CMYK"), picture.name),
    "deep": lambda picture: deep_png(picture.width, picture.height),
    "icc": _with(icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
    "alpha-opaque": lambda picture: _alpha(picture, 255),
    "alpha-used": lambda picture: _alpha(picture, 254),
    "orientation-1": _with(exif=exif_with({0x0112: 1})),
    "orientation-6": _with(exif=exif_with({0x0112: 6})),
    "exif-size-true": lambda picture: save(
        gradient(picture.width, picture.height),
        picture.name,
        exif=exif_with({}, {0xA002: picture.width, 0xA003: picture.height}),
    ),
    "exif-size-4k": _with(exif=exif_with({}, {0xA002: 3840, 0xA003: 2160})),
    "xmp-size-4k": _with(xmp=_xmp(3840, 2160)),
    "copyright": _with(exif=exif_with({0x8298: "verify4k"})),
    "iptc-ai": lambda picture: with_png_xmp(_plain(picture), _IPTC_AI),
    "c2pa": lambda picture: with_c2pa(_plain(picture)),
    "placeholder": lambda picture: with_png_xmp(_plain(picture), XMP),
    "truncated": lambda picture: _plain(picture)[:-100],
    "trailing": lambda picture: _plain(picture) + b"PK\x03\x04" + b"secret" * 20,
    "trailing-nul": lambda picture: _plain(picture) + bytes(16),
    "animated": _frames,
    "animated-once": _with_once,
    "progressive": _with(progressive=True),
    "quality-90": _with(quality=90),
    "quality-40": _with(quality=40),
    "dpi-72": _with(dpi=(72, 72)),
    "dpi-300": _with(dpi=(300, 300)),
    "disc": lambda picture: save(_disc(picture, (20, 60, 200)).convert("RGB"), picture.name),
    "disc-clear": lambda picture: save(_disc(picture, None), picture.name),
    "rounded": _rounded,
    "nine-patch": _nine_patch,
    "texture-half": lambda picture: save(
        texture(picture.width, picture.height).reduce(2), picture.name, quality=60
    ),
    "texture-mirrored": lambda picture: save(
        ImageOps.mirror(texture(picture.width, picture.height)), picture.name
    ),
    "texture-on-its-side": lambda picture: save(
        texture(picture.width, picture.height)
        .transpose(Image.Transpose.ROTATE_90)
        .resize((picture.width, picture.height)),
        picture.name,
    ),
    "gain-map": lambda picture: with_gain_map(_plain(picture)),
    "gain-map-lost": lambda picture: with_gain_map(_plain(picture)).partition(b"\xff\xd9")[0] + b"\xff\xd9",
    "pq": lambda picture: (png := _plain(picture))[:33] + png_chunk(b"cICP", b"\x09\x10\0\1") + png[33:],
    "icon": lambda picture: save(gradient(64, 64), picture.name, sizes=[(16, 16), (32, 32)]),
    "pages": lambda picture: save(
        gradient(picture.width, picture.height), picture.name, save_all=True, append_images=[gradient(9, 9)]
    ),
    "texture": lambda picture: save(texture(picture.width, picture.height), picture.name),
    "enlarged": _enlarged,
    "soft": _soft,
    "padded": lambda picture: _on_black(picture, picture.width * 2 // 3, picture.height * 2 // 3),
    "letterbox": lambda picture: _on_black(picture, picture.width, round(picture.width / 2.39 / 2) * 2),
    "blank": lambda picture: save(
        Image.new("RGB", (picture.width, picture.height), (90, 90, 90)), picture.name
    ),
    "lfs-pointer": lambda _: LFS_POINTER,
    "html": lambda _: b"<!DOCTYPE html><html><body><h1>404 Not Found</h1></body></html>",
}


def drawn(kind: str, width: int = 64, height: int = 36, name: str = "a.png") -> bytes:
    """The bytes of one picture, in the format of its name."""
    return _MAKERS[kind](Picture(width, height, name, kind))


def make(picture: Picture, folder: Path) -> Path:
    """Write one picture (nothing for kind "missing") and return its path."""
    if picture.served is not None:  # its name is a URL's end
        picture = picture._replace(name=picture.name.partition("?")[0])
    path = folder / picture.name
    if picture.kind != "missing":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_MAKERS[picture.kind](picture))
    return path
