"""SVG: a drawing. Its declared size is told, it has to be well-formed, and it is never rendered.

SVG 2, sections 7 (size of the outermost element, viewBox) and CSS Values 4, section 6.2 (absolute lengths).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.errors import BeyondDepth, CannotRead, LimitHit
from verify4k.formats.facts import Header, Inflated, Size, Walk
from verify4k.formats.limits import DEFAULT
from verify4k.formats.registry import Format

if TYPE_CHECKING:
    from verify4k.formats.facts import Reader
    from verify4k.formats.limits import Limits
    from verify4k.formats.pixels import Pixels

_NAMESPACE = "http://www.w3.org/2000/svg"
_NO_NAMESPACE = "the outermost element is not in SVG's namespace: browsers show nothing, editors do"
_UNSIZED = Size(300, 150)  # what browsers make of a drawing without a size (CSS 2, 10.3.2 and 10.6.2)
_HEAD, _MOST, _LONGEST = 65_536, 64 << 20, 10_000_000
_VALUED = r"[^>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^>\"']*)*"  # attributes: a value may hold >
_ROOT = rf"<(?:[A-Za-z_][\w.-]{{0,30}}:)?svg(?=[\s/>]|$)({_VALUED})"  # compiled by `re` where one is read
_LENGTH = r"\s*\+?(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})(?:[eE]\+?(\d))?\s*(px|in|cm|mm|pt|pc|[qQ]|)\s*$"
_UNITS = {
    "": 1.0,
    "px": 1.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 9.6 / 2.54,
    "pt": 4 / 3,
    "pc": 16.0,
    "q": 2.4 / 2.54,
}


def first_element(text: str) -> str:
    """Skip `<?...?>`, `<!--...-->` and a DOCTYPE with its subset; bounded by the text itself."""
    at = 0
    while text.startswith(("<?", "<!"), at):
        if text.startswith("<!--", at):
            end, width = text.find("-->", at), 3
        elif text.startswith("<?", at):
            end, width = text.find("?>", at), 2
        else:
            subset, close = text.find("[", at), text.find(">", at)
            inside = 0 <= subset < close
            end, width = (text.find("]>", at), 2) if inside else (close, 1)
        if end < 0:
            return ""
        at = end + width
        while text[at : at + 1].isspace():
            at += 1
    return text[at:]


def _text(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data.decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    return "" if b"\0" in data else data.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")


def _recognize(head: bytes) -> str | None:
    """The first element decides, or a document type that names it."""
    text = _text(head)
    if not text.startswith("<") or re.match(r"<!doctype\s+html\b", text, re.IGNORECASE):
        return None
    named = re.match(_ROOT, first_element(text)) or re.search(r"<!DOCTYPE\s+svg\b", text)
    return "svg" if named else None


FORMAT = Format("svg", suffixes=(".svg",), media_types=("image/svg+xml",), recognize=_recognize, weak=True)


def header(reader: Reader) -> Header:
    """Return what the outermost element declares: width and height, else the viewBox."""
    root = re.match(_ROOT, first_element(_text(reader.read(0, _HEAD))))
    if root is None:
        raise CannotRead("the drawing's outermost element lies too far behind its beginning")
    width, height = _size(root[1])
    shown = (usual if edge is None else edge for edge, usual in zip((width, height), _UNSIZED, strict=True))
    size = Size(*(max(1, round(edge)) for edge in shown))
    if max(size) > _LONGEST:
        raise CannotRead(f"the drawing declares an edge of more than {_LONGEST} pixels", "give it a viewBox")
    unsized = "" if width and height else _unsized(width, height, size)
    return Header("svg", size, size, bit_depth=8, mode="rgb", alpha=True, unsized=unsized)


def _unsized(width: float | None, height: float | None, size: Size) -> str:
    if 0.0 in (width, height):
        return "the drawing declares an edge of 0 pixels: nothing of it is shown"
    lacks = "width and height" if width is None and height is None else "width" if width is None else "height"
    return f"the drawing declares no {lacks} and no viewBox: browsers show it at {size}"


def _size(attributes: str) -> tuple[float | None, float | None]:
    """Width and height; None: not declared."""
    width, height = (_pixels(_attribute(attributes, name)) for name in ("width", "height"))
    box = re.split(r"[\s,]+", (_attribute(attributes, "viewBox") or "").strip())
    across, down = (_pixels(each) for each in box[2:4]) if len(box) == 4 else (None, None)
    if across and down:  # one length alone keeps the viewBox's shape (7.2: automatic sizing)
        return (width or (height or down) * across / down, height or (width or across) * down / across)
    return width, height


def _attribute(attributes: str, name: str) -> str | None:
    found = re.search(rf"""(?:^|\s){name}\s*=\s*("[^"]*"|'[^']*')""", attributes)
    return found[1][1:-1] if found else None


def _pixels(length: str | None) -> float | None:
    """CSS pixels; None for percentages and lengths that depend on a page."""
    found = re.match(_LENGTH, length or "")
    if found is None:
        return None
    scale = float(10 ** int(found[2] or 0))
    return float(found[1]) * scale * _UNITS[found[3].lower()]


def walk(reader: Reader) -> Walk:
    """Parse it to its end: XML that is not well-formed is shown by no viewer."""
    from xml.parsers import expat

    if reader.size > _MOST:
        raise LimitHit(f"a drawing of {reader.size} bytes is more than the {_MOST} that are parsed")
    # resolves nothing outside the file; its own limits stop entity bombs
    parser = expat.ParserCreate(namespace_separator=" ")
    names: list[str] = []
    parser.StartElementHandler = lambda name, _attributes: names.extend(() if names else (name,))
    try:
        for at in range(0, reader.size, 1 << 16):
            parser.Parse(reader.read(at, 1 << 16), False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        if "amplification" in str(error):
            raise LimitHit("the drawing's entities grow without bounds") from error
        where = f"line {error.lineno}, column {error.offset + 1}"
        return Walk(damage=(f"the XML is not well-formed ({where}: {expat.ErrorString(error.code)})",))
    except (LookupError, ValueError) as error:  # expat asks Python, which knows more than bytes to letters
        raise CannotRead("the encoding that the drawing names is not read", "save it as UTF-8") from error
    foreign = names[:1] != [_NAMESPACE + " svg"]
    return Walk(end=reader.size, disagreements=(_NO_NAMESPACE,) if foreign else ())


def inflate(
    reader: Reader,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,  # noqa: ARG001
) -> Inflated:
    """Nothing: a drawing that is well-formed is intact, and it has no pixels to look at."""
    return Inflated()


def decode(
    data: bytes,  # noqa: ARG001 - one signature for all
    header: Header,  # noqa: ARG001 - one signature for all
    *,
    colour: bool,  # noqa: ARG001 - one signature for all
    limits: Limits = DEFAULT,  # noqa: ARG001 - one signature for all
) -> Pixels:
    """Refuse: what it looks like depends on who renders it."""
    raise BeyondDepth(
        "an SVG is a drawing: it has no pixels before it is rendered", "promise its rendered copy"
    )
