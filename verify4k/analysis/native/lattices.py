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
    from verify4k.analysis.native.peaks import Joint, Peak

PITCH = 8  # pixels, the block of JPEG and the smallest common transform of WebP and AVIF
NOISE = 5.0  # strength below which a line may be chance
NEAR = 0.58  # above, the lines of a JPEG that was reduced a little are common
HALF = 1.0  # bins within which a half-size lattice lies; a resized sensor picture's is off
FOOT = 0.004  # share of the length within which a weaker peak is part of a stronger one
GRID = 1.7  # bins from a codec line within which a peak is on it
BLOCKS = {"avif": 16, "webp": 16}  # the pitch of codecs with larger transforms
GHOST = (1.012, 2.6)  # how many times larger an older coded picture may have been
# Off the codec grid far below 0.70, and near it where ghosts fall; at 1/2; on other codec lines; above 0.70.
ZONES = ("low", "near", "half", "grid", "above")
BORDER = 0.705  # between `upscaled` and `suspect`, with room for rounding


def on_grid(ratio: float, length: int, pitch: int = PITCH) -> bool:
    """Whether a ratio lies on a line of a codec with this pitch."""
    line = round(ratio * pitch) / pitch
    return abs(ratio - line) * length <= GRID


def log(value: float) -> float:
    """Strengths are compared by their logarithm; negative ones count nothing."""
    return float(np.log1p(max(0.0, value)))


def folded(line: float) -> tuple[float, float]:
    """A spatial frequency of the lattice, in cycles per pixel, shows at itself and at its mirror image."""
    rest = line % 1.0
    return rest, 1.0 - rest


def harmonics(ratio: float) -> list[float]:
    """Lines an enlargement brings along: its harmonics, and the codec's eighths to each side of them."""
    whole = [line for n in (1, 2, 3) for line in folded(n * ratio)]
    return [line + shift / PITCH for line in whole for shift in range(-3, 4)]


def ghost_lines(ratio: float) -> list[float]:
    """Where a larger coded picture, since reduced, would show besides this ratio."""
    sizes = [wrapped * PITCH / m for m in range(2, PITCH) for wrapped in (ratio, 2 - ratio)]
    larger = [s for s in sizes if GHOST[0] <= s <= GHOST[1]]
    return [line for s in larger for m in range(2, PITCH + 1) for line in folded(s * m / PITCH)]


def strongest(both: Joint, lines: list[float], ratio: float, except_for: list[float]) -> float:
    """The highest of some predicted lines, without the peak itself, the own codec and ``except_for``."""
    apart = 6 / both.length
    taken = np.array([ratio, *except_for])
    free = [x for x in lines if not on_grid(x, both.length) and np.abs(taken - x).min() > apart]
    return max((both.near(x) for x in free), default=0.0)


def ghost(both: Joint, ratio: float) -> float:
    """The strongest line that only a larger coded picture explains."""
    return strongest(both, ghost_lines(ratio), ratio, harmonics(ratio))


def own(both: Joint, ratio: float) -> float:
    """The strongest line that speaks for an enlargement: sidebands, harmonics, the small JPEG's grid."""
    small = [ratio * m / PITCH for m in (5, 6, 7)]
    return strongest(both, [*small, *harmonics(ratio)], ratio, [])


def codec(both: Joint, ratio: float, form: str) -> tuple[float, float, float]:
    """Codec lines: the strongest above the ratio, the next, the one below."""
    pitch = BLOCKS.get(form, PITCH)
    apart = 6 / both.length
    lines = [both.near(m / pitch) for m in range(2, pitch) if m / pitch > ratio + apart]
    step = 4 if form == "webp" else PITCH
    after = (np.floor(ratio * step + 0.1) + 1) / step
    before = (np.ceil(ratio * step - 0.1) - 1) / step
    return max(lines, default=0.0), both.near(float(after)), both.near(float(before))


def sure(value: float) -> float:
    """Log strength of a line, where it cannot be chance."""
    return log(value - NOISE)


def beside(both: Joint, ratio: float, pitch: int) -> float:
    """The strength of a codec line just beside the ratio, whose foot the peak may be."""
    line = round(ratio * pitch) / pitch
    return both.near(line) if abs(ratio - line) < 0.012 and not on_grid(ratio, both.length, pitch) else 0.0


def crowd(both: Joint, peaks: list[Peak], ratio: float, strength: float) -> tuple[int, float]:
    """How many other peaks are nearly as strong, off the codec grid, and how strong the strongest is."""
    others = [
        p.strength for p in peaks
        if abs(p.ratio - ratio) * both.length > 8 and not on_grid(p.ratio, both.length)
    ]  # fmt: skip
    return sum(other > 0.5 * strength for other in others), max(others, default=0.0)


def zone_of(ratio: float, length: int, pitch: int) -> str:
    """Which of ZONES a ratio belongs to."""
    if ratio > BORDER:
        return "above"
    if not on_grid(ratio, length, pitch):
        return "near" if ratio > NEAR else "low"
    return "half" if abs(ratio - 0.5) < 0.01 else "grid"


def is_foot(peaks: list[Peak], peak: Peak, length: int) -> bool:
    """Whether the peak is only the foot of a stronger one: a sidelobe, or rounding between the axes."""
    reach = FOOT * length
    return any(other.strength > peak.strength and 0 < abs(other.x - peak.x) <= reach for other in peaks)


def candidates(both: Joint, peaks: list[Peak], form: str) -> list[tuple[str, Peak]]:
    """Every peak that may be an enlargement, with its zone.

    Above 0.70 the codec's own lines are not worth a word; near one half only exactly there.
    """
    whole = [peak for peak in peaks if not is_foot(peaks, peak, both.length)]
    pitch = BLOCKS.get(form, PITCH)
    zoned = [(zone_of(peak.ratio, both.length, pitch), peak) for peak in whole]
    return [(zone, peak) for zone, peak in zoned if meant(zone, peak, both.length, pitch)]


def meant(zone: str, peak: Peak, length: int, pitch: int) -> bool:
    """Whether its zone speaks of it."""
    if zone == "above":
        return not on_grid(peak.ratio, length, pitch)
    return zone != "half" or abs(peak.x - length / 2) <= HALF
