"""A list of checksums, as `sha256sum`, `sha1sum`, `md5sum` and `shasum` write it: each file is as it was.

SHA-256, SHA-512, SHA-1 and MD5 are told by their length, and lines of all kinds may stand in one list;
empty lines and those that start with `#` say nothing. A digest alone in `hero.png.sha256` is that of
`hero.png`. What is no picture by its name (`app.tar.gz` of a release) is left out, and the report says so:
`sha256sum -c` checks those.

    verify4k check SHA256SUMS
    verify4k init --from checksums=release.sha512
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake, Place
from verify4k.documents.text import decode
from verify4k.errors import ManifestError
from verify4k.formats.registry import suffixes
from verify4k.importers import LeftOut, Promise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.importers import Source

_DIGEST = r"([0-9a-fA-F]{32,128})"
_GNU = re.compile(rf"(\\?){_DIGEST} [ *](.+)")
_BSD = re.compile(rf"(?:SHA2?-?(1|256|512)|MD5) ?\((.+)\) ?= {_DIGEST}")  # and OpenSSL
_ALONE = re.compile(_DIGEST)
_BY_LENGTH = {64: "sha256", 128: "sha512", 40: "sha1", 32: "md5"}
_OTHERS = {56: "SHA-224", 96: "SHA-384"}
_DIGITS = {"256": 64, "512": 128, "1": 40, None: 32}
_SUFFIXES = tuple(f".{name}{end}" for name in _BY_LENGTH.values() for end in ("", "sum"))
_NAMES = tuple(f"{name}sums{end}" for name in _BY_LENGTH.values() for end in ("", ".txt"))
_ESCAPED = re.compile(r"\\([\\nr])")
_SIGNS = {"\\": "\\", "n": "\n", "r": "\r"}


def recognizes(name: str, head: bytes) -> bool:  # noqa: ARG001 - one signature for all
    """By the usual names."""
    last = name.rpartition("/")[2].lower()
    return last.endswith((*_SUFFIXES, "checksums.txt")) or last in _NAMES


def promises(source: Source) -> Iterator[Promise | LeftOut]:
    """Yield one promise a picture; comments and empty lines are passed over."""
    lines = _lines(source)
    others = [name for name, _, _ in lines if not _is_picture(name)]
    for name, digest, place in lines:
        if _is_picture(name):
            yield Promise(name.removeprefix("./"), place, {_BY_LENGTH[len(digest)]: digest})
    if others:
        yield LeftOut(
            f"{source.name}: {len(others)} of {len(lines)} files are no pictures by their names and were not "
            f"checked (the first: {others[0]}); sha256sum -c checks those"
        )


def _is_picture(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in suffixes()


def _lines(source: Source) -> list[tuple[str, str, Place]]:
    """Return name, digest and place of each line. Raises `ManifestError` for what is none."""
    found, wrong = [], []
    for number, line in enumerate(decode(source.data, source.name).split("\n"), 1):
        text, place = line.rstrip("\r"), Place(source.name, number, 1)
        if not text.strip() or text.startswith("#"):
            continue
        name, digest = _read(text, source.name)
        if len(digest) in _BY_LENGTH:
            found.append((name, digest.lower(), place))
        elif len(digest) in _OTHERS:
            what = f"{_OTHERS[len(digest)]} is not read"
            wrong.append(Mistake(place, what, "sha256sum FILE... writes a list that is"))
        else:
            wrong.append(Mistake(place, "this is no line of a checksum list", "sha256sum FILE... writes one"))
    if wrong:
        raise ManifestError(wrong)
    return found


def _read(text: str, source: str) -> tuple[str, str]:
    """Return the file and the digest that a line names; no digest where it is no line of such a list."""
    if gnu := _GNU.fullmatch(text):
        name = _ESCAPED.sub(lambda match: _SIGNS[match[1]], gnu[3]) if gnu[1] else gnu[3]
        return name, gnu[2]
    bsd = _BSD.fullmatch(text)
    if bsd and len(bsd[3]) == _DIGITS[bsd[1]]:
        return bsd[2], bsd[3]
    name, dot, suffix = source.rpartition("/")[2].rpartition(".")
    if _ALONE.fullmatch(text.strip()) and f"{dot}{suffix}".lower() in _SUFFIXES:
        return name, text.strip()
    return "", ""
