"""Checkerboard traces: what interleaving leaves at every second, fourth, eighth and sixteenth pixel.

A network enlarges by transposed convolution, or by interleaving the pixels of several small planes
(sub-pixel convolution: W. Shi et al., CVPR 2016). Every phase of its output has weights of its own, and the
phases never quite agree: checkerboard artifacts (A. Odena, V. Dumoulin, C. Olah: Deconvolution and
Checkerboard Artifacts, Distill 2016). They are far too faint to be seen, but among millions of pixels
one phase is a little more often brighter than its neighbour than another.

So nothing is measured but signs: whether a pixel is brighter than its neighbour along x, and along y, and
whether two such signs, a step or two apart, agree. Signs weigh a smooth place like a busy one, which is
where networks leave most, and neither brightness nor contrast changes them. Each of the MAPS is counted per
column and per row, and the counts are looked at where they would repeat with a pitch of 16, 8, 4 or 2.
A codec's blocks, a sensor and a generator's decoder repeat there too, in other ways: enlargers.py tells
them apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.native.cyclic import root_mean_power
from verify4k.analysis.native.dashes import without_dashes
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from verify4k.analysis.planes import Pixels

    Signs = NDArray[np.uint8]

PITCH_LINES = tuple(k / 16 for k in range(1, 9))  # cycles a pixel
SIGN_OFFSETS = (
    (0, 1),
    (1, 0),
    (1, 1),
    (1, -1),
    (0, 2),
    (2, 0),
)  # down and right, between two signs that may agree
MAPS = 2 * (1 + len(SIGN_OFFSETS)) + 2
MAP_REACH = 2  # pixels that a map looks beyond its own, down and right; and MAP_EDGE to the left
MAP_EDGE = 1
_LONGEST_PITCH = 16
_MOST_PIXELS = 4_200_000  # pixels counted: of more, the rows in the middle
_FEWEST_ROWS = 64  # and so many rows at least
_COUNTED_ROWS = 120  # rows counted at a time, which a byte a column can hold
_WORD, _BYTE_SUMS = 8, 255  # bytes added as one number, and how often that can be done before a byte is full
_LINE_SURROUNDINGS, _LINE_GAP = (
    48,
    4,
)  # bins to each side that make the noise of a line, and those left out next to it
_LINE_NOISE_FLOOR = 0.3  # of what independent pixels would give, below which the noise is not taken to be


class Traces(NamedTuple):
    """(MAPS, len(PITCH_LINES)) each: how each map repeats along x, and along y, at each line.

    In units of the noise around the line; the phase is the one at the picture's left, or upper, border.
    """

    x: NDArray[np.complex128]
    y: NDArray[np.complex128]


class Counts(NamedTuple):
    """(MAPS, columns) and (MAPS, rows): how many pixels of each are set in each map, from row ``top`` on."""

    top: int
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]


def traces(pixels: Pixels) -> Traces:
    """The traces in (H, W) or (H, W, 1..4) pixels of at least 64 each way."""
    return traces_in_counts(central_counts(pixels))


def traces_in_counts(counts: Counts) -> Traces:
    """The traces in counts."""
    top, columns, rows = counts
    return Traces(
        _line_amplitudes(columns, rows.shape[1], MAP_EDGE),
        _line_amplitudes(rows, columns.shape[1], top + MAP_EDGE),
    )


def pitch_curves(counts: Counts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(length // 2 + 1,) each: the amplitudes of all maps along x, and y, at every pitch, for drawing.

    Root mean square, in units of what chance would give.
    """
    _, columns, rows = counts
    x, y = (
        np.sqrt(np.square(sizes / np.maximum(chance, 1e-9)[:, None]).mean(0))
        for _, sizes, chance in (
            _count_spectra(columns, rows.shape[1]),
            _count_spectra(rows, columns.shape[1]),
        )
    )
    return x, y


def central_counts(pixels: Pixels) -> Counts:
    """The counts of the rows in the middle, at most _MOST_PIXELS pixels."""
    top, plane = central_rows(pixels)
    return Counts(top, *counted_signs(plane))


