"""Writes the picture in the target's format: `then: {convert: webp, quality: 90}`.

What is asked for is PNG where the model makes it, so that only one lossy step is taken. JPEG takes no
transparency; an alpha channel that is opaque throughout is left out. A promise about its `quality`,
`subsampling` or `progressive` needs the option of that name here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.options.kinds import Options, boolean, choice, integer, option
from verify4k.steps import Step, Work

if TYPE_CHECKING:
    from verify4k.steps import Material

_FINE = 90  # quality from which colours are kept whole


class ConvertOptions(Options):
    """Into what."""

    convert: str = option(choice("png", "jpeg", "webp"), "the target's format", default="")
    quality: int = option(integer(1, 100), "of jpeg and webp", default=90)
    subsampling: str | None = option(
        choice("4:4:4", "4:2:2", "4:2:0"), "of jpeg; by default 4:4:4 from quality 90 on, 4:2:0 below"
    )
    progressive: bool = option(boolean, "a jpeg that is shown coarse first", default=False)


def run(work: Work, options: ConvertOptions, _material: Material) -> Work:
    """Note the format; the picture is written after the last step."""
    image = work.image
    if options.convert == "jpeg" and "A" in image.getbands():
        if image.getchannel("A").getextrema() != (255, 255):
            raise CannotRead("JPEG holds no transparency")
        image = image.convert("L" if image.mode == "LA" else "RGB")
    return work._replace(
        image=image,
        format=options.convert,
        quality=options.quality,
        subsampling=options.subsampling or sampled_at(options.quality),
        progressive=options.progressive,
    )


def sampled_at(quality: int) -> str:
    """Return how a JPEG's colours are sampled where nobody says it."""
    return "4:4:4" if quality >= _FINE else "4:2:0"


step = Step("convert", __doc__ or "", ConvertOptions, "format", run)
