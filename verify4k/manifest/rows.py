"""A list of promises, one file a row, read as a stream: CSV, TSV or JSON lines.

The column `file` (or another of `FILE`) names the file, every other one is an option of the manifest.
"""

from __future__ import annotations

import csv
import functools
import json
import re
from typing import TYPE_CHECKING, Any

from verify4k.documents.building import plain_value
from verify4k.documents.json import read_json
from verify4k.documents.lines import lines
from verify4k.documents.nodes import Mistake, Pairs, Place
from verify4k.documents.text import UNWELCOME
from verify4k.errors import ManifestError
from verify4k.manifest.entries import vocabulary
from verify4k.named_tuple import NamedTuple
from verify4k.options.lists import several
from verify4k.rules import all_rules
from verify4k.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verify4k.documents.building import Value

FILE = ("file", "filename", "file-name", "path", "target", "url", "name", "src")
SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson")
_DEEP = 60  # brackets of a line, from which on the strict reader looks at it
# signs that no manifest may hold, and words that a manifest takes as text
_BY_HAND = re.compile(UNWELCOME + r"|\\u|true|false|null")


class Row(NamedTuple):
    """What a row says about one file, which is never a pattern."""

    place: Place
    target: str
    options: Mapping[str, Value]


def is_list(name: str) -> bool:
    """Whether a file is such a list, by its suffix."""
    return name.lower().endswith(SUFFIXES)


def rows(pieces: Iterable[bytes], name: str) -> Iterator[Row]:
    """Yield the rows of a list. Raises `ManifestError`, with the line.

    Args:
        pieces: its bytes.
        name: what messages call it; the suffix says how it is written.
    """
    text = lines(pieces, name)
    return _objects(text, name) if name.lower().endswith((".jsonl", ".ndjson")) else _cells(text, name)


def _objects(text: Iterable[str], name: str) -> Iterator[Row]:
    for number, line in enumerate(text, 1):
        if line.isspace():
            continue
        place = Place(name, number, 1)
        said = _object(line.rstrip("\n"), place)
        column = _file_column(said, place)
        target = said.pop(column)
        yield Row(place, target if isinstance(target, str) else "", said)


def _object(line: str, place: Place) -> dict[str, Any]:
    """Return what a line says; what a program would hardly have written is read as a manifest is."""
    try:
        if _BY_HAND.search(line) is None and line.count("{") + line.count("[") < _DEEP:
            found = _DECODER.decode(line)
            if isinstance(found, dict):
                return found
    except ValueError:
        pass
    said = read_json(line, place.path, place.line)
    if not isinstance(said, Pairs):
        raise ManifestError(
            [Mistake(place, "a line is no JSON object", '{"file": "a.png", "size": "64x64"}')]
        )
    return {key.text: plain_value(value) for key, value in said.pairs}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _no_number(word: str) -> str:
    raise ValueError(f"{word} is no JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_once, parse_int=str, parse_float=str, parse_constant=_no_number
)


def _cells(text: Iterator[str], name: str) -> Iterator[Row]:
    first = next(text, "")
    mark = "\t" if name.lower().endswith(".tsv") else max(",;\t", key=first.count)
    reader = csv.reader(_with(first, text), delimiter=mark, strict=True)
    try:
        header = ["-".join(cell.lower().replace("_", " ").split()) for cell in next(reader, [])]
        column = header.index(_file_column(header, Place(name, 1, 1)))
        twice = next((cell for cell in header if cell and header.count(cell) > 1), None)
        if twice is not None:
            raise ManifestError([Mistake(Place(name, 1, 1), f"two columns are called {twice}", "keep one")])
        last = reader.line_num
        for cells in reader:
            place, last = Place(name, last + 1, 1), reader.line_num  # a cell may have several lines
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise ManifestError([_uneven(place, len(cells), len(header), mark)])
            filled = {key: cell for key, cell in zip(header, cells, strict=True) if cell.strip()}
            options = {key: _value(key, cell) for key, cell in filled.items() if key != header[column]}
            yield Row(place, cells[column], options)
    except csv.Error as error:
        raise ManifestError([Mistake(Place(name, reader.line_num, 1), f"this is no CSV: {error}")]) from error


def _uneven(place: Place, cells: int, columns: int, mark: str) -> Mistake:
    """Return what is wrong with a row of more or fewer cells: it was cut, or means something else."""
    hint = f'put quotes around such a cell: "a{mark}b"'
    if cells < columns:
        hint = "write an empty cell for each that says nothing; a list that was cut off ends so, too"
    return Mistake(place, f"a row has {counted(cells, 'cell')}, the header {columns}", hint)


def _with(first: str, others: Iterator[str]) -> Iterator[str]:
    yield first
    yield from others


def _value(key: str, cell: str) -> Value:
    """Return a cell as a manifest writes it: a list where the option has one and the cell several values."""
    parts = several(cell)
    return list(parts) if parts and key in _lists() else cell.strip()


@functools.cache
def _lists() -> frozenset[str]:
    """Return the options that may be a list."""
    options = vocabulary(all_rules().values()).options
    return frozenset(key for key, (_, _, kind) in options.items() if kind.many)


def _file_column(names: Iterable[str], place: Place) -> str:
    found = [name for name in names if name.lower() in FILE]
    if len(found) == 1:
        return found[0]
    what = "no column names the file" if not found else f"{' and '.join(found)} both name the file"
    raise ManifestError([Mistake(place, what, f"call one column file (or {', '.join(FILE[1:])})")])
