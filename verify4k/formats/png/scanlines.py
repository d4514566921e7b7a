"""How many bytes of rows a picture of PNG has (7.2, 8.1)."""

from __future__ import annotations

# 8.1, Adam7: first column, first row, column step, row step
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def scanlines(width: int, height: int, bits: int, *, interlaced: bool) -> list[tuple[int, int]]:
    """Return (bytes of a scanline with its filter byte, number of scanlines) for each pass."""
    if not interlaced:
        return [(1 + (width * bits + 7) // 8, height)]
    passes = []
    for column, row, right, down in _PASSES:
        across, lines = -(-(width - column) // right), -(-(height - row) // down)
        if across > 0 and lines > 0:
            passes.append((1 + (across * bits + 7) // 8, lines))
    return passes
