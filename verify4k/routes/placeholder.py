"""Placeholders: made offline, of the exact size, for development and for trying verify4k out.

A placeholder says so in the picture, in its metadata (XMP, and a tEXt chunk in PNG) and in the
ledger, and rule ``no-placeholder`` refuses it: the one rule that ``generate`` does not judge it by.
The same order gives the same bytes. PNG, JPEG and WebP by the target's suffix; an alpha promise is
kept, also where it wants transparency.
"""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from verify4k.errors import UsageError
from verify4k.formats.metadata.placeholder import KEYWORD, MARK, XMP
from verify4k.routes import Order, Route
from verify4k.routes.protocol.profile import Profile
from verify4k.text import printable

if TYPE_CHECKING:
    from typing import Any

    from PIL import Image

    from verify4k.formats.facts import Size

_LARGEST = 100_000_000  # pixels; beyond that a placeholder helps nobody
_EDGES = {"png": (1 << 31) - 1, "jpeg": 65_535, "webp": 16_383}


def make(order: Order) -> bytes:
    """Return the encoded picture. Raises `UsageError` for a size that the format cannot hold."""
    if order.size.pixels > _LARGEST or max(order.size) > _EDGES[order.format]:
        raise UsageError(
            f"a {order.format} placeholder of {order.size} is too large", "promise a smaller size"
        )
    picture = _drawn(order)
    if order.background == "transparent":
        picture = _with_hole(picture)
    buffer = io.BytesIO()
    picture.save(buffer, order.format.upper(), **_how(order.format))
    return buffer.getvalue()


def _how(form: str) -> dict[str, Any]:
    if form == "png":
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_text(KEYWORD, "placeholder: not for release")
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        return {"pnginfo": info, "compress_level": 6}
    if form == "jpeg":
        return {"xmp": XMP, "quality": 85, "comment": MARK.encode()}
    return {"xmp": XMP, "quality": 80, "method": 2}


def _drawn(order: Order) -> Image.Image:
    """Draw a gradient in the target's own colours, a frame, a cross, and what it stands for."""
    from PIL import Image, ImageDraw

    width, height = order.size
    light, dark = _colours(order.target)
    picture = Image.linear_gradient("L").resize(order.size)
    picture = Image.composite(
        Image.new("RGB", order.size, light), Image.new("RGB", order.size, dark), picture
    )
    draw = ImageDraw.Draw(picture)
    line = max(1, min(order.size) // 200)
    draw.line((0, 0, width - 1, height - 1), fill=light, width=line)
    draw.line((0, height - 1, width - 1, 0), fill=light, width=line)
    draw.rectangle((0, 0, width - 1, height - 1), outline=light, width=line)
    _write(draw, order.size, ("PLACEHOLDER", str(order.size), printable(order.target)[-48:]), dark)
    return picture


def _colours(target: str) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    first, second, third = hashlib.sha256(target.encode("utf-8", "surrogateescape")).digest()[:3]
    light = (160 + first % 80, 160 + second % 80, 160 + third % 80)
    return light, (light[0] // 4, light[1] // 4, light[2] // 4)


def _write(draw: Any, size: Size, lines: tuple[str, ...], paper: tuple[int, int, int]) -> None:
    """Write centred lines as large as fit; a picture too small for letters stays without."""
    from PIL import ImageFont

    longest = max(map(len, lines))
    height = min(size.width * 1.6 / longest, size.height / (len(lines) * 2))
    if height < 5:
        return
    font = ImageFont.load_default(height)
    for number, text in enumerate(lines):
        middle = (size.width / 2, size.height / 2 + (number - (len(lines) - 1) / 2) * height * 1.3)
        safe = text.encode("ascii", "replace").decode()
        draw.rectangle(draw.textbbox(middle, safe, font=font, anchor="mm"), fill=paper)
        draw.text(middle, safe, font=font, anchor="mm", fill=(255, 255, 255))


def _with_hole(picture: Image.Image) -> Image.Image:
    """Make the top left corner transparent, so that a promise of used alpha holds."""
    picture = picture.convert("RGBA")
    edge = max(1, min(picture.size) // 8)
    picture.paste((0, 0, 0, 0), (0, 0, edge, edge))
    return picture


OFFICIAL = Profile(
    name="placeholder",
    kind="placeholder",
    owner="verify4k",
    base_url="",
    auth="none",
    billing="free",
    price=0.0,
    failure_cost="nothing",
    concurrency=4,
    source="made here, with Pillow",
)

route = Route("placeholder", __doc__ or "", OFFICIAL, make=make, unjudged=frozenset({"no-placeholder"}))
