"""Decoded pixels of one picture, held as a NumPy array or as a Pillow image.

Two holders, one set of questions: JPEG and deep PNG come as arrays (simplejpeg, pyspng),
everything else as Pillow images, and neither is turned into the other unless a rule asks
for an array. So a run over small PNGs never imports NumPy.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    Array = NDArray[np.uint8] | NDArray[np.uint16]


class Pixels(Protocol):
    """The first composited frame, in stored orientation."""

    width: int
    height: int

    def array(self) -> Array:
        """Return height x width (x channels), uint8 or uint16; alpha, if any, is last."""

    def alpha_used(self) -> bool:
        """Whether some pixel is below full alpha. False where there is no alpha channel."""

    def alpha_grid(self, columns: int, rows: int) -> list[float]:
        """Return the share of pixels below full alpha in each cell, row by row; 0 to 1."""

    def digest(self, rows: int | None = None) -> str:
        """Return a digest of the picture or its first ``rows``; equal pictures have equal ones."""

    def thumbnail(self, edge: int) -> Image.Image:
        """Return an 8-bit RGB or RGBA image whose longest edge is at most ``edge`` pixels."""


class ArrayPixels:
    """Pixels in a NumPy array. ``alpha``: the last channel is alpha."""

    def __init__(self, array: NDArray[Any], *, alpha: bool = False) -> None:
        self._array = array
        self._alpha = alpha
        self.height, self.width = array.shape[:2]

    def array(self) -> Array:
        """Return the array itself, not a copy."""
        return self._array

    def alpha_used(self) -> bool:
        """Compare the alpha channel's minimum with full alpha at the file's own depth."""
        if not self._alpha:
            return False
        return bool(self._array[..., -1].min() < self._full)

    def alpha_grid(self, columns: int, rows: int) -> list[float]:
        """Average the mask of what is not opaque over each cell."""
        from PIL import Image

        if not self._alpha:
            return [0.0] * (columns * rows)
        return _shares(Image.fromarray(self._array[..., -1] < self._full), columns, rows)

    @property
    def _full(self) -> int:
        return 65535 if self._array.dtype.itemsize == 2 else 255

    def digest(self, rows: int | None = None) -> str:
        """Hash shape, type and bytes."""
        array = self._array[:rows]
        return _digest(f"{array.shape}{array.dtype}", array.data)

    def thumbnail(self, edge: int) -> Image.Image:
        """Step through the array first, so that only a small part is filtered."""
        from PIL import Image

        step = max(1, max(self.width, self.height) // (edge * 2))
        small = self._array[::step, ::step]
        if small.dtype.itemsize == 2:
            small = (small >> 8).astype("uint8")
        channels = 1 if small.ndim == 2 else small.shape[2]
        if channels == 1:
            small = small.reshape(small.shape[:2])
        image = Image.fromarray(small)
        image = image.convert("RGBA" if channels in (2, 4) and self._alpha else "RGB")
        image.thumbnail((edge, edge))
        return image


class PillowPixels:
    """Pixels in a loaded Pillow image."""

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        self._array: Array | None = None  # made once, where analyses ask
        self.width, self.height = image.size

    def array(self) -> Array:
        """Convert to gray, gray+alpha, RGB or RGBA; 16-bit gray stays 16-bit."""
        if self._array is None:
            self._array = self._converted()
        return self._array

    def _converted(self) -> Array:
        import numpy as np

        image = self._image
        if image.mode.startswith("I;16"):
            return np.asarray(image, dtype=np.uint16)
        if image.mode not in ("L", "LA", "RGB", "RGBA"):
            image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        return np.asarray(image)

    def alpha_used(self) -> bool:
        """Ask Pillow for the alpha band's lowest value."""
        if not self._image.has_transparency_data:
            return False
        low, _ = cast("tuple[int, int]", self._alpha_band().getextrema())
        return low < 255

    def alpha_grid(self, columns: int, rows: int) -> list[float]:
        """Average the mask of what is not opaque over each cell."""
        if not self._image.has_transparency_data:
            return [0.0] * (columns * rows)
        return _shares(self._alpha_band().point([255] * 255 + [0]), columns, rows)

    def _alpha_band(self) -> Image.Image:
        image = self._image
        if image.mode not in ("LA", "La", "PA", "RGBA", "RGBa"):
            image = image.convert("RGBA")
        return image.getchannel(image.getbands()[-1])

    def digest(self, rows: int | None = None) -> str:
        """Hash size and RGB(A) bytes, so that palette and true colour compare."""
        image = self._image
        if rows is not None and rows < image.height:
            image = image.crop((0, 0, image.width, rows))
        wanted = "RGBA" if image.has_transparency_data else "RGB"
        if image.mode != wanted and not image.mode.startswith(("I", "F")):
            image = image.convert(wanted)
        return _digest(f"{(image.height, image.width, len(wanted))}uint8", image.tobytes())

    def thumbnail(self, edge: int) -> Image.Image:
        """Shrink a copy; Pillow reduces in whole steps first."""
        image = self._image
        wanted = "RGBA" if image.has_transparency_data else "RGB"
        factor = max(1, max(image.size) // (edge * 2))
        if factor > 1 and image.mode in ("L", "LA", "RGB", "RGBA"):
            image = image.reduce(factor)
        image = image.convert(wanted)
        image.thumbnail((edge, edge))
        return image


def _shares(mask: Image.Image, columns: int, rows: int) -> list[float]:
    """Return how white each cell of a mask is; a single pixel still shows."""
    from PIL import Image

    small = mask.convert("F").resize((columns, rows), Image.Resampling.BOX)
    return [min(1.0, round(value / 255, 4)) for value in struct.unpack(f"{columns * rows}f", small.tobytes())]


def _digest(kind: str, data: bytes | memoryview) -> str:
    import hashlib

    digest = hashlib.sha256(kind.encode())
    digest.update(data)
    return digest.hexdigest()
