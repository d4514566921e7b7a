"""ByteDance's Seedream by BytePlus ModelArk: OpenAI's path, another contract.

Sent are model, prompt, size in pixels, ``response_format: b64_json`` (a URL is what comes otherwise, for a
day), ``watermark: false`` and ``sequential_image_generation: disabled``, because the defaults put a mark
into the picture and may answer with several. Not sent are n, quality and background, which it does not
know, and masks. Up to 5.0 JPEG is what comes. Pictures to edit go as ``image``, as data URLs in JSON.

What its errors mean (https://www.volcengine.com/docs/82379/1299023, 2025-11-07, the same service's page):
limits of requests a minute and an overloaded server are waited for; overdue accounts, quotas and limits that
the account has set stop the run.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from verify4k.routes import Call, Order, Route
from verify4k.routes import openai_images as images
from verify4k.routes.protocol.envelopes import Received, json_object, refuse
from verify4k.routes.protocol.error_bodies import (
    ErrorBody,
    error_body,
    error_object,
    is_moderation,
    moderation,
    says_nothing,
)
from verify4k.routes.protocol.failures import Failure, NotMade, request_id
from verify4k.routes.protocol.profile import Profile
from verify4k.text import printable

if TYPE_CHECKING:
    from verify4k.net.exchange import Answer
    from verify4k.routes.protocol.error_bodies import Recipient

_ACCOUNT = {
    "AccountOverdueError": "the account has an overdue balance",
    "OperationDenied.ServiceOverdue": "the account has an overdue balance",
    "QuotaExceeded": "the account's quota is used up",
    "AccountQuotaExceeded": "the account's quota is used up",
    "SetLimitExceeded": "the limit that the account has set for this model is reached",
}
_BUSY = (
    "RateLimitExceeded",
    "RateLimit",
    "ServerOverloaded",
    "RequestBurstTooFast",
    "InflightBatchsizeExceeded",
)
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
        error = first.get("error")
        if not says_nothing(error):
            found = error_object(error)
            if refused := _moderated(found):
                raise NotMade(refused._replace(request_id=request_id(answer.head)))
            said = printable((found.message or found.code)[:300]) or "no reason given"
            raise refuse("envelope", f"the picture failed: {said}", answer.head, "unknown")
    return images.read(answer, profile)


def coded(answer: Answer, recipient: Recipient) -> Failure | None:
    """Say what ModelArk's own codes mean; None: what they commonly mean."""
    status, body = answer.head.status, error_body(answer.body)
    code = body.code
    told = printable(body.message[:300]) or "no reason given"
    if refused := _moderated(body):
        return refused
    if code in _ACCOUNT:
        return Failure("account", f"{_ACCOUNT[code]} ({status} {code}): see the account's billing", stop=True)
    if code in ("ModelNotOpen", "OperationDenied.ServiceNotOpen"):
        return Failure("access", f"the account has not activated the model ({status} {code}): {told}")
    if code.startswith("InvalidEndpointOrModel"):
        return Failure("model", f"{recipient.route} does not know the model ({printable(code[:60])}): {told}")
    if status == 429 and any(word in code for word in _BUSY):
        return Failure("busy", f"the server is busy (429 {printable(code[:60])})", retry=True)
    if status == 400 and code.startswith(("InvalidParameter", "MissingParameter")):
        kind = "size" if body.param == "size" or "image size" in told.lower() else "request"
        return Failure(kind, f"{recipient.route} refused the request ({printable(code[:60])}): {told}")
    return None


def _moderated(body: ErrorBody) -> Failure | None:
    """Return the refusal of what a prompt or a picture shows; its stage stands in the code."""
    named = "SensitiveContentDetected" in body.code or "RiskDetection" in body.code
    if not named and not is_moderation(body):
        return None
    stage = "output" if body.code.startswith("Output") else "input" if named else body.stage
    categories = body.code.partition("SensitiveContentDetected.")[2]
    return moderation(body._replace(stage=stage, categories=categories or body.categories))


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
    "seedream",
    __doc__ or "",
    OFFICIAL,
    edits=True,
    masks=False,
    serves="seedream-",
    call=call,
    read=read,
    coded=coded,
)
