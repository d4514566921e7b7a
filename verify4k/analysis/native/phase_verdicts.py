"""What undoing an enlargement in step and out of step decides: the size that is meant, and proofs.

A lossy codec's lines, the ghost of an older one and a camera's colour filter can be undone as well, the
better the smoother the picture is. So what the judges left open is proved in lossless files alone, where no
more than rounding is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from verify4k.analysis.native import inversion, lattices, peaks, phases
from verify4k.analysis.native.independent_lines import is_undone
from verify4k.analysis.native.verdict import NO_TRACE, Inversion, Native, enlarged_sentence, of_ratio

if TYPE_CHECKING:
    from verify4k.analysis.native.levels import Squares
    from verify4k.analysis.native.peaks import PairedAxes, Peak
    from verify4k.analysis.native.phases import Phased, Way, Windows

    Size = tuple[int, int]
    Axes = tuple[Windows, Windows]

_RATIOS = (0.2, 0.705)
_STRENGTH, _PEAKS = 8.0, 3  # deviations of a peak that is tried, and how many
_CLEAR = 5.0  # deviations: fainter peaks are chance
_HOPE = 0.25  # gain of a first look
_GAIN, _STEADY, _SHARE = 1.5, 4.0, 0.9  # gain that proves, and of how even it is
_NEAR = 0.004  # in ratio
_CODEC, _TIMES = 0.625, 3.0  # the codec's line that gains most, and how much more a half must gain
_FINE_PITCH = 16
_MEANT, _NEARLY = 0.2, 0.8  # gain of a size that is meant, and times the best gain of those alike
_REPEATED = 0.5  # gain of a first look at a mirror image
_MOST_LEFT = 3.0  # levels that a codec and grain leave


class PhaseInput(Protocol):
    """What a picture must have for a last look."""

    @property
    def plain(self) -> PairedAxes:
        """The paired curves of both axes."""

    @property
    def windows(self) -> Axes | None:
        """The most detailed places along both axes; None where they cannot be had."""

    @property
    def squares(self) -> Squares:
        """The busiest squares, as they are stored."""


def proved_in_phase(measured: PhaseInput, size: Size, strength: float = _STRENGTH) -> Native:
    """The verdict on a lossless file in which nothing was proved, where one of its peaks can be undone.

    strength: deviations from which a peak is worth undoing it.
    """
    axes, both = measured.windows, measured.plain
    worth = _worth(both, strength)
    in_step = (_in_step(peak, both, axes, size) for peak in worth) if axes is not None else ()
    found = next((one for one in in_step if one is not NO_TRACE), NO_TRACE)
    if found is not NO_TRACE:
        return found
    return _to_whole_levels([peak for peak in worth if peak.strength >= _CLEAR], both, measured, size)


def _in_step(peak: Peak, both: PairedAxes, axes: Axes, size: Size) -> Native:
    native = _size(both, peak, (axes[0].stored, axes[1].stored))
    ways = phases.glimpsed(axes, native, _HOPE)
    found = phases.phased(axes, phases.hopeful(axes, native, _HOPE, ways) if ways else ())
    return _told(size, peak, found) if _is_proved(peak.ratio, found, axes) else NO_TRACE


def proved_instead(found: Native, measured: PhaseInput, size: Size) -> Native:
    """The verdict on a lossless file, or another one where that can be proved and this was not."""
    proof = NO_TRACE if is_undone(found) else proved_in_phase(measured, size)
    return found if proof is NO_TRACE else proof


def _worth(both: PairedAxes, strength: float) -> list[Peak]:
    """The strongest peaks off a codec's lines, and one half."""

    def is_worth(peak: Peak) -> bool:
        searched = peak.strength >= strength and _RATIOS[0] <= peak.ratio <= _RATIOS[1]
        half = round(peak.ratio * _FINE_PITCH) * 2 == _FINE_PITCH
        return searched and (half or not lattices.on_grid(peak.ratio, both.length, _FINE_PITCH))

    return peaks.distinct_peaks(both, is_worth)[:_PEAKS]


def _is_proved(ratio: float, found: Phased, axes: Axes) -> bool:
    """Whether rounding alone is left, everywhere, and more at the higher ratio that looks alike."""
    if found.gain < _GAIN or found.steady < _STEADY or found.share < _SHARE:
        return False
    # regular subjects leave little under nearest neighbour
    if found.left > inversion.MOST_LEFT or found.kernel == "nearest":
        return False
    if abs(ratio - 0.5) < _NEAR and found.gain < _TIMES * _undone_at((_CODEC, _CODEC), axes).gain:
        return False
    higher = (1 + ratio) / 2
    return found.gain > _undone_at((higher, higher), axes).gain


