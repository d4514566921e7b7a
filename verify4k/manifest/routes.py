"""The manifest's ``routes:``: profiles of providers, read strictly, all mistakes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Pairs
from verify4k.options.kinds import choice, collect, describe, shown, wrong
from verify4k.options.reading import read_declared, schema_of
from verify4k.routes.protocol.profile import Profile

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context, Kind
    from verify4k.routes import Route


def declared() -> dict[str, tuple[Kind[Any], str]]:
    """Return every key of a route -> (kind, documentation)."""
    from verify4k.routes import kinds

    kind = (choice(*kinds()), "openai-compatible, or a built-in kind with other settings")
    return {"kind": kind, **describe(Profile)}


def routes_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``routes``."""
    return {"type": "object", "additionalProperties": schema_of(declared(), "kind")}


def parse_routes(node: Node, context: Context) -> dict[str, Profile]:
    """Read ``routes:``, all mistakes at once."""
    if not isinstance(node, Pairs):
        raise wrong(node, "expected a mapping from route names to profiles")
    readers = [
        lambda key=key, value=value: (key.text, _profile(key.text, value, context))
        for key, value in node.pairs
    ]
    return dict(collect(readers))  # type: ignore[arg-type]


def _profile(name: str, node: Node, context: Context) -> Profile:
    from verify4k.routes import find_route, kinds

    values = read_declared(node, declared(), "key of a route", context)
    if "kind" not in values:
        raise wrong(node, "a route needs a kind", f"kind: {', '.join(kinds())}")
    kind = values.pop("kind")
    if name in kinds() and name != kind:
        raise wrong(
            node, f"the route {shown(name)} has the name of another kind", "give it a name of its own"
        )
    if isinstance(values.get("size"), tuple):
        values |= {"size": "fixed-list", "sizes": values["size"]}
    if values.get("size") == "fixed-list" and not values.get("sizes"):
        raise wrong(node, "a fixed list of sizes is missing", "sizes: [1024x1024, ...]")
    _one_way(node, find_route(kind), values)
    profile = find_route(kind).official.replaced(name=name, source="", **values)
    if kind == "openai-compatible" and not profile.base_url:
        raise wrong(
            node, "an openai-compatible route needs a base_url", "base_url: https://api.example.com/v1"
        )
    return profile


def _one_way(node: Node, route: Route, values: dict[str, Any]) -> None:
    """Object to a stream where there is none, to one that is to come later, and to what has no effect."""
    if values.get("background") and route.poll is None:
        hint = "openai-responses does; where a provider answers with a task: poll:"
        raise wrong(node, f"the kind {route.kind} does not work in background", hint)
    if values.get("main_model") and route.kind != "openai-responses":
        raise wrong(node, f"the kind {route.kind} has no main_model", "openai-responses has")
    if values.get("stream") is None:
        return
    if not route.streams:
        raise wrong(node, f"the kind {route.kind} sends no stream", "leave stream: out")
    if values.get("background") or values.get("poll"):
        raise wrong(node, "an answer comes as a stream or is asked for later, not both", "leave one out")
