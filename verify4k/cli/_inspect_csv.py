"""The facts of many files as one CSV table: what to sort a library by."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_PLAIN = ("file", "width", "height", "format", "bytes", "integrity", "error")
_NATIVE = (
    "verdict",
    "native_width",
    "native_height",
    "ratio",
    "cell_width",
    "cell_height",
    "method",
    "sentence",
)
_FORMULAS = ("=", "+", "-", "@", "\t")  # with which a spreadsheet would begin to calculate


class _Line:
    """Takes what a writer of CSV writes."""

    text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)


def csv_table(found: Iterable[Mapping[str, Any]], *, native: bool) -> Iterator[str]:
    """Yield a line a file under a line of names; what is not known is empty."""
    line = _Line()
    writer = csv.writer(line, lineterminator="")
    writer.writerow([*_PLAIN, *(_NATIVE if native else ())])
    yield line.text
    for facts in found:
        cells = [facts["target"], *_pair(facts["displayed"]), *(facts[name] for name in _PLAIN[3:])]
        if native:
            told = facts.get("native") or {}
            cells += [
                told.get("verdict"),
                *_pair(told.get("size")),
                told.get("ratio"),
                *_pair(told.get("cells")),
            ]
            cells += [told.get("method"), told.get("sentence")]
        writer.writerow([_safe(cell) for cell in cells])
        yield line.text


def _pair(size: Any) -> tuple[Any, Any]:
    return (None, None) if size is None else (size[0], size[1])


def _safe(cell: Any) -> Any:
    """Foreign text as one line that no spreadsheet takes for a formula; numbers as they are."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    text = printable(cell)
    return f"'{text}" if text.startswith(_FORMULAS) else text
