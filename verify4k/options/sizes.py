"""Sizes as a manifest writes them: ``3840x2160``, a named intent, ``1024x1024..2048x2048``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.formats.facts import Size
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import TYPOGRAPHIC_QUOTES, Kind, scalar, shown, wrong
from verify4k.options.lists import list_of

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context

SIZE_WORDS = "a size like 3840x2160 or a named size like 4k-landscape"
LARGEST_EDGE = 1_000_000  # pixels on an edge; no container holds more than a few hundred thousand


_FREE = r"(?a)(?=.*\*)(?!\*.\*)(\d{1,9}|\*)[xX×](\d{1,9}|\*)"
_PATTERN = (
    r"^(\d+ *[xX×*] *\d+(\.\.\d+ *[xX×*] *\d+)?|\d+[xX×]\*|\*[xX×]\d+"
    r"|[A-Za-z0-9][A-Za-z0-9_-]*|.*\{[A-Za-z_].*\}.*)$"
)
NO_SLACK = Size(0, 0)


class Wanted(NamedTuple):
    """Allowed sizes: from ``low`` to ``high`` on both edges. ``origin``: the named size it came from."""

    low: Size
    high: Size
    origin: str = ""

    def __str__(self) -> str:
        if self.low == self.high:
            return str(self.low)
        free = [edge == (1, LARGEST_EDGE) for edge in zip(self.low, self.high, strict=True)]
        if any(free):
            return "x".join("*" if any_ else str(edge) for any_, edge in zip(free, self.low, strict=True))
        return f"{self.low}..{self.high}"

    def allows(self, size: Size, slack: Size = NO_SLACK) -> bool:
        """Whether ``size`` lies inside, give or take ``slack`` pixels on each axis."""
        return (
            self.low.width - slack.width <= size.width <= self.high.width + slack.width
            and self.low.height - slack.height <= size.height <= self.high.height + slack.height
        )


def split_size(text: str) -> Size | None:
    """Return ``WxH`` (also with X, ``×`` or ``*``, spaces around it) as a size; None for anything else."""
    width, _, height = text.lower().replace("×", "x").replace("*", "x").partition("x")
    width, height = width.rstrip(), height.lstrip()
    if not (width.isascii() and width.isdigit() and height.isascii() and height.isdigit()):
        return None
    return Size(int(width), int(height)) if max(len(width), len(height)) <= 9 else None


def _one_size(text: str, node: Node, context: Context) -> tuple[Size, str]:
    size = split_size(text)
    if size is not None:
        if not 1 <= min(size) <= max(size) <= LARGEST_EDGE:
            raise wrong(node, f"{shown(text)} is no size of a picture", f"expected {SIZE_WORDS}")
        return size, ""
    if text.isdigit():
        raise wrong(node, f"{text} is one number, and a size has two", "write it like 640x480, or width: 640")
    named = context.sizes.get(text)
    if named is not None:
        return named.size, named.origin
    from verify4k.options.presets import preset

    found = preset(text)
    if found is not None:
        return found.size, f"preset {found.name} ({found.date})"
    raise _unknown(text, node, context)


# how else people write two numbers: 640, 480 and 640px x 480px and (640 by 480)
_TWO = r"(?ai)[(\[]?([1-9]\d{0,5}) ?(?:px)? ?(?:[x×*,;:/ ]|by) ?([1-9]\d{0,5}) ?(?:px)?[)\]]?"
_CALLED = {
    **dict.fromkeys(("4k", "uhd", "4kuhd", "uhd4k", "2160p"), "4k-landscape (3840x2160) or 4k-portrait"),
    **dict.fromkeys(("2k", "qhd", "wqhd", "1440p"), "2k-preview (2560x1440) or 2k-portrait"),
    **dict.fromkeys(("fhd", "fullhd", "1080p"), "1920x1080"),
    **dict.fromkeys(("5k",), "5120x2880"),
    **dict.fromkeys(("8k", "8kuhd", "uhd8k", "4320p"), "7680x4320"),
}  # what people call a size that has an orientation too


def _unknown(text: str, node: Node, context: Context) -> Exception:
    from verify4k.options.presets import names
    from verify4k.suggest import suggest

    if text == "power-of-two":
        return wrong(node, "power-of-two is no size", "write power-of-two: required")
    two = re.fullmatch(_TWO, text)
    if two is not None and ":" in text and max(int(two[1]), int(two[2])) < 100:
        return wrong(node, f"{shown(text)} is a shape, not a size", f'write ratio: "{two[1]}:{two[2]}"')
    if two is not None:
        return wrong(node, f"{shown(text)} is no size", f"write it like {two[1]}x{two[2]}")
    if bound := _bound(text):
        return wrong(node, f"{shown(text)} is no size", bound)
    if mark := _mark(text):
        return wrong(node, f"{shown(text)} is no size", mark)
    near = called(text) or suggest(text, (*context.sizes, *names()))
    hint = f"did you mean {near}?" if near else f"expected {SIZE_WORDS}; verify4k size --list shows the names"
    return wrong(node, f"{shown(text)} is neither a size nor a named size", hint)


def _bound(text: str) -> str:
    """Return how ``>=3840x2160``, ``at least 3840x2160`` and ``3840x2160+`` are written."""
    found = re.fullmatch(
        r"(?ai)(?P<low>>=?|min\w*|at least|from)?(?P<high><=?|max\w*|at most|up to)? *"
        r"(\d{1,6}) *[x×*] *(\d{1,6}) *(?P<more>\+|or (?:more|larger|bigger))?(?P<less>or (?:less|smaller))?",
        text,
    )
    if found is None or not (found["low"] or found["high"] or found["more"] or found["less"]):
        return ""
    if found["low"] or found["more"]:
        return f"write width: {found[3]}.., height: {found[4]}.."
    return f"write width: ..{found[3]}, height: ..{found[4]}"


def called(text: str) -> str:
    """Return which sizes are meant by ``4K`` or ``full HD``; an empty text for any other word."""
    return _CALLED.get(text.lower().replace(" ", ""), "")


def _mark(text: str) -> str:
    """Return what a sign says that stands in no size; an empty text where there is none."""
    option = re.fullmatch(r"([A-Za-z][\w-]*) *[:=] *([^\n/]{1,40})", text)
    if option:
        return f"an option stands in a mapping, with a space behind its colon: {{{option[1]}: {option[2]}}}"
    if "#" in text and " #" not in text:
        return "a comment begins with a space before #"
    return "use plain quotes: \" or '" if text[:1] in TYPOGRAPHIC_QUOTES else ""


def _one_edge(text: re.Match[str], node: Node) -> Wanted:
    """Read ``3840x*`` or ``*x2160``: the other edge may be anything."""
    edges = [0 if edge == "*" else int(edge) for edge in text.groups()]
    if not 1 <= max(edges) <= LARGEST_EDGE:
        raise wrong(node, f"{shown(text[0])} is no size of a picture", f"expected {SIZE_WORDS}")
    low, high = ([edge or other for edge in edges] for other in (1, LARGEST_EDGE))
    return Wanted(Size(*low), Size(*high))


def _wanted(node: Node, context: Context) -> Wanted:
    text = scalar(node, SIZE_WORDS)
    free = re.fullmatch(_FREE, text)
    if free is not None:
        return _one_edge(free, node)
    low_text, dots, high_text = text.partition("..")
    if dots and not (low_text.strip() and high_text.strip()):
        bound = _bound(f"{low_text}+" if low_text.strip() else f"<{high_text.strip()}")
        raise wrong(node, f"{shown(text)} has one end", bound or "write it like 640x480..1280x960")
    low, origin = _one_size(low_text.strip(), node, context)
    if not dots:
        return Wanted(low, low, origin)
    high, _ = _one_size(high_text.strip(), node, context)
    if low.width > high.width or low.height > high.height:
        raise wrong(node, f"the range {shown(text)} is empty", "write the smaller size first")
    return Wanted(low, high)


one_size = Kind(
    "WIDTHxHEIGHT | WIDTHx* | *xHEIGHT | NAME | SMALLEST..LARGEST",
    {"type": "string", "pattern": _PATTERN},
    _wanted,
)
sizes = list_of(one_size)


def counts(example: str) -> Kind[Size]:
    """Two whole numbers, across x down: columns and rows, or one size that no name stands for."""
    words = f"two numbers like {example}"

    def parse(node: Node, _context: Context) -> Size:
        text = scalar(node, words)
        found = split_size(text)
        if found is None or not 1 <= min(found) <= max(found) <= LARGEST_EDGE:
            raise wrong(node, f"expected {words}, found {shown(text)}")
        return found

    return Kind("ACROSSxDOWN", {"type": "string", "pattern": r"^\d+[xX×]\d+$"}, parse)
