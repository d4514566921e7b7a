"""Judge whether a picture was enlarged, and from what size.

analyse() gives one of five verdicts: `upscaled` (a resampling lattice at 0.70 of the
stored size or less), `suspect` (0.70-0.97, where the grid of an older, larger JPEG can look
the same), `cells` (a graphic drawn in whole cells of several pixels), `no-trace` (which is not
"native": grain, blur and strong compression hide the trace) and `cannot-tell` (too small, or nothing
found where hardly anything could be).
See docs/native-measurement.md.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from verify4k.analysis import planes
from verify4k.analysis.blas import one_thread
from verify4k.analysis.native import (
    checkerboard,
    copies,
    emphasis,
    inversion,
    model,
    peaks,
    phases,
    spectra,
)
from verify4k.analysis.native.codec_lines import doubted_on_line
from verify4k.analysis.native.crispness import crisp_all_over
from verify4k.analysis.native.description import LOSSLESS, described_peaks
from verify4k.analysis.native.drawn import as_drawn
from verify4k.analysis.native.fingerprint import Traced, network_verdict
from verify4k.analysis.native.levels import Squares
from verify4k.analysis.native.phase_verdicts import PhaseInput, proved_in_phase, proved_instead, size_in_phase
from verify4k.analysis.native.proof import Invertible, proved, settled
from verify4k.analysis.native.repeated import copied_verdict, repeated_verdict
from verify4k.analysis.native.stretched import stretched, stretched_native
from verify4k.analysis.native.texture import Texture
from verify4k.analysis.native.verdict import (
    NO_TRACE,
    WARNING_RATIO,
    Native,
    cannot_tell,
    enlarged_sentence,
    of_ratio,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.analysis.native.checkerboard import Traces
    from verify4k.analysis.native.copies import Changes
    from verify4k.analysis.native.peaks import PairedAxes
    from verify4k.analysis.native.spectra import Curves
    from verify4k.analysis.native.verdict import Basis
    from verify4k.analysis.planes import Lines, Pixels

T = TypeVar("T")

SMALLEST = 320  # pixels on the shorter side; below, the spectra hold too few samples
# Mean step between neighbours, in 8-bit grey levels: below _FLAT "no trace" would mean nothing, below
# _BLANK nothing is looked for.
_FLAT, _BLANK = 0.14, 0.02
_CALM_STRENGTH = 4.0  # deviations of a peak that is worth undoing it where little else is there
_CALM_MARGIN = (
    2.0  # log odds asked for beyond the thresholds below _FLAT, where a codec's blocks may be all there is
)


@one_thread()
def analyse(
    pixels: Pixels,
    *,
    format: str,  # noqa: A002
    measured: Measured | None = None,
) -> Native:
    """Judge (H, W) or (H, W, 1..4) pixels, uint8 or uint16, in stored orientation; alpha, if any, last.

    ``format`` is the container's short name: it says which codec's grid to expect. ``measured``: of these
    pixels, for a caller who needs the spectra too.
    """
    height, width = pixels.shape[:2]
    if min(height, width) < SMALLEST:
        return cannot_tell("too small", f"too small to tell: needs {SMALLEST} pixels on the shorter side")
    seen = measured or Measured(pixels)
    return verdict_on(*seen.lines, seen, format, (width, height))


class Measurements(model.PictureSpectra, Invertible, PhaseInput, Traced, Protocol):
    """All that a verdict may rest on; each is measured only when asked for."""

    @property
    def changes(self) -> tuple[Changes, Changes] | None:
        """Whether each column, and each row, differs from the one before; None where nearly all do."""


def verdict_on(
    rows: Lines, columns: Lines, measured: Measurements, container: str, size: tuple[int, int]
) -> Native:
    """The verdict on evenly spread full-resolution luma lines, (count, width) and (count, height)."""
    return as_drawn(_accused(rows, columns, measured, container, size), rows, columns, container)


def _accused(
    rows: Lines, columns: Lines, measured: Measurements, container: str, size: tuple[int, int]
) -> Native:
    """The verdict as if nothing had been drawn in cells or patterns.

    The spectra are measured only where the lines leave the question open, and a network's traces looked for
    only where the spectra show no enlargement.
    """
    copied = copied_verdict(measured.changes, rows, columns, container)
    repeated = copied or repeated_verdict(rows, columns, *size)
    if repeated is not None:
        kept = size_in_phase(repeated, settled(repeated, measured, container, size), measured, size)
        by_edges = kept.cells is not None and copied is None and container in LOSSLESS
        return proved_instead(kept, measured, size) if by_edges else kept
    texture = Texture(rows, columns)
    smooth = min(texture.detail)
    found = spectral_verdict(measured, container, texture, *size) if smooth >= _BLANK else NO_TRACE
    if found.verdict != "upscaled" and smooth >= _BLANK:
        by_network = network_verdict(measured, container, *size, more=_CALM_MARGIN if smooth < _FLAT else 0.0)
        if by_network is not None:
            return by_network
    if found.ratio is None and smooth < _FLAT:
        calm = smooth >= _BLANK and container in LOSSLESS
        undone = proved(measured, size, _CALM_STRENGTH) if calm else NO_TRACE
        undone = proved_in_phase(measured, size, _CALM_STRENGTH) if calm and undone is NO_TRACE else undone
        nothing = cannot_tell("no detail", "cannot tell: too little fine detail to carry a trace")
        return nothing if undone is NO_TRACE else undone
    found = size_in_phase(found, settled(found, measured, container, size), measured, size)
    if container in LOSSLESS:
        found = proved_instead(doubted_on_line(found, measured, size), measured, size)
    if found.ratio is None:
        return _one_axis_verdict(rows, columns, measured, size) if container in LOSSLESS else found
    crisp = crisp_all_over(rows, found.ratio) or crisp_all_over(columns, found.ratio)
    return _in_part(found) if crisp else found


def _one_axis_verdict(rows: Lines, columns: Lines, measured: Measurements, size: tuple[int, int]) -> Native:
    """The verdict on a lossless file that was not enlarged in both directions."""
    axes = measured.inverse
    found = None if axes is None else stretched(measured.plain, axes)
    if found is None:
        return NO_TRACE
    native = stretched_native(found, size)
    return _in_part(native) if crisp_all_over((rows, columns)[found.axis], found.ratio) else native


class Measured:
    """The spectra of (H, W) or (H, W, 1..4) pixels, each measured when it is first asked for."""

    def __init__(self, pixels: Pixels) -> None:
        self._pixels = pixels

    @cached_property
    def lines(self) -> tuple[Lines, Lines]:
        """Evenly spread full-resolution luma lines, (count, width) and (count, height)."""
        return planes.samples(self._pixels)

    @cached_property
    def changes(self) -> tuple[Changes, Changes] | None:
        """Whether each column, and each row, differs from the one before; None where nearly all do."""
        return copies.changes(self._pixels, *self.lines)

    @cached_property
    def _planes(self) -> planes.Planes:
        return planes.averaged(self._pixels)

    @cached_property
    def inverse(self) -> tuple[inversion.Lines, inversion.Lines] | None:
        """Lines along both axes, to undo it with; None of pictures that the planes cut, or of few edges."""
        lines = self._along_both(inversion.Lines)
        few = lines is not None and min(axis.places for axis in lines) < inversion.FEWEST_PLACES
        return None if few else lines

    @cached_property
    def inverse_light(self) -> tuple[inversion.Lines, inversion.Lines] | None:
        """The same in linear light."""
        return self._along_both(lambda plane: inversion.Lines(planes.linear_light(plane)))

    @cached_property
    def windows(self) -> tuple[phases.Windows, phases.Windows] | None:
        """The most detailed places along both axes; None where there are no lines to undo."""
        return None if self.inverse is None else self._along_both(phases.Windows)

    @cached_property
    def squares(self) -> Squares:
        """The busiest squares, as they are stored."""
        return Squares(self._pixels)

    def _along_both(self, made: Callable[[Lines], T]) -> tuple[T, T] | None:
        """What is made of the planes of both axes; None where they cut the picture, or it is too small."""
        height, width = self._pixels.shape[:2]
        if max(width, height) > planes.LONGEST or min(width, height) < inversion.SHORTEST:
            return None
        return made(self._planes.x), made(self._planes.y)

    @cached_property
    def counts(self) -> checkerboard.Counts:
        """How often signs agree, column by column and row by row."""
        return checkerboard.central_counts(self._pixels)

    @cached_property
    def traces(self) -> Traces:
        """What a network may have left in them."""
        return checkerboard.traces_in_counts(self.counts)

    @cached_property
    def undashed_traces(self) -> Traces | None:
        """The same without dashed lines; None where there are none."""
        return checkerboard.undashed_traces(self._pixels)

    @cached_property
    def plain(self) -> PairedAxes:
        """The curves of both axes, joined."""
        return paired_spectra(spectra.plane_curves(self._planes.x), spectra.plane_curves(self._planes.y))

    @cached_property
    def emphasised(self) -> PairedAxes:
        """The same of planes in which detailed places count more."""
        x, y = (emphasis.detail_weighted(plane) for plane in (self._planes.x, self._planes.y))
        return paired_spectra(spectra.plane_curves(x), spectra.plane_curves(y))

    @cached_property
    def coarse(self) -> PairedAxes:
        """The same of a part of the linear-light planes, aligned lattices only."""
        x, y = (planes.linear_light(planes.row_pairs(plane)) for plane in (self._planes.x, self._planes.y))
        return paired_spectra(spectra.coarse_curves(x), spectra.coarse_curves(y))

    @cached_property
    def linear_light(self) -> PairedAxes:
        """The same as ``plain`` of the linear-light planes."""
        return paired_spectra(
            *(spectra.plane_curves(planes.linear_light(plane)) for plane in (self._planes.x, self._planes.y))
        )


def paired_spectra(x: Curves, y: Curves) -> PairedAxes:
    """The curves of both axes, normalised and joined."""
    return peaks.paired_axes(peaks.normalised_axis(x), peaks.normalised_axis(y))


def _in_part(found: Native) -> Native:
    """The verdict where a trace stands beside edges that an enlargement would have softened."""
    sentence = found.sentence.replace("looks enlarged", "holds a part that looks enlarged", 1)
    return replace(found, verdict="suspect", sentence=f"{sentence}; crisp edges elsewhere are not enlarged")


def spectral_verdict(
    measured: model.PictureSpectra, container: str, texture: Texture, width: int, height: int
) -> Native:
    """The verdict that the best-scored peak gives."""
    found = model.decisive(_scored_peaks(measured, container, texture))
    if found is None or found.described.peak.ratio > WARNING_RATIO:
        return NO_TRACE
    both, peak = measured.plain, found.described.peak
    size = round(peak.x / both.length * width), round(peak.y / both.y.aligned.size * height)
    if found.described.zone == "half":  # that zone is half the size and nothing beside it
        size = round(width / 2), round(height / 2)
    ratio = (size[0] / width + size[1] / height) / 2
    verdict = of_ratio(ratio)
    pitch = "half-size" if abs(ratio - 0.5) < 0.004 else "smaller"
    method, what, basis = _basis_of(found, pitch)
    if verdict == "suspect":
        what += ", or an older and larger JPEG was reduced"
    axes = peak.cyclic_axes if basis == "cyclic" else peak.axes
    return Native(verdict, size, ratio, axes, method, enlarged_sentence(size, ratio, what), basis)


def _basis_of(found: model.Scored, pitch: str) -> tuple[str, str, Basis]:
    """By which method a peak was found, what that says, and what shows it."""
    peak = found.described.peak
    if max(peak.aligned, peak.free) < model.SURE_STRENGTH:  # a mirror image alone would not have been judged
        what = f"the dependence between neighbouring pixels repeats with a {pitch} lattice on both axes"
        return "cyclic autocorrelation", what, "cyclic"
    method = "aligned lattice" if peak.aligned > 0.5 * peak.free else "free lattice"
    what = f"the pixels repeat a {pitch} lattice on both axes"
    if found.linear_light:
        return f"{method} in linear light", f"{what}, in linear light", "linear-light"
    return method, what, "levels"


def _scored_peaks(measured: model.PictureSpectra, container: str, texture: Texture) -> list[model.Scored]:
    """The peaks of the levels; where none of them tells of an enlargement, those of linear light as well."""
    more = _CALM_MARGIN if min(texture.detail) < _FLAT else 0.0
    found = model.scored_levels(
        described_peaks(measured.plain, container, texture, model.is_eligible), measured, more=more
    )
    if any(one.margin > 0 and one.described.zone != "above" for one in found):
        return found
    if not model.hints_at_linear_light(measured.coarse, container):
        return found
    return found + model.scored_linear_light(
        described_peaks(measured.linear_light, container, texture, model.is_eligible), measured, more=more
    )
