"""The names of a ledger's full parts, ``verify4k.ledger.0001.jsonl`` and so on, and which a folder has."""

from __future__ import annotations

import functools
import os
import re
from typing import TYPE_CHECKING

from verify4k.model import LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterable

_STEM = LEDGER.removesuffix(".jsonl")
_PART = rf"{re.escape(_STEM)}\.([0-9]{{4}}|[1-9][0-9]{{4,}})\.jsonl"


def part_name(number: int) -> str:
    """Return the name of a full part; the oldest is number 1."""
    return f"{_STEM}.{number:04}.jsonl"


def part_numbers(names: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers of the full parts among a folder's names, oldest first."""
    found = (int(match[1]) for name in names if (match := re.fullmatch(_PART, name)))
    return tuple(sorted(number for number in found if number))


def parts_in(folder: str) -> tuple[int, ...]:
    """Return the numbers of a folder's full parts, listed again only when its names have changed."""
    found = os.stat(folder)
    return _listed(folder, found.st_mtime_ns, found.st_ino)


def any_parts_in(folder: str) -> tuple[int, ...]:
    """Return the same, and none of a folder that cannot be listed."""
    try:
        return parts_in(folder)
    except OSError:
        return ()


@functools.lru_cache(maxsize=4)
def _listed(folder: str, *_version: int) -> tuple[int, ...]:
    return part_numbers(os.listdir(folder))
