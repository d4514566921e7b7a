"""Google's Gemini API: ``models/MODEL:generateContent`` with a shape and a tier of size.

A request names no pixels: the table of `verify4k.contract.gemini` says which shape and tier a size is, and a
size that is in no table is objected to; 3840x2160 is made of 5504x3072 by ``then: reduce``. Not sent are
quality, format, compression and background, which the API has no parameters for: PNG or JPEG comes as it
likes, so ``then: {convert: png}`` is worth its line. Masks are not known. Thoughts are skipped.

What its errors mean (https://ai.google.dev/gemini-api/docs/generate-content/api-errors, 2026-11): a limit of
a minute is waited for as long as the answer says; a limit of a day, one of zero and used-up credit stop the
run; 500 and 503 are free and asked again; 504 may have been billed.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from verify4k.contract.gemini import frame
from verify4k.routes import Call, Order, Route
from verify4k.routes.protocol.envelopes import (
    Received,
    Tokens,
    Usage,
    image_bytes,
    json_object,
    refuse,
    refuse_error,
)
from verify4k.routes.protocol.error_bodies import ErrorBody, error_body, moderation, wrong_key
from verify4k.routes.protocol.failures import Failure, NotMade, request_id
from verify4k.routes.protocol.profile import Profile
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.net.exchange import Answer, Head
    from verify4k.routes.protocol.error_bodies import Recipient

_REFUSALS = (
    "SAFETY",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "RECITATION",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
)


def call(order: Order, profile: Profile) -> Call:
    """Return a request for one picture and no words. Raises `NotMade` for a size that is in no table."""
    named = frame(order.model, order.size)
    if named is None:
        raise NotMade(Failure("size", f"{order.model} has no shape and tier for {order.size}"))
    parts: list[dict[str, Any]] = [{"text": order.prompt}]
    parts += [
        {"inlineData": {"mimeType": f"image/{one.format}", "data": base64.b64encode(one.data).decode()}}
        for one in order.sources
    ]
    image = {"aspectRatio": named.shape} | ({"imageSize": named.tier} if named.tier else {})
    body = {
        "contents": [{"role": "user", "parts": parts}],
        "generationConfig": {"responseModalities": ["IMAGE"], "imageConfig": image, **order.extra},
    }
    model = quote(profile.models.get(order.model, order.model), safe="")
    return Call(f"/models/{model}:generateContent", "application/json", json.dumps(body).encode())


def read(answer: Answer, profile: Profile) -> Received:  # noqa: ARG001 - every route has this shape
    """Return the one picture of the one candidate."""
    head = answer.head
    body = json_object(answer)
    refuse_error(body, head)
    found = body.get("candidates")
    candidates = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    pictures = [data for one in candidates for data in _pictures(one)]
    if not pictures:
        _refuse_blocked(body, head)
        raise _without_picture(candidates, head)
    data = image_bytes(pictures[0], head)
    if len(pictures) > 1:
        said = f"{len(pictures)} pictures came where 1 was asked for: which one is meant is unknown"
        raise refuse("envelope", said, head, data=data)
    return Received(data, "", _usage(body), request_id(head))


def _pictures(candidate: Mapping[str, Any]) -> list[str]:
    content = candidate.get("content")
    parts = content.get("parts") if isinstance(content, dict) else None
    found = []
    for part in parts if isinstance(parts, list) else []:
        if not isinstance(part, dict) or part.get("thought"):
            continue
        inline = part.get("inlineData") or part.get("inline_data")  # as gateways in Python write it
        data = inline.get("data") if isinstance(inline, dict) else None
        if isinstance(data, str) and data:
            found.append(data)
    return found


def _refuse_blocked(body: Mapping[str, Any], head: Head) -> None:
    feedback = body.get("promptFeedback")
    reason = feedback.get("blockReason") if isinstance(feedback, dict) else None
    if reason:
        found = ErrorBody(stage="input", categories=str(reason))
        raise NotMade(moderation(found)._replace(request_id=request_id(head)))


def _without_picture(candidates: list[dict[str, Any]], head: Head) -> NotMade:
    reason = str(candidates[0].get("finishReason") or "") if candidates else ""
    if reason in _REFUSALS:
        found = ErrorBody(stage="output", categories=reason)
        return NotMade(moderation(found)._replace(request_id=request_id(head)))
    said = str(candidates[0].get("finishMessage") or "") if candidates else ""
    ended = f" (it ended with {printable(reason[:40])}{f': {printable(said[:200])}' if said else ''})"
    ended = ended if reason else ""
    return refuse("envelope", f"no image data in the answer{ended}", head)


def _usage(body: Mapping[str, Any]) -> Usage:
    """Read token counts; thoughts are billed as text that comes out."""
    usage = body.get("usageMetadata")
    usage = usage if isinstance(usage, dict) else {}
    into, out = _count(usage.get("promptTokenCount")), _count(usage.get("candidatesTokenCount"))
    total = None if out is None else out + (_count(usage.get("thoughtsTokenCount")) or 0)
    image_out = _of(usage.get("candidatesTokensDetails"), "IMAGE")
    text_out = total - image_out if total is not None and image_out is not None else None
    sent = usage.get("promptTokensDetails")
    picture = Tokens(into, total, _of(sent, "TEXT"), _of(sent, "IMAGE"), text_out, image_out)
    return Usage(into, total, image_out, picture)


def _of(details: object, modality: str) -> int | None:
    for one in details if isinstance(details, list) else []:
        if isinstance(one, dict) and one.get("modality") == modality:
            return _count(one.get("tokenCount"))
    return None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12 else None


def coded(answer: Answer, recipient: Recipient) -> Failure | None:
    """Say what Google's own errors mean, whose reasons stand in ``details``; None: the common meaning."""
    status, body = answer.head.status, error_body(answer.body)
    state, details = _state(answer.body)
    invalid = any(one.get("reason") == "API_KEY_INVALID" for one in details)
    message = body.message.lower()
    if invalid or ("api key" in message and ("valid" in message or "expired" in message)):
        return wrong_key(status, body, recipient.route, recipient.variable)
    if state == "FAILED_PRECONDITION" or "user location" in message:
        told = printable(body.message[:300])
        return Failure(
            "access", f"{recipient.route} is not offered here without billing ({status}): {told}", stop=True
        )
    if status == 404:
        return Failure("model", f"{recipient.route} does not know the model: {printable(body.message[:300])}")
    if status == 429 and state == "RESOURCE_EXHAUSTED":
        return _limit(details)
    if status == 400 and ("aspect" in message or "image_size" in message or "imagesize" in message):
        return Failure("size", f"{recipient.route} refused the size: {printable(body.message[:300])}")
    return None


