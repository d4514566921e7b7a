"""Measured numbers as a manifest writes them: ``4..25`` megapixels, ``20ms..1s``, ``300..`` dpi, ``10%``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import Kind, either_case, scalar, shown, whole, wrong
from verify4k.options.other_tools import range_meant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context


class Span(NamedTuple):
    """Numbers from ``low`` to ``high``, both included; None is no bound."""

    low: float | None
    high: float | None
    unit: str = ""

    def holds(self, number: float, slack: float = 0.0) -> bool:
        """Whether ``number`` lies inside, give or take ``slack``."""
        above = self.low is None or number >= self.low - slack
        return above and (self.high is None or number <= self.high + slack)

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        if self.low == self.high and self.low is not None:
            return f"{self.low:,.12g}{unit}"
        if self.high is None:
            return f"at least {self.low:,.12g}{unit}"
        if self.low is None:
            return f"at most {self.high:,.12g}{unit}"
        return f"{self.low:,.12g} to {self.high:,.12g}{unit}"


def span(example: str, unit: str = "", units: Mapping[str, float] | None = None) -> Kind[Span]:
    """A number or a range of them. ``units``: lower-case suffix -> factor to ``unit``; "" is none."""
    known = units or {"": 1.0}
    words = f"a number or a range like {example}"

    def one(text: str, node: Node) -> float | None:
        if not text:
            return None
        digits = text.lower().rstrip("abcdefghijklmnopqrstuvwxyz%")
        front, dot, part = digits.strip().partition(".")
        fine = front.isascii() and front.isdigit() and len(front) <= 12
        fine = fine and len(part) <= 9 and (part.isascii() and part.isdigit() if dot else True)
        factor = known.get(text[len(digits) :].lower())
        if not fine or factor is None:
            raise wrong(node, f"expected {words}, found {shown(text)}")
        return float(f"{front}.{part or 0}") * factor

    def parse(node: Node, _context: Context) -> Span:
        text = scalar(node, words)
        if meant := range_meant(text):
            raise wrong(node, f"expected {words}, found {shown(text)}", f"write {meant}")
        low_text, dots, high_text = (part.strip() for part in text.partition(".."))
        low = one(low_text, node)
        high = one(high_text, node) if dots else low
        if low is None and high is None:
            raise wrong(node, f"expected {words}, found {shown(text)}")
        if low is not None and high is not None and low > high:
            raise wrong(node, f"the range {shown(text)} is empty", f"write {high_text}..{low_text}")
        if high == 0:
            raise wrong(node, f"expected {words}, found nothing above 0")
        return Span(low, high, unit)

    number = r"\d+(\.\d+)?" + ("" if units is None else rf"\s*({'|'.join(map(either_case, units))})")
    pattern = rf"^({number}(\.\.)?|({number})?\.\.{number})$"
    alone = [{"type": "number", "minimum": 0}] if "" in known else []
    written = "NUMBER | LOW..HIGH | LOW.. | ..HIGH" + (
        "" if units is None else f" ({', '.join(filter(None, units))})"
    )
    return Kind(written, {"anyOf": [*alone, {"type": "string", "pattern": pattern}]}, parse)


class Margin(NamedTuple):
    """Bounds for the space around art: pixels, or a share of the canvas' edge."""

    span: Span
    share: bool

    def holds(self, pixels: int, edge: int) -> bool:
        """Whether a margin of ``pixels`` on a canvas of ``edge`` lies inside; half a pixel is given."""
        return self.span.holds(100 * pixels / edge, 50 / edge) if self.share else self.span.holds(pixels)

    def __str__(self) -> str:
        return str(self.span).replace(" %", "%")


_PIXELS, _SHARE = span("16..24", "pixels", {"": 1.0, "px": 1.0}), span("10%..20%", "%", {"%": 1.0})


def _margin(node: Node, context: Context) -> Margin:
    share = "%" in scalar(node, "a margin like 16.. or 10%")
    return Margin((_SHARE if share else _PIXELS).parse(node, context), share)


margin = Kind(f"{_PIXELS.words}, or {_SHARE.words}", {"anyOf": [_PIXELS.schema, _SHARE.schema]}, _margin)


def _share(node: Node, context: Context) -> float:
    text = scalar(node, "a share like 80%")
    if text.replace(".", "", 1).isdigit() and text.isascii():
        meant = float(text) * (100 if float(text) <= 1 else 1)
        hint = f"write {meant:g}%" if 0 < meant <= 100 else ""
        raise wrong(node, f"expected a share like 80%, found {shown(text)}", hint)
    found = _SHARE.parse(node, context)
    if found.low is None or found.low != found.high or not 0 < found.low <= 100:
        raise wrong(node, f"expected one share of at most 100%, found {shown(scalar(node, 'a share'))}")
    return found.low / 100


share = Kind("SHARE %", {"type": "string", "pattern": r"^\d+(\.\d+)?\s*%$"}, _share)


class Paper(NamedTuple):
    """A printed size in inches, and how it was written."""

    width: float
    height: float
    written: str

    def __str__(self) -> str:
        return self.written


_INCHES = {"mm": 1 / 25.4, "cm": 1 / 2.54, "in": 1.0}


def _paper(node: Node, _context: Context) -> Paper:
    words = "a paper size like 210x297mm or 8.5x11in"
    text = scalar(node, words)
    unit = text[-2:]
    width, _, height = text[:-2].strip().partition("x")
    edges = []
    for edge in (width, height):
        if (
            unit not in _INCHES
            or not edge.isascii()
            or not edge.replace(".", "", 1).isdigit()
            or len(edge) > 9
        ):
            raise wrong(node, f"expected {words}, found {shown(text)}")
        edges.append(float(edge) * _INCHES[unit])
    if min(edges) <= 0:
        raise wrong(node, f"expected {words}, found {shown(text)}")
    return Paper(edges[0], edges[1], text)


paper = Kind(
    "WIDTHxHEIGHT mm | cm | in",
    {"type": "string", "pattern": r"^\d+(\.\d+)?x\d+(\.\d+)?\s*(mm|cm|in)$"},
    _paper,
)


def _plays(node: Node, _context: Context) -> int:
    words = "forever, once or a number of rounds"
    text = scalar(node, words)
    if text in _ROUNDS:
        return _ROUNDS[text]
    if text.lower() in _ENDLESS:
        raise wrong(node, f"expected {words}, found {shown(text)}", "did you mean forever?")
    number = whole(text, node, words)
    if not 1 <= number <= 65_536:
        raise wrong(node, f"expected {words}, found {shown(text)}")
    return number


_ROUNDS = {"forever": 0, "once": 1}
_ENDLESS = ("0", "infinite", "endless", "always", "yes", "true")  # as GIF and people write it
plays = Kind(
    "forever | once | NUMBER",
    {"anyOf": [{"enum": list(_ROUNDS)}, {"type": "integer", "minimum": 1}]},
    _plays,
)
