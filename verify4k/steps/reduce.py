"""Reduces a larger picture to the promised size by a named filter; nothing is ever enlarged.

`then: reduce` uses Lanczos, `then: {reduce: box}` another filter. Where the shapes differ, what sticks out
on two opposite edges is left away, as little as possible and equally on both.
"""

from __future__ import annotations

from verify4k.errors import CannotRead
from verify4k.formats.facts import Size
from verify4k.options.kinds import Options, choice, option
from verify4k.steps import Material, Step, Work


class ReduceOptions(Options):
    """How to reduce."""

    reduce: str = option(choice("lanczos", "bicubic", "hamming", "box"), "the filter", default="lanczos")


def run(work: Work, options: ReduceOptions, material: Material) -> Work:
    """Reduce. Raises `CannotRead` for a picture that is too small."""
    from PIL import Image

    wanted, there = material.size, Size(*work.image.size)
    factor = min(there.width / wanted.width, there.height / wanted.height)
    if factor < 1:
        raise CannotRead(f"{there} is too small to be reduced to {wanted}: nothing is ever enlarged")
    wide, high = wanted.width * factor, wanted.height * factor
    left, top = (there.width - wide) / 2, (there.height - high) / 2
    box = (left, top, min(left + wide, there.width), min(top + high, there.height))
    resampling = Image.Resampling[options.reduce.upper()]
    return work._replace(image=work.image.resize(wanted, resampling, box=box))


step = Step("reduce", __doc__ or "", ReduceOptions, "size", run, bare=True)
