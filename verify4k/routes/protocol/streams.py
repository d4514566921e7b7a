"""Server-sent events: the completed event of an answer that came as a stream.

A partial picture is never one, whatever its size: only an event that says ``completed`` counts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DONE = ("image_generation.completed", "image_edit.completed", "response.completed", "response.incomplete")


def completed(body: bytes) -> Mapping[str, Any] | None:
    """Return the body that the last completed event of a stream amounts to; None: none completed."""
    found: Mapping[str, Any] | None = None
    for event in _events(body):
        kind = event.get("type")
        if kind not in _DONE:
            continue
        response = event.get("response")
        if isinstance(response, dict):
            found = response
        elif "response" not in str(kind):
            found = {"data": [event], "usage": event.get("usage")}
    return found


def _events(body: bytes) -> Iterator[Mapping[str, Any]]:
    name, lines = "", []
    for line in [*body.decode("utf-8", "replace").splitlines(), ""]:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            lines.append(value)
        elif not line and lines:
            try:
                event = json.loads("\n".join(lines))
            except (ValueError, RecursionError):
                event = None
            if isinstance(event, dict):
                yield {"type": name, **event}
            name, lines = "", []
