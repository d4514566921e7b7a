"""The manifest's ``generate:``: defaults at the top, prompt and wishes in an entry. Strict.

What an entry leaves out comes from the top level. Places are kept, so that every objection to a
request can point at the line that asked for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from verify4k.contract.model import DEFAULT_MODEL
from verify4k.documents.nodes import Items, Pairs, Scalar
from verify4k.manifest.routes import parse_routes
from verify4k.manifest.steps import steps
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import (
    Context,
    Kind,
    Options,
    boolean,
    choice,
    collect,
    describe,
    integer,
    option,
    scalar,
    shown,
    text,
    wrong,
)
from verify4k.options.reading import read_declared, schema_of
from verify4k.options.sizes import one_size, sizes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verify4k.documents.nodes import Node, Place
    from verify4k.formats.facts import Size
    from verify4k.routes.protocol.profile import Profile
    from verify4k.steps import Chosen

NO_NAMES = Context({})
EXTRA = ("complexity", "moderation")  # what OpenAI's own routes are known to take; others may take more
CHOICES = ("first-passing", "most-detail", "by-person")
OWN_PARAMETERS = (
    "model",
    "prompt",
    "n",
    "size",
    "quality",
    "output_format",
    "output_compression",
    "background",
)
_NO_PROMPTS = ("true", "false", "yes", "no", "on", "off", "null", "~")


def _prompt(node: Node, _context: Context) -> str:
    if not isinstance(node, Scalar):
        raise wrong(node, "expected a prompt, a text in quotes")
    written = node.text.strip()
    if not written:
        raise wrong(node, "the prompt is empty", "the API refuses empty prompts")
    if node.plain and written.lower() in _NO_PROMPTS:  # "yes, generate it" would be drawn, and paid
        raise wrong(node, f"{written} is no prompt", f'say what to draw, or put it in quotes: "{written}"')
    if len(written) > 32_000:
        raise wrong(node, f"the prompt has {len(written):,} characters, at most 32,000 are allowed")
    return written


def _sizes(node: Node, context: Context) -> tuple[Size, ...]:
    wanted = sizes.parse(node, context)
    if any(one.low != one.high for one in wanted):
        raise wrong(node, "one exact size is needed here, not a range")
    return tuple(one.low for one in wanted)


def _size(node: Node, context: Context) -> Size:
    if isinstance(node, Items):
        raise wrong(node, "one size is needed here, not a list")
    return _sizes(node, context)[0]


def _path(node: Node, _context: Context) -> str:
    return scalar(node, "a picture's path below the manifest's folder")


def _paths(node: Node, context: Context) -> tuple[str, ...]:
    items = node.items if isinstance(node, Items) else (node,)
    if not 1 <= len(items) <= 16:
        raise wrong(node, "an edit starts from 1 to 16 pictures")
    return tuple(_path(item, context) for item in items)


def _extra(node: Node, context: Context) -> dict[str, Any]:
    """Read further parameters: text, or a number or truth where it is written without quotes."""
    if not isinstance(node, Pairs):
        raise wrong(node, "expected a mapping from parameters to values", "extra: {seed: 7}")
    own = [key for key, _ in node.pairs if key.text in OWN_PARAMETERS]
    if own:
        raise wrong(
            own[0],
            f"{own[0].text} is no further parameter",
            "it has an option of its own, or omit: in the route",
        )
    from verify4k.routes.protocol.statements import keylike

    found = {key.text: _plain(value, context) for key, value in node.pairs}
    for key, _ in node.pairs:
        if keylike(str(found[key.text])):
            said = f"{shown(key.text)} looks like a secret, which never stands in a manifest"
            raise wrong(key, said, "a route's key: VARIABLE names where it is")
    return found


def _plain(node: Node, context: Context) -> str | int | float | bool:
    written = text.parse(node, context)
    if isinstance(node, Scalar) and node.plain:
        if written in ("true", "false"):
            return written == "true"
        if re.fullmatch(r"-?\d{1,15}", written):
            return int(written)
        if re.fullmatch(r"-?\d{1,9}\.\d{1,9}", written):
            return float(written)
    return written


def _choice(node: Node, context: Context) -> str:
    written = scalar(node, "how a variant is chosen")
    if written in CHOICES or "." in written:
        return written
    return choice(*CHOICES).parse(node, context)


def _version(node: Node, _context: Context) -> str:
    written = scalar(node, "a version of the prompt")
    if not re.fullmatch(r"[\w.+-]{1,40}", written):
        raise wrong(node, "a prompt version is a short word or number")
    return written


_TEXT = {"type": "string", "minLength": 1}
_FILES = {"anyOf": [_TEXT, {"type": "array", "minItems": 1, "maxItems": 16, "items": _TEXT}]}
prompt = Kind("TEXT", {**_TEXT, "maxLength": 32_000}, _prompt)
_EXTRA_SCHEMA = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}


class GenerateDefaults(Options, dashes=False):
    """What all entries may have in common."""

    route: str = option(text, "a built-in route or one of routes:", default="openai-images")
    model: str = option(
        text, "the image model; verify4k models shows what each accepts", default=DEFAULT_MODEL
    )
    quality: str = option(text, "has to be chosen: what is left out, or auto, becomes low", default="")
    background: str = option(
        choice("opaque", "transparent", "auto"), "by default what the alpha promise needs", default=""
    )
    compression: int | None = option(integer(0, 100), "jpeg and webp only", default=None)
    rules: str = option(text, "whose rules an unknown model follows, e.g. gpt-image-2", default="")
    extra: Mapping[str, Any] = option(
        Kind("{PARAMETER: VALUE, ...}", _EXTRA_SCHEMA, _extra),
        "further parameters, passed on as they are; OpenAI's own routes take complexity and moderation",
        default={},
    )
    critical: bool = option(boolean, "false allows the fallback sizes", default=True)
    n: int = option(integer(1, 10), "variants: this many are asked for, one request each", default=1)
    choose: str = option(
        Kind(f"{' | '.join(CHOICES)} | FILE", {"type": "string", "minLength": 1}, _choice),
        "which variant gets the name; FILE is the one that a person chose",
        default="first-passing",
    )
    then: tuple[Chosen, ...] = option(
        steps, "steps that make the promised size, transparency or format of what is asked for", default=()
    )


class GenerateOptions(GenerateDefaults, dashes=False):
    """What one entry asks for, defaults filled in. ``places``: option -> where it is written."""

    prompt: str = option(prompt, "what to draw; the ledger keeps a hash, never the text", default="")
    prompt_version: str = option(
        Kind("WORD | NUMBER", {"type": ["string", "integer"]}, _version), "the ledger keeps it", default=""
    )
    size: Size | None = option(
        Kind("WIDTHxHEIGHT | NAME", one_size.schema, _size),
        "what to ask for where the promise names no single size",
        default=None,
    )
    request: Size | None = option(
        Kind("WIDTHxHEIGHT | NAME", one_size.schema, _size),
        "what to ask for where a step makes the promised size of it; by default the nearest larger legal one",
        default=None,
    )
    fallback: tuple[Size, ...] = option(
        Kind("WIDTHxHEIGHT | NAME, or a list", sizes.schema, _sizes),
        "sizes that will do if the wanted one is refused, in this order",
        default=(),
    )
    edit: tuple[str, ...] = option(
        Kind("FILE, or a list", _FILES, _paths),
        "1 to 16 pictures to start from, in the manifest's folder",
        default=(),
    )
    mask: str = option(
        Kind("FILE", _TEXT, _path), "a PNG whose transparent parts are to be changed", default=""
    )
    places: Mapping[str, Place] = {}

    @property
    def allowed_fallback(self) -> tuple[Size, ...]:
        """Sizes that will do if the wanted one cannot be had; none for a critical picture."""
        return () if self.critical else self.fallback

    def place(self, name: str, default: Place) -> Place:
        """Return where an option is written, or ``default``."""
        return self.places.get(name, default)


def top_schema() -> dict[str, Any]:
    """Return the JSON Schema of the top-level ``generate``."""
    return schema_of(describe(GenerateDefaults))


def entry_schema() -> dict[str, Any]:
    """Return the JSON Schema of an entry's ``generate``: a prompt, or a mapping."""
    return {"anyOf": [{**prompt.schema, "description": "the prompt"}, schema_of(describe(GenerateOptions))]}


