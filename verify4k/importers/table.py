"""A table of promises: CSV, TSV or JSON lines, one file a row.

The column `file` (also `file name`, `path`, `target`, `url`, `name`, `src`) names the file; every other
column is an option of the manifest, as `size`, `format`, `alpha` or `Bit depth`. Empty cells promise nothing,
but have to be there: a row with fewer may be where a list was cut off. Where the header has semicolons or
tabs, as spreadsheets of many countries write it, they separate. In JSON lines a value may be a list or an
object, as in the manifest; a cell of a table may hold several values where an option has a list:
`16x16;32x32`, `png, webp`. Of the column `size` any of them will do, of the column `sizes` each has to be
there. It is read row by row and may have two million of them; a manifest takes it in with `files_from:
assets.csv`.

    file,size,alpha
    dist/hero.png,3840x2160,forbidden

    verify4k check assets.csv
    verify4k init --from assets.jsonl
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.importers import Promise
from verify4k.manifest.rows import is_list, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.importers import Source


def recognizes(name: str, head: bytes) -> bool:  # noqa: ARG001 - one signature for all
    """By the suffix."""
    return is_list(name)


def promises(source: Source) -> Iterator[Promise]:
    """Yield one promise a row."""
    for row in rows([source.data], source.name):
        yield Promise(row.target, row.place, row.options)
