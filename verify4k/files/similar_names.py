"""What lies in a folder instead of a file that is missing: the name in other letters, or nearly it."""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

from verify4k.named_tuple import NamedTuple

_MOST = 20_000  # names in a folder; a guess is not worth more
_COPY = r" ?\(\d{1,3}\)$| - copy$|[ _-]copy(?: ?\d{1,3})?$"  # what browsers and desktops append
_FOLDERS = 4  # missing ones on the way to a file; nor is a guess worth more of these


class SimilarName(NamedTuple):
    """A name that is there. ``same``: equal but for case or Unicode form, so one file on some systems."""

    name: str
    same: bool

    @property
    def hint(self) -> str:
        """What to do about it."""
        there = ascii(self.name)[1:-1] if not self.name.isprintable() else self.name
        if not self.same:
            return f"{there} is there: is that the file that is meant?"
        if self.name.isascii():
            return f"{there} is there; names must agree to the letter"
        return (
            f"{there} is there, written in other characters that look alike; names must agree to the letter"
        )


def similar_name(path: str, folders: int = _FOLDERS) -> SimilarName | None:
    """Return the file that was probably meant by a missing path; None: nothing like it is there.

    ``folders``: how many missing folders above it are looked for, too.
    """
    folder, name = os.path.split(path)
    if "\\" in name and (slashed := _as_on_windows(folder, name)) is not None:
        return SimilarName(slashed, same=False)
    try:
        names = _names(folder or ".", os.stat(folder or ".").st_mtime_ns)
    except OSError:
        return _in_another(folder, name, folders - 1) if folders else None
    if (same := names.folded.get(_folded(name))) is not None:
        return SimilarName(same, same=True)
    if "%" in name and (other := names.folded.get(_folded(unquote(name)))) is not None:
        return SimilarName(other, same=False)
    stem = _folded(os.path.splitext(name)[0])
    for more in (stem, _folded(name)):  # hero.jpg; hero.png.png, hero.png.tmp
        if more and (other := names.stems.get(more)) is not None:
            return SimilarName(other, same=False)
    for typo in _one_off(_folded(name)):
        if (other := names.wild.get(typo)) is not None:
            return SimilarName(other, same=False)
    copy = names.copies.get(_folded(name))
    return None if copy is None else SimilarName(copy, same=False)


def _as_on_windows(folder: str, name: str) -> str | None:
    """Return the file below a folder that a program on Windows means; no other is looked for."""
    parts = name.split("\\")
    inside = ".." not in parts and parts[0] != ""
    return "/".join(parts) if inside and os.path.isfile(os.path.join(folder, *parts)) else None


def _in_another(folder: str, name: str, folders: int) -> SimilarName | None:
    """Look into the folder that was probably meant by one that is missing."""
    if not folder or os.path.dirname(folder) == folder or (other := similar_name(folder, folders)) is None:
        return None
    above = folder
    for _ in other.name.split("/"):
        above = os.path.dirname(above)
    meant = os.path.join(above, other.name)
    if not os.path.isdir(meant):  # art.png, where art/ is missing
        return None
    path = os.path.join(meant, name)
    found = SimilarName(name, same=True) if os.path.lexists(path) else similar_name(path, 0)
    return found and SimilarName(f"{other.name}/{found.name}", other.same and found.same)


class _Names(NamedTuple):
    folded: dict[str, str]
    stems: dict[str, str]
    wild: dict[str, str]
    copies: dict[str, str]


@lru_cache(maxsize=16)
def _names(folder: str, _changed: int) -> _Names:
    with os.scandir(folder) as found:
        names = sorted(entry.name for entry, _ in zip(found, range(_MOST), strict=False))
    wild: dict[str, str] = {}
    copies: dict[str, str] = {}
    for name in names:
        stem, suffix = os.path.splitext(_folded(name))
        if (first := re.sub(_COPY, "", stem)) != stem:
            copies.setdefault(first + suffix, name)
        for typo in _one_off(_folded(name)):
            wild.setdefault(typo, name)
    stems = {_folded(os.path.splitext(name)[0]): name for name in reversed(names)}
    return _Names({_folded(name): name for name in reversed(names)}, stems, wild, copies)


def _one_off(name: str) -> set[str]:
    """Return the name with each letter of its stem left out: two names that share one differ by a letter."""
    stem, suffix = os.path.splitext(name)
    if not 4 <= len(stem) <= 64:
        return set()
    return {stem[:at] + "\0" + stem[at + 1 :] + suffix for at in range(len(stem)) if not stem[at].isdigit()}


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
