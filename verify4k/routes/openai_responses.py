"""OpenAI's Responses API with its image_generation tool.

A text model calls the tool: it is forced to (``tool_choice``), and the tool's own model is always
named, because its default changes. Exactly one completed call with a result is a picture, also in
a response that ended incomplete after it; none, several or a failed one is not. The text model's
tokens cost extra. Pictures to edit and a mask go along as data URLs; the text model reads them too, at
its own price. With ``background: true`` in its profile the server works on by itself and keeps the
answer: the ledger names it, and a run after a kill asks for it instead of paying again. With
``stream: 0-3`` the answer comes as a stream with so many partial pictures; a route does one or the other.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from verify4k.routes import Call, Order, Route, SourceImage
from verify4k.routes.protocol.envelopes import (
    Received,
    bare_picture,
    image_bytes,
    json_object,
    refuse,
    refuse_error,
    usage_of,
)
from verify4k.routes.protocol.error_bodies import error_object, is_moderation, moderation, says_nothing
from verify4k.routes.protocol.failures import NotMade, request_id
from verify4k.routes.protocol.pictures import decoded
from verify4k.routes.protocol.polling import Poll
from verify4k.routes.protocol.profile import Profile
from verify4k.text import printable

if TYPE_CHECKING:
    from verify4k.net.exchange import Answer, Head

MAIN_MODEL = "gpt-5.5"  # in openai-python 3.54.0's list of chat models; a route's main_model replaces it


def call(order: Order, profile: Profile) -> Call:
    """Return a request that lets the model do nothing but make one picture."""
    tool: dict[str, Any] = {
        "type": "image_generation",
        "action": "edit" if order.sources else "generate",
        "model": profile.models.get(order.model, order.model),
        "size": str(order.size),
        "output_format": order.format,
    }
    if order.quality:
        tool["quality"] = order.quality
    if order.background:
        tool["background"] = order.background
    if order.compression is not None:
        tool["output_compression"] = order.compression
    if order.mask is not None:
        tool["input_image_mask"] = {"image_url": _data_url(order.mask)}
    if profile.stream is not None and not profile.background:
        tool["partial_images"] = profile.stream
    tool = {name: value for name, value in tool.items() if name not in profile.omit}
    body: dict[str, Any] = {
        "model": profile.main_model or MAIN_MODEL,
        "input": _input(order) if order.sources else order.prompt,
        "tools": [tool | dict(order.extra)],
        "tool_choice": {"type": "image_generation"},
        "store": profile.background,
    }
    if profile.background:
        body["background"] = True
    elif profile.stream is not None:
        body["stream"] = True
    return Call("/responses", "application/json", json.dumps(body).encode())


def _input(order: Order) -> list[dict[str, Any]]:
    """Return prompt and pictures as one message."""
    content: list[dict[str, Any]] = [{"type": "input_text", "text": order.prompt}]
    content += [
        {"type": "input_image", "detail": "auto", "image_url": _data_url(one)} for one in order.sources
    ]
    return [{"role": "user", "content": content}]


def _data_url(image: SourceImage) -> str:
    return f"data:image/{image.format};base64,{base64.b64encode(image.data).decode()}"


def read(answer: Answer, profile: Profile) -> Received:  # noqa: ARG001 - every route has this shape
    """Return the result of the one completed call."""
    if bare := bare_picture(answer):
        return bare
    body = json_object(answer)
    head = answer.head
    output = body.get("output")
    items = [one for one in output if isinstance(one, dict)] if isinstance(output, list) else []
    calls = [one for one in items if one.get("type") == "image_generation_call"]
    _refuse_failed(calls, head)
    refuse_error(body, head)
    status = body.get("status")
    finished = status == "incomplete" and [one.get("status") for one in calls] == ["completed"]
    if status != "completed" and not finished:
        raise refuse("envelope", f"the response is {_word(status)}, not completed", head)
    if len(calls) != 1:
        said = (
            f"{len(calls)} image calls came where exactly 1 was asked for"
            if calls
            else "the model called no tool"
        )
        raise refuse("envelope", said, head, data=_first(calls))
    only = calls[0]
    if only.get("status") != "completed":
        raise refuse("envelope", f"the image call is {_word(only.get('status'))}, not completed", head)
    result = only.get("result")
    if not isinstance(result, str) or not result:
        raise refuse("envelope", "the image call has no result", head)
    return Received(image_bytes(result, head), "", usage_of(body), request_id(head))


def _first(calls: list[dict[str, Any]]) -> bytes:
    """Return the first picture of several calls, to be kept: it was paid for."""
    results = (decoded(one["result"]) for one in calls if isinstance(one.get("result"), str))
    return next(filter(None, results), b"")


def _refuse_failed(calls: list[dict[str, Any]], head: Head) -> None:
    for one in calls:
        error = one.get("error")
        if isinstance(error, dict | str) and not says_nothing(error):
            found = error_object(error)
            if is_moderation(found):
                raise NotMade(moderation(found)._replace(request_id=request_id(head)))
            said = printable((found.message or found.code)[:300]) or "no reason given"
            raise refuse("envelope", f"the image call failed: {said}", head)


def _word(status: object) -> str:
    return printable(status[:30]) if isinstance(status, str) else "without a status"


OFFICIAL = Profile(
    name="openai-responses",
    kind="openai-responses",
    owner="OpenAI",
    base_url="https://api.openai.com/v1",
    billing="per-token",
    failure_cost="as openai-images; the text model's tokens come on top",
    support="https://help.openai.com",
    source="published description f85dbe22 (2026-08-21), openai-python 3.54.0; no call was made",
)

IN_BACKGROUND = Poll(
    path="/responses/{id}", done=("completed",), failed=("failed", "incomplete", "cancelled")
)

route = Route(
    "openai-responses",
    __doc__ or "",
    OFFICIAL,
    edits=True,
    call=call,
    read=read,
    poll=IN_BACKGROUND,
    streams=True,
    address_variable="OPENAI_BASE_URL",
)
