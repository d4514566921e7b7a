"""A smaller picture on a larger canvas: flat, blurred, mirrored or replicated borders, letterbox bars."""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from verify4k.analysis import backdrop, borders
from verify4k.analysis.blas import one_thread
from verify4k.analysis.planes import luma
from verify4k.analysis.quantiles import median
from verify4k.analysis.results import Padding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from verify4k.analysis.planes import Pixels
    from verify4k.analysis.results import BorderKind

_SIDES = ("left", "top", "right", "bottom")
_ACROSS = 256  # evenly spread samples along each line
_NARROWEST_BORDER = 0.01  # share of the side below which a border is a frame line, not padding
_PIXELS = 8  # ... and in pixels
_SHOWN = 0.75  # levels: mean deviation across and along some mirrored border
_BLACK = 24.0  # luma of a film bar, at most
_EVEN = 0.006  # share of the side by which two film bars may differ
_WIDEST_BORDER = 0.48  # share of the side that a border may take
# A picture on a canvas fills its corners, and begins along most of a side that has none; a logo, a sprite or
# an icon with round corners does not.
_CORNER = 0.006  # side of the patch looked at in a corner, in parts of the picture's
_INSET = 2  # pixels between that patch and the edge
_SIDE = 0.6  # share of the line
_GROUND = 0.2  # share of a drawing that shows the ground, and at least as much does not
_ONE_INK = 0.8  # share of the rest that has one colour; the others lie on soft edges
_CLEAR = 0.02  # share of a border that shows what lies below it


