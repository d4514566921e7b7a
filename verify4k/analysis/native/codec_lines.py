"""Lattices that a lossy codec may have left: this file's own, or that of a file which it was before.

A PNG that was saved from a WebP shows the lines of WebP's transform of four pixels, one from a JPEG XL those
of 32. Soft pictures show them most: above their own detail a codec's noise is all there is. So on such a
line nothing but undoing it tells an enlargement.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from verify4k.analysis.native import inversion, lattices
from verify4k.analysis.native.description import LOSSLESS

if TYPE_CHECKING:
    from verify4k.analysis.native.inversion import Lines
    from verify4k.analysis.native.verdict import Native

    Axes = tuple[Lines, Lines]

_CODECS_OWN = ("cyclic autocorrelation", "free lattice")  # methods by which smooth waves show its lines
_OPEN = ("aligned lattice", *_CODECS_OWN, "inversion")  # methods that leave open what a lattice comes from
_FINEST_PITCH = 32  # pixels, the largest block whose lines were seen: those of all others are among them
_TELLING_ON_LINE = 0.6  # gain: of true pictures in WebP, HEIC and JPEG 0.3 and less but for four of 1,100


class Undoable(Protocol):
    """What a picture must have to be undone."""

    @property
    def inverse(self) -> Axes | None:
        """Lines along both axes; None where they cannot be had."""

    @property
    def inverse_light(self) -> Axes | None:
        """The same in linear light."""


def suspected_codec(found: Native, what: str = "its codec") -> Native:
    """The verdict where a lossy codec may have left the same lattice."""
    return replace(found, verdict="suspect", sentence=f"{found.sentence}; {what} may leave that as well")


def may_be_codec(found: Native, scales: tuple[float, float], measured: Undoable, container: str) -> bool:
    """Whether a lattice stands on the line of a lossy file's codec, and nothing that can be undone is there.

    Whitened, a codec's noise is as strong as the picture: of rings, ripples and the like it is all there
    is above their own frequency, and squared it is stronger in bright places.
    """
    light = found.basis == "linear-light"
    own = light or found.method in _CODECS_OWN or container in lattices.UNTAUGHT_BLOCKS
    if container in LOSSLESS or found.verdict != "upscaled" or not own:
        return False
    if not lattices.near_codec_line(sum(scales) / 2, container):
        return False
    gain = _gain(found, scales, measured)
    return gain is not None and gain < inversion.TELLING


def doubted_on_line(found: Native, measured: Undoable, size: tuple[int, int]) -> Native:
    """The verdict on a lossless file, which on the line of a codec that it may have had before is a doubt.

    It stays where undoing gains more than what such codecs left of true pictures.
    """
    if found.verdict != "upscaled" or found.size is None or not found.method.startswith(_OPEN):
        return found
    scales = found.size[0] / size[0], found.size[1] / size[1]
    if not all(lattices.on_grid(own, edge, _FINEST_PITCH) for own, edge in zip(scales, size, strict=True)):
        return found
    gain = _gain(found, scales, measured)
    if gain is None or gain >= _TELLING_ON_LINE:
        return found
    return suspected_codec(found, "a WebP, HEIC or JPEG XL that it was before")


def _gain(found: Native, scales: tuple[float, float], measured: Undoable) -> float | None:
    """What undoing gains under the kernels that fit; None where there are no lines to undo."""
    axes = measured.inverse_light if found.basis == "linear-light" else measured.inverse
    if axes is None:
        return None
    native = tuple(round(own * axis.stored) for own, axis in zip(scales, axes, strict=True))
    return inversion.fitting_gain(axes, native, anywhere=found.method.startswith("free lattice"))
