"""Image headers of JPEG XL, bit by bit."""

from __future__ import annotations

SMALL = ((1, 1), (1, 5), (0, 3), (2, 5))  # 24x16 in units of eight


def stream(*fields: tuple[int, int]) -> bytes:
    """FF 0A and (value, width) pairs, least significant bit first."""
    value = at = 0
    for number, width in fields:
        value |= number << at
        at += width
    return b"\xff\x0a" + value.to_bytes(at // 8 + 8, "little")


def metadata(
    *fields: tuple[int, int],
    depth: tuple[tuple[int, int], ...] = ((0, 1), (0, 2)),
    extra: tuple[tuple[int, int], ...] = ((0, 2),),
    colour: tuple[tuple[int, int], ...] = ((1, 1),),
    xyb: int = 1,
) -> bytes:
    return stream(*SMALL, (0, 1), *(fields or ((0, 1),)), *depth, (1, 1), *extra, (xyb, 1), *colour)
