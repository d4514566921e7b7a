"""Kinds of values that only a route's profile has: addresses, variable names, prices, dates."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Items, Mistake, Pairs
from verify4k.errors import ManifestError, UsageError
from verify4k.options.kinds import Kind, choice, scalar, shown, text, wrong
from verify4k.options.sizes import sizes
from verify4k.options.unknown import unknown_key

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node
    from verify4k.formats.facts import Size
    from verify4k.options.kinds import Context

STATED = ("base_url", "models", "size", "price", "billing", "failure_cost", "outputs", "support")
ENDPOINTS = ("/images/generations", "/images/edits", "/responses", "/chat/completions")  # people paste them
_DATE = {"type": "string", "format": "date"}


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
    if address.path.rstrip("/").endswith(ENDPOINTS):
        raise wrong(node, "a base_url ends before the endpoint", "write it like https://api.example.com/v1")
    return address.origin + address.path.rstrip("/")


base_url = Kind("https://HOST/PATH", {"type": "string", "format": "uri"}, _base_url)


def _variable(node: Node, _context: Context) -> str:
    name = scalar(node, "the name of an environment variable")
    if not (name.isascii() and name.replace("_", "a").isalnum() and not name[0].isdigit()) or _KEY.match(
        name
    ):
        # whatever it is, it is not told: people write the key itself here
        raise wrong(node, "this cannot name an environment variable", _NAME_ALONE)
    return name


_NAME_ALONE = "its name alone, without $; never write the key itself here"
_KEY = re.compile(r"(AIza|sk_|gsk_|hf_|ghp_|r8_)\w{16}")  # how keys begin that look like names
variable = Kind("VARIABLE", {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"}, _variable)


def _texts(node: Node, context: Context) -> dict[str, str]:
    if not isinstance(node, Pairs):
        raise wrong(node, "expected a mapping from text to text")
    return {key.text: text.parse(value, context) for key, value in node.pairs}


texts = Kind("{TEXT: TEXT, ...}", {"type": "object", "additionalProperties": {"type": "string"}}, _texts)


_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_RESERVED = ("host", "connection", "content-length", "content-type", "transfer-encoding", "accept-encoding")
_SECRET = re.compile(
    r"auth|cookie|token|secret|password|(api|subscription|functions|access)[-_]?key|^(x-)?key$|^sig$",
    re.IGNORECASE,
)
_KEYED = re.compile(r"[-_]key$", re.IGNORECASE)  # of a cache, say, unless it looks like chance
_CHANCE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w+/=-]{20,}", re.ASCII)
_KEYLIKE = re.compile(
    r"(?i)^(bearer|basic)\s|^(sk|pk|ghp|gsk|hf|r8|xox[bp]|github_pat)[-_][\w-]{8,}|^AIza[\w-]{16}|^eyJ[\w-]{10,}\."
)


def keylike(value: str) -> bool:
    """Whether a text begins as keys do, which belong into a variable."""
    return _KEYLIKE.search(value) is not None


def _secret(name: str, value: str) -> bool:
    """Whether a key stands under a name."""
    known = _SECRET.search(name) or keylike(value)
    return bool(known or (_KEYED.search(name) and _CHANCE.fullmatch(value)))


def _header_name(node: Node, written: str) -> str:
    if not _HEADER.fullmatch(written) or written.lower() in _RESERVED:
        raise wrong(node, f"{shown(written)} cannot be set as a header")
    return written


def _headers(node: Node, context: Context) -> dict[str, str]:
    found = _texts(node, context)
    for name, value in found.items():
        _header_name(node, name)
        if not (value.isascii() and value.isprintable()):
            raise wrong(node, f"the header {shown(name)} has characters that no header can hold")
        if _secret(name, value):
            raise wrong(
                node,
                f"{shown(name)} looks like a secret, which never stands in a manifest",
                "key_header: NAME, key: VARIABLE",
            )
    return found


headers = Kind("{NAME: TEXT, ...}", texts.schema, _headers)


def _query(node: Node, context: Context) -> dict[str, str]:
    found = _texts(node, context)
    for name, value in found.items():
        if _secret(name, value):
            said = f"{shown(name)} looks like a secret, which never stands in a manifest"
            raise wrong(node, said, "key_header: NAME, key: VARIABLE")
    return found


query = Kind("{TEXT: TEXT, ...}", texts.schema, _query)


def _key_header(node: Node, _context: Context) -> str:
    return _header_name(node, scalar(node, "a header's name"))


key_header = Kind("NAME", {"type": "string", "pattern": r"^[!-9;-~]+$"}, _key_header)


def _sizes(node: Node, context: Context) -> tuple[Size, ...]:
    return tuple(wanted.low for wanted in sizes.parse(node, context))


fixed_sizes = Kind(sizes.words, sizes.schema, _sizes)
_HONESTY = choice("honoured", "ignored", "fixed-list")


def _size(node: Node, context: Context) -> Any:
    return _sizes(node, context) if isinstance(node, Items) else _HONESTY.parse(node, context)


size = Kind(
    f"{_HONESTY.words} | [SIZE, ...]",
    {"anyOf": [_HONESTY.schema, {"type": "array", "items": {"type": "string"}}]},
    _size,
)


def _price(node: Node, _context: Context) -> float:
    words = "a price in US dollars like 0.03"
    written = scalar(node, words).removeprefix("$")
    if not (written.isascii() and written.replace(".", "", 1).isdigit() and len(written) < 12):
        raise wrong(node, f"expected {words}, found {shown(written)}")
    return float(written)


price = Kind(
    "DOLLARS",
    {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\$?\d+(\.\d+)?$"}]},
    _price,
)


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


verified = Kind(
    "DATE | {STATEMENT: DATE, ...}",
    {
        "anyOf": [
            _DATE,
            {"type": "object", "properties": dict.fromkeys(STATED, _DATE), "additionalProperties": False},
        ]
    },
    _verified,
)
