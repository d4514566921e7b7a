"""JSON that a program wrote, from a file that anyone may have sent: bounded, and no key twice.

Python's reader keeps the last of two equal keys and takes some 27 times a text's size in memory.
For manifests, which people write, see `verify4k.documents.json`.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

MAX_BYTES = 64 << 20
MAX_VALUES = 2_000_000  # some 200 MB of Python objects; 64 MiB of brackets would be 2 GB


class NotStrict(ValueError):
    """The text is not what a program would have written; the message says why, in a clause."""


def parse_json(data: bytes | str, *, most_bytes: int = MAX_BYTES, most_values: int = MAX_VALUES) -> Any:
    """Return the value in ``data``. Raises `NotStrict`, before any object is made where it is too large."""
    if len(data) > most_bytes:
        raise NotStrict(f"it has {len(data):,} bytes, more than {most_bytes:,}")
    if isinstance(data, bytes):
        values = sum(data.count(mark) for mark in (b"[", b"{", b","))
    else:
        values = sum(data.count(mark) for mark in "[{,")
    if values > most_values:
        raise NotStrict(f"it has more than {most_values:,} values")
    try:
        return json.loads(data, object_pairs_hook=_once, parse_constant=_no_number)
    except NotStrict:
        raise
    except (ValueError, RecursionError) as error:
        raise NotStrict("it is not JSON") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise NotStrict(f"it gives the key {twice[:60]!a} twice")
    return found


def _no_number(word: str) -> NoReturn:
    raise NotStrict(f"{word} is no JSON")
