"""Settle a verdict by inversion: which of the ratios that look alike is it, and is it one at all.

A lattice at r shows at 1 - r, at 2r and at their like too, and nearly repeated rows leave r and 1 - r open.
Each of them is undone, and the one that leaves least beside its neighbours is meant. A codec's lines leave
little too, and more so the higher they are: where the next line gains as much, it is the codec.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from verify4k.analysis.native import inversion, lattices, peaks
from verify4k.analysis.native.codec_lines import may_be_codec, suspected_codec
from verify4k.analysis.native.description import LOSSLESS
from verify4k.analysis.native.linear_light import in_linear_light
from verify4k.analysis.native.verdict import NO_TRACE, Native, enlarged_sentence, of_ratio
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.analysis.native.inversion import Lines
    from verify4k.analysis.native.peaks import PairedAxes
    from verify4k.analysis.native.verdict import Inversion

    Size = tuple[int, int]
    Scales = tuple[float, float]

_SEARCHED, _SAME = (0.15, 0.97), 0.003  # ratios, and the difference below which two are one
_PEAKS = 4  # of the strongest peaks, that are tried beside the relatives
_INSTEAD, _TIMES, _LEAST_OWN = 0.15, 2.0, 0.05  # gain of another size that is meant; times the own
_INSTEAD_OF_AXIS = 0.1  # ... and that of its weaker axis: one alone gains as much by chance
_AS_WELL = 0.6  # of the own gain, from which the weaker claim is meant: the higher of two that look alike
_CODEC = 2.0  # how much more than any other line of the codec's grid one of them must gain
_HALF, _NO_GAIN = 0.004, 0.15  # in ratio; gain below which exactly half is a colour filter's as well
_HALVES = (0.5, 0.5)
_PROOF, _PROOF_OF_AXIS, _PROOF_TIMES = 1.2, 0.8, 3.0  # gains without any peak; times that of the codec's line
_STRONG, _LAST_PROVED = 6.0, 0.86  # deviations; above, smooth drawings that were reduced can be undone
PROOF_AT_PEAK = 1.5  # gain: the most of 71 other pictures gained 0.8
_UNDOABLE = ("aligned lattice", "cyclic autocorrelation", "repeated rows")  # half a step from the border


class Invertible(Protocol):
    """What a picture must have to be undone."""

    @property
    def plain(self) -> PairedAxes:
        """The paired curves of both axes."""

    @property
    def inverse(self) -> tuple[Lines, Lines] | None:
        """Lines along both axes; None where they cannot be had."""

    @property
    def inverse_light(self) -> tuple[Lines, Lines] | None:
        """The same in linear light."""


class _Tried(NamedTuple):
    """Native sizes as parts of the stored ones, across and down: rounded apart, they differ a little."""

    scales: Scales
    found: Inversion

    @property
    def ratio(self) -> float:
        """The mean of both."""
        return _mean(self.scales)


def settled(found: Native, measured: Invertible, container: str, size: Size) -> Native:
    """The verdict, with another ratio, another weight or a proof where inversion gives one."""
    if found is NO_TRACE and container in LOSSLESS:
        return proved(measured, size)
    told = found.method.startswith(("exact", "network"))
    if found.size is None or told or (axes := measured.inverse) is None:
        return found
    # A lossy codec has lines of its own at many places; only what looks alike is tried there.
    known = measured.plain if container in LOSSLESS else None
    own = found.size[0] / size[0], found.size[1] / size[1]
    if container in lattices.UNTAUGHT_BLOCKS and may_be_codec(found, own, measured, container):
        return suspected_codec(found)
    tried = [_try(axes, one) for one in _candidates(own, known)]
    tried[0] = _refined(axes, tried[0])
    return in_linear_light(found, _checked(found, tried, measured, axes, container, size), measured, size)


def _checked(
    found: Native,
    tried: list[_Tried],
    measured: Invertible,
    axes: tuple[Lines, Lines],
    container: str,
    size: Size,
) -> Native:
    """The verdict after its ratio, the first that was tried, is held against the others."""
    ratio, own = tried[0].ratio, tried[0].found
    best = max(tried[1:], key=lambda one: one.found.gain, default=tried[0])
    telling = best.found.gain >= max(_INSTEAD, _TIMES * max(_LEAST_OWN, own.gain))
    telling = telling and best.found.weaker >= _INSTEAD_OF_AXIS
    nearest = best.found.kernel == "nearest" and found.method != "repeated rows"  # flat places do that
    if telling and not nearest and _is_no_codec(best, axes, container, size):
        return _instead(best.scales, axes, size)
    higher = max((one.found.gain for one in tried if _is_higher(one.ratio, ratio)), default=0.0)
    undoable = found.method in _UNDOABLE  # of others every size leaves much, and a higher one a little less
    if undoable and own.gain < inversion.TELLING and higher >= max(_INSTEAD, _AS_WELL * own.gain):
        return higher_size(tried[0].scales, axes, container, size)
    if may_be_codec(found, tried[0].scales, measured, container):
        return suspected_codec(found)
    half = abs(ratio - 0.5) < _HALF and undoable
    if half and own.gain < _NO_GAIN and container in ("jpeg", *LOSSLESS):
        what = "no kernel undoes it, so that a camera's colour filter may have left it"
        return replace(found, verdict="suspect", sentence=f"{found.sentence}; {what}")
    if own.gain < inversion.TELLING:
        return found
    return _told(
        _sized(found, tried[0].scales, size), inversion.inverted(axes, _sizes(axes, tried[0].scales))
    )


def higher_size(scales: Scales, axes: tuple[Lines, Lines], container: str, size: Size) -> Native:
    """The verdict for the higher of two sizes that look alike; a codec's line of little gain is no error."""
    up = (1 + scales[0]) / 2, (1 + scales[1]) / 2
    found = _instead(up, axes, size)
    undone = found.inversion
    if undone is None or container in LOSSLESS or undone.gain >= PROOF_AT_PEAK:
        return found
    if _is_no_codec(_Tried(up, undone), axes, container, size):
        return found
    return suspected_codec(found)


