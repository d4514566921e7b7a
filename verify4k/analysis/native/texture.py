"""What single lines of the picture add to a peak: how much detail there is, and whether lines repeat at it.

Averaged planes cannot show either: a smooth picture's peaks rest on few places, and the cells of a
nearest-neighbour enlargement stand at a ratio and, as a peak, at its mirror image too.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.native.cyclic import CyclicAutocorrelation
from verify4k.analysis.native.repetition import mean_steps, phase_correlation, phase_profile, relative_steps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Lines


class Texture:
    """The steps from sample to sample along (count, width) rows and (count, height) columns."""

    def __init__(self, rows: Lines, columns: Lines) -> None:
        self._lines = rows, columns
        self._steps = mean_steps(rows), mean_steps(columns)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture."""
        rows, columns = self._lines
        return rows.shape[1], columns.shape[1]

    @cached_property
    def cyclic(self) -> tuple[CyclicAutocorrelation, CyclicAutocorrelation]:
        """How neighbours along x, and along y, depend on each other."""
        (rows, columns), (width, height) = self._lines, self.size
        return CyclicAutocorrelation(rows, height), CyclicAutocorrelation(columns, width)

    @property
    def detail(self) -> tuple[float, float]:
        """Mean step along x and along y, in 8-bit grey levels."""
        x, y = self._steps
        return float(x.mean()), float(y.mean())

    @cached_property
    def _relative(self) -> tuple[tuple[NDArray[np.float32], float] | None, ...]:
        """Each axis' steps relative to their neighbourhood, with their spread; None where most is flat."""
        levels = (relative_steps(step) for step in self._steps)
        return tuple(
            None if level is None else (level, float(np.square(level - level.mean()).sum()))
            for level in levels
        )

    def cells(self, x: int, y: int) -> tuple[float, float]:
        """How well cells of these native sizes explain the steps, and those of the mirrored sizes, 0..1.

        The weaker axis counts: 1 where nearest neighbour enlarged both and nothing was done since.
        """
        found = [self._explained(number, size) for number, size in enumerate((x, y))]
        return min(here for here, _ in found), min(mirrored for _, mirrored in found)

    def _explained(self, number: int, size: int) -> tuple[float, float]:
        level = self._relative[number]
        if level is None:
            return 0.0, 0.0
        relative, spread = level
        sums, counts = phase_profile(relative, size)
        ratio = size / (relative.size + 1)
        return phase_correlation(sums, counts, spread, ratio), phase_correlation(
            sums, counts, spread, 1 - ratio
        )
