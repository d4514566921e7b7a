"""What a JPEG file itself says about its coding grid."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JpegTables:
    """The luma quantisation table, 64 steps in natural (row by row) order, and the chroma subsampling.

    subsampling: "4:4:4", "4:2:2", "4:2:0" and the like.
    """

    luma: tuple[int, ...]
    subsampling: str
