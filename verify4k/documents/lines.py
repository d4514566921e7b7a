"""The lines of a long text, a piece at a time: nothing but the line that is read is held."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake, Place
from verify4k.documents.text import encoding_of
from verify4k.errors import ManifestError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST = 1 << 20  # characters of a line


def lines(pieces: Iterable[bytes], name: str) -> Iterator[str]:
    r"""Yield the lines of UTF-8 or UTF-16, each with a "\n" unless it is the last and has none.

    Args:
        pieces: the bytes; the first has four of them or is all there is.
        name: what messages call the text.

    Raises:
        ManifestError: it is no such text, or has a line of more than `LONGEST` characters.
    """
    reading: io.IncrementalNewlineDecoder | None = None
    number, rest = 1, ""
    for piece in pieces:
        if reading is None:
            bom, encoding = encoding_of(piece, name, "list")
            reading = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
            piece = piece[bom:]  # noqa: PLW2901
        *whole, rest = (rest + _decoded(reading, piece, Place(name, number, 1))).split("\n")
        for number, line in enumerate(whole, number):  # noqa: B020 - counted on from piece to piece
            yield _short(line, name, number) + "\n"
        number += bool(whole)
        _short(rest, name, number)
    if reading is not None:
        rest += _decoded(reading, b"", Place(name, number, 1), final=True)
    if rest:
        yield rest


def _short(line: str, name: str, number: int) -> str:
    if len(line) > LONGEST:
        raise ManifestError([Mistake(Place(name, number, 1), f"a line has more than {LONGEST:,} characters")])
    return line


def _decoded(
    reading: io.IncrementalNewlineDecoder, piece: bytes, place: Place, *, final: bool = False
) -> str:
    try:
        return reading.decode(piece, final)
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line = place.line + before.decode(error.encoding, "ignore").count("\n")
        kind = "UTF-8" if error.encoding.startswith("utf-8") else "UTF-16"
        message = f"not {kind} text: byte 0x{error.object[error.start]:02x}"
        raise ManifestError([Mistake(place._replace(line=line), message, "save it as UTF-8")]) from error
