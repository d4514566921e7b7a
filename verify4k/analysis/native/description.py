"""A peak in numbers: what speaks for and against an enlargement, as the model was taught to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from verify4k.analysis.native import falloff, lattices, peaks
from verify4k.analysis.native.cyclic import LAGS
from verify4k.analysis.native.lattices import log, sure
from verify4k.analysis.native.spectra import BANDS, REACHES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from verify4k.analysis.native.peaks import Axis, Joint, Peak
    from verify4k.analysis.native.texture import Texture

AROUND = 96  # bins to each side of a peak that make its surroundings
FORMATS = ("png", "jpeg", "webp", "avif")
FINE = {"avif": 64}  # the pitch of a codec's largest blocks
# Ratios at which an enlargement, or a small JPEG's grid within it, has relatives.
RELATIVES = (
    ("twice", 2.0, 0.0), ("half of it", 0.5, 0.0), ("mirror", -1.0, 1.0),
    ("twice, mirrored", -2.0, 2.0), ("twice, folded", 2.0, -1.0), ("twice, turned", -2.0, 1.0),
    ("8/7", 8 / 7, 0.0), ("7/8", 7 / 8, 0.0), ("6/8", 6 / 8, 0.0), ("5/8", 5 / 8, 0.0),
)  # fmt: skip

SHARES = (*(f"reach {n}" for n in range(len(REACHES))), *(f"band {n}" for n in range(len(BANDS))))
STRENGTH = (
    "aligned", "free", "swing", "weaker axis", "strength", "alignment", "phase",
    "agreement", "weaker agreement", "free agreement", "weaker free agreement", "sharpness", "off the bin",
    *SHARES, "surroundings",
)  # fmt: skip
LINES = (
    "ghost", "haunted", "own lines", "codec above", "codec after", "excess", "codec before", "beside",
    "fine grid", *(f"line {m}/8" for m in range(2, 8)), "lines of 16", *(name for name, _, _ in RELATIVES),
)  # fmt: skip
OTHERS = ("crowd", "other", "outdone", "rank", "top")
FALLOFF = (
    "shelf", "fall", "clean fall", *(f"part {n}" for n in range(len(falloff.EDGES) - 1)), "level", "floor",
)  # fmt: skip
CODING = (*FORMATS, "lossy")
TEXTURE = ("detail", "weaker detail", "cells", "mirrored cells")
SWINGS = (
    *(name for lag in range(LAGS) for name in (f"swing {lag}", f"weaker swing {lag}")),
    *(f"turn {lag}" for lag in range(LAGS)), "quincunx", "weaker quincunx",
    *(f"swing {lag} at {m}/8" for lag in (0, 1) for m in range(1, 5)),
)  # fmt: skip
# The next codec line above, for comparison: a line of the same grid has the same shape.
ABOVE = ("above agreement", "above free agreement", *(f"above {name}" for name in SHARES))
FEATURES = (
    *STRENGTH, *LINES, *OTHERS, *FALLOFF, *CODING, *TEXTURE, *SWINGS, *ABOVE, "ratio", *lattices.ZONES,
)  # fmt: skip
# What is left of the peak in other curves: where detailed places count more; for a peak of light, in levels.
EMPHASIS = (
    "kept strength", "kept alignment", "kept", "kept agreement", "kept weaker agreement",
    "kept free agreement", "kept weaker free agreement", "kept top",
    *(f"kept line {m}/8" for m in range(2, 8)), *(f"kept {name}" for name in SHARES),
)  # fmt: skip
LOSSLESS = ("png", "gif", "tiff", "bmp")


@dataclass(frozen=True, slots=True)
class Described:
    """A peak with what speaks for and against an enlargement, in the order of FEATURES; nan: not known."""

    peak: Peak
    zone: str
    features: NDArray[np.float64]


def always(_zone: str, _peak: Peak) -> bool:
    """Every peak is worth a description."""
    return True


def described(
    both: Joint, form: str, texture: Texture, worth: Callable[[str, Peak], bool] = always
) -> list[Described]:
    """Every candidate in the terms of FEATURES that is worth it, by its zone and peak.

    form: the container's short name.
    """
    found, every = [], peaks.swung(both, *texture.cyclic, peaks.peaks(both))
    width, height = texture.size  # more than the spectra have where planes.LENGTH cut them
    for zone, peak in lattices.candidates(both, every, form):
        if not worth(zone, peak):
            continue
        above = lattices.codec(both, peak.ratio, form)
        at = round(peak.x * width / both.length), round(peak.y * height / both.y.aligned.size)
        values = (
            *strength(both, peak), *lines(both, peak, form, above), *others(both, every, peak),
            *fall(both, peak, above[0]), *coding(form), *textured(at, texture),
            *swings(peak, at, texture), *above_it(both, peak, form),
            peak.ratio, *(float(zone == name) for name in lattices.ZONES),
        )  # fmt: skip
        found.append(Described(peak, zone, np.array(values)))
    return found


def emphasised(one: Described, plain: Joint, kept: Joint) -> NDArray[np.float64]:
    """FEATURES and then EMPHASIS: what is left of a peak of these curves in others of the picture."""
    ratio = one.peak.ratio
    left = kept.near(ratio)
    x, y = agreement(kept.x, one.peak.x), agreement(kept.y, one.peak.y)
    apart = np.abs(np.arange(kept.length) - one.peak.x) > 8
    searched = slice(int(peaks.FIRST * kept.length), int(peaks.LAST * kept.length))
    top = float(kept.strength[searched][apart[searched]].max(initial=0.0))
    values = (
        log(left), log(kept.near(ratio, kept.aligned)), float(np.log((left + 3) / (plain.near(ratio) + 3))),
        *of_both(x.whole, y.whole), *of_both(x.free, y.free), log(top) - log(left),
        *(log(kept.near(m / 8)) for m in range(2, 8)), *np.clip((x.parts + y.parts) / 2, -3, 3),
    )  # fmt: skip
    return np.concatenate([one.features, values])


def capped(value: float) -> float:
    """Strength in units of 4 deviations: against chance, where more than 16 deviations add nothing."""
    return float(np.clip(value, 0.0, 16.0)) / 4


class Agreement(NamedTuple):
    """The mean agreement of signs at a peak of one axis above its surroundings, -1..1.

    whole: of the aligned curve; free: of the free one, up to a factor near 1. parts: by reach and
    by band, as shares of the whole. sharpness: of its neighbours to the peak. off: bins from the
    centre of the peak to the nearest whole size. noise: of the surroundings.
    """

    whole: float
    free: float
    parts: NDArray[np.float64]
    sharpness: float
    off: float
    noise: float


def agreement(axis: Axis, at: int) -> Agreement:
    """What the raw curves of one axis show near a size."""
    curves = axis.curves
    length = curves.level.size
    weights = curves.pairs / max(1.0, float(curves.pairs.sum()))
    near = slice(max(0, at - AROUND), at + AROUND)
    total = np.einsum("rb,rbn->n", weights, curves.aligned[:, :, near])
    start = max(0, at - AROUND)
    low, high = max(3, at - 2) - start, min(length - 4, at + 2) + 1 - start
    peak = low + int(np.argmax(total[low:high]))
    middle = float(peaks.median(total))
    before, here, after = (float(total[peak + step]) - middle for step in (-1, 0, 1))
    curvature = before - 2 * here + after
    off = abs(0.5 * (before - after) / curvature) if curvature < 0 else 0.5
    parts = np.array(
        [
            np.einsum("rb,rbn->n", kept / max(1e-9, float(kept.sum())), curves.aligned[:, :, near])
            for kept in _parts(weights)
        ]
    )
    shares = (parts[:, peak] - peaks.median(parts)).astype(np.float64) / max(here, 1e-3)
    noise = float(peaks.median(np.abs(total)) * np.sqrt(curves.pairs.sum()))
    loose = curves.free[near]
    most = float(loose[max(0, at - 2 - start) : at + 3 - start].max())
    free = (most - float(peaks.median(loose))) / float(np.sqrt(max(1.0, curves.pairs.sum())))
    return Agreement(here, free, shares, (before + after) / (2 * max(here, 1e-4)), min(off, 0.5), noise)


def _parts(weights: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """The weights of each reach alone, then of each band alone."""
    reaches, bands = weights.shape
    rows = [weights * (np.arange(reaches) == n)[:, None] for n in range(reaches)]
    return rows + [weights * (np.arange(bands) == n) for n in range(bands)]


def of_both(x: float, y: float) -> tuple[float, float]:
    """The mean of both axes, and the weaker one."""
    return (x + y) / 2, min(x, y)


def strength(both: Joint, peak: Peak) -> tuple[float, ...]:
    """How strong the peak is, and its shape: STRENGTH."""
    x, y = agreement(both.x, peak.x), agreement(both.y, peak.y)
    return (
        capped(peak.aligned), capped(peak.free), capped(peak.swing), capped(min(peak.axes)),
        log(peak.strength), log(peak.aligned), log(peak.free) - log(peak.aligned),
        *of_both(x.whole, y.whole), *of_both(x.free, y.free),
        float(np.clip((x.sharpness + y.sharpness) / 2, -2, 2)),
        max(x.off, y.off), *np.clip((x.parts + y.parts) / 2, -3, 3),
        float(np.log(max(1e-3, (x.noise + y.noise) / 2))),
    )  # fmt: skip


def lines(both: Joint, peak: Peak, form: str, codec: tuple[float, float, float]) -> tuple[float, ...]:
    """What stands at the places that each explanation predicts: LINES."""
    ratio, own = peak.ratio, log(peak.strength)
    above, after, before = codec
    haunting, siblings = lattices.ghost(both, ratio), lattices.own(both, ratio)
    pitch = lattices.BLOCKS.get(form, lattices.PITCH)
    eighths = [log(both.near(m / 8)) for m in range(2, 8)]
    sixteenths = log(max(both.near(m / 16) for m in range(5, 16, 2)))
    kin = [scale * ratio + offset for _, scale, offset in RELATIVES]
    return (
        sure(haunting), max(0.0, sure(haunting) - own + 1.0), sure(siblings), sure(above), sure(after),
        log(peak.strength - 1.1 * after), sure(before), sure(lattices.beside(both, ratio, pitch)),
        float(form in FINE and lattices.on_grid(ratio, both.length, FINE[form])), *eighths, sixteenths,
        *(0.0 if lattices.on_grid(at, both.length) else log(both.near(at)) for at in kin),
    )  # fmt: skip


def others(both: Joint, every: list[Peak], peak: Peak) -> tuple[float, ...]:
    """The company that the peak keeps: OTHERS."""
    many, most = lattices.crowd(both, every, peak.ratio, peak.strength)
    apart = [p.strength for p in every if abs(p.ratio - peak.ratio) * both.length > 8]
    own = log(peak.strength)
    return (
        log(many), sure(most), max(0.0, sure(most) - own + 1.0),
        float(sum(strength > peak.strength for strength in apart)), log(max(apart, default=0.0)) - own,
    )  # fmt: skip


def fall(both: Joint, peak: Peak, above: float) -> tuple[float, ...]:
    """How the power spectrum falls around the peak: FALLOFF."""
    x, y = both.x.curves.level, both.y.curves.level
    drop = min(falloff.bend(x, peak.x), falloff.bend(y, peak.y))
    gone = (falloff.fall(x, peak.x) + falloff.fall(y, peak.y)) / 2
    parts = (falloff.profile(x, peak.x) + falloff.profile(y, peak.y)) / 2
    clean = gone * float(np.exp(-sure(above) / 2))
    return (
        float(np.clip(-drop / 6, 0, 0.6)), gone, clean, *(parts - parts[:2].mean()),
        float(parts[falloff.AT]), float(np.nanmin(parts)),
    )  # fmt: skip


def textured(at: tuple[int, int], texture: Texture) -> tuple[float, ...]:
    """What full-resolution lines say of a native size: TEXTURE."""
    x, y = texture.detail
    return (*of_both(float(np.log(x + 0.02)), float(np.log(y + 0.02))), *texture.cells(*at))


def swings(peak: Peak, at: tuple[int, int], texture: Texture) -> tuple[float, ...]:
    """How the dependence between neighbours repeats at a native size: SWINGS; unknown for weak peaks."""
    if peak.strength < peaks.CLEAR:
        return (float("nan"),) * len(SWINGS)
    x, y = texture.cyclic
    on_x, on_y = x.swing(at[0], peak.ratio), y.swing(at[1], peak.ratio)
    sizes = [of_both(log(a), log(b)) for a, b in zip(on_x.size, on_y.size, strict=True)]
    eighths = (np.log1p(x.eighths) + np.log1p(y.eighths))[:, :2] / 2
    return (
        *(value for both in sizes for value in both), *((on_x.turn + on_y.turn) / 2),
        *of_both(log(on_x.quincunx), log(on_y.quincunx)), *eighths.T.ravel(),
    )  # fmt: skip


def above_it(both: Joint, peak: Peak, form: str) -> tuple[float, ...]:
    """The shape of the next line of the codec's grid: ABOVE."""
    pitch = 4 if form == "webp" else lattices.PITCH
    line = min((np.floor(peak.ratio * pitch + 0.1) + 1) / pitch, 1 - 1 / lattices.PITCH)
    x, y = (agreement(axis, round(line * axis.aligned.size)) for axis in (both.x, both.y))
    return ((x.whole + y.whole) / 2, (x.free + y.free) / 2, *np.clip((x.parts + y.parts) / 2, -3, 3))


def coding(form: str) -> tuple[float, ...]:
    """What the container says: CODING."""
    return (*(float(form == name) for name in FORMATS), float(form not in LOSSLESS))
