"""Undo a supposed enlargement, and see what is left over: the proof that getnative and descale draw for film.

An enlargement from c samples with a known kernel is a matrix with c columns, and the picture lies in their
span: solved for the c samples and enlarged again, nothing is left but rounding and a codec's noise. Of any
other size, though it has as many columns, more is left. So the residual is compared with those of sizes
close by, which differ in nothing but where the samples lie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.native.verdict import Inversion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

SEGMENT, _SEGMENTS, _ROWS = 176, 4, 48  # samples, how many along a line, and rows looked at in each
SHORTEST = 320  # samples
_CHANGE = 1.0  # levels
FEWEST_PLACES = 32  # of some 700 at which a picture changes: the edges of a few boxes fit any lattice
BESIDE = (-9.0, -5.0, 5.0, 9.0)  # sizes by which the others differ: far enough for samples to move
RIDGE = 1e-7  # of the diagonal: some kernels lose single waves
LEAST_NOISE = 0.002  # mean square: what rounding leaves of means of some lines


def _cubic(b: float, c: float) -> Callable[[Array], Array]:
    def weight(x: Array) -> Array:
        x = np.abs(x)
        near = (12 - 9 * b - 6 * c) * x**3 + (-18 + 12 * b + 6 * c) * x**2 + 6 - 2 * b
        far = (-b - 6 * c) * x**3 + (6 * b + 30 * c) * x**2 + (-12 * b - 48 * c) * x + 8 * b + 24 * c
        return np.where(x < 1, near, np.where(x < 2, far, 0.0)) / 6

    return weight


def _lanczos(lobes: int) -> Callable[[Array], Array]:
    return lambda x: np.where(np.abs(x) < lobes, np.sinc(x) * np.sinc(x / lobes), 0.0)


def _nearest(x: Array) -> Array:
    return ((x > -0.5) & (x <= 0.5)).astype(float)


def _hamming(x: Array) -> Array:
    return np.where(np.abs(x) < 1, np.sinc(x) * (0.54 + 0.46 * np.cos(np.pi * x)), 0.0)


# How far each reaches, and its weights.
KERNELS: dict[str, tuple[int, Callable[[Array], Array]]] = {
    "nearest": (1, _nearest),
    "bilinear": (1, lambda x: np.maximum(1 - np.abs(x), 0)),
    "hamming": (1, _hamming),
    "bicubic (Catmull-Rom)": (2, _cubic(0, 0.5)),
    "bicubic (0.75)": (2, _cubic(0, 0.75)),
    "bicubic (Mitchell)": (2, _cubic(1 / 3, 1 / 3)),
    "Lanczos 3": (3, _lanczos(3)),
    "Lanczos 4": (4, _lanczos(4)),
}


# Those whose gain shows that of their like.
QUICK = ("nearest", "bilinear", "hamming", "bicubic (Catmull-Rom)", "Lanczos 3")
SMOOTH = tuple(kernel for kernel in QUICK if kernel != "nearest")  # regular subjects leave little under that
_SHIFTS = tuple(k / 8 for k in range(-4, 4))  # native samples: where crops at eighths begin
FITS = 1.5  # times what the best kernel leaves
BEST_FIT = 1.05  # of a proof: rounding hides which kernel it was where all leave little
TELLING = 0.3  # gain from which a size is told to fit
MOST_LEFT = 0.3  # levels, of a proof: what rounding leaves is a third of that, what a drawing leaves is more


def enlarging(
    kernel: str, stored: int, native: float, start: int, shift: float = 0.0, count: int = SEGMENT
) -> Array:
    """(count, columns): samples from ``start`` on as sums of native ones, half a step from the border.

    shift: native samples by which they start elsewhere.
    """
    reach, weight = KERNELS[kernel]
    place = (np.arange(start, start + count) + 0.5) * native / stored - 0.5 + shift
    floor = np.floor(place).astype(np.intp)
    first = int(floor[0]) - reach + 1
    taps = floor[:, None] + np.arange(1 - reach, reach + 1)  # all that a kernel reaches
    weights = weight(place[:, None] - taps)
    found = np.zeros((count, int(floor[-1]) + reach + 1 - first))
    found[np.arange(count)[:, None], taps - first] = weights / np.maximum(weights.sum(1, keepdims=True), 1e-9)
    return found


def residual(matrix: Array, samples: Array) -> float:
    """Sum of squares of (SEGMENT, rows) samples that the columns of the matrix do not span."""
    gram = matrix.T @ matrix
    gram.flat[:: len(gram) + 1] += RIDGE * gram.diagonal().mean()
    across = matrix.T @ samples
    return float(np.square(samples).sum() - (across * np.linalg.solve(gram, across)).sum())


class Lines:
    """What is looked at along one axis: the busiest lines of a few segments of a (count, length) plane."""

    def __init__(self, plane: NDArray[np.float32]) -> None:
        self.stored = plane.shape[1]
        self.parts: list[tuple[int, Array]] = []
        for number in range(_SEGMENTS):
            start = int((number + 0.5) / _SEGMENTS * (self.stored - SEGMENT))
            part = plane[:, start : start + SEGMENT]
            busy = np.argsort(np.abs(np.diff(part, 2, axis=1)).mean(1))[-_ROWS:]
            chosen = part[busy].T.astype(np.float64)
            self.parts.append((start, chosen - chosen.mean(0)))
        self.busiest = max(self.parts, key=lambda part: float(np.square(np.diff(part[1], 2, axis=0)).sum()))
        self.count = sum(part.size for _, part in self.parts)
        self._left: dict[tuple[str, float, float], float] = {}

    @property
    def places(self) -> int:
        """At how many places along the axis anything changes, in any of the lines."""
        steps = (np.abs(np.diff(part, axis=0)).max(1) for _, part in self.parts)
        return sum(int((step > _CHANGE).sum()) for step in steps)

    def left(self, kernel: str, native: float, shift: float = 0.0) -> float:
        """Mean square that a native size leaves over; never less than rounding would."""
        key = kernel, native, shift
        if key not in self._left:
            matrices = ((enlarging(kernel, self.stored, native, at, shift), part) for at, part in self.parts)
            self._left[key] = sum(residual(*each) for each in matrices) / self.count + LEAST_NOISE
        return self._left[key]

    def may_gain(self, kernel: str, native: float, least: float) -> bool:
        """A first look at the busiest segment: whether one size close by leaves half of what a gain asks."""
        at, part = self.busiest

        def left(size: float) -> float:
            return residual(enlarging(kernel, self.stored, size, at), part) / part.size + LEAST_NOISE

        return bool(left(native + BESIDE[2]) >= np.exp(least) / 2 * left(native))

    def here_and_beside(self, kernel: str, native: float, shift: float = 0.0) -> tuple[float, float]:
        """What this size leaves, and the mean of some close by."""
        beside = [self.left(kernel, native + more, shift) for more in BESIDE]
        return self.left(kernel, native, shift), float(np.mean(beside))

    def start(self, kernel: str, native: float) -> float:
        """The shift of which the busiest segment leaves least."""
        at, part = self.busiest
        return min(
            _SHIFTS, key=lambda shift: residual(enlarging(kernel, self.stored, native, at, shift), part)
        )


def leaves_little(axes: tuple[Lines, ...], size: tuple[float, ...], kernels: Iterable[str]) -> bool:
    """Whether any kernel leaves no more than MOST_LEFT of all axes: whatever it gains, more is no proof."""
    each = ([axis.left(kernel, own) for axis, own in zip(axes, size, strict=True)] for kernel in kernels)
    return any(_rounded(float(np.mean(left)) ** 0.5) <= MOST_LEFT for left in each)


def _rounded(number: float) -> float:
    return round(number, 4)  # the rest is rounding


def inverted(axes: tuple[Lines, ...], size: tuple[float, ...], kernels: Iterable[str] = KERNELS) -> Inversion:
    """What a native size leaves of one axis, or of both."""
    best = Inversion("", 0.0, 0.0, -1.0, -1.0)
    for kernel in kernels:
        found = [axis.here_and_beside(kernel, native) for axis, native in zip(axes, size, strict=True)]
        here, beside = (float(np.mean(part)) for part in zip(*found, strict=True))
        gains = [float(np.log(other / own)) for own, other in found]
        numbers = here**0.5, beside**0.5, float(np.log(beside / here)), min(gains)
        one = Inversion(kernel, *map(_rounded, numbers))
        best = max(best, one, key=lambda each: each.gain)
    return best


def fitting_gain(
    axes: tuple[Lines, ...], size: tuple[float, ...], *, anywhere: bool = False, fits: float = FITS
) -> float:
    """The gain of the kernels that fit the picture about as well as the best of them does.

    At a simple ratio samples keep few phases, so that a kernel which leaves half of a smooth wave leaves less
    of it than at the sizes beside, whatever the picture is. anywhere: wherever the first sample lies. fits:
    how many times what the best kernel leaves others may leave.
    """
    tried = []
    for kernel in QUICK if anywhere else KERNELS:
        shifts = [
            axis.start(kernel, native) if anywhere else 0.0 for axis, native in zip(axes, size, strict=True)
        ]
        found = [axis.here_and_beside(kernel, *each) for axis, *each in zip(axes, size, shifts, strict=True)]
        here, beside = (float(np.mean(part)) for part in zip(*found, strict=True))
        tried.append((here, float(np.log(beside / here))))
    least = min(here for here, _ in tried)
    return max(gain for here, gain in tried if here <= fits * least)
