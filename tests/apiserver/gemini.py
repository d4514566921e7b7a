"""What Google's ``generateContent`` takes and answers, from its public description and the official SDK's types."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from apiserver.description import Asked
from apiserver.drawing import picture

if TYPE_CHECKING:
    from apiserver.server import Handler

KEY = "AIza-test-6f1d0c2b9e8a7-very-secret"
_PATH = re.compile(r"/v1(?:beta)?/models/([\w.-]+):generateContent")
_SIZES = {  # written from the page, not from verify4k's table
    ("1:1", "1K"): (1024, 1024),
    ("16:9", "1K"): (1376, 768),
    ("16:9", "2K"): (2752, 1536),
    ("16:9", "4K"): (5504, 3072),
    ("9:16", "1K"): (768, 1376),
    ("1:4", "1K"): (512, 2064),
}
_KNOWN = {"gemini-3-pro-image", "gemini-3-pro-image-preview", "gemini-3.1-flash-image"}


def speaks(path: str) -> bool:
    """Whether a path is this API's."""
    return _PATH.fullmatch(path.partition("?")[0]) is not None


def respond(handler: Handler, body: bytes) -> None:
    """Check and answer one request."""
    values = json.loads(body)
    parts = values["contents"][0]["parts"]
    prompt = next(part["text"] for part in parts if "text" in part)
    handler.asked = Asked({**values, "prompt": prompt}, [])
    handler.note(handler.asked, body)
    if handler.headers.get("x-goog-api-key") != KEY:
        error(handler, 400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.")
        return
    handler.misbehave_or(answer)


def answer(handler: Handler) -> None:
    """Answer with the picture that was asked for."""
    values = handler.asked.values
    model = _PATH.fullmatch(handler.path.partition("?")[0])[1]  # type: ignore[index]
    if model not in _KNOWN:
        error(handler, 404, "NOT_FOUND", f"models/{model} is not found for API version v1beta")
        return
    settings = values["generationConfig"]
    if settings.get("responseModalities") not in (["IMAGE"], ["TEXT", "IMAGE"]):
        error(handler, 400, "INVALID_ARGUMENT", "the model makes pictures")
        return
    image = settings.get("imageConfig", {})
    size = _SIZES.get((image.get("aspectRatio", "1:1"), image.get("imageSize", "1K")))
    if size is None:
        error(handler, 400, "INVALID_ARGUMENT", f"unsupported image config {image}")
        return
    handler.json(200, envelope(picture(*size, "jpeg" if "jpeg" in handler.prompt else "png")))


def envelope(*pictures: bytes, thought: bytes = b"") -> dict[str, Any]:
    """The body of a good answer."""
    parts: list[dict[str, Any]] = [{"text": "I drew it.", "thought": True}] if thought else []
    if thought:
        parts.append({"inlineData": _inline(thought), "thought": True})
    parts += [{"inlineData": _inline(data)} for data in pictures]
    return {
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {
            "promptTokenCount": 8,
            "candidatesTokenCount": 1120,
            "thoughtsTokenCount": 100,
            "totalTokenCount": 1228,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 8}],
            "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1120}],
        },
        "modelVersion": "gemini-3-pro-image",
        "responseId": "r1",
    }


def _inline(data: bytes) -> dict[str, str]:
    kind = "image/jpeg" if data.startswith(b"\xff\xd8") else "image/png"
    return {"mimeType": kind, "data": base64.b64encode(data).decode()}


def error(handler: Handler, status: int, name: str, message: str) -> None:
    """Answer with an error as Google words them."""
    handler.json(status, {"error": {"code": status, "message": message, "status": name}})