def _undone_at(scales: tuple[float, float], axes: Axes, ways: tuple[Way, ...] = phases.WAYS) -> Phased:
    """What undoing it gains at a ratio, however little."""
    size = round(scales[0] * axes[0].stored), round(scales[1] * axes[1].stored)
    return phases.phased(axes, phases.hopeful(axes, size, 0.0, ways))


def _size(both: PairedAxes, peak: Peak, stored: Size) -> Size:
    return round(peak.x / both.length * stored[0]), round(peak.y / both.y.aligned.size * stored[1])


def _told(size: Size, peak: Peak, found: Phased) -> Native:
    """The verdict for a size that was undone; the windows are as long as the picture."""
    native = found.size[0], found.size[1]
    if _is_half(peak):
        native = round(size[0] / 2), round(size[1] / 2)
    ratio = (native[0] / size[0] + native[1] / size[1]) / 2
    sentence = enlarged_sentence(native, ratio, _what(found))
    undone = Inversion(found.kernel, found.left, found.beside, found.gain, found.gain, found.start)
    return Native(of_ratio(ratio), native, ratio, peak.axes, "inversion in step", sentence, inversion=undone)


def _to_whole_levels(clear: list[Peak], both: PairedAxes, measured: PhaseInput, size: Size) -> Native:
    """The verdict for the size that misses least of those that can be undone so."""
    tried = [
        (
            peak,
            measured.squares.met_at_half()
            if _is_half(peak)
            else measured.squares.met(_size(both, peak, size)),
        )
        for peak in clear
    ]
    found = [(met.missed, peak, met) for peak, met in tried if met is not None]
    if not found:
        return NO_TRACE
    _, peak, met = min(found, key=lambda one: one[0])
    ratio = (met.size[0] / size[0] + met.size[1] / size[1]) / 2
    what = (
        f"undone to whole levels with {met.kernel} it meets {1 - met.missed:.1%} of the pixels, "
        f"out of step {1 - met.beside:.1%}"
    )
    sentence = enlarged_sentence(met.size, ratio, what)
    return Native(of_ratio(ratio), met.size, ratio, peak.axes, "inversion to whole levels", sentence)


def _is_half(peak: Peak) -> bool:
    return abs(peak.ratio - 0.5) < _NEAR


def _what(found: Phased) -> str:
    return (
        f"undone with {found.kernel} in step with its lattice it leaves {found.left:.2f} levels, "
        f"out of step {found.beside:.2f}"
    )


def size_in_phase(found: Native, settled: Native, measured: PhaseInput, size: Size) -> Native:
    """The verdict on the size that is meant, of the lattice's, the settled one and the mirror image.

    Repeated samples leave r and 1 - r open, and a lattice that starts elsewhere than inversion.py expects is
    undone no better than its relatives. The lowest of those that can be undone is meant: others contain it.
    """
    axes = measured.windows
    if axes is None or found.size is None or settled.size is None or found.ratio is None:
        return settled
    own, told = _scales(found, size), _scales(settled, size)
    mirrored = 1 - own[0], 1 - own[1]
    same = abs(sum(own) - sum(told)) < 2 * _NEAR
    if same and not _may_be_mirrored(found, mirrored, axes):
        return settled
    alike = [told] if same else [told, own]
    if _RATIOS[0] <= mirrored[0] <= _RATIOS[1] and abs(sum(mirrored) - sum(told)) >= 2 * _NEAR:
        alike.append(mirrored)
    tried = [(scales, _undone_at(scales, axes)) for scales in alike]
    best = max(undone.gain for _, undone in tried)
    clear = [one for one in tried if one[1].gain >= best * (_NEARLY if one[1].kernel == "nearest" else 1)]
    scales, undone = min(clear, key=lambda one: one[0])
    if undone.gain < _MEANT or undone.left > _MOST_LEFT or scales is told:
        return settled
    return found if scales is own else _meant(found, undone, size)


def _meant(found: Native, undone: Phased, size: Size) -> Native:
    native = undone.size[0], undone.size[1]
    ratio = (native[0] / size[0] + native[1] / size[1]) / 2
    sentence = enlarged_sentence(native, ratio, _what(undone))
    return Native(of_ratio(ratio), native, ratio, found.strength, "inversion in step", sentence)


def _scales(found: Native, size: Size) -> tuple[float, float]:
    width, height = found.size or size
    return width / size[0], height / size[1]


def _may_be_mirrored(found: Native, mirrored: tuple[float, float], axes: Axes) -> bool:
    """Whether a lattice may stand at the mirror image of a ratio: a lower one, or one of repeated samples."""
    if found.method.startswith(("exact", "network", "inversion")) or not (
        _RATIOS[0] <= mirrored[0] <= _RATIOS[1]
    ):
        return False
    ways = phases.WAYS if mirrored[0] < 0.5 - _NEAR else phases.REPEATING
    native = round(mirrored[0] * axes[0].stored), round(mirrored[1] * axes[1].stored)
    return bool(phases.hopeful(axes, native, _REPEATED, ways))
