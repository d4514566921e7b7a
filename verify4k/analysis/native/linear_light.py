"""An enlargement in linear light, undone there: in the levels another size may seem to be undone better."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from verify4k.analysis.native import inversion

if TYPE_CHECKING:
    from verify4k.analysis.native.inversion import Lines
    from verify4k.analysis.native.verdict import Native

    Size = tuple[int, int]

_SAME = 0.01  # in ratio


class LinearLightInput(Protocol):
    """What a picture must have for it."""

    @property
    def inverse_light(self) -> tuple[Lines, Lines] | None:
        """Lines along both axes in linear light; None where they cannot be had."""


def in_linear_light(found: Native, settled: Native, measured: LinearLightInput, size: Size) -> Native:
    """The size that the lattice tells, where in linear light it is undone better than what took its place."""
    if found.size is None or found.ratio is None or settled.ratio is None or settled.inversion is None:
        return settled
    if abs(found.ratio - settled.ratio) < _SAME or (axes := measured.inverse_light) is None:
        return settled
    native = tuple(own / edge * axis.stored for own, edge, axis in zip(found.size, size, axes, strict=True))
    if inversion.fitting_gain(axes, native) < max(inversion.TELLING, settled.inversion.gain):
        return settled
    undone = inversion.inverted(axes, native)
    what = f"undone with {undone.kernel} in linear light it leaves {undone.left:.2f} levels"
    return replace(found, sentence=f"{found.sentence}; {what}, sizes beside it {undone.beside:.2f}")
