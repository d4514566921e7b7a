"""What an option's value may be: text as written -> a typed value, or a mistake with its place.

A `Kind` knows how to read a manifest node, how to describe itself to an editor (JSON Schema)
and to a person. A group of them is a class derived from `Options`, with fields made by `option`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, dataclass_transform

from verify4k.documents.nodes import Items, Mistake, Scalar
from verify4k.errors import ManifestError
from verify4k.named_tuple import NamedTuple
from verify4k.options.other_tools import answer_meant, range_meant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verify4k.documents.nodes import Node
    from verify4k.formats.facts import Size

T = TypeVar("T")
OptionsT = TypeVar("OptionsT", bound="Options")


class NamedSize(NamedTuple):
    """A size that the manifest itself names: where it comes from, so that a finding can say so."""

    size: Size
    origin: str


class Context(NamedTuple):
    """What a value may refer to besides itself: the manifest's own named sizes."""

    sizes: Mapping[str, NamedSize]


class Range(NamedTuple):
    """Whole numbers from ``low`` to ``high``, both included; None is no bound."""

    low: int | None
    high: int | None

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)

    def __str__(self) -> str:
        if self.low is not None and self.low == self.high:
            return str(self.low)
        return f"{'' if self.low is None else self.low}..{'' if self.high is None else self.high}"


class Kind(Generic[T]):
    """One kind of value. ``words``: how a person writes it."""

    def __init__(
        self,
        words: str,
        schema: Mapping[str, Any],
        parse: Callable[[Node, Context], T],
        *,
        many: bool = False,
    ) -> None:
        self.words = words
        self.schema = schema
        self.parse = parse
        self.many = many  # a list of values will do as well


def wrong(node: Node, message: str, hint: str = "") -> ManifestError:
    """Return the error for one wrong value at its place."""
    return ManifestError([Mistake(node.place, message, hint)])


class _Declared(NamedTuple):
    """What `option` leaves in a class body until the class is made."""

    kind: Kind[Any]
    doc: str
    default: Any


def option(kind: Kind[Any], doc: str, default: Any = None) -> Any:
    """Declare one manifest option; the field's name, with dashes, is the key."""
    return _Declared(kind, doc, default)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(option,))
class Options:
    """A group of manifest options: frozen, with defaults, each field made by `option`.

    What a frozen dataclass would be, without the code generation that eight rules would pay
    for at every start.
    """

    declared: ClassVar[dict[str, tuple[Kind[Any], str]]] = {}  # key -> kind and documentation

    def __init_subclass__(cls, *, dashes: bool = True) -> None:
        own = {name: value for name, value in vars(cls).items() if isinstance(value, _Declared)}
        cls.declared = cls.declared | {  # a derived group has the keys of the group it extends, too
            name.replace("_", "-") if dashes else name: (each.kind, each.doc) for name, each in own.items()
        }
        for name, each in own.items():
            setattr(cls, name, each.default)

    def __init__(self, **given: Any) -> None:
        self.__dict__.update(given)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"options are frozen: {name}")

    def replaced(self: OptionsT, **given: Any) -> OptionsT:
        """Return a copy with some values replaced."""
        return type(self)(**{**self.__dict__, **given})


def describe(options: type) -> dict[str, tuple[Kind[Any], str]]:
    """Return key -> (kind, documentation) of an options class."""
    found: dict[str, tuple[Kind[Any], str]] = options.declared  # type: ignore[attr-defined]
    return found


MOST_MISTAKES = 100  # that one manifest is told of; guessing what was meant costs more than reading
TYPOGRAPHIC_QUOTES = (
    "\u2018",
    "\u2019",
    "\u201c",
    "\u201d",
    "\u201e",
    "\u00ab",
)  # which YAML takes for letters


def scalar(node: Node, words: str) -> str:
    """Return the text of a scalar; a list or mapping is a mistake."""
    if not isinstance(node, Scalar):
        found = "a list" if isinstance(node, Items) else "a mapping"
        raise wrong(node, f"expected {words}, found {found}")
    if node.plain and not node.text.strip():
        raise wrong(node, f"expected {words}, found nothing")
    return node.text.strip()


def shown(text: str) -> str:
    """Return a value as it may stand in a sentence: quoted, cut, without control bytes."""
    return ascii(text if len(text) <= 60 else text[:57] + "...")


def _choice(node: Node, words: tuple[str, ...]) -> str:
    text = scalar(node, " or ".join(words))
    if text in words:
        return text
    from verify4k.suggest import suggest

    near = answer_meant(text, words) or suggest(text.rpartition("/")[2], words)  # image/png, the media type
    raise wrong(node, f"{shown(text)} is none of {', '.join(words)}", f"did you mean {near}?" if near else "")


def choice(*words: str) -> Kind[str]:
    """One of a few words."""
    return Kind(" | ".join(words), {"enum": list(words)}, lambda node, _context: _choice(node, words))


