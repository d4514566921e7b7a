"""A picture as coloured half blocks on a terminal: to see what is coming, not to judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

_COLUMNS = 40
_ROWS = 12  # of two pixels each
_HALF = "\u2580"


def thumbnail(data: bytes) -> str:
    """Return a picture's thumbnail; nothing for what is no intact picture."""
    from PIL import Image

    from verify4k.errors import Verify4kError
    from verify4k.generate.processing import decoded

    try:
        image = decoded(data).convert("RGB")
    except Verify4kError:
        return ""
    scale = min(_COLUMNS / image.width, 2 * _ROWS / image.height)
    width, height = max(1, round(image.width * scale)), 2 * max(1, round(image.height * scale / 2))
    return "\n".join(_rows(image.resize((width, height), Image.Resampling.BOX)))


def _rows(image: Image.Image) -> Iterator[str]:
    for y in range(0, image.height, 2):
        cells = (
            f"\033[38;2;{_rgb(image, x, y)};48;2;{_rgb(image, x, y + 1)}m{_HALF}" for x in range(image.width)
        )
        yield f"{''.join(cells)}\033[0m"


def _rgb(image: Image.Image, x: int, y: int) -> str:
    pixel = image.getpixel((x, y))
    return ";".join(map(str, pixel)) if isinstance(pixel, tuple) else "0;0;0"
