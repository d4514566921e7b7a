"""Builds tiny TIFF files, right and wrong: classic and BigTIFF, both byte orders."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

SHORT, LONG, LONG8 = 3, 4, 16
_CODES = {1: "B", 2: "B", 3: "H", 4: "I", 7: "B", 13: "I", 16: "Q"}


@dataclass
class Tiff:
    """Pages in the making; each is tags and strips (or tiles). `build` writes the file."""

    order: str = "<"
    big: bool = False
    pages: list[tuple[dict[int, Any], list[bytes]]] = field(default_factory=list)
    loop: bool = False

    def page(self, width: int = 4, height: int = 3, strips: list[bytes] | None = None, **tags: Any) -> Tiff:
        """Add a page of 8-bit gray; ``t258=(8, 8)`` sets a tag, None removes it; (type, values) types it."""
        told: dict[int, Any] = {
            256: (SHORT, [width]),
            257: (SHORT, [height]),
            258: (SHORT, [8]),
            259: (SHORT, [1]),
            262: (SHORT, [1]),
            277: (SHORT, [1]),
            278: (SHORT, [height]),
        }
        for name, value in tags.items():
            told[int(name[1:])] = value if isinstance(value, tuple) or value is None else (SHORT, [value])
        strips = [bytes(range(width * height))] if strips is None else strips
        self.pages.append(({tag: value for tag, value in told.items() if value is not None}, strips))
        return self

    def build(self) -> bytes:
        order, big = self.order, self.big
        mark = b"II" if order == "<" else b"MM"
        width = "Q" if big else "I"
        data = mark + struct.pack(order + ("HHHQ" if big else "HI"), *((43, 8, 0, 0) if big else (42, 0)))
        link = len(data) - struct.calcsize(width)
        first = 0
        for tags, strips in self.pages:
            places = []
            for strip in strips:
                places.append(len(data))
                data += strip
            tiled = 322 in tags
            offsets, counts = (324, 325) if tiled else (273, 279)
            whole = dict(tags)
            if strips:
                whole.setdefault(offsets, (LONG, places))
                whole.setdefault(counts, (LONG, [len(strip) for strip in strips]))
            data += b"\0" * (-len(data) % 8)
            body, entries = b"", b""
            start = len(data)
            tail = start + (8 if big else 2) + len(whole) * (20 if big else 12) + struct.calcsize(width)
            for tag, (kind, values) in sorted(whole.items()):
                value = struct.pack(f"{order}{len(values)}{_CODES[kind]}", *values)
                if len(value) <= struct.calcsize(width):
                    value = value.ljust(struct.calcsize(width), b"\0")
                else:
                    body, value = body + value, struct.pack(order + width, tail + len(body))
                entries += struct.pack(order + "HH" + width, tag, kind, len(values)) + value
            directory = struct.pack(order + ("Q" if big else "H"), len(whole)) + entries
            data = data[:link] + struct.pack(order + width, start) + data[link + struct.calcsize(width) :]
            first = first or start
            link = len(data) + len(directory)
            data += directory + struct.pack(order + width, first if self.loop else 0) + body
        return data


RGB: dict[str, Any] = {"t262": 2, "t277": 3, "t258": (SHORT, [8, 8, 8])}
RGBA: dict[str, Any] = {"t262": 2, "t277": 4, "t258": (SHORT, [8] * 4), "t338": 2}


def gray(**tags: Any) -> bytes:
    """Return a file of one gray page."""
    return Tiff().page(**tags).build()
