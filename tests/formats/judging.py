"""Runs a parser's three functions over bytes, as a full check does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from verify4k.errors import CannotRead, Damaged, NotAnImage
from verify4k.formats import registry
from verify4k.formats.facts import BytesReader
from verify4k.formats.limits import DEFAULT
from verify4k.formats.reading.foreign import name_foreign

if TYPE_CHECKING:
    from verify4k.formats.facts import Header, Walk
    from verify4k.formats.pixels import Pixels


class Judged(NamedTuple):
    """Header, walk and pixels; ``damage`` gathers what any of them found."""

    header: Header
    walk: Walk
    pixels: Pixels | None
    damage: tuple[str, ...]

    @property
    def alpha(self) -> str:
        if not self.header.alpha:
            return "none"
        assert self.pixels is not None
        return "used" if self.pixels.alpha_used() else "opaque"

    @property
    def frames(self) -> int | None:
        return self.walk.frames if self.header.frames is None else self.header.frames

    @property
    def animated(self) -> bool | None:
        return self.walk.animated if self.header.animated is None else self.header.animated


def header_of(data: bytes) -> Header:
    name = registry.sniff(data[: registry.HEAD])
    if name is None:
        raise name_foreign(BytesReader(data))
    found: Header = registry.load(name).header(BytesReader(data))
    return found


def walk_of(data: bytes) -> Walk:
    found: Walk = registry.load(registry.sniff(data[: registry.HEAD]) or "").walk(BytesReader(data))
    return found


def judge(data: bytes) -> Judged:
    """Everything; damage that decoding finds is in ``damage``, too."""
    header, walk = header_of(data), walk_of(data)
    damage = header.damage + walk.damage
    pixels = None
    if damage:
        return Judged(header, walk, None, damage)
    try:
        pixels = registry.load(header.format).decode(data, header, colour=True, limits=DEFAULT)
    except Damaged as error:
        damage += (error.message,)
    return Judged(header, walk, pixels, damage)


def decode(data: bytes) -> Pixels:
    header = header_of(data)
    found: Pixels = registry.load(header.format).decode(data, header, colour=True, limits=DEFAULT)
    return found


def verdict(data: bytes) -> str:
    """One word; anything but our own errors flies."""
    try:
        return "damaged" if judge(data).damage else "ok"
    except Damaged:
        return "damaged"
    except NotAnImage:
        return "not-an-image"
    except CannotRead:
        return "undecided"
