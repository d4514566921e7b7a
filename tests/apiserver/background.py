"""Responses in background: begun, kept, asked for again by their id, as OpenAI's description has it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apiserver.server import Handler


class Kept:
    """Responses by id. ``waits``: how often one is said to be on its way before it is done."""

    def __init__(self) -> None:
        self.responses: dict[str, dict[str, Any]] = {}
        self.waits = 1
        self.asked = 0


def speaks(path: str) -> bool:
    """Whether a path asks for a response that is kept."""
    return path.startswith("/v1/responses/")


def begin(handler: Handler) -> None:
    """Begin a response and answer that it waits."""
    kept = handler.server.kept
    body = handler.envelope(base64.b64encode(handler.drawn()).decode())
    body |= {"id": f"resp_{len(kept.responses) + 1}", "background": True}
    kept.responses[body["id"]] = body
    handler.json(200, {**body, "status": "queued", "output": [], "usage": None})


def respond(handler: Handler) -> None:
    """Answer with a response as far as it is."""
    kept = handler.server.kept
    body = kept.responses.get(handler.path.removeprefix("/v1/responses/"))
    if not handler.authorized():
        handler.error(401, "invalid_api_key")
    elif body is None:
        handler.error(404, None, "Response with id not found.")
    elif kept.asked < kept.waits:
        kept.asked += 1
        handler.json(200, {**body, "status": "in_progress", "output": [], "usage": None})
    else:
        handler.json(200, body)