def _state(data: bytes) -> tuple[str, list[Mapping[str, Any]]]:
    """Return the status by its name, and the details."""
    try:
        error = json.loads(data[:1_000_000]).get("error")
    except (ValueError, RecursionError, AttributeError):
        error = None
    error = error if isinstance(error, dict) else {}
    details = error.get("details")
    listed = details if isinstance(details, list) else []
    found: list[Mapping[str, Any]] = [one for one in listed if isinstance(one, dict)]
    return str(error.get("status") or ""), found


def _limit(details: list[Mapping[str, Any]]) -> Failure:
    """Tell a limit that passes from one that does not: both say that the quota is exceeded."""
    violations = [
        one
        for detail in details
        for one in (detail.get("violations") or () if isinstance(detail.get("violations"), list) else ())
        if isinstance(one, dict)
    ]
    for one in violations:
        name, value = printable(str(one.get("quotaId"))[:80]), str(one.get("quotaValue"))
        if "PerDay" in name or value == "0":
            said = "the account has no quota for this" if value == "0" else "the quota of the day is used up"
            return Failure("account", f"{said} (429 {name}): see the account's plan", stop=True)
    wait = next((_seconds(one["retryDelay"]) for one in details if "retryDelay" in one), None)
    return Failure("busy", "the limit of requests is reached (429 RESOURCE_EXHAUSTED)", retry=True, wait=wait)


def _seconds(value: object) -> float | None:
    """Read a duration like "26s" or "0.5s"."""
    text = str(value)
    plain = text[:-1].replace(".", "", 1)
    return float(text[:-1]) if text.endswith("s") and plain.isascii() and plain.isdigit() else None


OFFICIAL = Profile(
    name="gemini",
    kind="gemini",
    owner="Google",
    base_url="https://generativelanguage.googleapis.com/v1beta",
    key="GEMINI_API_KEY",
    key_header="x-goog-api-key",
    quality="ignored",
    billing="per-token",
    failure_cost="answers with 400 or 500 are not charged (Google's billing page); a refused output may be",
    unbilled=(500, 503),
    support="https://ai.google.dev/gemini-api/docs",
    source="ai.google.dev/gemini-api/docs (2026-11), google-genai 3.6.1; no call was made",
)

route = Route(
    "gemini",
    __doc__ or "",
    OFFICIAL,
    edits=True,
    masks=False,
    serves="gemini-",
    call=call,
    read=read,
    coded=coded,
    address_variable="GOOGLE_GEMINI_BASE_URL",
    address_suffix="/v1beta",
)
