"""JSON that every parser and terminal takes: ASCII only, no lone surrogates, always the same bytes."""

from __future__ import annotations

import json
import re
from typing import Any

from verify4k.text import quiet_json

_HALF = re.compile("[\ud800-\udfff]")


def dump(data: object, *, indent: int | None = None) -> str:
    """Return ``data`` as JSON text without a line break at the end."""
    try:
        text = _text(data, indent)
    except ValueError:  # a number that JSON has not
        text = ""
    # perhaps half a pair: to look into every string of every report takes a fifth of a run
    if not text or "\\ud" in text:
        text = _text(_whole(data), indent)
    return quiet_json(text)


def _text(data: object, indent: int | None) -> str:
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(data, indent=indent, separators=separators, ensure_ascii=True, allow_nan=False)


def _whole(data: Any) -> Any:
    r"""Write bytes of file names that are no UTF-8 as ``\xNN``: strict parsers refuse half pairs."""
    if isinstance(data, str):
        return _HALF.sub(_escaped, data) if _HALF.search(data) else data
    if isinstance(data, dict):
        return {_whole(key): _whole(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_whole(item) for item in data]
    if isinstance(data, float) and (data != data or data in (float("inf"), float("-inf"))):  # noqa: PLR0124
        return None
    return data


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"
