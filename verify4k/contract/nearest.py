"""The legal sizes nearest to an illegal one, exactly.

The distance between two sizes is the change of the edge that changes most, as a ratio; then
that of the other edge (``|ln(W/w)|`` and ``|ln(H/h)|``, larger first). Twice the larger one is
``|ln(area ratio)| + |ln(shape ratio)|``: a change of area and a change of shape weigh alike, and
a square stays square. Ties go to fewer pixels, then to the narrower picture.
"""

from __future__ import annotations

from math import gcd, inf, isqrt, lcm, log
from typing import TYPE_CHECKING

from verify4k.contract.model import Suggestion
from verify4k.contract.rules import size_objections
from verify4k.formats.facts import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from verify4k.contract.model import Grid, Model

KINDS = ("nearest", "not-larger", "larger", "same-ratio")
_DIGITS = 12  # of a distance that count: two ways to compute the same one differ behind them


def distance(size: Size, other: Size) -> tuple[float, float]:
    """Return how far two sizes are apart, larger change first; zeros for equal ones."""
    wide, high = abs(log(other.width / size.width)), abs(log(other.height / size.height))
    return max(wide, high), min(wide, high)


def nearest(size: Size, model: Model) -> tuple[Suggestion, ...]:
    """Return the legal sizes nearest to ``size``: over all, fitting inside, covering, same shape.

    Each is the nearest of its kind; a kind without a legal size is left out, and a size that is
    the nearest in several senses stands once.
    """
    found: dict[Size, list[str]] = {}
    for kind in KINDS:
        best = _closest(size, _candidates(size, model, kind))
        if best is not None:
            found.setdefault(best, []).append(kind)
    return tuple(Suggestion(best, tuple(kinds)) for best, kinds in found.items())


def _candidates(size: Size, model: Model, kind: str) -> Iterator[Size]:
    if model.grid is None:
        yield from filter(_matcher(size, kind), model.fixed)
    elif kind == "same-ratio":
        yield from _scaled(size, model, model.grid)
    else:
        yield from _columns(size, model.grid, kind)


def _matcher(size: Size, kind: str) -> Callable[[Size], bool]:
    return {
        "nearest": lambda _one: True,
        "not-larger": lambda one: one.width <= size.width and one.height <= size.height,
        "larger": lambda one: one.width >= size.width and one.height >= size.height,
        "same-ratio": lambda one: one.width * size.height == one.height * size.width,
    }[kind]


def _columns(size: Size, grid: Grid, kind: str) -> Iterator[Size]:
    """Yield the best height for every width that may count: some tens of candidates instead of 57,600.

    For one width the legal heights form an unbroken run of grid steps, and the distance falls
    towards the wanted height and rises beyond it, so that only the two steps around it count. A
    width that is further away than the best size so far makes no nearer one, nor do those behind it.
    """
    best = inf
    least, most = isqrt(grid.min_pixels // grid.max_ratio), isqrt(grid.max_pixels * grid.max_ratio)
    if kind == "not-larger":
        most = min(most, size.width)
    elif kind == "larger":
        least = max(least, size.width)
    for width in _outwards(size.width, grid.multiple, least, min(most, grid.max_edge)):
        wide = abs(log(width / size.width))
        if round(wide, _DIGITS) > best:
            return
        for height in _heights(width, size, grid, kind):
            far = round(max(wide, abs(log(height / size.height))), _DIGITS)
            if far <= best:
                best = far
                yield Size(width, height)


def _heights(width: int, size: Size, grid: Grid, kind: str) -> tuple[int, ...]:
    step = grid.multiple
    low = max(-(-width // grid.max_ratio), -(-grid.min_pixels // width))
    high = min(width * grid.max_ratio, grid.max_pixels // width, grid.max_edge)
    if kind == "not-larger":
        high = min(high, size.height)
    elif kind == "larger":
        low = max(low, size.height)
    first, last = -(-low // step) * step, high // step * step
    below = size.height // step * step
    if first > last:
        return ()
    if below < first:
        return (first,)
    return (below, below + step) if below < last else (last,)


def _scaled(size: Size, model: Model, grid: Grid) -> Iterator[Size]:
    """Yield legal sizes of exactly the same shape, as long as they may be the nearest."""
    common = gcd(size.width, size.height)
    wide, high = size.width // common, size.height // common
    step = lcm(grid.multiple // gcd(grid.multiple, wide), grid.multiple // gcd(grid.multiple, high))
    best = inf
    least, most = isqrt(grid.min_pixels // (wide * high)), isqrt(grid.max_pixels // (wide * high))
    for factor in _outwards(common, step, least, min(most, grid.max_edge // max(wide, high))):
        far = round(abs(log(factor / common)), _DIGITS)
        one = Size(wide * factor, high * factor)
        if far > best:
            return
        if not any(size_objections(one, model)):
            best = far
            yield one


def _outwards(wanted: int, step: int, least: int, most: int) -> Iterator[int]:
    """Yield the multiples of ``step`` between two, those nearest to ``wanted`` by their ratio first."""
    least = max(least, 1)
    low = min(wanted, most) // step * step
    high = max(low + step, -(-least // step) * step)
    while low >= least or high <= most:
        if high > most or (low >= least and wanted * wanted <= low * high):
            yield low
            low -= step
        else:
            yield high
            high += step


def _closest(size: Size, candidates: Iterable[Size]) -> Size | None:
    return min(candidates, key=lambda one: rank(size, one), default=None)


def rank(size: Size, one: Size) -> tuple[float, float, int, int]:
    """Return the sorting key of "nearest": distance, then pixels, then width."""
    most, least = distance(size, one)
    return round(most, _DIGITS), round(least, _DIGITS), one.pixels, one.width


def covering(size: Size, model: Model, only: tuple[Size, ...] = ()) -> Size | None:
    """Return the nearest size that can be asked for and covers ``size``; None when there is none.

    ``only``: the sizes that a route makes, where that is a list. A size that can be asked for covers itself.
    """
    if only:
        return _closest(size, filter(_matcher(size, "larger"), only))
    if not any(size_objections(size, model)):
        return size
    return _closest(size, _candidates(size, model, "larger"))
