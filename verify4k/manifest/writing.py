"""Promises -> the text of a manifest, which reads back as what it was made from."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from verify4k.manifest.schema import MANIFEST as SCHEMA
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verify4k.documents.building import Value

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./@+-]*")
_GUESSED = re.compile(r"(?i)true|false|yes|no|on|off|null|~|[0-9.eE+-]+|0x[0-9a-f]+|[0-9-]+T.*")


def manifest_text(files: Iterable[tuple[str, Mapping[str, Value]]], source: str) -> str:
    """Return a manifest that promises ``files``: targets, each with its options as an entry writes them.

    Args:
        files: in the order in which they are to stand.
        source: what the promises were read from, for the comment at the top.
    """
    lines = [
        f"# yaml-language-server: $schema={SCHEMA}",
        f"# Promises of {printable(source)}, as read by: verify4k init --from",
        "version: 1",
    ]
    entries = [f"  {_word(target)}: {_flow(options)}" for target, options in files]
    return "\n".join([*lines, "files:" if entries else "files: {}", *entries]) + "\n"


def _flow(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _word(value)
    if hasattr(value, "items"):
        return "{" + ", ".join(f"{_word(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    return _items(value)


def _items(values: Sequence[Value]) -> str:
    return "[" + ", ".join(_flow(each) for each in values) + "]"


def _word(text: str) -> str:
    """Quote what YAML would read as anything but this text; JSON strings are YAML."""
    if _PLAIN.fullmatch(text) and not _GUESSED.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
