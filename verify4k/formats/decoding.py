"""Pillow, kept on a lead: limits before it allocates, one exception for whatever it raises.

Pillow's plug-ins are called directly: `Image.open` would try every other format as well,
and its size guard warns where verify4k wants an error of its own.
"""

from __future__ import annotations

import struct
import threading
import warnings
import zlib
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Damaged, LimitHit
from verify4k.formats.facts import Size
from verify4k.formats.limits import HINT, guard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image
    from PIL.ImageFile import ImageFile

    from verify4k.formats.facts import Header
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

DECODER_ERRORS = (
    OSError,
    SyntaxError,  # Pillow: "not a ... file"
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    RuntimeError,  # RecursionError, NotImplementedError
    MemoryError,
    struct.error,
    zlib.error,
)
"""What decoders have been seen to raise over broken input; never a bare `Exception`."""


class _OurLimits:
    """Lets `Limits` decide how large a picture may be: Pillow's guard knows one size for a whole program.

    What the program has set is put back when the last thread is through.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._set: int | None = None

    def __enter__(self) -> None:
        from PIL import Image

        with self._lock:
            if not self._inside:
                self._set, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        from PIL import Image

        with self._lock:
            self._inside -= 1
            if not self._inside:
                Image.MAX_IMAGE_PIXELS = self._set


our_limits = _OurLimits()
_ANIMATED = {"gif": "Gif", "webp": "WebP", "png": "Png", "avif": "Avif"}


def open_with(plugin: str, data: bytes) -> ImageFile:
    """Open ``data`` with Pillow's plug-in for ``plugin`` ("WebP", "Avif", "Tiff", ...)."""
    from importlib import import_module
    from io import BytesIO

    # A warning would reach the user raw; what it is about is found by our own walk.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    module = import_module(f"PIL.{plugin}ImagePlugin")
    if plugin == "Tiff":
        quiet_libtiff()
    opened: ImageFile = getattr(module, f"{plugin}ImageFile")(BytesIO(data))
    return opened


@cache
def quiet_libtiff() -> None:
    """Keep libtiff from writing to stderr: what it says there, its caller gets as an error."""
    import ctypes

    from PIL import _imaging

    try:
        library = ctypes.CDLL(_imaging.__file__)
        library.TIFFSetErrorHandler(None)
        library.TIFFSetWarningHandler(None)
    except (OSError, AttributeError):
        return  # a build that hides libtiff: its messages stay visible, nothing else changes


def decode_frames(data: bytes, plugin: str, header: Header, limits: Limits) -> Pixels:
    """Decode every frame; return the first. ``header.stored`` is the size that has to come out."""
    from verify4k.formats.pixels import PillowPixels

    promised = header.stored
    guard(header, len(data), limits)
    with as_damage(), our_limits:
        image = open_with(plugin, data)
        if image.size != promised:
            raise Damaged(f"the header promises {promised}, the decoder finds {Size(*image.size)}")
        count: int = getattr(image, "n_frames", 1)
        guard(header._replace(frames=count), len(data), limits)
        image.load()
        first: Image.Image = image if count == 1 else image.copy()
        for number in range(1, count):
            image.seek(number)
            image.load()
    return PillowPixels(first)


def later_frames(data: bytes, name: str, most: int) -> Iterator[Pixels]:
    """Yield composited frames behind the first, at most so many, evenly spread over a sound animation."""
    from verify4k.formats.pixels import PillowPixels

    plugin = _ANIMATED.get(name)
    if plugin is None:
        return
    with as_damage():
        with our_limits:
            image = open_with(plugin, data)
        count: int = getattr(image, "n_frames", 1)
        for number in range(1, count, -(-count // most)):
            image.seek(number)
            yield PillowPixels(image.copy())


def broken(error: BaseException) -> Damaged | LimitHit | CannotRead:
    """Turn what a decoder raised into our own error; its text is escaped, it may quote the file."""
    if isinstance(error, MemoryError):
        return LimitHit("not enough memory to decode the image", HINT)
    text = ascii(str(error))[1:-1][:200]
    if isinstance(error, NotImplementedError | RecursionError):  # what one decoder cannot do is no damage
        return CannotRead(f"the decoder cannot do this: {text or type(error).__name__}")
    return Damaged(f"the pixels do not decode: {text or type(error).__name__}")


@contextmanager
def as_damage() -> Iterator[None]:
    """Turn whatever a decoder raises inside into our own error."""
    try:
        yield
    except DECODER_ERRORS as error:
        raise broken(error) from error


def refused(error: BaseException) -> CannotRead:
    """Turn a refusal of the only decoder at hand into "undecided": another one might show the picture."""
    text = ascii(str(error))[1:-1][:200]
    return CannotRead(
        f"the decoder refuses it, and the container is whole: {text or type(error).__name__}",
        "look at it with other programs; export it again if they refuse it too",
    )


def deep_alpha(pixels: Pixels, header: Header) -> Pixels:
    """Refuse to call deep alpha opaque after the decoder rounded it: 1022 of 1023 is 255 by then."""
    if header.alpha and header.bit_depth > 8 and not pixels.alpha_used():
        return _RoundedAlpha(pixels, header.bit_depth)
    return pixels


class _RoundedAlpha:
    """Pixels whose alpha lost the bits that would tell opaque from almost opaque."""

    def __init__(self, pixels: Pixels, depth: int) -> None:
        self._depth = depth
        self.width, self.height = pixels.width, pixels.height
        self.array, self.digest, self.thumbnail = pixels.array, pixels.digest, pixels.thumbnail
        self.alpha_grid = pixels.alpha_grid

    def alpha_used(self) -> bool:
        """Refuse."""
        raise CannotRead(
            f"alpha is {self._depth} bits deep and was decoded to 8, where it looks opaque",
            "save the image without an alpha channel, or at 8 bits",
        )


def decode_still(data: bytes, plugin: str, header: Header, limits: Limits) -> Pixels:
    """Decode one picture, of a kind that Pillow may know in part: what it cannot open is undecided."""
    from verify4k.formats.pixels import PillowPixels

    promised = header.stored
    guard(header, len(data), limits)
    try:
        image = open_with(plugin, data)
    except MemoryError as error:
        raise broken(error) from error
    except DECODER_ERRORS as error:
        told = ascii(str(error))[1:-1][:120]
        raise CannotRead(f"the decoder does not know this kind of file: {told}") from error
    if image.size != promised:
        raise Damaged(f"the header promises {promised}, the decoder finds {Size(*image.size)}")
    try:
        image.load()
    except NotImplementedError as error:
        raise CannotRead(
            f"the decoder does not know this kind of file: {ascii(str(error))[1:-1][:120]}"
        ) from error
    except DECODER_ERRORS as error:
        raise broken(error) from error
    return PillowPixels(image)
