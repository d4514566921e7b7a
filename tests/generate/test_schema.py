"""The schema for editors names exactly the keys that the readers take."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from verify4k.manifest import generation as options
from verify4k.manifest import routes
from verify4k.manifest.generation_schema import entry_schema, routes_schema, top_schema


def test_the_schemas_are_schemas() -> None:
    for schema in (entry_schema(), routes_schema(), top_schema()):
        Draft202012Validator.check_schema(schema)


def test_schema_and_readers_know_the_same_keys() -> None:
    assert set(top_schema()["properties"]) == set(options._DEFAULTS)
    assert set(entry_schema()["anyOf"][1]["properties"]) == set(options._ENTRY)
    assert set(routes_schema()["additionalProperties"]["properties"]) == {"kind", *routes._FIELDS}
