"""JPEG XL pixels, decoded by pillow-jxl-plugin (an extra)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged, MissingTool
from verify4k.formats.facts import Size
from verify4k.formats.limits import DEFAULT, guard

if TYPE_CHECKING:
    from typing import Any

    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

    from verify4k.formats.facts import Header
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode the first frame, in stored orientation."""
    from verify4k.formats.decoding import as_damage, deep_alpha
    from verify4k.formats.pixels import PillowPixels

    guard(header, len(data), limits)
    module = plugin()
    from io import BytesIO

    with as_damage():
        image: ImageFile = module.JXLImageFile(BytesIO(data))
        image.load()
    if image.size not in (header.displayed, header.stored):
        raise Damaged(f"the header promises {header.displayed}, the decoder finds {Size(*image.size)}")
    rebuilt = getattr(image, "jpeg", False)  # a JPEG: of that the plug-in turns nothing
    turned = image.size == header.displayed and not rebuilt
    picture = _unturn(image, header.orientation) if turned else image
    return deep_alpha(PillowPixels(picture), header)


def plugin() -> Any:
    """Import the decoder. Raises `MissingTool`."""
    try:
        from pillow_jxl import JpegXLImagePlugin
    except ImportError as error:
        raise MissingTool("JPEG XL needs pillow-jxl-plugin", 'pip install "verify4k[jxl]"') from error
    return JpegXLImagePlugin


def _unturn(image: Image, orientation: int) -> Image:
    from PIL.Image import Transpose

    inverse = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_90,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_270,
    }
    return image if orientation == 1 else image.transpose(inverse[orientation])
