"""Writes the picture in the target's format: `then: {convert: webp, quality: 90}`.

What is asked for is PNG where the model makes it, so that only one lossy step is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.options.kinds import Options, choice, integer, option
from verify4k.steps import Step, Work

if TYPE_CHECKING:
    from verify4k.steps import Material


class ConvertOptions(Options):
    """Into what."""

    convert: str = option(choice("png", "jpeg", "webp"), "the target's format", default="")
    quality: int = option(integer(1, 100), "of jpeg and webp", default=90)


def run(work: Work, options: ConvertOptions, _material: Material) -> Work:
    """Note the format; the picture is written after the last step."""
    if options.convert == "jpeg" and "A" in work.image.getbands():
        raise CannotRead("JPEG holds no transparency")
    return work._replace(format=options.convert, quality=options.quality)


step = Step("convert", __doc__ or "", ConvertOptions, "format", run)
