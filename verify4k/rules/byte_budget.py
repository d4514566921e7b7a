"""The file is as large as promised, in bytes.

A maximum keeps pages fast; a minimum catches placeholders and pictures that were squeezed on
the way. A bare number is a maximum: `bytes: 2MB`. Units are SI (kB, MB) or IEC (KiB, MiB).

Fix: export again with the right quality; never by shrinking the pixels below the promise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.documents.nodes import Pairs
from verify4k.model import Problem
from verify4k.options.kinds import (
    BYTES_WORDS,
    Kind,
    Options,
    Range,
    bytes_from,
    option,
    parse_range,
    scalar,
    wrong,
)
from verify4k.options.unknown import fields
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact
    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context


def _budget(node: Node, _context: Context) -> Range:
    if isinstance(node, Pairs):
        ends = fields(node, ("min", "max"), "bound")
        low, high = (
            bytes_from(scalar(ends[k], BYTES_WORDS), ends[k]) if k in ends else None for k in ("min", "max")
        )
        if low is None and high is None:
            raise wrong(node, "a byte budget needs a min or a max")
        if low is not None and high is not None and low > high:
            raise wrong(node, "the byte budget is empty: min is larger than max")
        return Range(low, high)
    words = f"{BYTES_WORDS}, or a range like 10kB..2MB"
    text = scalar(node, words)
    found = parse_range(text, node, words, lambda part: bytes_from(part, node))
    return found if ".." in text else Range(None, found.high)


_AMOUNT = {
    "anyOf": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": r"^\d+(\.\d+)?\s*([kKmMgG]i?)?[bB]?$"},
    ]
}
budget = Kind(
    "MAX | MIN..MAX | {min: SIZE, max: SIZE}",
    {
        "anyOf": [
            {"type": "integer", "minimum": 0},
            {"type": "string", "pattern": r"^[\d.kKmMgGiIbB ]+$"},
            {
                "type": "object",
                "properties": {"min": _AMOUNT, "max": _AMOUNT},
                "minProperties": 1,
                "additionalProperties": False,
            },
        ]
    },
    _budget,
)


class ByteOptions(Options):
    """How large the file may be."""

    bytes: Range | None = option(budget, "the file's size; a bare number is a maximum")


@rule(
    "byte-budget",
    options=ByteOptions,
    when_promised=True,
    examples=[
        Example("small enough", Picture(), {"bytes": {"max": "2MB"}}),
        Example("in between", Picture(), {"bytes": "10..2MB"}),
        Example(
            "too large",
            Picture(),
            {"bytes": "10"},
            finds=Problem("the file is too large", "at most 10 bytes", "... bytes"),
        ),
        Example(
            "suspiciously small",
            Picture(),
            {"bytes": {"min": "1MB"}},
            finds=Problem("the file is too small", "at least 1,000,000 bytes", "... bytes"),
        ),
    ],
)
def byte_budget(artifact: Artifact) -> Iterator[Problem]:
    """Compare the number of bytes with the promise."""
    budget = artifact.asset[ByteOptions].bytes
    if budget is None or artifact.size in budget:
        return
    low, high = budget
    large = high is not None and artifact.size > high
    expected = f"at most {high:,} bytes" if large else f"at least {low:,} bytes"
    fix = "export again with the right quality; never by shrinking the pixels below the promise"
    message = "the file is too large" if large else "the file is too small"
    yield Problem(message, expected, f"{artifact.size:,} bytes", fix, "bytes")
