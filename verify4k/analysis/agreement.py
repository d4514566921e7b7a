"""How much two pictures agree, cell by cell, whatever lies behind their transparent parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.glance import resized

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.analysis.glance import Cells, Glance

FLAT = 0.008  # standard deviation of luma, of 1: nothing to see
_NEAR = 0.35  # of 1: about the same brightness
_FULL = 0.95  # opacity of a cell that soft edges do not reach
_ENOUGH = 0.1  # share of the cells


def agreement(here: Glance, source: Glance, turn: int = 0) -> float:
    """Correlate two pictures cell by cell, whatever lies behind transparent parts; best of what fits."""
    columns = min(here.light.shape[1], source.light.shape[1])
    rows = min(here.light.shape[0], source.light.shape[0])
    if turn:
        columns = rows = min(columns, rows)
    a = layers(here, columns, rows)
    b = [_turned(layer, turn) for layer in layers(source, columns, rows)]
    return max(_fits(a, b))


def layers(seen: Glance, columns: int, rows: int) -> list[Cells]:
    """Return light, raw and opacity on a grid, 0..1."""
    alpha = np.full(seen.light.shape[:2], 255, np.uint8) if seen.alpha is None else seen.alpha
    wide = [np.repeat(each, 3, axis=2) if each.shape[2] == 1 else each for each in (seen.light, seen.raw)]
    return [resized(layer.astype(np.float32) / np.float32(255), columns, rows) for layer in (*wide, alpha)]


def _fits(here: list[Cells], source: list[Cells]) -> Iterator[float]:
    light, raw, alpha = here
    source_light, source_raw, source_alpha = source
    clear, source_clear = float(alpha.min()) < 0.99, float(source_alpha.min()) < 0.99
    if not clear and not source_clear:
        yield from _both(light, source_light)
    elif clear and source_clear:
        fits = [max(_both(_over(light, alpha, ground), _over(source_light, source_alpha, ground)))
                for ground in (0.0, 1.0)]  # fmt: skip
        yield min(fits)
        outline = correlation(alpha, source_alpha)
        yield outline if max(fits) > 0.9 else -1.0
        if outline > 0.6:  # opacity that became a mask
            solid = [_luma(_solid(each, a)) for each, a in ((light, alpha), (source_light, source_alpha))]
            yield correlation(solid[0], solid[1], np.minimum(alpha, source_alpha))
    elif source_clear:
        yield _blended(_luma(light), _luma(source_light), source_alpha)
        yield _opaque(_luma(light), _luma(source_light), source_alpha)
        yield from _both(raw, source_raw)  # opacity thrown away
        # the same by a tool that made clear what was clear: only what was seen is comparable
        yield correlation(_luma(raw), _luma(_solid(source_light, source_alpha)), source_alpha)
    else:
        yield _blended(_luma(source_light), _luma(light), alpha)
        yield correlation(_luma(raw), _luma(source_raw), alpha)


def _both(one: Cells, other: Cells) -> Iterator[float]:
    """By brightness (a conversion to grey keeps it), and by all three colours."""
    yield correlation(_luma(one), _luma(other))
    mean = (0, 1)
    yield correlation(one - one.mean(mean), other - other.mean(mean))


def _luma(cells: Cells) -> Cells:
    return cells @ np.array([0.299, 0.587, 0.114], np.float32)


def _solid(light: Cells, alpha: Cells) -> Cells:
    return (light / np.maximum(alpha, np.float32(0.02))[..., None]).astype(np.float32)


def _over(light: Cells, alpha: Cells, ground: float) -> Cells:
    return light + ground * (1 - alpha)[..., None]


def correlation(one: Cells, other: Cells, weight: Cells | None = None) -> float:
    """Pearson's; of two flat pictures 1 where they have about one colour."""
    w = np.ones_like(one) if weight is None else weight
    total = float(w.sum()) or 1.0
    a, b = one - float((one * w).sum()) / total, other - float((other * w).sum()) / total
    spread = [float(np.sqrt((each * each * w).sum() / total)) for each in (a, b)]
    if max(spread) < FLAT:
        return 1.0 if abs(float(one.mean() - other.mean())) < 0.15 else 0.0
    if min(spread) < FLAT / 4:
        return 0.0
    return float((a * b * w).sum() / total / (spread[0] * spread[1]))


def _blended(opaque: Cells, light: Cells, alpha: Cells) -> float:
    """Fit what a picture with opacity looks like over one colour, whichever it is."""
    given = np.stack([light.ravel(), 1 - alpha.ravel(), np.ones(light.size, np.float32)], axis=1)
    weights = np.linalg.lstsq(given, opaque.ravel(), rcond=None)[0]
    if weights[0] < 0.2:  # not the picture, but its outline
        if _is_outline(opaque, light, alpha):
            return abs(correlation(opaque, alpha))
        weights[0] = 1.0
    return correlation(opaque, (given @ weights).reshape(opaque.shape).astype(np.float32))


def _is_outline(opaque: Cells, light: Cells, alpha: Cells) -> bool:
    """Whether a picture has one colour, and is shown in about that: then its outline is all that it shows."""
    colour = float((light * alpha).sum() / max(float((alpha * alpha).sum()), FLAT))
    if float((light - colour * alpha).std()) > 2 * FLAT:
        return False
    given = np.stack([alpha.ravel(), np.ones(alpha.size, np.float32)], axis=1)
    return abs(float(np.linalg.lstsq(given, opaque.ravel(), rcond=None)[0].sum()) - colour) < _NEAR


def _opaque(here: Cells, light: Cells, alpha: Cells) -> float:
    """Compare where a picture is all clear or all opaque: its soft edges are wider where opacity is gone."""
    whole = alpha > _FULL
    told = whole | (alpha < 1 - _FULL)
    if min(float(whole.mean()), float(told.mean()) - float(whole.mean())) < _ENOUGH:
        return -1.0
    return _blended(here[told], light[told], alpha[told])


def luma_over(seen: Glance, columns: int, rows: int, ground: float = 1.0) -> Cells:
    """Return brightness, 0..1, over a ground where the picture is transparent."""
    light, _, alpha = layers(seen, columns, rows)
    return _luma(_over(light, alpha, ground))


def _turned(cells: Cells, turn: int) -> Cells:
    """Turn a source as a wrong export does: quarter turns to the left, above 3 mirrored as well."""
    if turn >= 4:
        cells = cells[:, ::-1]
    return np.rot90(cells, turn % 4) if turn % 4 else cells
