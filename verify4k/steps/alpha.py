"""Takes the transparency from a mask: `then: {alpha: from-mask art/mask.png}`.

The mask's alpha channel becomes the picture's; a mask without one, or with one that is opaque throughout,
counts by its brightness, black is transparent. It has to have the picture's size at that step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.formats.facts import Size
from verify4k.options.kinds import Kind, Options, option, scalar, wrong
from verify4k.steps import Material, Step, Work

if TYPE_CHECKING:
    from PIL import Image

    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context

_WORD = "from-mask "


def _from_mask(node: Node, _context: Context) -> str:
    written = scalar(node, "from-mask FILE")
    if not written.startswith(_WORD) or not written.removeprefix(_WORD).strip():
        raise wrong(node, "a mask says where the transparency comes from", "alpha: from-mask FILE")
    return written.removeprefix(_WORD).strip()


class AlphaStepOptions(Options):
    """Which mask."""

    alpha: str = option(
        Kind("from-mask FILE", {"type": "string", "pattern": "^from-mask ."}, _from_mask),
        "a picture in the manifest's folder that holds the transparency",
        default="",
    )


def transparency(mask: Image.Image) -> Image.Image:
    """Return what a mask says about transparency, 0 where the picture becomes transparent."""
    band = mask.getchannel("A") if "A" in mask.getbands() else mask.convert("L")
    opaque = band.getextrema() == (255, 255)  # as editors save a drawing in black and white
    return mask.convert("L") if opaque else band


def run(work: Work, options: AlphaStepOptions, material: Material) -> Work:
    """Put the mask in. Raises `CannotRead` for one of another size."""
    mask = material.files[options.alpha]
    if mask.size != work.image.size:
        there = Size(*work.image.size)
        raise CannotRead(f"the mask {options.alpha!a} is {Size(*mask.size)}, the picture {there}")
    picture = work.image.convert("LA" if work.image.mode in ("L", "LA") else "RGBA")
    picture.putalpha(transparency(mask))
    return work._replace(image=picture)


step = Step("alpha", __doc__ or "", AlphaStepOptions, "alpha", run, files=lambda options: (options.alpha,))
