"""PNG pixels: the first frame that is shown, with transparency by colour key applied here.

Of the decoders, Pillow compares the key with scaled samples and spng skips it. Small 8-bit pictures
and palettes go through Pillow (no NumPy import), everything else through spng, which keeps 16 bits
and is faster. Neither sees text or profiles, so those cannot stop them.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from verify4k.errors import CannotRead, Damaged, LimitHit, MissingTool
from verify4k.formats.limits import DEFAULT, HINT, guard
from verify4k.formats.png.frame import Frame

if TYPE_CHECKING:
    from PIL import Image

    from verify4k.formats.facts import Header
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

SMALL = 1_000_000  # pixels up to which Pillow costs less than importing NumPy


def decode(
    data: bytes,
    header: Header,
    *,
    colour: bool,  # noqa: ARG001 - gray costs the same
    limits: Limits = DEFAULT,
) -> Pixels:
    """Decode the IDAT image, or the first fdAT frame where IDAT is not part of the animation."""
    guard(header, None, limits)  # `inflate` counts the bytes of every row
    try:
        return _picture(Frame(data))
    except MemoryError as error:
        raise LimitHit(f"there is no memory for {header.stored} pixels", HINT) from error


def _picture(frame: Frame) -> Pixels:
    from verify4k.formats.pixels import ArrayPixels, PillowPixels

    ihdr, (width, height, left, top) = frame.ihdr, frame.place
    if (width, height) != (ihdr.width, ihdr.height):  # 4.9: the rest of the canvas is transparent
        if ihdr.depth == 16:
            raise CannotRead("a 16-bit animation that begins with a part of its canvas cannot be composed")
        from PIL import Image

        canvas = Image.new("RGBA", (ihdr.width, ihdr.height))
        canvas.paste(_with_pillow(frame).convert("RGBA"), (left, top))
        return PillowPixels(canvas)
    if ihdr.depth < 16 and (ihdr.colour == 3 or width * height <= SMALL):
        return PillowPixels(_with_pillow(frame))
    try:
        array, alpha = _with_spng(frame)
    except ImportError as error:  # there is no wheel of pyspng for Macs with Intel processors
        if ihdr.depth == 16:  # Pillow keeps 8 of 16 bits, and cannot tell almost opaque from opaque
            raise MissingTool("16-bit PNG needs pyspng", "pip install pyspng") from error
        return PillowPixels(_with_pillow(frame))
    return ArrayPixels(array, alpha=alpha)


def _with_pillow(frame: Frame) -> Image.Image:
    from io import BytesIO

    from PIL import PngImagePlugin

    from verify4k.formats.decoding import DECODER_ERRORS

    try:
        image: Image.Image = PngImagePlugin.PngImageFile(BytesIO(frame.file()))
        image.load()
    except MemoryError:
        raise
    except DECODER_ERRORS as error:
        raise Damaged("the pixel data cannot be decoded") from error
    key = frame.key()
    if key is not None:
        if image.mode == "1":
            image = image.convert("L")
        scaled = tuple(value * 255 // ((1 << frame.ihdr.depth) - 1) for value in key)
        image.info["transparency"] = scaled if len(scaled) == 3 else scaled[0]
    elif frame.transparency:
        image.info["transparency"] = frame.transparency
    return image


def _with_spng(frame: Frame) -> tuple[Any, bool]:
    """Return (array, whether its last channel is alpha)."""
    import numpy as np

    ihdr = frame.ihdr
    array = _samples(frame)
    if ihdr.colour == 4:
        array = array[..., ::3]  # gray stands in R, G and B
    elif ihdr.colour == 0:
        array = array[..., 0]
    elif ihdr.colour == 2:
        array = array[..., :3]
    key = frame.key()
    if key is None:
        return np.ascontiguousarray(array), ihdr.colour in (4, 6)
    scale = 1 if ihdr.depth >= 8 else 255 // ((1 << ihdr.depth) - 1)
    solid = array != key[0] * scale if len(key) == 1 else (array != np.array(key)).any(axis=-1)
    alpha = np.where(solid, np.iinfo(array.dtype).max, 0).astype(array.dtype)
    return np.dstack((array, alpha)), True


def _samples(frame: Frame) -> Any:
    """Decode in the forms that spng offers.

    Gray with alpha comes only as RGBA, 16-bit gray only with a dummy alpha, 16-bit RGB as RGBA.
    """
    from pyspng import _pyspng_c as spng

    deep = frame.ihdr.depth == 16
    form = {0: "GA16" if deep else "G8", 2: "RGBA16" if deep else "RGB8"}.get(frame.ihdr.colour)
    wanted = getattr(spng, f"SPNG_FMT_{form or ('RGBA16' if deep else 'RGBA8')}")
    if frame.plain:
        with suppress(RuntimeError, ValueError):
            return spng.spng_decode_image_bytes(frame.data, wanted)
    try:
        return spng.spng_decode_image_bytes(frame.file(), wanted)
    except (RuntimeError, ValueError) as error:
        reason = str(error).rpartition(": ")[2][:80]
        raise Damaged(f"the pixel data cannot be decoded ({reason})") from error
