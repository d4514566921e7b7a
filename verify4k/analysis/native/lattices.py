"""Three explanations of a peak: an enlargement, the codec's own grid, the ghost of an older grid.

A block codec of pitch 8 and a sampling lattice are the same kind of thing: a picture
coded at s times its present size shows lines at the ratios s*m/8 and their mirror
images. s = 1 is the file's own codec; s > 1 an older JPEG, since reduced; s < 1 a small
JPEG, since enlarged, whose top line m = 8 is the enlargement itself. For each peak this
module finds the strongest line that each explanation predicts elsewhere: an enlargement
weaves sidebands an eighth to each side of itself, a codec grid grows towards its higher
multiples, and a ghost comes with the other lines of its family.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from verify4k.analysis.native.peaks import PairedAxes, Peak

CODEC_PITCH = 8  # pixels, the block of JPEG and the smallest common transform of WebP and AVIF
_CHANCE_STRENGTH = 5.0  # strength below which a line may be chance
_NEAR_RATIO = 0.58  # above, the lines of a JPEG that was reduced a little are common
_HALF_BINS = 1.0  # bins within which a half-size lattice lies; a resized sensor picture's is off
_SIDELOBE_SHARE = 0.004  # share of the length within which a weaker peak is part of a stronger one
_NEAR_LINE = 0.003  # in ratio
_ON_GRID_BINS = 1.7  # bins from a codec line within which a peak is on it
CODEC_BLOCKS = {"avif": 16, "webp": 16}  # the pitch of codecs with larger transforms
UNTAUGHT_BLOCKS = {"jxl": 32}  # of those that no judge was taught: lines at which more is asked for
_GHOST_SCALES = (1.012, 2.6)  # how many times larger an older coded picture may have been
# Off the codec grid far below 0.70, and near it where ghosts fall; at 1/2; on other codec lines; above 0.70.
ZONES = ("low", "near", "half", "grid", "above")
_ERROR_BORDER = 0.705  # between `upscaled` and `suspect`, with room for rounding


def on_grid(ratio: float, length: int, pitch: int = CODEC_PITCH) -> bool:
    """Whether a ratio lies on a line of a codec with this pitch."""
    line = round(ratio * pitch) / pitch
    return abs(ratio - line) * length <= _ON_GRID_BINS


def line_pitch(container: str) -> int:
    """The pitch of the lines that a container's codec leaves."""
    return UNTAUGHT_BLOCKS.get(container) or CODEC_BLOCKS.get(container, CODEC_PITCH)


def near_codec_line(ratio: float, container: str) -> bool:
    """Whether a ratio is within 0.003 of a line that a container's codec leaves."""
    pitch = line_pitch(container)
    return abs(ratio - round(ratio * pitch) / pitch) <= _NEAR_LINE


def log_strength(value: float) -> float:
    """Strengths are compared by their logarithm; negative ones count nothing."""
    return float(np.log1p(max(0.0, value)))


def folded_line(line: float) -> tuple[float, float]:
    """A spatial frequency of the lattice, in cycles per pixel, shows at itself and at its mirror image."""
    rest = line % 1.0
    return rest, 1.0 - rest


def harmonics(ratio: float) -> list[float]:
    """Lines an enlargement brings along: its harmonics, and the codec's eighths to each side of them."""
    whole = [line for n in (1, 2, 3) for line in folded_line(n * ratio)]
    return [line + shift / CODEC_PITCH for line in whole for shift in range(-3, 4)]


def ghost_lines(ratio: float) -> list[float]:
    """Where a larger coded picture, since reduced, would show besides this ratio."""
    sizes = [wrapped * CODEC_PITCH / m for m in range(2, CODEC_PITCH) for wrapped in (ratio, 2 - ratio)]
    larger = [s for s in sizes if _GHOST_SCALES[0] <= s <= _GHOST_SCALES[1]]
    return [
        line for s in larger for m in range(2, CODEC_PITCH + 1) for line in folded_line(s * m / CODEC_PITCH)
    ]


