"""Whether one picture shows the same as another it was made from, and what else was done to it.

Compared are cells, not pixels: encoding, resizing, conversion of colours and sharpening change them little
and alike. A suspicion needs a better explanation: the picture turned, mirrored, cut or framed has to agree
several times better than the picture as it is.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal

import numpy as np

from verify4k.analysis.agreement import FLAT, agreement, correlation, layers, luma_over
from verify4k.analysis.glance import EDGE, Glance, part
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.analysis.glance import Cells

Kind = Literal[
    "same", "turned", "mirrored", "stretched", "cropped", "padded", "cut off", "inverted", "swapped", "other"
]

_SAME = 0.995  # agreement above which nothing else is looked for
_OTHER = 0.8  # below: another picture
_TRIMMED = 0.6  # the same for one that lost a few rows or columns: fine patterns do not meet any more
_BLOCK = 16
_OPAQUE = 250
_BETTER = 4.0  # how many times nearer to 1 another explanation has to be
_FOUND = 0.93  # agreement of a part
_ASPECT = 0.025  # how far shapes may differ before a picture counts as stretched
_SMALL = 0.03
_GREY = (126, 131)  # what decoders put where the data end
_COLOURED = 36  # of 255: so far from grey that a reduction to eight levels does not make it grey
_SYMMETRIC = 0.003  # of a symmetric picture, turned and mirrored are one
_WHOLE = 0.97  # share of the area that is no part any more
_RIM = 0.9  # a frame around a trimmed picture takes more than the rest
_TIE = 0.003  # a cut that agrees about as well as the whole, stretched, is the likelier one
_LEAST = 8  # cells that an edge needs before anything but the whole is compared
_TURNS = {1: "turned", 2: "turned", 3: "turned", 4: "mirrored", 5: "mirrored", 6: "mirrored", 7: "mirrored"}
_NAMES = {1: "a quarter turn to the left", 2: "half a turn", 3: "a quarter turn to the right",
          4: "left and right exchanged", 5: "mirrored and turned to the left",
          6: "upside down", 7: "mirrored and turned to the right"}  # fmt: skip


class Likeness(NamedTuple):
    """What became of a picture. ``agreement``: 1 the same, 0 nothing in common; ``how``: in words."""

    kind: Kind
    agreement: float
    how: str = ""


def compare(here: Glance, source: Glance) -> Likeness:
    """Return what a picture is of its source."""
    trimmed = _trimmed(here.size, source.size)
    if trimmed:
        source = _as_trimmed(here, source)
    as_it_is = agreement(here, source)
    aspect = _aspect(here.size, source.size)
    if as_it_is < _SAME:
        other = _explained(here, source, as_it_is, aspect, trimmed=trimmed)
        if other is not None:
            return other
    if _swapped(here, source):
        return Likeness("swapped", as_it_is, "red and blue exchanged")
    if aspect != 1.0 and not trimmed:
        return _stretched(here, source, as_it_is, aspect)
    if as_it_is < (_TRIMMED if trimmed else _OTHER):
        return Likeness("other", as_it_is)
    return Likeness("same", as_it_is)


def _trimmed(here: tuple[int, int], source: tuple[int, int]) -> bool:
    """Whether it is only as much smaller as whole blocks of a JPEG or a video make it."""
    off = [b - a for a, b in zip(here, source, strict=True)]
    return off != [0, 0] and min(source) > 8 * _BLOCK and all(0 <= each < _BLOCK for each in off)


def _as_trimmed(here: Glance, source: Glance) -> Glance:
    """Return a source without the rows and columns that went at its edges, where it agrees better so."""
    (wide, high), (columns, rows) = source.size, source.light.shape[1::-1]
    over, below = wide - here.size[0], high - here.size[1]
    found = [source]
    for x, y in itertools.product(sorted({0, over // 2, over}), sorted({0, below // 2, below})):
        left, top = x * columns / wide, y * rows / high
        box = (left, top, left + here.size[0] * columns / wide, top + here.size[1] * rows / high)
        found.append(part(source, box, here.size))
    best = max(found, key=lambda each: agreement(here, each))
    if agreement(here, best) < _OTHER:  # it may lie on its side as well
        best = max(found, key=lambda each: _best_turn(here, each)[1])
    return best


def _explained(
    here: Glance, source: Glance, as_it_is: float, aspect: float, *, trimmed: bool
) -> Likeness | None:
    """Return a better explanation than that it is the same with losses; None: there is none."""
    filled = _filled(here, source)
    if filled:
        return Likeness("cut off", as_it_is, f"the lower {filled:.0%} are one flat colour")
    if _inverted(here, source, as_it_is):
        return Likeness("inverted", as_it_is, "dark and light exchanged")
    turn, found = _best_turn(here, source)
    cells = min(*here.light.shape[:2], *source.light.shape[:2])
    least = _SMALL if cells < EDGE // 2 else 0.0  # few cells: what resizing does weighs more
    if turn and found > 0.9 and 1 - as_it_is > least and _better(found, as_it_is):
        return Likeness("turned" if _TURNS[turn] == "turned" else "mirrored", found, _NAMES[turn])
    if as_it_is > 0.985 and aspect == 1.0:
        return None
    for kind, whole, piece, shape in (
        ("cropped", source, here, aspect),
        ("padded", here, source, 1 / aspect),
    ):
        found, share = _part_of(whole, piece, shape)
        if trimmed and share > _RIM:  # a row more or less of those that went
            continue
        if found > _FOUND and _better(found, as_it_is if aspect == 1.0 else min(as_it_is, 0.9)):
            how = f"{share:.0%} of the {'source' if kind == 'cropped' else 'picture'}"
            return Likeness(kind, found, how)  # type: ignore[arg-type]
    return None


def _better(one: float, other: float) -> bool:
    return 1 - other > 0.004 and 1 - one < (1 - other) / _BETTER


def _stretched(here: Glance, source: Glance, as_it_is: float, aspect: float) -> Likeness:
    found, _ = _part_of(source, here, aspect)
    rows, columns = source.light.shape[:2]
    all_of_it, whole = (_blurred(luma_over(each, columns, rows)) for each in (here, source))
    if found > _FOUND and found > correlation(all_of_it, whole) - _TIE:
        return Likeness("cropped", found)
    if as_it_is < _OTHER:
        return Likeness("other", as_it_is)
    long = max(aspect, 1 / aspect)
    return Likeness("stretched", as_it_is, f"{long:.3g} times {'wider' if aspect > 1 else 'taller'}")


# -- other explanations ------------------------------------------------------------------


def _best_turn(here: Glance, source: Glance) -> tuple[int, float]:
    if min(*here.light.shape[:2], *source.light.shape[:2]) < _LEAST:
        return 0, 0.0
    found = [agreement(here, source, turn) for turn in range(1, 8)]
    best = max(found)
    turn = next(i for i, each in enumerate(found, start=1) if each > best - _SYMMETRIC)
    return turn, best


def _aspect(here: tuple[int, int], source: tuple[int, int]) -> float:
    """Return how many times wider this shape is; 1 where rounding explains it."""
    ratio = here[0] / here[1] / (source[0] / source[1])
    off = min(abs(here[0] - here[1] * source[0] / source[1]), abs(here[1] - here[0] * source[1] / source[0]))
    return 1.0 if off <= 1.0 or abs(ratio - 1) <= _ASPECT else ratio


def _filled(here: Glance, source: Glance) -> float:
    """Return the share of flat rows at the bottom where the source shows something; 0: none."""
    rows = min(here.light.shape[0], source.light.shape[0])
    columns = min(here.light.shape[1], source.light.shape[1])
    if rows < _LEAST or columns < _LEAST:
        return 0.0
    if here.alpha is not None and float(here.alpha[-1].min()) < _OPAQUE:  # clear is no colour
        return 0.0
    grey = grey_end(here) if source.alpha is None else 0.0
    found = [_filled_over(here, source, (columns, rows), ground, grey) for ground in (1.0, 0.0)]
    return max(found)[1]  # over the ground on which the rest agrees


def grey_end(here: Glance) -> float:
    """Return the share of rows at the bottom that are the grey of a decoder that ran out of data."""
    rows, (low, high) = here.light.shape[0], _GREY
    unlike = np.flatnonzero(((here.light < low) | (here.light > high)).any((1, 2)))
    flat = rows - 1 - int(unlike[-1]) if unlike.size else rows
    return flat / rows if 2 <= flat < rows else 0.0


def _far_from_grey(source: Glance, share: float) -> bool:
    """Whether the lower part of a picture has another colour than what a decoder puts there."""
    below = source.light[-max(1, round(share * source.light.shape[0])) :]
    return float(np.abs(below.mean((0, 1)) - sum(_GREY) / 2).max()) > _COLOURED


def _filled_over(
    here: Glance, source: Glance, grid: tuple[int, int], ground: float, grey: float
) -> tuple[float, float]:
    """Return how far the upper part agrees, and the share of the lower part that is gone."""
    columns, rows = grid
    a, b = (luma_over(each, columns, rows, ground) for each in (here, source))
    flat = 0
    while flat < rows and float(a[rows - flat - 1 :].std()) < FLAT / 4:
        flat += 1
    if flat < max(2, rows / 25) or flat > rows - 3:
        return 0.0, 0.0
    there, top = b[rows - flat :], slice(0, rows - flat - 1)
    above = correlation(a[top], b[top])
    if above <= 0.97:
        return above, 0.0
    # what is flat in the source as well has the colour that the rest of it would have after the same change
    slope = float(a[top].std()) / max(float(b[top].std()), FLAT)
    expected = float(a[top].mean()) + slope * float(there.mean() - b[top].mean())
    off = abs(expected - float(a[rows - flat :].mean()))
    # a decoder's grey below what nobody touched: then less is proof
    completed = flat <= grey * rows + 1 and above > 0.99 and _far_from_grey(source, flat / rows)
    gone = float(there.std()) > (2 * FLAT if completed else 0.06) or off > 0.12
    return above, flat / rows if gone else 0.0


def _inverted(here: Glance, source: Glance, as_it_is: float) -> bool:
    columns = min(here.light.shape[1], source.light.shape[1])
    rows = min(here.light.shape[0], source.light.shape[0])
    a, b = (luma_over(each, columns, rows) for each in (here, source))
    return min(float(a.std()), float(b.std())) > 3 * FLAT and correlation(a, b) < -max(0.8, as_it_is)


def _swapped(here: Glance, source: Glance) -> bool:
    if here.light.shape[2] == 1 or source.light.shape[2] == 1:
        return False
    columns = min(here.light.shape[1], source.light.shape[1])
    rows = min(here.light.shape[0], source.light.shape[0])
    warm = []
    for each in (here, source):
        light = layers(each, columns, rows)[0]
        warm.append(light[..., 0] - light[..., 2])
    power = [float(np.sqrt((each * each).mean())) for each in warm]
    if min(power) < 0.03:
        return False
    return float((warm[0] * warm[1]).mean()) / (power[0] * power[1]) < -0.9


def _part_of(whole: Glance, part: Glance, aspect: float) -> tuple[float, float]:
    """Find ``part`` inside ``whole``: the best agreement, and the share of the area that it takes.

    ``aspect``: how many times wider the part's shape is.
    """
    rows, columns = whole.light.shape[:2]
    if min(rows, columns, *part.light.shape[:2]) < _LEAST:
        return 0.0, 1.0
    around = _blurred(luma_over(whole, columns, rows))
    best, share = 0.0, 1.0
    scale = 1.0  # first the largest part of its shape: what "cover" and "fill" cut
    while scale > 0.2:
        across, down = (scale, scale / aspect) if aspect >= 1 else (scale * aspect, scale)
        width, height = round(columns * across), round(rows * down)
        scale *= 0.985 if scale == 1.0 else 0.96
        if min(width, height) < _LEAST:
            break
        if width * height > _WHOLE * columns * rows:
            continue
        piece = _blurred(luma_over(part, width, height))
        found = _slide(around, piece)
        if found > best:
            best, share = found, width * height / (columns * rows)
    return best, share


def _blurred(cells: Cells) -> Cells:
    """Average over 3x3: a place between two cells is found as well."""
    for axis in (0, 1):
        rim = [(0, 0), (0, 0)]
        rim[axis] = (1, 1)
        wide = np.pad(cells, rim, mode="edge")
        length = cells.shape[axis]
        shifted = [wide[i : i + length] if axis == 0 else wide[:, i : i + length] for i in range(3)]
        cells = ((shifted[0] + shifted[1] + shifted[2]) / 3).astype(np.float32)
    return cells


def _slide(around: Cells, piece: Cells) -> float:
    """Return the best correlation of a piece with any place."""
    if float(piece.std()) < FLAT:
        return 0.0
    windows = np.lib.stride_tricks.sliding_window_view(around, piece.shape)
    count = piece.size
    centred = (piece - piece.mean()) / (piece.std() * count)
    means = windows.mean(axis=(2, 3))
    squares = np.einsum("ijkl,ijkl->ij", windows, windows) / count
    spread = np.sqrt(np.maximum(squares - means * means, FLAT * FLAT))
    products = np.einsum("ijkl,kl->ij", windows, centred)
    return float((products / spread).max())
