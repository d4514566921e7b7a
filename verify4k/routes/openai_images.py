"""OpenAI's Image API: ``/images/generations``, and ``/images/edits`` with pictures to start from.

Sent are always model, prompt, size, quality, output_format and n=1: what is left out is chosen by
the server, and ``auto`` came back as low quality at 1254x1254. Never sent are ``response_format``
and ``style`` (refused by every GPT image model), ``input_fidelity`` and ``user``. With ``stream: 0-3`` in its
profile, or ``--partials``, the answer comes as a stream with so many partial pictures before the picture.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from verify4k.routes import Call, Order, Route
from verify4k.routes.protocol.envelopes import (
    Received,
    bare_picture,
    image_bytes,
    json_object,
    refuse,
    refuse_error,
    usage_of,
)
from verify4k.routes.protocol.failures import request_id
from verify4k.routes.protocol.multipart import Part, encode_multipart
from verify4k.routes.protocol.pictures import decoded, is_data_url
from verify4k.routes.protocol.profile import Profile

if TYPE_CHECKING:
    from verify4k.net.exchange import Answer


def parameters(order: Order, profile: Profile) -> dict[str, Any]:
    """Return the request's parameters, pictures apart."""
    found: dict[str, Any] = {
        "model": profile.models.get(order.model, order.model),
        "prompt": order.prompt,
        "n": 1,
    }
    if profile.size != "ignored":
        found["size"] = str(order.size)
    if profile.quality != "ignored" and order.quality:  # some models know none
        found["quality"] = order.quality
    found["output_format"] = order.format
    if order.background:
        found["background"] = order.background
    if order.compression is not None:
        found["output_compression"] = order.compression
    if profile.response_format:
        found["response_format"] = profile.response_format
    if profile.stream is not None:
        found |= {"stream": True, "partial_images": profile.stream}
    return {name: value for name, value in found.items() if name not in profile.omit} | dict(order.extra)


def call(order: Order, profile: Profile) -> Call:
    """Return a JSON request, or a multipart one when there are pictures to edit."""
    values = parameters(order, profile)
    if not order.sources:
        return Call("/images/generations", "application/json", json.dumps(values).encode())
    name = "image" if len(order.sources) == 1 else "image[]"
    parts = [
        Part(name, value if isinstance(value, str) else json.dumps(value)) for name, value in values.items()
    ]
    parts += [Part(name, one.data, one.name, f"image/{one.format}") for one in order.sources]
    if order.mask is not None:
        parts.append(Part("mask", order.mask.data, order.mask.name, "image/png"))
    content_type, body = encode_multipart(parts)
    return Call("/images/edits", content_type, body)


def read(answer: Answer, profile: Profile) -> Received:
    """Return the one picture of an answer. Unknown members are ignored, the echoed size too."""
    if bare := bare_picture(answer):
        return bare
    body = json_object(answer)
    refuse_error(body, answer.head)
    data = body.get("data")
    if not isinstance(data, list) or not data:
        raise refuse("envelope", "no image data in the answer", answer.head)
    if len(data) > profile.outputs:
        said = (
            f"{len(data)} pictures came where {profile.outputs} was asked for: which one is meant is unknown"
        )
        raise refuse("envelope", said, answer.head, data=_decoded(data[0]))
    item = data[0]
    if not isinstance(item, dict):
        raise refuse("envelope", "the answer's data holds no object", answer.head)
    encoded, url = item.get("b64_json"), item.get("url")
    known = request_id(answer.head)
    others = tuple(filter(None, map(_decoded, data[1:])))
    if isinstance(url, str) and not encoded and is_data_url(url):
        encoded = url
    if isinstance(encoded, str) and encoded:
        return Received(image_bytes(encoded, answer.head), "", usage_of(body), known, others)
    if isinstance(url, str) and url:
        return Received(b"", url, usage_of(body), known)
    raise refuse("envelope", "no image data in the answer", answer.head)


def _decoded(item: object) -> bytes:
    """Return a further picture's bytes, to be kept: it was paid for. Nothing where there are none."""
    encoded = (item.get("b64_json") or item.get("url")) if isinstance(item, dict) else None
    return decoded(encoded) or b"" if isinstance(encoded, str) and "://" not in encoded[:20] else b""


OFFICIAL = Profile(
    name="openai-images",
    kind="openai-images",
    owner="OpenAI",
    base_url="https://api.openai.com/v1",
    billing="per-token",
    failure_cost="refusals are free, moderated output and broken connections may cost",
    support="https://help.openai.com",
    source="published description f85dbe22 (2026-08-21), openai-python 3.54.0; no call was made",
)

route = Route(
    "openai-images",
    __doc__ or "",
    OFFICIAL,
    edits=True,
    call=call,
    read=read,
    batches=True,
    streams=True,
    address_variable="OPENAI_BASE_URL",
)