class Top(NamedTuple):
    """The top-level ``generate`` and ``routes``."""

    defaults: Mapping[str, Any] = {}
    places: Mapping[str, Place] = {}
    routes: Mapping[str, Profile] = {}
    context: Context = NO_NAMES

    def entry(self, values: Mapping[str, Any], places: Mapping[str, Place]) -> GenerateOptions:
        """Return an entry's options over these defaults."""
        return GenerateOptions(**{**self.defaults, **values}, places={**self.places, **places})


def parse_top(nodes: Mapping[str, Node], context: Context) -> Top:
    """Read the top-level keys ``generate`` and ``routes``. Raises `ManifestError` with all mistakes."""
    readers: list[Callable[[], Any]] = []
    if "routes" in nodes:
        readers.append(lambda: ("routes", parse_routes(nodes["routes"], context)))
    if "generate" in nodes:
        readers.append(lambda: ("generate", _read(nodes["generate"], GenerateDefaults, context)))
    found = dict(collect(readers))
    routes = found.get("routes", {})
    values, places = found.get("generate", ({}, {}))
    _check_route(values, nodes.get("generate"), routes)
    return Top(values, places, routes, context)


def parse_entry(node: Node, context: Context, top: Top) -> GenerateOptions:
    """Read one entry's ``generate``: a mapping, or only the prompt."""
    if isinstance(node, Scalar):
        return top.entry({"prompt": _prompt(node, context)}, {"prompt": node.place})
    values, places = _read(node, GenerateOptions, context)
    _check_route(values, node, top.routes)
    options = top.entry(values, places)
    if options.fallback and options.critical:
        raise wrong(node, "a critical picture has no fallback", "add critical: false, or drop the fallback")
    if options.mask and not options.edit:
        raise wrong(node, "a mask needs a picture to edit", "edit: PATH")
    return options


def _read(
    node: Node, group: type[GenerateDefaults], context: Context
) -> tuple[dict[str, Any], dict[str, Place]]:
    values = read_declared(node, describe(group), "key of generate", context)
    pairs = node.pairs if isinstance(node, Pairs) else ()
    return values, {key.text: key.place for key, _ in pairs}


def _check_route(values: Mapping[str, Any], node: Node | None, routes: Mapping[str, Profile]) -> None:
    from verify4k.routes import kinds
    from verify4k.suggest import suggest

    name = values.get("route")
    known = (*routes, *(kind for kind in kinds() if kind != "openai-compatible"))
    if name is None or name in known or node is None:
        return
    near = suggest(name, known)
    at = (
        next((value for key, value in node.pairs if key.text == "route"), node)
        if isinstance(node, Pairs)
        else node
    )
    raise wrong(
        at,
        f"there is no route {name[:60]!a}",
        f"did you mean {near}?" if near else f"known: {', '.join(known)}",
    )
