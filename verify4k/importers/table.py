"""A table of promises: CSV, TSV or JSON lines, one file a row.

The column `file` (also `file name`, `path`, `target`, `url`, `name`, `src`) names the file; every other
column is an option of the manifest, as `size`, `format`, `alpha` or `Bit depth`. Empty cells promise
nothing. Where the header has semicolons or tabs, as spreadsheets of many countries write it, they separate.
In JSON lines a value may be a list or an object, as in the manifest; a cell of a table may hold several
values where an option has a list: `16x16;32x32`, `png, webp`. Of the column `size` any of them will do,
of the column `sizes` each has to be there.

    file,size,alpha
    dist/hero.png,3840x2160,forbidden

    verify4k check assets.csv
    verify4k init --from assets.jsonl
"""

from __future__ import annotations

import csv
import functools
from typing import TYPE_CHECKING

from verify4k.documents.building import plain_value, text_of
from verify4k.documents.json import read_json
from verify4k.documents.nodes import Mistake, Pairs, Place
from verify4k.documents.text import decode
from verify4k.errors import ManifestError
from verify4k.importers import Promise
from verify4k.manifest.entries import vocabulary
from verify4k.options.lists import several
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify4k.documents.building import Value
    from verify4k.importers import Source

_FILE = ("file", "filename", "file-name", "path", "target", "url", "name", "src")
_SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson")


def recognizes(name: str, head: bytes) -> bool:  # noqa: ARG001 - one signature for all
    """By the suffix."""
    return name.lower().endswith(_SUFFIXES)


def promises(source: Source) -> Iterator[Promise]:
    """Yield one promise a row."""
    text = decode(source.data, source.name)
    if source.name.lower().endswith((".jsonl", ".ndjson")):
        yield from _lines(text, source.name)
    else:
        yield from _rows(text, source.name)


def _lines(text: str, name: str) -> Iterator[Promise]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = read_json(line, name)
        except ManifestError as error:
            raise ManifestError(
                [m._replace(place=m.place._replace(line=number)) for m in error.mistakes]
            ) from error
        place = Place(name, number, 1)
        if not isinstance(row, Pairs):
            raise ManifestError(
                [Mistake(place, "a line is no JSON object", '{"file": "a.png", "size": "64x64"}')]
            )
        cells = {key.text: value for key, value in row.pairs}
        column = _file_column(list(cells), place)
        options = {key: plain_value(value) for key, value in cells.items() if key != column}
        yield Promise(text_of(cells[column]), place, options)


def _rows(text: str, name: str) -> Iterator[Promise]:
    first = text.partition("\n")[0]
    mark = "\t" if name.lower().endswith(".tsv") else max(",;\t", key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=mark, strict=True)
    try:
        header = ["-".join(cell.lower().replace("_", " ").split()) for cell in next(reader, [])]
        column = header.index(_file_column(header, Place(name, 1, 1)))
        last = reader.line_num
        for cells in reader:
            place, last = Place(name, last + 1, 1), reader.line_num  # a cell may have several lines
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(header):
                message = f"a row has {len(cells)} cells, the header {len(header)}"
                raise ManifestError([Mistake(place, message, f'put quotes around such a cell: "a{mark}b"')])
            filled = {key: cell for key, cell in zip(header, cells, strict=False) if cell.strip()}
            options = {key: _value(key, cell) for key, cell in filled.items() if key != header[column]}
            yield Promise(cells[column], place, options)
    except csv.Error as error:
        raise ManifestError([Mistake(Place(name, reader.line_num, 1), f"this is no CSV: {error}")]) from error


def _value(key: str, cell: str) -> Value:
    """Return a cell as a manifest writes it: a list where the option has one and the cell several values."""
    parts = several(cell)
    return list(parts) if parts and key in _lists() else cell.strip()


@functools.cache
def _lists() -> frozenset[str]:
    """Return the options that may be a list."""
    options = vocabulary(all_rules().values()).options
    return frozenset(key for key, (_, _, kind) in options.items() if kind.many)


def _file_column(names: Sequence[str], place: Place) -> str:
    found = [name for name in names if name.lower() in _FILE]
    if len(found) == 1:
        return found[0]
    what = "no column names the file" if not found else f"{' and '.join(found)} both name the file"
    raise ManifestError([Mistake(place, what, f"call one column file (or {', '.join(_FILE[1:])})")])
