"""The schema for editors and the reader come from the same declarations."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from verify4k.errors import ManifestError
from verify4k.manifest.generation import entry_schema, top_schema
from verify4k.manifest.load import parse_manifest
from verify4k.manifest.routes import routes_schema
from verify4k.manifest.schema import manifest_schema


def test_the_schemas_are_schemas() -> None:
    for schema in (entry_schema(), routes_schema(), top_schema()):
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    ("top", "entry", "fine"),
    [
        ({}, {"prompt": "a", "prompt_version": 3, "size": "1024x640"}, True),
        ({}, {"prompt": "a", "fallback": ["1024x640"], "critical": False}, True),
        ({}, {"prompt": "a", "edit": ["b.png"], "mask": "m.png"}, True),
        ({"generate": {"extra": {"moderation": "low"}}}, {"prompt": "a"}, True),
        ({"generate": {"compression": 101}}, {"prompt": "a"}, False),
        ({"generate": {"prompt": "for all"}}, {"prompt": "a"}, False),
        ({"routes": {"gw": {"kind": "openai-compatible", "base_url": "https://x.example"}}}, {"prompt": "a"}, True),
        ({"routes": {"gw": {"kind": "openai-compatible", "base_url": "https://x.example", "auth": "digest"}}}, "a", False),
        ({"routes": {"gw": {"base_url": "https://x.example"}}}, {"prompt": "a"}, False),
        ({}, {"prompt": "a", "background": "blue"}, False),
        ({}, {"prompt": "a", "prompt-version": 3}, False),
    ],
)  # fmt: skip
def test_editor_and_reader_agree(top: dict[str, object], entry: object, fine: bool) -> None:
    body = {"version": 1, **top, "files": {"a.png": {"size": "1024x640", "generate": entry}}}
    assert Draft202012Validator(manifest_schema()).is_valid(body) is fine
    try:
        parse_manifest(json.dumps(body).encode(), "verify4k.json", ".")
    except ManifestError:
        assert not fine
    else:
        assert fine
