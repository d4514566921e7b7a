"""What a request must be: the published schemas, and the rules that exist only as prose.

Written from the description and from reported messages, not from verify4k's own tables: this is
the other side of the contract.
"""

from __future__ import annotations

import base64
import email
import email.policy
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

if TYPE_CHECKING:
    from collections.abc import Iterable

_DOCUMENT = json.loads((Path(__file__).parents[1] / "data" / "openai-images.json").read_text("utf-8"))
_REGISTRY: Registry[Any] = Registry().with_resource(
    "urn:api", Resource.from_contents(_DOCUMENT, default_specification=DRAFT202012)
)
_FREE = ("gpt-image-2", "gpt-image-2.5", "gpt-image-2.6")
_OLD = ("gpt-image-1.5", "gpt-image-1-mini", "chatgpt-image-latest")


class Refusal(Exception):
    """An answer with status 400, as the API words it."""

    def __init__(self, code: str, param: str, message: str, kind: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": code}}


class Asked(NamedTuple):
    """A request that is in order."""

    values: dict[str, Any]
    files: list[tuple[str, str, str, bytes]]  # field, file name, content type, bytes


def validator(schema: str) -> Draft202012Validator:
    """The validator of one published schema."""
    return Draft202012Validator({"$ref": f"urn:api#/components/schemas/{schema}"}, registry=_REGISTRY)


def read_request(path: str, content_type: str, body: bytes) -> Asked:
    """Read and check one request. Raises `Refusal`."""
    if path == "/v1/images/edits":
        asked = _multipart(content_type, body)
        _check_schema("CreateImageEditRequest", {**asked.values, "image": _images(asked.files)})
        _check_files(asked.files)
    else:
        asked = Asked(_json(content_type, body), [])
        _check_schema(
            "CreateImageRequest" if path == "/v1/images/generations" else "CreateResponsePruned", asked.values
        )
    if path == "/v1/responses":
        _check_tool(asked.values)
    else:
        check_prose(asked.values)
    return asked


def _json(content_type: str, body: bytes) -> dict[str, Any]:
    if not content_type.startswith("application/json"):
        raise Refusal("invalid_content_type", "", "the content type must be application/json")
    values = json.loads(body)
    assert isinstance(values, dict)
    return values


def _multipart(content_type: str, body: bytes) -> Asked:
    message = email.message_from_bytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body, policy=email.policy.HTTP
    )
    values: dict[str, Any] = {}
    files: list[tuple[str, str, str, bytes]] = []
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        data: Any = part.get_payload(decode=True)
        filename = part.get_filename()
        if filename is not None:
            files.append((name, filename, part.get_content_type(), data))
        else:
            text = data.decode()
            values[name] = _member(name, text)
    return Asked(values, files)


def _member(name: str, text: str) -> Any:
    if name == "stream":
        return {"true": True, "false": False}.get(text, text)
    return int(text) if name in ("n", "output_compression", "partial_images") else text


def _images(files: Iterable[tuple[str, str, str, bytes]]) -> list[str]:
    return ["binary" for field, *_ in files if field in ("image", "image[]")]


def _check_files(files: list[tuple[str, str, str, bytes]]) -> None:
    for field, _, kind, data in files:
        if field not in ("image", "image[]", "mask"):
            raise Refusal("unknown_parameter", field, f"Unknown parameter: '{field}'.")
        magic = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
        real = next((name for start, name in magic.items() if data.startswith(start)), "")
        if not real or kind != real:
            raise Refusal(
                "unsupported_file_mimetype", field, f"Invalid file: unsupported mimetype ('{kind}')."
            )


def _check_schema(schema: str, values: dict[str, Any]) -> None:
    for name in ("response_format", "style", "input_fidelity"):
        if name in values and schema != "CreateResponsePruned":
            raise Refusal("unknown_parameter", name, f"Unknown parameter: '{name}'.")
    for error in validator(schema).iter_errors(values):
        if error.validator == "additionalProperties":
            name = re.findall(r"'([^']+)'", error.message)[0]
            raise Refusal("unknown_parameter", name, f"Unknown parameter: '{name}'.")
        where = ".".join(map(str, error.absolute_path))
        raise Refusal("invalid_value", where, error.message[:300])