def _sized(found: Native, scales: Scales, size: Size) -> Native:
    """The same verdict with the size that can be undone, also in its sentence."""
    native = _native(scales, size)
    if native == found.size:
        return found
    _, _, what = found.sentence.partition("; ")
    return replace(
        found, size=native, ratio=_mean(scales), sentence=enlarged_sentence(native, _mean(scales), what)
    )


def _is_higher(one: float, ratio: float) -> bool:
    """Whether one is the higher of two ratios whose lattices look alike."""
    return abs(one - (1 + ratio) / 2) < _SAME


def _candidates(own: Scales, both: PairedAxes | None) -> list[Scales]:
    """The size first, then its relatives and the strongest peaks, each once."""
    strongest = [] if both is None else [_scales(both, peak) for peak in peaks.paired_peaks(both)[:_PEAKS]]
    found = [own]
    for one in [*zip(*map(_relatives, own), strict=True), *strongest]:
        ratio = _mean(one)
        if _SEARCHED[0] <= ratio <= _SEARCHED[1] and all(abs(ratio - _mean(o)) > _SAME for o in found):
            found.append(one)
    return found


def _relatives(ratio: float) -> tuple[float, ...]:
    return 1 - ratio, 2 * ratio, 2 * ratio - 1, (1 + ratio) / 2, ratio / 2, 2 - 2 * ratio


def _scales(both: PairedAxes, peak: peaks.Peak) -> Scales:
    return peak.x / both.length, peak.y / both.y.aligned.size


def _mean(scales: Scales) -> float:
    return (scales[0] + scales[1]) / 2


def _native(scales: Scales, stored: Size) -> Size:
    return round(scales[0] * stored[0]), round(scales[1] * stored[1])


def _sizes(axes: tuple[Lines, Lines], scales: Scales) -> Size:
    return _native(scales, (axes[0].stored, axes[1].stored))


def _try(axes: tuple[Lines, Lines], scales: Scales) -> _Tried:
    return _Tried(scales, inversion.inverted(axes, _sizes(axes, scales), inversion.QUICK))


def _refined(axes: tuple[Lines, Lines], tried: _Tried) -> _Tried:
    """The same, a sample more or less on an axis where that leaves less: a peak may be a bin off.

    Exactly half is half, and what can be undone on both axes is right.
    """
    if tried.found.weaker >= inversion.TELLING or abs(tried.ratio - 0.5) < _HALF:
        return tried
    sizes = [
        min(
            (native - 1, native, native + 1),
            key=lambda one: min(axis.left(kernel, one) for kernel in inversion.QUICK),
        )
        for axis, native in zip(axes, _sizes(axes, tried.scales), strict=True)
    ]
    new = _try(axes, (sizes[0] / axes[0].stored, sizes[1] / axes[1].stored))
    return new if new.found.gain >= max(inversion.TELLING, tried.found.gain) else tried


