"""Answers as server-sent events, as OpenAI's description and SDK have them: partial pictures, then the picture."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from apiserver.drawing import picture

if TYPE_CHECKING:
    from apiserver.server import Handler


def answer(handler: Handler) -> None:
    """Answer with every event of a good stream."""
    begin(handler)
    for event in events(handler):
        write(handler, event)
    if not handler.path.startswith("/v1/responses"):
        handler.wfile.write(b"data: [DONE]\n\n")
    handler.close_connection = True


def begin(handler: Handler) -> None:
    """Send the head of a stream, which ends with its connection."""
    handler.start(200, {"Content-Type": "text/event-stream; charset=utf-8", "Connection": "close"})


def write(handler: Handler, event: dict[str, Any]) -> None:
    """Send one event."""
    handler.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
    handler.wfile.flush()


def partial_pictures(handler: Handler) -> list[bytes]:
    """The partial pictures that were asked for: as large as the picture, and of another shade."""
    count = int(handler.tool.get("partial_images") or 0)
    return [picture(*handler.size, handler.form, "RGB", 100 + number) for number in range(count)]


def events(handler: Handler) -> list[dict[str, Any]]:
    """The events of a good stream."""
    drawn = base64.b64encode(handler.drawn()).decode()
    partials = [base64.b64encode(data).decode() for data in partial_pictures(handler)]
    if handler.path.startswith("/v1/responses"):
        return _of_a_response(handler, partials, drawn)
    name = "image_edit" if handler.path.startswith("/v1/images/edits") else "image_generation"
    body = handler.envelope(drawn)
    about = {"created_at": body["created"], "size": body["size"], "quality": body["quality"],
             "output_format": body["output_format"], "background": body["background"]}  # fmt: skip
    return [
        *(
            {"type": f"{name}.partial_image", "b64_json": one, "partial_image_index": number, **about}
            for number, one in enumerate(partials)
        ),
        {"type": f"{name}.completed", "b64_json": drawn, "usage": body["usage"], **about},
    ]


def _of_a_response(handler: Handler, partials: list[str], drawn: str) -> list[dict[str, Any]]:
    body = handler.envelope(drawn)
    begun = {**body, "status": "in_progress", "output": []}
    call = body["output"][-1]
    place = {"item_id": call["id"], "output_index": 1}
    found: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
        {"type": "response.output_item.added", "output_index": 1,
         "item": {**call, "status": "in_progress", "result": None}},
        {"type": "response.image_generation_call.generating", **place},
        *(
            {"type": "response.image_generation_call.partial_image", "partial_image_b64": one,
             "partial_image_index": number, **place}
            for number, one in enumerate(partials)
        ),
        {"type": "response.image_generation_call.completed", **place},
        {"type": "response.output_item.done", "output_index": 1, "item": call},
        {"type": "response.completed", "response": body},
    ]  # fmt: skip
    return [{"sequence_number": number, **event} for number, event in enumerate(found)]
