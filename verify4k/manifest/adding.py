"""One more entry in a manifest that people wrote: every other byte of it stays as it is.

The text is changed at one place and read again: what does not read back as the old entries and the new
one is not written.
"""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING

from verify4k.documents.building import member, plain_value
from verify4k.documents.flow import flow, key
from verify4k.documents.nodes import Pairs
from verify4k.documents.read import read_document
from verify4k.documents.text import Lines, decode
from verify4k.errors import ManifestError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.documents.building import Value


def with_entry(data: bytes, path: str, target: str, options: Mapping[str, Value]) -> bytes:
    """Return the manifest ``data`` with one more promise, the first of ``files``.

    Args:
        data: the manifest as it stands on the disk.
        path: its name, whose suffix says how it is read.
        target: the file that is promised.
        options: its entry, as `verify4k.manifest.writing` takes them.

    Raises:
        UsageError: there is no place for it, with the line to add by hand.
    """
    text = decode(data, path)
    mark, encoding = _encoding(data)
    files = member(read_document(data, path), "files")
    old = _promised(files)
    for candidate in _candidates(text, files, path, target, options):
        changed = mark + candidate.encode(encoding)
        try:
            new = _promised(member(read_document(changed, path), "files"))
        except ManifestError:
            continue
        if new == {target: plain(options), **old}:
            return changed
    raise UsageError(f"no place for an entry was found in {path}", f"add to files: {_line(target, options)}")


def _encoding(data: bytes) -> tuple[bytes, str]:
    """Return the byte order mark that a manifest begins with, and how its text is written."""
    marks = (
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF8, "utf-8"),
    )
    return next(((mark, encoding) for mark, encoding in marks if data.startswith(mark)), (b"", "utf-8"))


def _promised(files: object) -> dict[str, Value]:
    pairs = files.pairs if isinstance(files, Pairs) else ()
    return {name.text: plain_value(value) for name, value in pairs}


def plain(value: Value) -> Value:
    """Return a value as it is read back: every scalar is text."""
    if isinstance(value, str | int):
        return str(value)
    if hasattr(value, "items"):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value]


def _line(target: str, options: Mapping[str, Value]) -> str:
    return f"{key(target)}: {flow(options)}"


def _candidates(
    text: str, files: object, path: str, target: str, options: Mapping[str, Value]
) -> Iterator[str]:
    """Yield the text with the entry before the first one: on a line of its own, then on the same line."""
    if path.endswith(".toml"):
        return
    end = "\r\n" if "\r\n" in text else "\n"
    entry = _line(target, options) if not path.endswith(".json") else _json(target, options)
    if files is None and not path.endswith(".json"):
        yield f"{text.rstrip()}{end}files:{end}  {entry}{end}"
    if not isinstance(files, Pairs):
        yield from _below_the_key(text.split("\n"), entry, end)
        return
    if not files.pairs:  # written as {}
        at = Lines(text, path).offset(files.place.line, files.place.column) + 1
        yield f"{text[:at]}{entry}{text[at:]}"
        return
    first = files.pairs[0][0].place
    lines = text.split("\n")
    before, own = lines[: first.line - 1], lines[first.line - 1]
    indent = own[: first.column - 1]
    if not indent.strip():
        yield "\n".join([*before, f"{indent}{entry}{end[:-1]}", *lines[first.line - 1 :]])
    yield "\n".join([*before, f"{indent}{entry}, {own[first.column - 1 :]}", *lines[first.line :]])


def _below_the_key(lines: list[str], entry: str, end: str) -> Iterator[str]:
    """Yield the text with the entry below a ``files:`` that stands there empty."""
    for number, line in enumerate(lines, start=1):
        if line.partition("#")[0].strip() == "files:":
            yield "\n".join([*lines[:number], f"  {entry}{end[:-1]}", *lines[number:]])


def _json(target: str, options: Mapping[str, Value]) -> str:
    return f"{json.dumps(target, ensure_ascii=False)}: {json.dumps(options, ensure_ascii=False)}"
