"""A peak in numbers: what speaks for and against an enlargement, as the model was taught to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verify4k.analysis.native import falloff, lattices, peaks
from verify4k.analysis.native.cyclic import LAGS
from verify4k.analysis.native.lattices import log_strength, significant
from verify4k.analysis.native.spectra import BANDS, REACHES
from verify4k.analysis.quantiles import median
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from verify4k.analysis.native.peaks import Axis, PairedAxes, Peak
    from verify4k.analysis.native.texture import Texture

_PEAK_SURROUNDINGS = 96  # bins to each side of a peak that make its surroundings
_FORMATS = ("png", "jpeg", "webp", "avif")
_FINE_PITCHES = {"avif": 64}  # the pitch of a codec's largest blocks
# Ratios at which an enlargement, or a small JPEG's grid within it, has relatives.
RELATIVES = (
    ("twice", 2.0, 0.0), ("half of it", 0.5, 0.0), ("mirror", -1.0, 1.0),
    ("twice, mirrored", -2.0, 2.0), ("twice, folded", 2.0, -1.0), ("twice, turned", -2.0, 1.0),
    ("8/7", 8 / 7, 0.0), ("7/8", 7 / 8, 0.0), ("6/8", 6 / 8, 0.0), ("5/8", 5 / 8, 0.0),
)  # fmt: skip

_SHARES = (*(f"reach {n}" for n in range(len(REACHES))), *(f"band {n}" for n in range(len(BANDS))))
STRENGTH_FEATURES = (
    "aligned", "free", "cyclic", "weaker axis", "strength", "alignment", "phase",
    "agreement", "weaker agreement", "free agreement", "weaker free agreement", "sharpness", "off the bin",
    *_SHARES, "surroundings",
)  # fmt: skip
LINE_FEATURES = (
    "ghost", "haunted", "own lines", "codec above", "codec after", "excess", "codec before", "beside",
    "fine grid", *(f"line {m}/8" for m in range(2, 8)), "lines of 16", *(name for name, _, _ in RELATIVES),
)  # fmt: skip
COMPETITOR_FEATURES = ("crowd", "other", "outdone", "rank", "top")
FALLOFF_FEATURES = (
    "shelf", "fall", "clean fall",
    *(f"part {n}" for n in range(len(falloff.BAND_EDGES) - 1)), "level", "floor",
)  # fmt: skip
CODING_FEATURES = (*_FORMATS, "lossy")
TEXTURE_FEATURES = ("detail", "weaker detail", "cells", "mirrored cells")
CYCLIC_FEATURES = (
    *(name for lag in range(LAGS) for name in (f"cyclic {lag}", f"weaker cyclic {lag}")),
    *(f"cyclic phase {lag}" for lag in range(LAGS)), "quincunx", "weaker quincunx",
    *(f"cyclic {lag} at {m}/8" for lag in (0, 1) for m in range(1, 5)),
)  # fmt: skip
# The next codec line above, for comparison: a line of the same grid has the same shape.
NEXT_LINE_FEATURES = ("above agreement", "above free agreement", *(f"above {name}" for name in _SHARES))
FEATURES = (
    *STRENGTH_FEATURES, *LINE_FEATURES, *COMPETITOR_FEATURES, *FALLOFF_FEATURES, *CODING_FEATURES,
    *TEXTURE_FEATURES, *CYCLIC_FEATURES, *NEXT_LINE_FEATURES, "ratio", *lattices.ZONES,
)  # fmt: skip
# What is left of the peak in other curves: where detailed places count more; for one of
# linear light, in levels.
EMPHASIS_FEATURES = (
    "kept strength", "kept alignment", "kept", "kept agreement", "kept weaker agreement",
    "kept free agreement", "kept weaker free agreement", "kept top",
    *(f"kept line {m}/8" for m in range(2, 8)), *(f"kept {name}" for name in _SHARES),
)  # fmt: skip
LOSSLESS = ("png", "gif", "tiff", "bmp")


@dataclass(frozen=True, slots=True)
class Described:
    """A peak with what speaks for and against an enlargement, in the order of FEATURES; nan: not known."""

    peak: Peak
    zone: str
    features: NDArray[np.float64]


def _every_peak(_zone: str, _peak: Peak) -> bool:
    """Every peak is worth a description."""
    return True


def described_peaks(
    both: PairedAxes, container: str, texture: Texture, worth: Callable[[str, Peak], bool] = _every_peak
) -> list[Described]:
    """Every candidate in the terms of FEATURES that is worth it, by its zone and peak.

    container: the container's short name.
    """
    found, every = [], peaks.with_cyclic_peaks(both, *texture.cyclic, peaks.paired_peaks(both))
    width, height = texture.size  # more than the spectra have where planes.LENGTH cut them
    for zone, peak in lattices.zoned_candidates(both, every, container):
        if not worth(zone, peak):
            continue
        above = lattices.codec_strengths(both, peak.ratio, container)
        at = round(peak.x * width / both.length), round(peak.y * height / both.y.aligned.size)
        values = (
            *strength_features(both, peak), *line_features(both, peak, container, above),
            *competitor_features(both, every, peak), *falloff_features(both, peak, above[0]),
            *coding_features(container), *texture_features(at, texture),
            *cyclic_features(peak, at, texture), *next_line_features(both, peak, container),
            peak.ratio, *(float(zone == name) for name in lattices.ZONES),
        )  # fmt: skip
        found.append(Described(peak, zone, np.array(values)))
    return found


def emphasis_features(one: Described, plain: PairedAxes, kept: PairedAxes) -> NDArray[np.float64]:
    """FEATURES, then EMPHASIS_FEATURES: what is left of a peak of these curves in others of the picture."""
    ratio = one.peak.ratio
    left = kept.near(ratio)
    x, y = agreement(kept.x, one.peak.x), agreement(kept.y, one.peak.y)
    apart = np.abs(np.arange(kept.length) - one.peak.x) > 8
    searched = slice(int(peaks.FIRST_RATIO * kept.length), int(peaks.LAST_RATIO * kept.length))
    top = float(kept.strength[searched][apart[searched]].max(initial=0.0))
    values = (
        log_strength(left), log_strength(kept.near(ratio, kept.aligned)),
        float(np.log((left + 3) / (plain.near(ratio) + 3))),
        *_mean_and_weaker(x.whole, y.whole), *_mean_and_weaker(x.free, y.free),
        log_strength(top) - log_strength(left),
        *(log_strength(kept.near(m / 8)) for m in range(2, 8)), *np.clip((x.parts + y.parts) / 2, -3, 3),
    )  # fmt: skip
    return np.concatenate([one.features, values])


def capped(value: float) -> float:
    """Strength in units of 4 deviations: against chance, where more than 16 deviations add nothing."""
    return float(np.clip(value, 0.0, 16.0)) / 4


class _Agreement(NamedTuple):
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


def agreement(axis: Axis, at: int) -> _Agreement:
    """What the raw curves of one axis show near a size."""
    curves = axis.curves
    length = curves.level.size
    weights = curves.pairs / max(1.0, float(curves.pairs.sum()))
    near = slice(max(0, at - _PEAK_SURROUNDINGS), at + _PEAK_SURROUNDINGS)
    total = np.einsum("rb,rbn->n", weights, curves.aligned[:, :, near])
    start = max(0, at - _PEAK_SURROUNDINGS)
    low, high = max(3, at - 2) - start, min(length - 4, at + 2) + 1 - start
    peak = low + int(np.argmax(total[low:high]))
    middle = float(median(total))
    before, here, after = (float(total[peak + step]) - middle for step in (-1, 0, 1))
    curvature = before - 2 * here + after
    off = abs(0.5 * (before - after) / curvature) if curvature < 0 else 0.5
    parts = np.array(
        [
            np.einsum("rb,rbn->n", kept / max(1e-9, float(kept.sum())), curves.aligned[:, :, near])
            for kept in _parts(weights)
        ]
    )
    shares = (parts[:, peak] - median(parts, -1)).astype(np.float64) / max(here, 1e-3)
    noise = float(median(np.abs(total)) * np.sqrt(curves.pairs.sum()))
    loose = curves.free[near]
    most = float(loose[max(0, at - 2 - start) : at + 3 - start].max())
    free = (most - float(median(loose))) / float(np.sqrt(max(1.0, curves.pairs.sum())))
    return _Agreement(here, free, shares, (before + after) / (2 * max(here, 1e-4)), min(off, 0.5), noise)


def _parts(weights: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """The weights of each reach alone, then of each band alone."""
    reaches, bands = weights.shape
    rows = [weights * (np.arange(reaches) == n)[:, None] for n in range(reaches)]
    return rows + [weights * (np.arange(bands) == n) for n in range(bands)]


def _mean_and_weaker(x: float, y: float) -> tuple[float, float]:
    """The mean of both axes, and the weaker one."""
    return (x + y) / 2, min(x, y)


def strength_features(both: PairedAxes, peak: Peak) -> tuple[float, ...]:
    """How strong the peak is, and its shape: STRENGTH_FEATURES."""
    x, y = agreement(both.x, peak.x), agreement(both.y, peak.y)
    return (
        capped(peak.aligned), capped(peak.free), capped(peak.cyclic), capped(min(peak.axes)),
        log_strength(peak.strength), log_strength(peak.aligned),
        log_strength(peak.free) - log_strength(peak.aligned),
        *_mean_and_weaker(x.whole, y.whole), *_mean_and_weaker(x.free, y.free),
        float(np.clip((x.sharpness + y.sharpness) / 2, -2, 2)),
        max(x.off, y.off), *np.clip((x.parts + y.parts) / 2, -3, 3),
        float(np.log(max(1e-3, (x.noise + y.noise) / 2))),
    )  # fmt: skip


def line_features(
    both: PairedAxes, peak: Peak, container: str, codec: tuple[float, float, float]
) -> tuple[float, ...]:
    """What stands at the places that each explanation predicts: LINE_FEATURES."""
    ratio, own = peak.ratio, log_strength(peak.strength)
    above, after, before = codec
    haunting, siblings = lattices.ghost_strength(both, ratio), lattices.enlargement_strength(both, ratio)
    pitch = lattices.CODEC_BLOCKS.get(container, lattices.CODEC_PITCH)
    eighths = [log_strength(both.near(m / 8)) for m in range(2, 8)]
    sixteenths = log_strength(max(both.near(m / 16) for m in range(5, 16, 2)))
    kin = [scale * ratio + offset for _, scale, offset in RELATIVES]
    return (
        significant(haunting), max(0.0, significant(haunting) - own + 1.0), significant(siblings),
        significant(above), significant(after), log_strength(peak.strength - 1.1 * after),
        significant(before), significant(lattices.adjacent_line(both, ratio, pitch)),
        float(container in _FINE_PITCHES and lattices.on_grid(ratio, both.length, _FINE_PITCHES[container])),
        *eighths, sixteenths,
        *(0.0 if lattices.on_grid(at, both.length) else log_strength(both.near(at)) for at in kin),
    )  # fmt: skip


def competitor_features(both: PairedAxes, every: list[Peak], peak: Peak) -> tuple[float, ...]:
    """The company that the peak keeps: COMPETITOR_FEATURES."""
    many, most = lattices.competing_peaks(both, every, peak.ratio, peak.strength)
    apart = [p.strength for p in every if abs(p.ratio - peak.ratio) * both.length > 8]
    own = log_strength(peak.strength)
    return (
        log_strength(many), significant(most), max(0.0, significant(most) - own + 1.0),
        float(sum(other > peak.strength for other in apart)),
        log_strength(max(apart, default=0.0)) - own,
    )  # fmt: skip


def falloff_features(both: PairedAxes, peak: Peak, above: float) -> tuple[float, ...]:
    """How the power spectrum falls around the peak: FALLOFF_FEATURES."""
    x, y = both.x.curves.level, both.y.curves.level
    drop = min(falloff.falloff_bend(x, peak.x), falloff.falloff_bend(y, peak.y))
    gone = (falloff.falloff_below_trend(x, peak.x) + falloff.falloff_below_trend(y, peak.y)) / 2
    parts = (falloff.band_levels(x, peak.x) + falloff.band_levels(y, peak.y)) / 2
    clean = gone * float(np.exp(-significant(above) / 2))
    return (
        float(np.clip(-drop / 6, 0, 0.6)), gone, clean, *(parts - parts[:2].mean()),
        float(parts[falloff.BAND_BELOW_NYQUIST]), float(np.nanmin(parts)),
    )  # fmt: skip


def texture_features(at: tuple[int, int], texture: Texture) -> tuple[float, ...]:
    """What full-resolution lines say of a native size: TEXTURE_FEATURES."""
    x, y = texture.detail
    return (*_mean_and_weaker(float(np.log(x + 0.02)), float(np.log(y + 0.02))), *texture.cells(*at))


def cyclic_features(peak: Peak, at: tuple[int, int], texture: Texture) -> tuple[float, ...]:
    """How the dependence between neighbours repeats at a size: CYCLIC_FEATURES; unknown for weak peaks."""
    if peak.strength < peaks.CYCLIC_STRENGTH:
        return (float("nan"),) * len(CYCLIC_FEATURES)
    x, y = texture.cyclic
    on_x, on_y = x.component(at[0], peak.ratio), y.component(at[1], peak.ratio)
    sizes = [
        _mean_and_weaker(log_strength(a), log_strength(b))
        for a, b in zip(on_x.magnitude, on_y.magnitude, strict=True)
    ]
    eighths = (np.log1p(x.eighths) + np.log1p(y.eighths))[:, :2] / 2
    return (
        *(value for both in sizes for value in both), *((on_x.phase + on_y.phase) / 2),
        *_mean_and_weaker(log_strength(on_x.quincunx), log_strength(on_y.quincunx)), *eighths.T.ravel(),
    )  # fmt: skip


def next_line_features(both: PairedAxes, peak: Peak, container: str) -> tuple[float, ...]:
    """The shape of the next line of the codec's grid: NEXT_LINE_FEATURES."""
    pitch = 4 if container == "webp" else lattices.CODEC_PITCH
    line = min((np.floor(peak.ratio * pitch + 0.1) + 1) / pitch, 1 - 1 / lattices.CODEC_PITCH)
    x, y = (agreement(axis, round(line * axis.aligned.size)) for axis in (both.x, both.y))
    return ((x.whole + y.whole) / 2, (x.free + y.free) / 2, *np.clip((x.parts + y.parts) / 2, -3, 3))


def coding_features(container: str) -> tuple[float, ...]:
    """What the container says: CODING_FEATURES."""
    return (*(float(container == name) for name in _FORMATS), float(container not in LOSSLESS))