def _check_tool(values: dict[str, Any]) -> None:
    tools = values.get("tools") or []
    assert len(tools) == 1
    assert values.get("tool_choice") == {"type": "image_generation"}, "the tool must be forced"
    assert values.get("store") is bool(values.get("background")), "in background it has to be kept, else not"
    tool = tools[0]
    assert tool.get("model"), "the tool's model must always be named"
    check_prose({**tool, "prompt": prompt_of(values)})
    pictures = input_pictures(values)
    if tool.get("action") == "edit" and not pictures:
        raise Refusal("invalid_value", "input", "An image is required to edit.")
    if mask := tool.get("input_image_mask"):
        pictures = [*pictures, ("mask", "mask", *_data_url(mask["image_url"]))]
    _check_files(pictures)


def prompt_of(values: dict[str, Any]) -> str:
    """The prompt, wherever it stands."""
    found = values.get("prompt") or values.get("input")
    if isinstance(found, list):
        (message,) = found
        (found,) = (part["text"] for part in message["content"] if part["type"] == "input_text")
    return str(found)


def input_pictures(values: dict[str, Any]) -> list[tuple[str, str, str, bytes]]:
    """The pictures that go along in a Responses request, as files."""
    found = values.get("input")
    parts = found[0]["content"] if isinstance(found, list) else []
    images = [part for part in parts if part["type"] == "input_image"]
    assert all(part["detail"] in ("auto", "low", "high", "original") for part in images)
    return [("image", "input", *_data_url(part["image_url"])) for part in images]


def _data_url(url: str) -> tuple[str, bytes]:
    match = re.fullmatch(r"data:([a-z/]+);base64,(.+)", url)
    if match is None:
        raise Refusal("invalid_value", "image_url", "Invalid image URL.")
    return match[1], base64.b64decode(match[2], validate=True)


def check_prose(values: dict[str, Any]) -> None:
    """Check what only the texts say. Raises `Refusal`."""
    model = values.get("model")
    if not model:
        raise Refusal("missing_required_parameter", "model", "Missing required parameter: 'model'.")
    if not str(model).startswith((*_FREE, *_OLD)):
        raise Refusal("model_not_found", "model", f"The model '{model}' does not exist.")
    if values["prompt"] == "":
        raise Refusal("empty_string", "prompt", "Invalid 'prompt': empty string.")
    if len(values["prompt"]) > 32_000:
        raise Refusal("string_above_max_length", "prompt", "Invalid 'prompt': string too long.")
    _check_size(str(values.get("size", "auto")), str(model))
    finer = str(model).startswith(("gpt-image-2.5", "gpt-image-2.6"))
    if values.get("quality", "auto") not in (
        "low",
        "medium",
        "high",
        "auto",
        *(("xhigh", "max") if finer else ()),
    ):
        raise Refusal("invalid_value", "quality", "Invalid value for 'quality'.")
    form = values.get("output_format", "png")
    if values.get("background") == "transparent":
        if not finer and str(model).startswith("gpt-image-2"):
            raise Refusal(
                "invalid_value", "background", "Transparent background is not supported for this model."
            )
        if form == "jpeg":
            raise Refusal("invalid_value", "background", "Transparent background needs png or webp.")
    if form == "png" and values.get("output_compression", 100) < 100:
        raise Refusal(
            "invalid_png_output_compression", "output_compression", "Compression must be 100 for png."
        )


def _check_size(size: str, model: str) -> None:
    kind = "image_generation_user_error"
    if size == "auto":
        return
    if model.startswith(_OLD):
        if size not in ("1024x1024", "1536x1024", "1024x1536"):
            raise Refusal("invalid_value", "size", f"Invalid size '{size}'.", kind)
        return
    match = re.fullmatch(r"([1-9]\d{0,5})x([1-9]\d{0,5})", size)
    if match is None:
        raise Refusal("invalid_value", "size", f"Invalid size '{size}'.", kind)
    width, height = int(match[1]), int(match[2])
    rules = (
        (width % 16 == 0 and height % 16 == 0, "Width and height must both be divisible by 16."),
        (max(width, height) <= 3840, "The longest edge must be less than or equal to 3840."),
        (max(width, height) <= 3 * min(width, height), "The aspect ratio must be between 1:3 and 3:1."),
        (655_360 <= width * height <= 8_294_400, "The requested pixels are outside the budget."),
    )
    for holds, message in rules:
        if not holds:
            raise Refusal("invalid_value", "size", f"Invalid size '{size}'. {message}", kind)
