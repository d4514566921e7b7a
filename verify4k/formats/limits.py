"""What one file may cost: bounds that every decoder is called with, so that none is global.

`DEFAULT` holds for A0 at 300 dpi (9933x14043, 139 megapixels) with room; `CEILING` is as far as a
manifest may go where the command line does not say how far.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import LimitHit
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.formats.facts import Block, Header, Size

_LEAST_PIXELS = 1 << 14  # what a frame of an animation costs at least
_FREE_PIXELS = 1 << 24  # 4096x4096: up to here a bomb is harmless
_DENSEST = 1500  # pixels a byte: real pictures have less than 100, flat drawings some hundreds
HINT = "raise it with limits: in the manifest or --limit, or check header facts only (--depth header)"


class Limits(NamedTuple):
    """Bounds for one file.

    pixels: of one frame. frames: how many an animation may have. memory: bytes that one decoded
    frame may take. seconds: for all that one file is asked, enforced where it is checked
    (`verify4k.checking.processes`); nothing here looks at a clock. metadata: bytes of Exif, XMP, ICC and
    C2PA together, as they are stored.
    """

    pixels: int = 200_000_000
    frames: int = 32_768
    memory: int = 2 << 30
    seconds: int = 300
    metadata: int = 64 << 20

    @property
    def work(self) -> int:
        """Pixels of all frames together."""
        return 4 * self.pixels

    def within(self, wished: Mapping[str, int], bounds: Mapping[str, int]) -> Limits:
        """Return what a manifest wishes, nowhere beyond what the command line bounds (or `CEILING`)."""
        found = self._replace(**bounds)._replace(**wished)
        highest = CEILING._replace(**bounds)
        return Limits(*(min(one, most) for one, most in zip(found, highest, strict=True)))


DEFAULT = Limits()
CEILING = Limits(pixels=1_000_000_000, frames=1_000_000, memory=8 << 30, seconds=3600, metadata=1 << 30)


def guard(header: Header, length: int | None, limits: Limits, *, samples: int = 0) -> None:
    """Raise `LimitHit` where decoding ``length`` bytes would cost more than ``limits`` allow.

    ``length`` is None where the walk has proved that all pixels are there. ``samples``: how many
    a pixel will have, where the decoder is not asked for all that are stored.
    """
    guard_size(header.stored, limits)
    samples = samples or {"gray": 1, "cmyk": 4}.get(header.mode, 3) + (header.alpha is not False)
    memory = header.stored.pixels * samples * (2 if header.bit_depth > 8 else 1)
    if memory > limits.memory:
        raise LimitHit(f"{header.stored} take {memory} bytes, more than the {limits.memory} allowed", HINT)
    if length is not None:
        guard_density(header.stored, length)
    if header.frames is not None and header.frames > 1:
        guard_frames(header.frames, limits)
        guard_work(max(header.stored.pixels, _LEAST_PIXELS) * header.frames, limits)


def guard_size(size: Size, limits: Limits) -> None:
    """Raise `LimitHit` for a picture of too many pixels."""
    if size.pixels > limits.pixels:
        raise LimitHit(f"{size} are {size.pixels} pixels, more than the {limits.pixels} allowed", HINT)


def guard_metadata(blocks: tuple[Block, ...], limits: Limits) -> None:
    """Raise `LimitHit` where what describes a picture is larger than most pictures."""
    taken = sum([block.length for block in blocks])
    if taken > limits.metadata:
        raise LimitHit(
            f"its metadata take {taken} bytes, more than the {limits.metadata} allowed",
            "strip them, or raise metadata with limits: in the manifest or --limit",
        )


def guard_density(size: Size, length: int) -> None:
    """Raise `LimitHit` for a large picture of almost no bytes; no option lifts that."""
    if size.pixels > _FREE_PIXELS and size.pixels > _DENSEST * length:
        raise LimitHit(
            f"{length} bytes that decode to {size} look like a decompression bomb",
            "check the header facts only (--depth header)",
        )


def guard_frames(frames: int, limits: Limits) -> None:
    """Raise `LimitHit` for an animation of too many frames."""
    if frames > limits.frames:
        raise LimitHit(f"{frames} frames are more than the {limits.frames} allowed", HINT)


def guard_work(pixels: int, limits: Limits) -> None:
    """Raise `LimitHit` where all frames together are too much."""
    if pixels > limits.work:
        raise LimitHit(f"its frames have {pixels} pixels together, more than the {limits.work} allowed", HINT)
