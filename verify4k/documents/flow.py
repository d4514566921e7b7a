"""Values -> YAML on one line, plain where YAML and JSON read it back as the same text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_PLAIN = re.compile(r"[\w.](?:[\w./%@+* -]|:(?=\w))*(?<! )", re.ASCII)
_GUESSED = re.compile(r"(?i)true|false|yes|no|on|off|null|[0-9.eE+-]*[eE.][0-9.eE+-]*|0x[0-9a-f]+|\d+:[\d:]+")
_FREE = ("prompt",)


def flow(value: object) -> str:
    """Return a manifest value as YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(_member(str(name), each) for name, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]"
    return word(str(value))


def _member(name: str, value: object) -> str:
    """Return one value of a mapping; free text is no truth, however it reads."""
    return f"{word(name)}: {key(value) if name in _FREE and isinstance(value, str) else flow(value)}"


def word(text: str) -> str:
    """Return text in quotes where it would not stand for itself; JSON strings are YAML."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=not text.isprintable())


def key(text: str) -> str:
    """Return text that has to stay text for other readers of YAML too, which guess numbers and truths."""
    return word(text) if not _GUESSED.fullmatch(text) else json.dumps(text)