def strongest(both: PairedAxes, lines: list[float], ratio: float, except_for: list[float]) -> float:
    """The highest of some predicted lines, without the peak itself, the own codec and ``except_for``."""
    apart, all_ = 6 / both.length, np.array(lines)
    taken = np.array([ratio, *except_for])[:, None]
    codec = np.rint(all_ * CODEC_PITCH) / CODEC_PITCH
    free = np.abs(all_ - codec) * both.length > _ON_GRID_BINS
    return both.near_any(all_[free & (np.abs(taken - all_).min(0) > apart)])


def ghost_strength(both: PairedAxes, ratio: float) -> float:
    """The strongest line that only a larger coded picture explains."""
    return strongest(both, ghost_lines(ratio), ratio, harmonics(ratio))


def enlargement_strength(both: PairedAxes, ratio: float) -> float:
    """The strongest line that speaks for an enlargement: sidebands, harmonics, the small JPEG's grid."""
    small = [ratio * m / CODEC_PITCH for m in (5, 6, 7)]
    return strongest(both, [*small, *harmonics(ratio)], ratio, [])


def codec_strengths(both: PairedAxes, ratio: float, container: str) -> tuple[float, float, float]:
    """Codec lines: the strongest above the ratio, the next, the one below."""
    pitch = CODEC_BLOCKS.get(container, CODEC_PITCH)
    apart = 6 / both.length
    lines = [both.near(m / pitch) for m in range(2, pitch) if m / pitch > ratio + apart]
    step = 4 if container == "webp" else CODEC_PITCH
    after = (np.floor(ratio * step + 0.1) + 1) / step
    before = (np.ceil(ratio * step - 0.1) - 1) / step
    return max(lines, default=0.0), both.near(float(after)), both.near(float(before))


def significant(value: float) -> float:
    """Log strength of a line, where it cannot be chance."""
    return log_strength(value - _CHANCE_STRENGTH)


def adjacent_line(both: PairedAxes, ratio: float, pitch: int) -> float:
    """The strength of a codec line just beside the ratio, whose foot the peak may be."""
    line = round(ratio * pitch) / pitch
    return both.near(line) if abs(ratio - line) < 0.012 and not on_grid(ratio, both.length, pitch) else 0.0


def competing_peaks(both: PairedAxes, peaks: list[Peak], ratio: float, strength: float) -> tuple[int, float]:
    """How many other peaks are nearly as strong, off the codec grid, and how strong the strongest is."""
    others = [
        p.strength for p in peaks
        if abs(p.ratio - ratio) * both.length > 8 and not on_grid(p.ratio, both.length)
    ]  # fmt: skip
    return sum(other > 0.5 * strength for other in others), max(others, default=0.0)


def zone_of(ratio: float, length: int, pitch: int) -> str:
    """Which of ZONES a ratio belongs to."""
    if ratio > _ERROR_BORDER:
        return "above"
    if not on_grid(ratio, length, pitch):
        return "near" if ratio > _NEAR_RATIO else "low"
    return "half" if abs(ratio - 0.5) < 0.01 else "grid"


def is_sidelobe(peaks: list[Peak], peak: Peak, length: int) -> bool:
    """Whether the peak is only the foot of a stronger one: a sidelobe, or rounding between the axes."""
    reach = _SIDELOBE_SHARE * length
    return any(other.strength > peak.strength and 0 < abs(other.x - peak.x) <= reach for other in peaks)


def zoned_candidates(both: PairedAxes, peaks: list[Peak], container: str) -> list[tuple[str, Peak]]:
    """Every peak that may be an enlargement, with its zone.

    Above 0.70 the codec's own lines are not worth a word; near one half only exactly there.
    """
    whole = [peak for peak in peaks if not is_sidelobe(peaks, peak, both.length)]
    pitch = CODEC_BLOCKS.get(container, CODEC_PITCH)
    zoned = [(zone_of(peak.ratio, both.length, pitch), peak) for peak in whole]
    lines = line_pitch(container)
    return [(zone, peak) for zone, peak in zoned if is_in_zone(zone, peak, both.length, lines)]


def is_in_zone(zone: str, peak: Peak, length: int, pitch: int) -> bool:
    """Whether its zone speaks of it."""
    if zone == "above":
        return not on_grid(peak.ratio, length, pitch)
    return zone != "half" or abs(peak.x - length / 2) <= _HALF_BINS
