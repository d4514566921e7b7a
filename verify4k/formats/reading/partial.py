"""What still shows of a damaged PNG or JPEG: the rows up to where the picture ends, for people to look at.

Nothing is judged by these pixels.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from verify4k.formats.decoding import DECODER_ERRORS, open_with

if TYPE_CHECKING:
    from PIL import Image

_MOST = 22_000_000  # pixels
_PLUGINS = {"png": "Png", "jpeg": "Jpeg"}


def partial(data: bytes, form: str) -> Image.Image | None:
    """Return the picture as far as it decodes; None where nothing does, or it would cost too much.

    Pillow keeps the rows that it decoded before it raised. Its switch for broken files is no way:
    it holds for the whole process, and files that other threads judge would pass.
    """
    if form not in _PLUGINS:
        return None
    with suppress(*DECODER_ERRORS):
        opened = open_with(_PLUGINS[form], data)
        if opened.width * opened.height > _MOST:
            return None
        with suppress(*DECODER_ERRORS):
            opened.load()
        kept: Any = opened._im
        if kept is not None:
            return opened._new(kept)
    return None