_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _boolean(node: Node, _context: Context) -> bool:
    text = scalar(node, "true or false")
    if text.lower() not in _TRUTHS:
        raise wrong(node, f"expected true or false, found {shown(text)}")
    return _TRUTHS[text.lower()]


boolean = Kind("true | false", {"type": "boolean"}, _boolean)


def whole(text: str, node: Node, words: str) -> int:
    """Return a plain decimal number; digits only, so that 1e3, 0x10 and 1_000 stay mistakes."""
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise wrong(node, f"expected {words}, found {shown(text)}")
    return int(text)


def integer(low: int, high: int | None = None) -> Kind[int]:
    """A whole number within bounds."""
    words = f"a whole number from {low}" + (f" to {high}" if high is not None else "")

    def parse(node: Node, _context: Context) -> int:
        number = whole(scalar(node, words), node, words)
        if number < low or (high is not None and number > high):
            raise wrong(node, f"expected {words}, found {number}")
        return number

    schema = {"type": "integer", "minimum": low} | ({} if high is None else {"maximum": high})
    return Kind(words, schema, parse)


def parse_range(text: str, node: Node, words: str, one: Callable[[str], int]) -> Range:
    """Return ``A``, ``A..B``, ``A..`` or ``..B`` as a range; each end is read by ``one``."""
    if meant := range_meant(text):
        raise wrong(node, f"expected {words}, found {shown(text)}", f"write {meant}")
    low_text, dots, high_text = text.partition("..")
    if not dots:
        value = one(text)
        return Range(value, value)
    low = one(low_text.strip()) if low_text.strip() else None
    high = one(high_text.strip()) if high_text.strip() else None
    if low is None and high is None:
        raise wrong(node, f"expected {words}, found {shown(text)}")
    if low is not None and high is not None and low > high:
        raise wrong(
            node, f"the range {shown(text)} is empty", f"write {high_text.strip()}..{low_text.strip()}"
        )
    return Range(low, high)


def either_case(word: str) -> str:
    """Return a pattern for a word in capitals, without, or mixed; JSON Schema knows no flag for it."""
    return "".join(f"[{letter}{letter.upper()}]" if letter.isalpha() else letter for letter in word)


def whole_range(words: str, unit: str = "") -> Kind[Range]:
    """A whole number from 1, or a range of them; ``unit`` may stand behind each."""

    def one(text: str, node: Node) -> int:
        bare = text.lower().removesuffix(unit).rstrip(" -")  # also 8-bit
        with_unit = unit and bare and text.lower().endswith(unit)
        return whole(bare if with_unit else text, node, words)

    def parse(node: Node, _context: Context) -> Range:
        found = parse_range(scalar(node, words), node, words, lambda text: one(text, node))
        if found.high == 0:
            raise wrong(node, f"expected {words}, found nothing above 0")
        return found

    number = r"\d+" + (rf"([ -]*{either_case(unit)})?" if unit else "")
    pattern = rf"^({number}|{number}\.\.({number})?|\.\.{number})$"
    schema = {"oneOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": pattern}]}
    return Kind("NUMBER | LOW..HIGH | LOW.. | ..HIGH" + (f" ({unit})" if unit else ""), schema, parse)


pixel_range = whole_range("a number of pixels or a range like 48..512", "px")

_UNITS = {
    "": 1, "b": 1,
    "kb": 1000, "mb": 1000**2, "gb": 1000**3,
    "kib": 1024, "mib": 1024**2, "gib": 1024**3,
}  # fmt: skip
BYTES_WORDS = "a number of bytes like 2MB, 500 kB or 1.5MiB"


def bytes_from(text: str, node: Node) -> int:
    """Return ``1.5 MiB`` as a number of bytes (SI and IEC units, exact, rounded down)."""
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    unit = text[len(digits) :].strip().lower()
    number, dot, fraction = digits.partition(".")
    fine = number.isdigit() and digits.isascii() and len(digits) <= 20 and (fraction.isdigit() or not dot)
    if unit not in _UNITS or not fine:
        raise wrong(node, f"expected {BYTES_WORDS}, found {shown(text)}")
    return int(number + fraction) * _UNITS[unit] // int("1" + "0" * len(fraction))


def collect(readers: list[Callable[[], T]]) -> list[T]:
    """Call every reader; raise all mistakes together, or return all values."""
    values: list[T] = []
    mistakes: list[Mistake] = []
    for reader in readers:
        try:
            values.append(reader())
        except ManifestError as error:
            mistakes.extend(error.mistakes)
        if len(mistakes) >= MOST_MISTAKES:
            break
    if mistakes:
        raise ManifestError(mistakes)
    return values


def _text(node: Node, _context: Context) -> str:
    return scalar(node, "text")


text = Kind("TEXT", {"type": "string", "minLength": 1}, _text)
