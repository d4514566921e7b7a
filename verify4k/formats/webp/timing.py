"""How a WebP plays: ANIM's rounds, each ANMF's duration (RFC 9649, 2.7.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.facts import Timing, timing_of
from verify4k.formats.webp.frames import chunks

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader


def timing(reader: Reader) -> Timing | None:
    """Return the durations of all frames; None for a still picture."""
    plays, delays, announced = 0, [], False
    end = min(reader.size, 8 + int.from_bytes(reader.read(4, 4), "little"))
    for chunk in chunks(reader, 12, end):
        if chunk.kind == b"ANIM":
            announced, plays = True, int.from_bytes(reader.read(chunk.at + 4, 2), "little")
        elif chunk.kind == b"ANMF":
            delays.append(float(int.from_bytes(reader.read(chunk.at + 12, 3), "little")))
    return timing_of(delays, plays) if announced else None
