"""Cuts the promised size out of a larger picture; no pixel is changed.

`then: crop` cuts around the middle, `then: {crop: top}` keeps that edge. The picture has to come in the
size that was asked for: out of another one something else would be cut.
"""

from __future__ import annotations

from verify4k.errors import CannotRead
from verify4k.formats.facts import Size
from verify4k.options.kinds import Options, choice, option
from verify4k.steps import Material, Step, Work

_PLACES = {
    "center": (0.5, 0.5),
    "top": (0.5, 0.0),
    "bottom": (0.5, 1.0),
    "left": (0.0, 0.5),
    "right": (1.0, 0.5),
}


class CropOptions(Options):
    """Where to cut."""

    crop: str = option(choice(*_PLACES), "which part stays", default="center")


def run(work: Work, options: CropOptions, material: Material) -> Work:
    """Cut. Raises `CannotRead` for a picture that is too small."""
    wanted, there = material.size, Size(*work.image.size)
    if wanted.width > there.width or wanted.height > there.height:
        raise CannotRead(f"{there} is too small to cut {wanted} out of it: nothing is ever enlarged")
    across, down = _PLACES[options.crop]
    left = int((there.width - wanted.width) * across)
    top = int((there.height - wanted.height) * down)
    box = (left, top, left + wanted.width, top + wanted.height)
    return work._replace(image=work.image.crop(box))


step = Step("crop", __doc__ or "", CropOptions, "size", run, bare=True)
