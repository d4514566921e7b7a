"""A list of SHA-256 sums, as `sha256sum` and BSD's `shasum` write it: each file is the one it was.

Lines of both kinds may stand in one list; empty lines and those that start with `#` say nothing. What is
no picture by its name (`app.tar.gz` of a release) is left out, and the report says so: `sha256sum -c`
checks those.

    verify4k check SHA256SUMS
    verify4k init --from checksums=release.sha256
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

_GNU = re.compile(r"(\\?)([0-9a-fA-F]{64}) [ *](.+)")
_BSD = re.compile(r"SHA256 \((.+)\) = ([0-9a-fA-F]{64})")
_ESCAPED = re.compile(r"\\([\\nr])")
_SIGNS = {"\\": "\\", "n": "\n", "r": "\r"}


def recognizes(name: str, head: bytes) -> bool:  # noqa: ARG001 - one signature for all
    """By the usual names."""
    last = name.rpartition("/")[2].lower()
    return last.endswith((".sha256", ".sha256sum")) or last in ("sha256sums", "sha256sums.txt")


def promises(source: Source) -> Iterator[Promise | LeftOut]:
    """Yield one promise a picture; comments and empty lines are passed over."""
    lines = _lines(source)
    others = [name for name, _, _ in lines if not _is_picture(name)]
    for name, digest, place in lines:
        if _is_picture(name):
            yield Promise(name.removeprefix("./"), place, {"sha256": digest})
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
        gnu, bsd = _GNU.fullmatch(text), _BSD.fullmatch(text)
        if gnu:
            name = _ESCAPED.sub(lambda match: _SIGNS[match[1]], gnu[3]) if gnu[1] else gnu[3]
            found.append((name, gnu[2].lower(), place))
        elif bsd:
            found.append((bsd[1], bsd[2].lower(), place))
        else:
            wrong.append(Mistake(place, "this is no line of a checksum list", "sha256sum FILE... writes one"))
    if wrong:
        raise ManifestError(wrong)
    return found
