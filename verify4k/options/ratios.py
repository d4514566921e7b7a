"""Shapes as a manifest writes them: ``16:9``, ``1:2..2:1``, ``1:N``; and how far off is near enough."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.formats.facts import Size
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import Kind, scalar, shown, whole, wrong
from verify4k.options.lists import list_of

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context

_LARGEST = 1_000_000
_WORDS = "a ratio like 16:9"
_OTHERWISE = r"(\d+(?:\.\d+)?)\s*[/xX\u00d7]\s*(\d+(?:\.\d+)?)"


class Tolerance(NamedTuple):
    """How far an edge may be off: pixels, or a share of the promised edge."""

    pixels: int = 0
    share: float = 0.0

    def slack(self, size: Size) -> Size:
        """Return the pixels by which each edge of ``size`` may be off."""
        return Size(
            max(self.pixels, int(size.width * self.share)), max(self.pixels, int(size.height * self.share))
        )

    def __str__(self) -> str:
        return f"{self.share * 100:g}%" if self.share else f"{self.pixels} px"


_EXACT = Tolerance()


class Ratio(NamedTuple):
    """Width to height, as written: ``16:9``."""

    width: float
    height: float

    def __str__(self) -> str:
        return f"{self.width:g}:{self.height:g}"

    @property
    def value(self) -> float:
        """Width over height."""
        return self.width / self.height

    def allows(self, size: Size, slack: Tolerance = _EXACT) -> bool:
        """Whether ``size`` is this ratio as near as whole pixels allow (half a pixel on one edge)."""
        across = abs(size.width - size.height * self.width / self.height)
        down = abs(size.height - size.width * self.height / self.width)
        near = min(across, down) <= max(0.5, slack.pixels)
        return near or across <= size.height * self.value * slack.share


class RatioRange(NamedTuple):
    """Every shape between two: ``1:2..2:1``."""

    low: Ratio
    high: Ratio

    def __str__(self) -> str:
        return f"{self.low}..{self.high}"

    def allows(self, size: Size, slack: Tolerance = _EXACT) -> bool:
        """Whether ``size`` lies between both ratios: they are limits, so nothing is rounded."""
        near = Size(size.width + slack.pixels, size.height), Size(size.width - slack.pixels, size.height)
        widest, narrowest = (each.width / each.height for each in near)
        low, high = self.low.value * (1 - slack.share), self.high.value * (1 + slack.share)
        return low <= widest and narrowest <= high


class Strip(NamedTuple):
    """A row or column of squares: ``1:N`` is a whole number of them from top to bottom."""

    upright: bool

    def __str__(self) -> str:
        return "1:N" if self.upright else "N:1"

    def allows(self, size: Size, slack: Tolerance = _EXACT) -> bool:
        """Whether the longer edge is a whole multiple of the other, exactly: a cell is never cut."""
        del slack
        short, long = size if self.upright else size.turned
        return long >= short and long % short == 0


Shape = Ratio | RatioRange | Strip


def _ratio(text: str, node: Node, words: str = _WORDS) -> Ratio:
    width, _, height = text.partition(":")
    try:
        found = Ratio(float(width), float(height))
    except ValueError:
        other = re.fullmatch(_OTHERWISE, text)
        hint = f"write {other[1]}:{other[2]}" if other else ""
        raise wrong(node, f"expected {words}, found {shown(text)}", hint) from None
    if not (0 < found.width <= _LARGEST and 0 < found.height <= _LARGEST):
        raise wrong(node, f"expected {words}, found {shown(text)}")
    return found


def _one_ratio(node: Node, _context: Context) -> Ratio:
    return _ratio(scalar(node, _WORDS), node)


def _shape(node: Node, _context: Context) -> Shape:
    words = "a ratio like 16:9, a range like 1:2..2:1, or 1:N"
    text = scalar(node, words)
    if text.upper() in ("1:N", "N:1"):
        return Strip(upright=text[0] == "1")
    low, dots, high = text.partition("..")
    if not dots:
        return _ratio(text, node, words)
    found = RatioRange(_ratio(low.strip(), node, words), _ratio(high.strip(), node, words))
    if found.low.value > found.high.value:
        raise wrong(node, f"the range {shown(text)} is empty", f"write {found.high}..{found.low}")
    return found


_PATTERN = r"\d+(\.\d+)?:\d+(\.\d+)?"
ratios = list_of(Kind("WIDTH:HEIGHT", {"type": "string", "pattern": f"^{_PATTERN}$"}, _one_ratio))
shapes = list_of(
    Kind(
        "WIDTH:HEIGHT | NARROWEST..WIDEST | 1:N | N:1",
        {"type": "string", "pattern": rf"^({_PATTERN}(\.\.{_PATTERN})?|1:[Nn]|[Nn]:1)$"},
        _shape,
    )
)


def _tolerance(node: Node, _context: Context) -> Tolerance:
    words = "a tolerance like 2px or 0.5%"
    text = scalar(node, words)
    if text.endswith("%"):
        number = text[:-1].strip()
        if not number.replace(".", "", 1).isdigit() or not 0 <= float(number) <= 10:
            raise wrong(node, f"expected {words}, found {shown(text)}", "at most 10%")
        return Tolerance(share=float(number) / 100)
    return Tolerance(pixels=whole(text.removesuffix("px").strip(), node, words))


tolerance = Kind(
    "PIXELS px | SHARE %",
    {"anyOf": [{"type": "string", "pattern": r"^\d+(\.\d+)?\s*(px|%)?$"}, {"type": "integer", "minimum": 0}]},
    _tolerance,
)
