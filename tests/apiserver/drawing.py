"""Pictures for answers: real ones, quickly, and a few that are wrong in one way each."""

from __future__ import annotations

import functools
import io
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from typing import Any


@functools.lru_cache(maxsize=256)
def picture(width: int, height: int, form: str = "png", mode: str = "RGB", shade: int = 7) -> bytes:
    """Encode a picture in which no two rows are the same."""
    gray = Image.linear_gradient("L").resize((width, height))
    image = Image.merge(
        "RGB", (gray, gray.transpose(Image.Transpose.FLIP_LEFT_RIGHT), Image.new("L", gray.size, shade))
    )
    if mode == "RGBA":
        image = image.convert("RGBA")
        image.putpixel((width // 2, height // 2), (1, 2, 3, 0))
    return encoded(image, form)


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    """Encode an image; PNG quickly."""
    buffer = io.BytesIO()
    quick = {"compress_level": 1} if form == "png" else {}
    image.save(buffer, form.upper(), **quick, **options)
    return buffer.getvalue()
