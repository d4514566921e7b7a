"""Builds HEIF files, right and wrong, box by box, around pictures that Pillow has coded."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from typing import Any

import pytest
from PIL import Image


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def full(kind: bytes, version: int, *parts: bytes, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def image(width: int = 64, height: int = 48) -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert("RGB")


def encode(picture: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "AVIF", speed=10, **options)
    return buffer.getvalue()


def av1(picture: Image.Image) -> tuple[bytes, bytes]:
    """Return the AV1 data and the av1C property of a picture."""
    data = encode(picture)
    start = data.index(b"av1C") - 4
    config = data[start : start + int.from_bytes(data[start : start + 4], "big")]
    return data[data.index(b"mdat") + 4 :], config


DATA, CONFIG = av1(image())
GRAY_DATA, GRAY_CONFIG = av1(image().convert("L"))
PIXI = full(b"pixi", 0, b"\3\x08\x08\x08")
ALPHA_TYPE = full(b"auxC", 0, b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0")


def ispe(width: int = 64, height: int = 48) -> bytes:
    return full(b"ispe", 0, struct.pack(">II", width, height))


@dataclass
class Item:
    kind: bytes = b"av01"
    data: bytes = DATA
    properties: list[bytes] = field(default_factory=lambda: [ispe(), CONFIG])
    content: bytes = b""


@dataclass
class Heif:
    """A file in the making; `build` writes it."""

    items: dict[int, Item] = field(default_factory=lambda: {1: Item()})
    references: list[tuple[bytes, int, list[int]]] = field(default_factory=list)
    primary: int = 1
    brand: bytes = b"avif"
    wide: bool = False  # 32-bit item numbers, 16-bit property numbers
    in_idat: bool = False
    meta_last: bool = False
    before: bytes = b""  # boxes between ftyp and the rest
    extra: bytes = b""  # boxes inside meta

    def build(self) -> bytes:
        ftyp = box(b"ftyp", self.brand, bytes(4), b"mif1", b"avif", b"miaf")
        mdat = b"" if self.in_idat else box(b"mdat", *(item.data for item in self.items.values()))
        meta = self._meta(0)
        start = len(ftyp) + len(self.before) + 8 + (0 if self.meta_last else len(meta))
        meta = self._meta(0 if self.in_idat else start)
        return ftyp + self.before + (mdat + meta if self.meta_last else meta + mdat)

    def _meta(self, start: int) -> bytes:
        number = ">I" if self.wide else ">H"
        entries, places, at = b"", b"", start
        for key, item in self.items.items():
            content = item.content + b"\0" if item.kind == b"mime" else b""
            head = struct.pack(number, key) + b"\0\0" + item.kind + b"\0" + content
            entries += full(b"infe", 3 if self.wide else 2, head)
            method = b"\0\1" if self.in_idat else b"\0\0"
            places += (
                struct.pack(number, key) + method + b"\0\0" + b"\0\1" + struct.pack(">II", at, len(item.data))
            )
            at += len(item.data)
        iloc_version, count = (
            (2, struct.pack(">I", len(self.items))) if self.wide else (1, _short(len(self.items)))
        )
        parts = [
            full(b"hdlr", 0, bytes(4), b"pict", bytes(13)),
            full(b"pitm", int(self.wide), struct.pack(number, self.primary)),
            full(b"iloc", iloc_version, b"\x44\0", count, places),
            full(b"iinf", int(self.wide), struct.pack(number, len(self.items)), entries),
            self._properties(number),
        ]
        if self.references:
            parts.append(
                full(b"iref", int(self.wide), *(self._reference(number, *one) for one in self.references))
            )
        if self.in_idat:
            parts.append(box(b"idat", *(item.data for item in self.items.values())))
        return full(b"meta", 0, *parts, self.extra)

    def _properties(self, number: str) -> bytes:
        pool: list[bytes] = []
        owned = b""
        for key, item in self.items.items():
            owned += struct.pack(number, key) + bytes([len(item.properties)])
            for one in item.properties:
                pool.append(one)
                essential = one[4:8] in (b"irot", b"imir", b"clap", b"av1C", b"hvcC")
                owned += (
                    _short(len(pool) | essential << 15) if self.wide else bytes([len(pool) | essential << 7])
                )
        ipma = full(b"ipma", int(self.wide), struct.pack(">I", len(self.items)), owned, flags=int(self.wide))
        return box(b"iprp", box(b"ipco", *pool), ipma)

    @staticmethod
    def _reference(number: str, kind: bytes, source: int, targets: list[int]) -> bytes:
        return box(
            kind,
            struct.pack(number, source),
            _short(len(targets)),
            *(struct.pack(number, t) for t in targets),
        )


def _short(value: int) -> bytes:
    return struct.pack(">H", value)


def grid(rows: int, columns: int, width: int, height: int, *, wide: bool = False) -> bytes:
    numbers = struct.pack(">II" if wide else ">HH", width, height)
    return bytes([0, int(wide), rows - 1, columns - 1]) + numbers


ALPHA = Item(b"av01", GRAY_DATA, [ispe(), GRAY_CONFIG, ALPHA_TYPE])
OPAQUE_DATA, OPAQUE_CONFIG = av1(Image.new("L", (64, 48), 255))
OPAQUE = Item(b"av01", OPAQUE_DATA, [ispe(), OPAQUE_CONFIG, ALPHA_TYPE])
EXIF_6 = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x112, 3, 1, 6, 0, 0)


def exif_item(data: bytes = EXIF_6) -> Item:
    return Item(b"Exif", bytes(4) + data, [])


def rotated(*properties: bytes) -> Heif:
    return Heif({1: Item(properties=[ispe(), CONFIG, *properties])})


def irot(angle: int) -> bytes:
    return box(b"irot", bytes([angle]))


def imir(axis: int) -> bytes:
    return box(b"imir", bytes([axis]))


def clap(width: int, height: int, under: int = 1) -> bytes:
    return box(b"clap", struct.pack(">8I", width, under, height, under, 0, 1, 0, 1))


TILE_DATA, TILE_CONFIG = av1(image(64, 64))  # MIAF: no tile is smaller


def tile() -> Item:
    return Item(b"av01", TILE_DATA, [ispe(64, 64), TILE_CONFIG])


def tiles(kind: bytes = b"grid", size: tuple[int, int] = (128, 64), **changes: object) -> Heif:
    whole = Item(kind, grid(1, 2, *size), [ispe(*size), PIXI])
    made = Heif({1: whole, 2: tile(), 3: tile()}, [(b"dimg", 1, [2, 3])])
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def frames(count: int = 3, mode: str = "RGB") -> bytes:
    pictures = [Image.new(mode, (64, 48), (index * 60, 0, 0, 9)[: len(mode)]) for index in range(count)]
    return encode(pictures[0], save_all=True, append_images=pictures[1:])


def heic(mode: str = "RGB", size: tuple[int, int] = (64, 64), depth: int = 8) -> bytes:
    pillow_heif = pytest.importorskip("pillow_heif", reason="the heic extra is not installed")
    picture = Image.linear_gradient("L").resize(size).convert(mode)
    buffer = io.BytesIO()
    if depth == 8:
        pillow_heif.from_pillow(picture).save(buffer, quality=60)
    else:
        raw = b"".join(struct.pack("<H", value * 257) for value in picture.tobytes())
        pillow_heif.from_bytes(f"{mode};16", size, raw).save(buffer, quality=60)
    return buffer.getvalue()
