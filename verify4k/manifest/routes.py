"""The manifest's ``routes:``: profiles of providers, read strictly, all mistakes at once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Mistake, Pairs
from verify4k.errors import ManifestError, UsageError
from verify4k.options.kinds import choice, collect, integer, scalar, shown, text, unknown_key, wrong
from verify4k.options.reading import read_fields
from verify4k.routes.protocol.profile import STATED

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.documents.nodes import Node
    from verify4k.formats.facts import Size
    from verify4k.options.kinds import Context
    from verify4k.routes.protocol.profile import Profile


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

    values = read_fields(node, {"kind": choice(*kinds()).parse, **_FIELDS}, "key of a route", context)
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
    profile = find_route(kind).official._replace(name=name, source="", **values)
    if kind == "openai-compatible" and not profile.base_url:
        raise wrong(
            node, "an openai-compatible route needs a base_url", "base_url: https://api.example.com/v1"
        )
    return profile


def _base_url(node: Node, _context: Context) -> str:
    from verify4k.net.addresses import parse_url

    written = scalar(node, "a web address")
    try:
        address = parse_url(written)
    except UsageError as error:
        raise wrong(node, error.message, error.hint) from error
    if address.scheme == "http" and not address.loopback:
        raise wrong(node, "a key may travel by https only", "http is for this machine's own servers")
    if "?" in address.path:
        raise wrong(node, "a base_url has no query", "query: {api-version: ...}")
    return address.origin + address.path.rstrip("/")


def _variable(node: Node, _context: Context) -> str:
    name = scalar(node, "the name of an environment variable")
    if not (name.isascii() and name.replace("_", "a").isalnum() and not name[0].isdigit()):
        raise wrong(
            node, f"{shown(name)[:20]} cannot name an environment variable", "never write the key itself here"
        )
    return name


def _texts(node: Node, context: Context) -> dict[str, str]:
    if not isinstance(node, Pairs):
        raise wrong(node, "expected a mapping from text to text")
    return {key.text: text.parse(value, context) for key, value in node.pairs}


def _size(node: Node, context: Context) -> Any:
    from verify4k.documents.nodes import Items

    words = ("honoured", "ignored", "fixed-list")
    return _sizes(node, context) if isinstance(node, Items) else choice(*words).parse(node, context)


def _sizes(node: Node, context: Context) -> tuple[Size, ...]:
    from verify4k.options.sizes import sizes

    return tuple(wanted.low for wanted in sizes.parse(node, context))


def _price(node: Node, _context: Context) -> float:
    words = "a price in US dollars like 0.03"
    written = scalar(node, words).removeprefix("$")
    if not (written.isascii() and written.replace(".", "", 1).isdigit() and len(written) < 12):
        raise wrong(node, f"expected {words}, found {shown(written)}")
    return float(written)


def _date(node: Node, _context: Context) -> str:
    written = scalar(node, "a date like 2026-11-22")
    try:
        dt.date.fromisoformat(written)
    except ValueError:
        raise wrong(node, f"{shown(written)} is no date", "write it like 2026-11-22") from None
    return written


def _verified(node: Node, context: Context) -> dict[str, str]:
    """Read one date for all statements, or a date each."""
    if not isinstance(node, Pairs):
        return dict.fromkeys(STATED, _date(node, context))
    unknown: list[Mistake] = [
        unknown_key(key, STATED, "statement") for key, _ in node.pairs if key.text not in STATED
    ]
    if unknown:
        raise ManifestError(unknown)
    return {key.text: _date(value, context) for key, value in node.pairs}


_FIELDS: dict[str, Callable[[Node, Context], Any]] = {
    "owner": text.parse,
    "base_url": _base_url,
    "key": _variable,
    "auth": choice("bearer", "api-key", "none").parse,
    "models": _texts,
    "size": _size,
    "sizes": _sizes,
    "quality": choice("honoured", "ignored").parse,
    "answers": choice("b64", "url").parse,
    "response_format": choice("b64_json", "url").parse,
    "query": _texts,
    "price": _price,
    "billing": text.parse,
    "failure_cost": text.parse,
    "outputs": integer(1, 10).parse,
    "support": text.parse,
    "concurrency": integer(1, 64).parse,
    "main_model": text.parse,
    "verified": _verified,
}
