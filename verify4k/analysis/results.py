"""What the analyses tell: small and plain, and apart from NumPy, which a remembered one needs not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BorderKind = Literal["flat", "blurred", "mirrored", "replicated", "letterbox"]
NEAR_COLOUR = 3  # 8-bit levels from the commonest colour, what a lossy codec adds to one colour


@dataclass(frozen=True, slots=True)
class Blank:
    """colour: 8-bit channels as stored. share: of the pixels within a few levels of it, or clear."""

    colour: tuple[int, ...]
    share: float
    sentence: str
    clear: bool = False  # nearly every pixel is transparent, whatever its colour

    def like(self, other: Blank) -> bool:
        """Whether both are of one colour, whatever channels say so; what is clear is like whatever is."""
        if self.clear or other.clear:
            return self.clear and other.clear
        here, there = (each.colour if len(each.colour) > 2 else each.colour[:1] * 3 for each in (self, other))
        return all(abs(one - another) <= NEAR_COLOUR for one, another in zip(here, there, strict=False))


@dataclass(frozen=True, slots=True)
class Padding:
    """The content box as x, y, width, height, and the kind of the left, top, right and bottom border.

    ratio: content width / height; titled: of three flat borders the colour goes on around what is written
    along the fourth side.
    """

    box: tuple[int, int, int, int]
    kinds: tuple[BorderKind | None, BorderKind | None, BorderKind | None, BorderKind | None]
    ratio: float
    sentence: str
    titled: bool = False

    @property
    def letterbox(self) -> bool:
        """Whether the only borders are film bars."""
        return set(self.kinds) <= {None, "letterbox"}


@dataclass(frozen=True, slots=True)
class EdgeAlpha:
    """Lowest and highest alpha, 0 to 255, of the four corner pixels and of the outermost pixels."""

    corners: tuple[int, int]
    border: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Art:
    """The box around the art (x, y, width, height); how far it reaches from the middle, in pixels."""

    box: tuple[int, int, int, int]
    reach: float

    def margins(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Pixels between art and canvas: left, top, right, bottom."""
        x, y, wide, high = self.box
        return x, y, width - x - wide, height - y - high


@dataclass(frozen=True, slots=True)
class Detail:
    """PSNR of the half-size round trip in dB: whole, and in the most detailed quarter of 64-pixel blocks."""

    whole: float
    busiest: float
