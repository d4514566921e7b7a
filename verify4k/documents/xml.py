"""XML to elements with their places, by expat; entities that multiply are refused by it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from verify4k.documents.nodes import Mistake, Place
from verify4k.errors import ManifestError
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAX_DEPTH = 100


class Element(NamedTuple):
    """One element: names without their namespace's prefix, text of its own joined."""

    place: Place
    name: str
    attributes: Mapping[str, str]
    children: list[Element]
    pieces: list[str]

    @property
    def text(self) -> str:
        """Its own text, without the blanks around it."""
        return "".join(self.pieces).strip()

    def all(self, name: str) -> Iterator[Element]:
        """Yield the elements of one name below this one, in document order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)


def read_xml(data: bytes, path: str) -> Element:
    """Return the root element. Raises `ManifestError` with the place that is no XML."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    root = Element(Place(path, 1, 1), "", {}, [], [])
    open_ = [root]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_) > _MAX_DEPTH:
            raise _wrong(path, parser, f"nested more than {_MAX_DEPTH} levels deep")
        place = Place(path, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = Element(place, name.rpartition(" ")[2], plain, [], [])
        open_[-1].children.append(element)
        open_.append(element)

    def end(_name: str) -> None:
        open_.pop()

    def text(piece: str) -> None:
        open_[-1].pieces.append(piece)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise _wrong(path, parser, f"this is no XML: {expat.errors.messages[error.code]}") from error
    except (LookupError, ValueError) as error:  # expat asks Python, which knows more than bytes to letters
        raise _wrong(path, parser, "the encoding that the document names is not read") from error
    return root.children[0]


def _wrong(path: str, parser: expat.XMLParserType, message: str) -> ManifestError:
    return ManifestError(
        [Mistake(Place(path, parser.ErrorLineNumber, parser.ErrorColumnNumber + 1), message)]
    )