def _grey(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """8-bit luma; with an alpha channel the luma over mid grey, so that empty canvas is flat."""
    full = pixels[:, :, None] if pixels.ndim == 2 else pixels
    grey = luma(full)
    if full.shape[2] in (2, 4):
        cover = full[:, :, -1].astype(np.float32) / np.float32(np.iinfo(full.dtype).max)
        grey = grey * cover + 128 * (1 - cover)
    return grey


def _both_ways(lines: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The same lines from either side."""
    return lines, lines[::-1]


def _lines(pixels: Pixels) -> list[NDArray[np.float32]]:
    """For each of _SIDES the lines along it, outermost first: (count, <= _ACROSS) luma samples."""
    rows, columns = (_evenly(length) for length in pixels.shape[:2])
    left, right = _both_ways(np.ascontiguousarray(_grey(np.take(pixels, rows, axis=0)).T))
    top, bottom = _both_ways(_grey(np.take(pixels, columns, axis=1)))
    return [left, top, right, bottom]


def _evenly(length: int) -> NDArray[np.intp]:
    """Where the samples of a line lie."""
    count = min(length, _ACROSS)
    return ((np.arange(count) + 0.5) * length / count).astype(np.intp)


def _detail(pixels: Pixels, axis: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For both sides across an axis, (count, 64) steps to the neighbour within each line."""
    length = pixels.shape[axis]
    picked = ((np.arange(64) + 0.5) * (length - 1) / 64).astype(np.intp)
    after = np.minimum(picked + 1, length - 1)
    here, there = (_grey(np.take(pixels, at, axis=axis)) for at in (picked, after))
    steps = np.abs(here - there)
    return _both_ways(steps.T if axis == 0 else steps)


def _border(lines: NDArray[np.float32]) -> tuple[int, BorderKind | None]:
    """How wide the border is that lines along a side, outermost first, begin with; and its kind."""
    count = len(lines)
    least = max(_PIXELS, round(_NARROWEST_BORDER * count))
    found: list[tuple[int, BorderKind]] = [
        (borders.flat(lines, least), "flat"),
        (borders.replicated(lines, least), "replicated"),
    ]
    if all(size < least for size, _ in found):
        found.append((borders.mirrored_lines(lines, least), "mirrored"))
    size, kind = max(found)
    return (size, kind) if least <= size <= _WIDEST_BORDER * count else (0, None)


@one_thread()
def find(pixels: Pixels) -> Padding | None:
    """The padding of (H, W) or (H, W, 1..4) pixels, or None."""
    height, width = pixels.shape[:2]
    if min(height, width) < 4 * _PIXELS:
        return None
    lines = _lines(pixels)
    found = [_border(one) for one in lines]
    mirrored = any(kind == "mirrored" for _, kind in found)
    if mirrored and _clear(pixels, _within(pixels, [size for size, _ in found])):
        found = [(0, None) if kind == "mirrored" else (size, kind) for size, kind in found]
    for one, other in ((0, 2), (1, 3)):
        if found[one][1] != found[other][1]:
            for side in (one, other):  # a symmetric drawing is not a border
                found[side] = (0, None) if found[side][1] == "mirrored" else found[side]
    if not any(
        kind == "mirrored" and _varied(one[:size]) for one, (size, kind) in zip(lines, found, strict=True)
    ):
        found = [(0, None) if kind == "mirrored" else (size, kind) for size, kind in found]
    drawn = _inset(lines, found) or _in_one_ink(pixels, lines, found) or _on_nothing(pixels, found)
    if drawn or not _rectangle(pixels, lines, found):
        found = [(0, None) if kind == "flat" else (size, kind) for size, kind in found]
    if not any(kind for _, kind in found):
        found = _backed(pixels, lines)
    sizes, kinds = [size for size, _ in found], [kind for _, kind in found]
    box = _within(pixels, sizes)
    if not any(kinds):
        return None
    _film(lines, sizes, kinds)
    sentence, titled = _border_sentence(box, kinds), _titled(lines, found)
    return Padding(box, (kinds[0], kinds[1], kinds[2], kinds[3]), box[2] / box[3], sentence, titled)


def _titled(lines: list[NDArray[np.float32]], found: list[tuple[int, BorderKind | None]]) -> bool:
    bars = [side for side in range(4) if found[side][1] == "flat"]
    if len(bars) != 3:
        return False
    (rest,) = {*range(4)} - {*bars}
    return borders.goes_on(lines[rest], float(median(lines[bars[0]][: found[bars[0]][0]])), _PIXELS)


def _varied(strip: NDArray[np.float32]) -> bool:
    """Whether a border has anything that could be mirrored: a dark gradient is like itself everywhere."""
    least = min(float(np.abs(strip - strip.mean(axis, keepdims=True)).mean()) for axis in (0, 1))
    return least >= _SHOWN


def _clear(pixels: Pixels, box: tuple[int, int, int, int]) -> bool:
    """Whether what lies around a box is partly transparent: sprites and icons, and no copy of a picture."""
    if pixels.ndim == 2 or pixels.shape[2] not in (2, 4):
        return False
    x, y, width, height = box
    clear = pixels[:, :, -1] < np.iinfo(pixels.dtype).max
    around = clear.size - width * height
    inside = np.count_nonzero(clear[y : y + height, x : x + width])
    return bool(np.count_nonzero(clear) - inside > _CLEAR * around)


def _within(pixels: Pixels, sizes: list[int]) -> tuple[int, int, int, int]:
    """The x, y, width and height of what borders of these sizes leave."""
    height, width = pixels.shape[:2]
    return sizes[0], sizes[1], width - sizes[0] - sizes[2], height - sizes[1] - sizes[3]


def _backed(pixels: Pixels, lines: list[NDArray[np.float32]]) -> list[tuple[int, BorderKind | None]]:
    """The borders of a picture that lies on a blurred copy of itself: on all sides, or on two."""
    across, down = (
        backdrop.bars((lines[side], lines[side + 2]), partial(_detail, pixels, side)) for side in (0, 1)
    )
    for sizes in ([across, down] * 2, [across, 0] * 2, [0, down] * 2):
        if not any(sizes):
            continue
        box = _within(pixels, sizes)
        if not _clear(pixels, box) and _copied(pixels, box):
            return [(size, "blurred" if size else None) for size in sizes]
    return [(0, None)] * 4


def _copied(pixels: Pixels, box: tuple[int, int, int, int]) -> bool:
    """Whether what lies around a box shows what lies in it; a few thousand samples tell."""
    height, width = pixels.shape[:2]
    step = max(1, min(height, width) // (4 * backdrop.BACKDROP_GRID))
    x, y, across, down = box
    parts = x / width, y / height, across / width, down / height
    return backdrop.shows(_grey(pixels[::step, ::step]), parts)


def _rectangle(
    pixels: Pixels, lines: list[NDArray[np.float32]], found: list[tuple[int, BorderKind | None]]
) -> bool:
    """Whether what flat borders surround has corners: most of those between two such sides are filled.

    Where there is none, it must begin along most of the side, but for a film's bars: scenes are dark.
    """
    sizes, kinds = [size for size, _ in found], [kind for _, kind in found]
    x, y, width, height = _within(pixels, sizes)
    patch = max(4, round(_CORNER * min(width, height)))
    filled = []
    for side, down in itertools.product((0, 2), (1, 3)):
        if kinds[side] == kinds[down] == "flat":
            left = x + _INSET if side == 0 else x + width - _INSET - patch
            top = y + _INSET if down == 1 else y + height - _INSET - patch
            inner = _grey(pixels[top : top + patch, left : left + patch])
            outer = lines[side][: sizes[side]]
            filled.append(bool(np.abs(inner - median(outer)).mean() > borders.LEVELS))
    if filled:
        return 4 * sum(filled) >= 3 * len(filled)
    bars = [side for side in range(4) if kinds[side] == "flat"]
    if len(bars) == 2 and _black(lines, sizes, bars[0]):
        return True
    return all(_begins(lines[side], sizes[side]) for side in bars)


def _inset(lines: list[NDArray[np.float32]], found: list[tuple[int, BorderKind | None]]) -> bool:
    """Whether a flat border goes on along sides that have none: a plot, a page, windows on a desktop.

    There something else stands beside what begins along a straight edge: labels, text, another window. A
    picture on a canvas touches every edge without a border; one with two borders may be of their colour along
    an edge, and a dark film along both.
    """
    bars = [side for side in range(4) if found[side][1] == "flat"]
    if not bars or len(bars) > 2:
        return False
    colour = float(median(lines[bars[0]][: found[bars[0]][0]]))
    if len(bars) == 2 and bars[1] - bars[0] == 2 and colour <= _BLACK:
        return False
    rest = (lines[side][:_PIXELS] for side in range(4) if side not in bars)
    alike = [not borders.busy_lines(strip, colour).size for strip in rest]
    return any(alike) if len(bars) == 1 else all(alike)


def _in_one_ink(
    pixels: Pixels, lines: list[NDArray[np.float32]], found: list[tuple[int, BorderKind | None]]
) -> bool:
    """Whether what flat borders surround is drawn on their colour in one other: a code in its zone."""
    bars = [side for side in range(4) if found[side][1] == "flat"]
    if not bars:
        return False
    x, y, width, height = _within(pixels, [size for size, _ in found])
    step = max(1, min(width, height) // _ACROSS)
    drawn = _grey(pixels[y : y + height : step, x : x + width : step])
    ink = np.abs(drawn - median(lines[bars[0]][: found[bars[0]][0]])) > borders.LEVELS
    if not _GROUND <= 1 - ink.mean() <= 1 - _GROUND:
        return False
    return float((np.abs(drawn[ink] - median(drawn[ink])) <= borders.LEVELS).mean()) >= _ONE_INK


def _on_nothing(pixels: Pixels, found: list[tuple[int, BorderKind | None]]) -> bool:
    """Whether flat borders are clear and so is much of what they surround: a word or a mark, no picture."""
    if pixels.ndim == 2 or pixels.shape[2] not in (2, 4) or not any(kind == "flat" for _, kind in found):
        return False
    x, y, width, height = _within(pixels, [size if kind == "flat" else 0 for size, kind in found])
    clear = pixels[:, :, -1] == 0
    inside = np.count_nonzero(clear[y : y + height, x : x + width])
    around = np.count_nonzero(clear) - inside
    borders_are = around >= (1 - _CLEAR) * (clear.size - width * height)
    return bool(borders_are and inside >= _GROUND * width * height)


def _begins(lines: NDArray[np.float32], size: int) -> bool:
    """Whether the picture begins along most of the line that a flat border ends at."""
    off = np.abs(lines[size : size + borders.SOFT] - median(lines[:size])) > borders.LEVELS
    return bool(off.any(0).mean() >= _SIDE)


def _black(lines: list[NDArray[np.float32]], sizes: list[int], one: int) -> bool:
    """Whether the borders on a side and on the opposite one are black and as wide as each other."""
    other = (one + 2) % 4
    levels = [float(median(lines[side][: sizes[side]])) for side in (one, other) if sizes[side]]
    alike = abs(sizes[one] - sizes[other]) <= max(2, _EVEN * len(lines[one]))
    return alike and len(levels) == 2 and max(levels) <= _BLACK


def _film(lines: list[NDArray[np.float32]], sizes: list[int], kinds: list[BorderKind | None]) -> None:
    """Call two even black bars, and nothing else, a letterbox."""
    for one, other in ((0, 2), (1, 3)):
        rest = [kinds[side] for side in range(4) if side not in (one, other)]
        if kinds[one] == kinds[other] == "flat" and not any(rest) and _black(lines, sizes, one):
            kinds[one] = kinds[other] = "letterbox"


def _border_sentence(box: tuple[int, int, int, int], kinds: list[BorderKind | None]) -> str:
    """One plain sentence."""
    named = ", ".join(f"{kind} {side}" for side, kind in zip(_SIDES, kinds, strict=True) if kind)
    return f"a {box[2]}x{box[3]} picture on a larger canvas ({named})"