def central_rows(pixels: Pixels) -> tuple[int, Pixels]:
    """The first of the rows that are counted, and their (rows, W) levels; of colours green is looked at.

    Green is what a sensor has most of, and the levels of a file as they are: luma would be rounded anew.
    """
    plane = pixels if pixels.ndim == 2 else pixels[:, :, 1 if pixels.shape[2] > 2 else 0]
    height, width = plane.shape
    rows = min(height, max(_FEWEST_ROWS, _MOST_PIXELS // width)) // _LONGEST_PITCH * _LONGEST_PITCH
    top = (height - rows) // 2 // _LONGEST_PITCH * _LONGEST_PITCH
    return top, plane[top : top + rows]


def undashed_traces(pixels: Pixels) -> Traces | None:
    """The traces in pixels whose dashed lines are taken out; None of pixels without such lines."""
    top, plane = central_rows(pixels)
    found = without_dashes(plane)
    return None if found is None else traces_in_counts(Counts(top, *counted_signs(found)))


def counted_signs(plane: Pixels) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(MAPS, columns) and (MAPS, rows): how many pixels of each are set in each map."""
    height, width = (side - MAP_EDGE - MAP_REACH - 1 for side in plane.shape)
    width = width // _WORD * _WORD
    columns = np.zeros((MAPS, width), np.int64)
    rows = np.zeros((MAPS, height), np.int64)
    for start in range(0, height, _COUNTED_ROWS):
        count = min(_COUNTED_ROWS, height - start)
        strip = plane[start : start + count + MAP_EDGE + MAP_REACH + 1].copy()
        for number, signs in enumerate(_sign_maps(strip, count, width)):
            columns[number] += np.add.reduce(signs, axis=0, dtype=np.uint8)
            rows[number, start : start + count] = _row_sums(signs)
    return columns, rows


def _sign_maps(strip: Pixels, count: int, width: int) -> Iterator[Signs]:
    """The MAPS of a strip, (count, width) zeros and ones each; the array is used again for the next."""
    found = np.empty((count, width), np.uint8)
    right = (strip[:, 1:] > strip[:, :-1]).view(np.uint8)
    below = (strip[1:] > strip[:-1]).view(np.uint8)

    def part(signs: Signs, down: int, across: int) -> Signs:
        start = MAP_EDGE + across
        return signs[MAP_EDGE + down : MAP_EDGE + down + count, start : start + width]

    for signs in (right, below):
        here = part(signs, 0, 0)
        np.copyto(found, here)
        yield found
        for down, across in SIGN_OFFSETS:
            yield np.bitwise_xor(here, part(signs, down, across), out=found)
    for across in (0, 1):
        yield np.bitwise_xor(part(right, 0, 0), part(below, 0, across), out=found)


def _row_sums(signs: Signs) -> NDArray[np.int64]:
    """(count,) sums of the rows; eight bytes at a time, ten times as fast as one by one."""
    words = signs.view(np.uint64)
    total = np.zeros(len(signs), np.int64)
    for start in range(0, words.shape[1], _BYTE_SUMS):
        lanes = np.add.reduce(words[:, start : start + _BYTE_SUMS], axis=1)
        total += lanes.view(np.uint8).reshape(-1, _WORD).sum(1, dtype=np.int64)
    return total


def _line_amplitudes(counts: NDArray[np.int64], of: int, first: int) -> NDArray[np.complex128]:
    """(MAPS, length) counts of ``of`` pixels, from ``first`` on -> (MAPS, len(PITCH_LINES)) amplitudes."""
    waved, sizes, chance = _count_spectra(counts, of)
    length, before = counts.shape[1], first % _LONGEST_PITCH
    folded = np.pad(waved, ((0, 0), (before, -(before + length) % _LONGEST_PITCH)))
    found: NDArray[np.complex128] = np.fft.fft(folded.reshape(len(counts), -1, _LONGEST_PITCH).sum(1), axis=1)
    noise = np.stack([_noise_around(sizes, round(line * length)) for line in PITCH_LINES], axis=1)
    return found[:, 1 : len(PITCH_LINES) + 1] / np.maximum(
        np.maximum(noise, _LINE_NOISE_FLOOR * chance[:, None]), 1e-9
    )


def _count_spectra(
    counts: NDArray[np.int64], of: int
) -> tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.float64]]:
    """Counts about their mean, faded out at both ends; the sizes of their waves; and (MAPS,) chance's."""
    window = np.hanning(counts.shape[1] + 2)[1:-1]
    mean = counts.mean(1, keepdims=True)
    waved = (counts - mean) * window
    share = np.clip(mean[:, 0] / max(1, of), 0, 1)
    chance = np.sqrt(share * (1 - share) * of * np.square(window).sum())
    scaled = (waved * waved.shape[1]).astype(np.float32)
    # so normalised, NumPy stays in single precision
    sizes = np.abs(np.fft.rfft(scaled, axis=1, norm="forward")).astype(np.float32, copy=False)
    return waved, sizes, chance


def _noise_around(sizes: NDArray[np.float32], at: int) -> NDArray[np.float64]:
    """(MAPS,) root mean power around a bin, but what stands out there."""
    low, high = (
        sizes[:, max(_LINE_GAP, at - _LINE_SURROUNDINGS) : max(0, at - _LINE_GAP + 1)],
        sizes[:, at + _LINE_GAP : at + _LINE_SURROUNDINGS],
    )
    return root_mean_power(np.hstack([low, high]))
