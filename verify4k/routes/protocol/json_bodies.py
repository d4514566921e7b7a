"""The JSON of an answer that may have been paid for: nothing beside its picture makes it unreadable."""

from __future__ import annotations

import json
from typing import Any

_DIGITS = 40  # of a whole number; Python reads none of more than 4300


def parse_body(data: bytes) -> Any:
    """Return the value in ``data``; bytes that are no UTF-8 stand for themselves. Raises `ValueError`."""
    try:
        try:
            return json.loads(data, parse_int=_integer)
        except UnicodeDecodeError:
            return json.loads(data.decode("utf-8", "replace"), parse_int=_integer)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _DIGITS else float(text)
