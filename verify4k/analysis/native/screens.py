"""Halftones and other screens: a pattern of one pitch printed over the whole picture.

A screen repeats the picture's spectrum about its own frequency, as sampling does, and so makes a lattice
at its harmonics. But its dots stand in the picture themselves: they are a line in the power spectrum, far
above all around it. Kernels weigh every sample alike, so that an enlargement has no such line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.quantiles import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Lines

_AROUND = 24  # bins to each side that a line is held against
_LONGEST = 40.0  # pixels of a pitch
# Decibels above all around it, on both axes: halftones 17 to 25, 99 of 100 enlargements 16 at most.
_LEAST = 15.0
_HARMONICS, _SAME = 4, 0.004  # how many times the frequency a lattice may stand at; in ratio


def screen_pitch(ratio: float, rows: Lines, columns: Lines) -> float | None:
    """The pitch in pixels of a screen over (count, length) luma lines of which the ratio is a harmonic."""
    pitches = []
    for lines in (rows, columns):
        frequency, height = _strongest_line(lines)
        if height < _LEAST or not _is_harmonic(ratio, frequency):
            return None
        pitches.append(1 / frequency)
    return max(pitches)


def _strongest_line(lines: Lines) -> tuple[float, float]:
    """The frequency, in cycles a pixel, that stands highest above its surroundings, and by how many dB."""
    length = lines.shape[1]
    window: NDArray[np.float32] = np.hanning(length).astype(np.float32)
    waves = np.fft.rfft((lines - lines.mean(1, keepdims=True)) * window, axis=1)
    level = 10 * np.log10(np.square(np.abs(waves)).mean(0) + 1e-3)
    padded = np.pad(level, _AROUND, mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1)
    height = level - median(around, -1)
    height[: int(length / _LONGEST) + 1] = 0
    at = int(height.argmax())
    return at / length, float(height[at])


def _is_harmonic(ratio: float, frequency: float) -> bool:
    """Whether a lattice at a ratio stands at a multiple of a frequency, or at its mirror image."""
    places = (sign * times * frequency % 1.0 for times in range(1, _HARMONICS + 1) for sign in (1, -1))
    return any(abs(place - ratio) <= _SAME for place in places)
