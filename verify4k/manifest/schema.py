"""JSON Schemas: of manifests, made from the rules' own options; of reports, as published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k import REPOSITORY, __version__, published
from verify4k.manifest.generation import entry_schema, top_schema
from verify4k.manifest.groups import groups_schema
from verify4k.manifest.routes import routes_schema
from verify4k.options.kinds import describe
from verify4k.options.limits import SCHEMA as LIMITS
from verify4k.options.sizes import sizes
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from verify4k.rule import Rule

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_FILE = "verify4k/data/manifest.schema.json"
_STRING = {"type": "string"}
_PATTERNS = {"anyOf": [_STRING, {"type": "array", "items": _STRING}]}
_PIXELS = {"type": "string", "pattern": r"^\d+[xX×]\d+$"}
_SIZES = {"type": "object", "description": "named sizes of your own", "additionalProperties": _PIXELS}
_PRESETS = {
    "type": "object",
    "description": "presets whose source has changed: verify4k size --list shows them",
    "additionalProperties": {
        "type": "object",
        "required": ["size", "date", "source"],
        "additionalProperties": False,
        "properties": {
            "size": _PIXELS,
            "date": {"type": "string", "format": "date"},
            "source": {"type": "string", "minLength": 1},
        },
    },
}
MANIFEST = f"{REPOSITORY}/raw/v{__version__}/{_FILE}"


def schema_comment() -> list[str]:
    """Return the line that tells an editor where the schema is; none while it is published nowhere."""
    return [f"# yaml-language-server: $schema={MANIFEST}"] if published(_FILE) else []


def manifest_schema() -> dict[str, Any]:
    """Return the schema that editors use for ``verify4k.yaml``."""
    rules = all_rules()
    options, severities = _options(rules), _severities(rules)
    return {
        "$schema": _DRAFT,
        "$id": MANIFEST,
        "title": "verify4k manifest",
        "type": "object",
        "required": ["version"],
        "additionalProperties": False,
        "properties": {
            "version": {"const": 1, "description": "the manifest format; always 1"},
            "root": {"type": "string", "description": "the folder that files are relative to"},
            "sizes": _SIZES,
            "presets": _PRESETS,
            "defaults": {
                "type": "object",
                "description": "promises of every file",
                "properties": {**options, "rules": severities},
                "additionalProperties": False,
            },
            "rules": severities,
            "groups": groups_schema(),
            "include": {
                "description": "manifests whose promises are these too; paths are relative to this one",
                "anyOf": [_STRING, {"type": "array", "minItems": 1, "items": _STRING}],
            },
            "files_from": {
                "description": "lists of files (JSON lines, CSV, TSV), one a row with its options; "
                "paths are relative to this manifest",
                "anyOf": [_STRING, {"type": "array", "minItems": 1, "items": _STRING}],
            },
            "unlisted-ok": {"description": "patterns of images that rule unlisted lets pass", **_PATTERNS},
            "limits": LIMITS,
            "generate": top_schema(),
            "routes": routes_schema(),
            "files": {
                "type": ["object", "null"],
                "description": "file or pattern -> what is promised about it",
                "additionalProperties": _entry(options, severities, list(rules)),
            },
        },
    }


def _severities(rules: dict[str, Rule]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": "how bad a problem is, by rule",
        "properties": {
            each.id: {"description": each.title, "enum": ["error", "warning", "note", "off", False]}
            for each in rules.values()
        },
        "additionalProperties": False,
    }


def _options(rules: dict[str, Rule]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in rules.values():
        if each.options is not None:
            for key, (kind, doc) in describe(each.options).items():
                if key == "in-group":  # written by groups:, never by a person
                    continue
                found[key] = {**kind.schema, "description": f"{doc} (rule {each.id}): {kind.words}"}
    return found


def _entry(options: dict[str, Any], severities: dict[str, Any], rules: list[str]) -> dict[str, Any]:
    mapping = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **options,
            "rules": severities,
            "ignore": _ignore(rules),
            "exclude": {"description": "what a pattern leaves out", **_PATTERNS},
            "generate": entry_schema(),
            "from": {
                "type": "string",
                "description": "what it was made from, a target; in a pattern * stands for the same",
            },
            "for": {
                "type": "object",
                "description": "lists that fill {names} in, in the key and in the options",
                "additionalProperties": {"type": ["array", "string", "number"]},
                "minProperties": 1,
            },
            "variants": _variants(options, severities),
        },
    }
    return {"anyOf": [{"description": "the size", **sizes.schema}, mapping, {"type": "null"}]}


def _ignore(rules: list[str]) -> dict[str, Any]:
    one = {
        "type": "object",
        "required": ["rule", "reason"],
        "additionalProperties": False,
        "properties": {
            "rule": {"enum": rules},
            "reason": _STRING,
            "sha256": {"type": "string", "pattern": "^[0-9a-fA-F]{12,64}$"},
        },
    }
    return {
        "description": "accepted exceptions, bound to the file's content",
        "anyOf": [one, {"type": "array", "items": one}],
    }


def _variants(options: dict[str, Any], severities: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": "answers of a URL to other Accept headers, each an artifact of its own",
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "required": ["accept"],
            "properties": {**options, "rules": severities},
            "additionalProperties": False,
        },
    }


def report_schema() -> dict[str, Any]:
    """Return the schema of ``--format json``."""
    import json
    from importlib.resources import files

    text = (files("verify4k") / "data" / "report.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
