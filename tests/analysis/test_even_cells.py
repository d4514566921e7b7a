"""Cells along lines that hardly change have no large steps: no drawing, and no mean of nothing."""

from __future__ import annotations

import numpy as np

from verify4k.analysis.native.cells import is_graphic


def test_tones_that_hardly_change_are_no_drawing() -> None:
    lines = np.tile(np.linspace(0, 255, 64, dtype=np.float32)[:, None], (1, 640))  # each line of one tone
    assert not is_graphic(lines, 16.0, 0)
