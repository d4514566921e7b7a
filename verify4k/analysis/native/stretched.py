"""Enlarged in one direction only: a picture that was stretched to another shape, proved by undoing it.

Everywhere else the peaks of both axes have to agree; a lattice on one axis alone may be a woven or striped
subject, a scan line or an older codec. So it counts in lossless files alone, where undoing the enlargement of
that axis leaves far less than sizes close by leave: what regular subjects leave under "nearest" is no proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.native import inversion, lattices
from verify4k.analysis.native.verdict import Native, of_ratio
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.native.inversion import Lines
    from verify4k.analysis.native.peaks import Axis, PairedAxes
    from verify4k.analysis.native.verdict import Inversion

_LEAST, _NOTHING = 8.0, 4.0  # deviations on the axis, and at most on the other at the same ratio
_FIRST_RATIO, _LAST_RATIO = 0.25, 0.86  # above, an older JPEG of a regular drawing has its strongest line
# Of undoing it; where a codec has lines. Threads woven at a pitch, drawn over a picture, gained 1.4 at most.
_GAIN, _GAIN_ON_GRID = 1.5, 2.0
_GRID = 16
_BESIDE = 5  # bins
_KERNELS = tuple(kernel for kernel in inversion.KERNELS if kernel != "nearest")


class Stretched(NamedTuple):
    """axis: 0 across, 1 down. strength: deviations on both axes."""

    axis: int
    ratio: float
    strength: tuple[float, float]
    undone: Inversion


def stretched(both: PairedAxes, axes: tuple[Lines, Lines]) -> Stretched | None:
    """The axis that was enlarged alone, and its ratio; None where nothing proves one."""
    found = [each for axis in (0, 1) if (each := _proved(axis, both, axes[axis])) is not None]
    best = max(found, key=lambda each: each.undone.gain, default=None)
    if best is None:
        return None
    native = round(best.ratio * axes[best.axis].stored)
    return best._replace(undone=inversion.inverted((axes[best.axis],), (native,), _KERNELS))


def _proved(axis: int, both: PairedAxes, lines: Lines) -> Stretched | None:
    """The strongest peak of one axis, where it stands alone and can be undone."""
    own, other = _strength((both.x, both.y)[axis]), _strength((both.y, both.x)[axis])
    first, last = int(_FIRST_RATIO * own.size), int(_LAST_RATIO * own.size)
    at = first + int(own[first:last].argmax())
    there = round(at / own.size * other.size)
    beside = float(other[max(0, there - _BESIDE) : there + _BESIDE + 1].max())
    if own[at] < _LEAST or beside > _NOTHING:
        return None
    ratio = at / own.size
    native = round(ratio * lines.stored)
    gain = _GAIN_ON_GRID if lattices.on_grid(ratio, own.size, _GRID) else _GAIN
    hopeful = [kernel for kernel in inversion.SMOOTH if lines.may_gain(kernel, native, gain)]
    undone = inversion.inverted((lines,), (native,), hopeful)
    if undone.gain < gain or undone.left > inversion.MOST_LEFT:
        return None
    strength = float(own[at])
    return Stretched(axis, ratio, (strength, beside) if axis == 0 else (beside, strength), undone)


def _strength(axis: Axis) -> NDArray[np.float32]:
    stronger: NDArray[np.float32] = np.maximum(axis.aligned, axis.free)
    return stronger


def stretched_native(found: Stretched, size: tuple[int, int]) -> Native:
    """The verdict on a picture of this size."""
    native = tuple(round(found.ratio * edge) if n == found.axis else edge for n, edge in enumerate(size))
    way = ("across", "down")[found.axis]
    undone = found.undone
    sentence = (
        f"looks enlarged from {native[0]}x{native[1]}, in one direction only (x{1 / found.ratio:.3g} {way}); "
        f"undone with {undone.kernel} it leaves {undone.left:.2f} levels, sizes beside it {undone.beside:.2f}"
    )
    return Native(
        of_ratio(found.ratio),
        (native[0], native[1]),
        found.ratio,
        found.strength,
        "lattice on one axis",
        sentence,
        inversion=undone,
    )
