"""What the ways of sampling colours more coarsely than brightness are called."""

from __future__ import annotations

NAMES: dict[tuple[float, float], str] = {  # how many luma samples stand for one of chroma, across and down
    (1, 1): "4:4:4",
    (2, 1): "4:2:2",
    (1, 2): "4:4:0",
    (2, 2): "4:2:0",
    (4, 1): "4:1:1",
    (4, 2): "4:1:0",
}


def coarseness(across: float, down: float) -> str:
    """Return the name of a sampling, "" of colours that are whole; what has no name is told in numbers."""
    return "" if (across, down) == (1, 1) else NAMES.get((across, down), f"{across:g}x{down:g}")