def _is_no_codec(one: _Tried, axes: tuple[Lines, Lines], container: str, size: Size) -> bool:
    """Whether a ratio is off the codec's grid, or in a lossless file gains far more than its rest."""
    pitch = lattices.line_pitch(container)
    if not any(lattices.on_grid(*each, pitch) for each in zip(one.scales, size, strict=True)):
        return True
    others = [k / lattices.CODEC_PITCH for k in range(3, 8) if abs(k / 8 - one.ratio) > _SAME]
    return container in LOSSLESS and one.found.gain > _CODEC * max(
        _try(axes, (k, k)).found.gain for k in others
    )


def _instead(scales: Scales, axes: tuple[Lines, Lines], size: Size) -> Native:
    """The verdict for another size than the one that the lattice told."""
    found = inversion.inverted(axes, _sizes(axes, scales))
    native, ratio = _native(scales, size), _mean(scales)
    sentence = enlarged_sentence(native, ratio, "of all sizes that look alike, this one can be undone")
    strength = float(found.gain) * 10, float(found.weaker) * 10
    return _told(Native(of_ratio(ratio), native, ratio, strength, "inversion", sentence), found)


def _told(found: Native, undone: Inversion) -> Native:
    what = (
        f"undone with {undone.kernel} it leaves {undone.left:.2f} levels, sizes beside it {undone.beside:.2f}"
    )
    return replace(found, sentence=f"{found.sentence}; {what}", inversion=undone)


def proved(measured: Invertible, size: Size, strength: float = _STRONG) -> Native:
    """The verdict on a lossless file that shows no enlargement otherwise: one that can be undone, or none.

    strength: deviations from which a peak is worth undoing it.
    """
    axes = measured.inverse
    if axes is None:
        return NO_TRACE
    found = _exactly_half(axes, size)
    return found if found is not NO_TRACE else _at_peaks(measured.plain, axes, size, strength)


def _exactly_half(axes: tuple[Lines, Lines], size: Size) -> Native:
    half = _sizes(axes, _HALVES)
    if not _may_gain("bilinear", axes, half, _PROOF_OF_AXIS):
        return NO_TRACE
    quick = inversion.inverted(axes, half, ("bilinear",))
    if quick.gain < _PROOF or quick.weaker < _PROOF_OF_AXIS:
        return NO_TRACE
    codec = _try(axes, (0.75, 0.75)).found
    if quick.gain < _PROOF_TIMES * codec.gain:
        return NO_TRACE
    # Of a smooth wave a kernel that fits it badly leaves less at half, where samples keep two phases.
    if inversion.fitting_gain(axes, half, fits=inversion.BEST_FIT) < _PROOF:
        return NO_TRACE
    found = _instead(_HALVES, axes, size)
    return found if found.inversion is not None and found.inversion.left <= inversion.MOST_LEFT else NO_TRACE


def _at_peaks(both: PairedAxes, axes: tuple[Lines, Lines], size: Size, strength: float) -> Native:
    """Off a codec's lines, where a picture that JPEG has smoothed can be undone as well."""

    def is_worth(peak: peaks.Peak) -> bool:
        searched = peak.strength >= strength and _SEARCHED[0] <= peak.ratio <= _LAST_PROVED
        return searched and not lattices.on_grid(peak.ratio, both.length, 2 * lattices.CODEC_PITCH)

    for peak in peaks.distinct_peaks(both, is_worth)[:_PEAKS]:
        native = _sizes(axes, _scales(both, peak))
        hopeful = [kernel for kernel in inversion.SMOOTH if _may_gain(kernel, axes, native, _PROOF_OF_AXIS)]
        if not inversion.leaves_little(axes, native, hopeful):
            continue
        undone = inversion.inverted(axes, native, hopeful)
        surely = undone.gain >= PROOF_AT_PEAK and undone.weaker >= _PROOF_OF_AXIS
        if surely and undone.left <= inversion.MOST_LEFT:
            return _instead(_scales(both, peak), axes, size)
    return NO_TRACE


def _may_gain(kernel: str, axes: tuple[Lines, Lines], native: Size, least: float) -> bool:
    return all(axis.may_gain(kernel, own, least) for axis, own in zip(axes, native, strict=True))
