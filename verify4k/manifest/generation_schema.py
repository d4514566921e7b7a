"""JSON Schema of the manifest's ``generate`` and ``routes``, for editors; the readers are stricter."""

from __future__ import annotations

from typing import Any

from verify4k.manifest.generation import EXTRA
from verify4k.routes import kinds
from verify4k.routes.protocol.profile import STATED

_TEXT = {"type": "string", "minLength": 1}
_SIZE = {"type": "string", "pattern": r"^(\d+[xX×]\d+|[A-Za-z0-9][A-Za-z0-9_-]*)$"}
_SIZES = {"anyOf": [_SIZE, {"type": "array", "minItems": 1, "items": _SIZE}]}
_DATE = {"type": "string", "format": "date"}
_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}

_DEFAULTS: dict[str, Any] = {
    "route": {**_TEXT, "description": "a built-in route or one of routes:"},
    "model": {**_TEXT, "description": "the image model; verify4k models shows what each accepts"},
    "quality": {**_TEXT, "description": "always sent, since what is left out becomes low"},
    "background": {"enum": ["opaque", "transparent", "auto"]},
    "compression": {"type": "integer", "minimum": 0, "maximum": 100, "description": "jpeg and webp only"},
    "rules": {**_TEXT, "description": "the known model whose rules an unknown one follows"},
    "extra": {
        "type": "object",
        "properties": dict.fromkeys(EXTRA, _TEXT),
        "additionalProperties": False,
    },
    "critical": {"type": "boolean", "description": "false allows the fallback sizes"},
}
_ENTRY: dict[str, Any] = {
    **_DEFAULTS,
    "prompt": {"type": "string", "minLength": 1, "maxLength": 32_000},
    "prompt_version": {"type": ["string", "integer"]},
    "size": {**_SIZE, "description": "what to ask for where the promise names no single size"},
    "fallback": {**_SIZES, "description": "sizes that will do if the wanted one is refused"},
    "edit": {"anyOf": [_TEXT, {"type": "array", "minItems": 1, "maxItems": 16, "items": _TEXT}]},
    "mask": {**_TEXT, "description": "a PNG whose transparent parts are to be changed"},
}


def top_schema() -> dict[str, Any]:
    """Return the schema of the top-level ``generate``."""
    return {"type": "object", "properties": _DEFAULTS, "additionalProperties": False}


def entry_schema() -> dict[str, Any]:
    """Return the schema of an entry's ``generate``: a prompt, or a mapping."""
    mapping = {"type": "object", "properties": _ENTRY, "additionalProperties": False}
    return {"anyOf": [{"type": "string", "minLength": 1, "description": "the prompt"}, mapping]}


def routes_schema() -> dict[str, Any]:
    """Return the schema of ``routes``."""
    number = {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\$?\d+(\.\d+)?$"}]}
    profile = {
        "kind": {"enum": list(kinds())},
        "owner": _TEXT,
        "base_url": {"type": "string", "format": "uri"},
        "key": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "description": "a variable's name"},
        "auth": {"enum": ["bearer", "api-key", "none"]},
        "models": _TEXTS,
        "size": {
            "anyOf": [{"enum": ["honoured", "ignored", "fixed-list"]}, {"type": "array", "items": _SIZE}]
        },
        "sizes": _SIZES,
        "quality": {"enum": ["honoured", "ignored"]},
        "answers": {"enum": ["b64", "url"]},
        "response_format": {"enum": ["b64_json", "url"]},
        "query": _TEXTS,
        "price": {**number, "description": "US dollars a picture"},
        "billing": _TEXT,
        "failure_cost": _TEXT,
        "outputs": {"type": "integer", "minimum": 1, "maximum": 10},
        "support": _TEXT,
        "concurrency": {"type": "integer", "minimum": 1, "maximum": 64},
        "main_model": _TEXT,
        "verified": {
            "anyOf": [
                _DATE,
                {"type": "object", "properties": dict.fromkeys(STATED, _DATE), "additionalProperties": False},
            ]
        },
    }
    one = {"type": "object", "required": ["kind"], "properties": profile, "additionalProperties": False}
    return {"type": "object", "additionalProperties": one}
