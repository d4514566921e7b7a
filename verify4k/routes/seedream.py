"""ByteDance's Seedream by BytePlus ModelArk: OpenAI's path, another contract.

Sent are model, prompt, size in pixels, ``response_format: b64_json`` (a URL is what comes otherwise, for a
day), ``watermark: false`` and ``sequential_image_generation: disabled``, because the defaults put a mark
into the picture and may answer with several. Not sent are n, quality and background, which it does not
know, and masks. Up to 5.0 JPEG is what comes. Pictures to edit go as ``image``, as data URLs in JSON.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from verify4k.routes import Call, Order, Route
from verify4k.routes import openai_images as images
from verify4k.routes.protocol.envelopes import Received, json_object, refuse
from verify4k.routes.protocol.error_bodies import error_object, is_moderation, moderation
from verify4k.routes.protocol.failures import NotMade, request_id
from verify4k.routes.protocol.profile import Profile
from verify4k.text import printable

if TYPE_CHECKING:
    from verify4k.net.exchange import Answer

_CHOOSES_FORMAT = "seedream-5"


def call(order: Order, profile: Profile) -> Call:
    """Return a request for exactly one picture without a watermark."""
    body: dict[str, Any] = {
        "model": profile.models.get(order.model, order.model),
        "prompt": order.prompt,
        "size": str(order.size),
        "response_format": profile.response_format or "b64_json",
        "watermark": False,
        "sequential_image_generation": "disabled",
    }
    if order.model.startswith(_CHOOSES_FORMAT):
        body["output_format"] = order.format
    if order.sources:
        body["image"] = [
            f"data:image/{one.format};base64,{base64.b64encode(one.data).decode()}" for one in order.sources
        ]
    sent = {name: value for name, value in body.items() if name not in profile.omit} | dict(order.extra)
    return Call("/images/generations", "application/json", json.dumps(sent).encode())


def read(answer: Answer, profile: Profile) -> Received:
    """Return the one picture; an error may stand in its place, inside status 200."""
    kind = answer.head.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() in ("application/json", ""):
        data = json_object(answer).get("data")
        first = data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else {}
        if error := first.get("error"):
            found = error_object(error)
            if is_moderation(found):
                raise NotMade(moderation(found)._replace(request_id=request_id(answer.head)))
            said = printable((found.message or found.code)[:300]) or "no reason given"
            raise refuse("envelope", f"the picture failed: {said}", answer.head, "unknown")
    return images.read(answer, profile)


OFFICIAL = Profile(
    name="seedream",
    kind="seedream",
    owner="BytePlus",
    base_url="https://ark.ap-southeast.bytepluses.com/api/v3",
    key="ARK_API_KEY",
    quality="ignored",
    billing="per-image",
    failure_cost="only pictures that come are billed (their pricing page)",
    support="https://docs.byteplus.com/en/docs/ModelArk",
    source="docs.byteplus.com/en/docs/ModelArk/1541523 (2026-11); no call was made",
)

route = Route(
    "seedream", __doc__ or "", OFFICIAL, edits=True, masks=False, serves="seedream-", call=call, read=read
)
