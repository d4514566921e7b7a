"""What ModelArk's image endpoint takes and answers for Seedream, from its public description."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from apiserver.description import Asked
from apiserver.drawing import encoded, picture

if TYPE_CHECKING:
    from apiserver.server import Handler

KEY = "ark-test-0a1b2c3d-very-secret"
_PIXELS = {"seedream-4-5-251128": (3_686_400, 16_777_216), "seedream-4-0-250828": (921_600, 16_777_216)}
_TAKEN = {"model", "prompt", "size", "response_format", "watermark", "sequential_image_generation", "image",
          "seed", "stream", "guidance_scale", "optimize_prompt_options"}  # fmt: skip


def speaks(path: str) -> bool:
    """Whether a path is this API's."""
    return path.startswith("/api/v3/images/generations")


def respond(handler: Handler, body: bytes) -> None:
    """Check and answer one request."""
    values = json.loads(body)
    handler.asked = Asked(values, [])
    handler.note(handler.asked, body)
    if handler.headers.get("authorization") != f"Bearer {KEY}":
        error(handler, 401, "AuthenticationError", "the API key in the request is missing or invalid")
        return
    handler.misbehave_or(answer)


def answer(handler: Handler) -> None:
    """Answer with the picture that was asked for, marked unless that was declined."""
    values = handler.asked.values
    size = re.fullmatch(r"(\d+)x(\d+)", str(values.get("size")))
    low, high = _PIXELS.get(values["model"], (0, 0))
    if unknown := values.keys() - _TAKEN:
        error(handler, 400, "InvalidParameter", f"unknown parameter {min(unknown)}")
        return
    if size is None or not low <= int(size[1]) * int(size[2]) <= high:
        error(handler, 400, "InvalidParameter", "image size must be at least 3686400 pixels")
        return
    data = picture(int(size[1]), int(size[2]), "jpeg")
    if values.get("watermark", True):
        data = _marked(int(size[1]), int(size[2]))
    count = 1 if values.get("sequential_image_generation") == "disabled" else 3
    if values.get("response_format", "url") != "b64_json":
        items = [{"url": "https://ark-content.example.com/a.jpeg", "size": values["size"]}]
    else:
        items = [{"b64_json": base64.b64encode(data).decode(), "size": values["size"]}] * count
    usage = {"generated_images": count, "output_tokens": 16384 * count, "total_tokens": 16384 * count}
    handler.json(200, {"model": values["model"], "created": 1, "data": items, "usage": usage})


def _marked(width: int, height: int) -> bytes:
    image = Image.new("RGB", (width, height), (20, 90, 160))
    ImageDraw.Draw(image).text((width - 200, height - 40), "AI generated")
    return encoded(image, "jpeg")


def error(handler: Handler, status: int, code: str, message: str) -> None:
    """Answer with an error as ModelArk words them."""
    handler.json(status, {"error": {"code": code, "message": message, "param": "", "type": "BadRequest"}})
