"""One manifest entry: from the mapping as written to typed options, ignores and severities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Items, Mistake, Pairs, Scalar
from verify4k.errors import ManifestError
from verify4k.files.targets import spelled
from verify4k.model import Ignore
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import collect, describe, scalar, shown, wrong
from verify4k.options.unknown import fields, unknown_key, unknown_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verify4k.documents.nodes import Node, Place
    from verify4k.options.kinds import Context, Kind
    from verify4k.report import Severity
    from verify4k.rule import Rule

OWN_KEYS = ("rules", "ignore", "exclude", "generate", "for", "variants", "from")
_SEVERITIES = ("error", "warning", "note", "off")


class Vocabulary(NamedTuple):
    """Every key an entry may have: option -> (options class, field, kind), and the rule ids."""

    options: Mapping[str, tuple[type, str, Kind[Any]]]
    rules: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, options first."""
        return (*self.options, *OWN_KEYS)


class Entry(NamedTuple):
    """What one entry (or ``defaults``) says. Options stay apart so that entries can be merged."""

    place: Place
    values: Mapping[str, Any]  # option -> parsed value
    written: Mapping[str, str]
    places: Mapping[str, Place]
    severities: Mapping[str, Severity | None]
    ignores: tuple[Ignore, ...]
    exclude: tuple[str, ...]
    generate: Any  # a node, until verify4k.generate has read it
    made_from: Scalar | None = None  # a target, as written


def vocabulary(rules: Iterable[Rule]) -> Vocabulary:
    """Collect the options of all rules; two rules may share an options class, never a key."""
    found: dict[str, tuple[type, str, Kind[Any]]] = {}
    identities = []
    for each in rules:
        identities.append(each.id)
        if each.options is None:
            continue
        for key, (kind, _) in describe(each.options).items():
            if found.setdefault(key, (each.options, key.replace("-", "_"), kind))[0] is not each.options:
                raise TypeError(f"two rules own the option {key}")
    return Vocabulary(found, tuple(identities))


def read_entry(node: Node, words: Vocabulary, context: Context) -> Entry:
    """Read an entry. A bare value is its size; nothing at all promises only the defaults."""
    if isinstance(node, Scalar) and node.plain and node.text in ("", "~", "null"):
        pairs: tuple[tuple[Scalar, Node], ...] = ()
    elif isinstance(node, Pairs):
        pairs = node.pairs
    else:
        pairs = ((Scalar(node.place, "size"), node),)
    mistakes = unknown_keys((key for key, _ in pairs), words.keys, "option")
    given = {key.text: (key, value) for key, value in pairs if key.text in words.keys}
    values: dict[str, Any] = {}
    own: dict[str, Any] = {"rules": {}, "ignore": (), "exclude": (), "generate": None, "from": None}
    for name, (_, value) in given.items():
        try:
            if name in words.options:
                values[name] = words.options[name][2].parse(value, context)
            else:
                own[name] = _own(name, value, words)
        except ManifestError as error:
            mistakes.extend(error.mistakes)
    if mistakes:
        raise ManifestError(mistakes)
    return Entry(
        place=node.place,
        values=values,
        written={name: as_written(given[name][1]) for name in given if name in values or name == "from"},
        places={name: given[name][0].place for name in given},
        severities=own["rules"],
        ignores=own["ignore"],
        exclude=own["exclude"],
        generate=own["generate"],
        made_from=own["from"],
    )


def _own(name: str, node: Node, words: Vocabulary) -> Any:
    if name == "rules":
        return read_severities(node, words.rules)
    if name == "ignore":
        return _ignores(node, words.rules)
    if name in ("for", "variants"):  # of an entry of files: `verify4k.manifest.templates` took them out
        raise wrong(node, f"{name} belongs to an entry of files, and not inside a variant")
    if name == "from":
        return Scalar(node.place, scalar(node, "one target, as files: names it"))
    if name == "exclude":
        items = node.items if isinstance(node, Items) else (node,)
        patterns = collect([lambda item=item: scalar(item, "a pattern") for item in items])  # type: ignore[misc]
        return tuple(map(spelled, patterns))
    return node


def read_severities(node: Node, rules: tuple[str, ...]) -> dict[str, Severity | None]:
    """Read ``{RULE: error|warning|note|off}``."""
    found: dict[str, Severity | None] = {}
    mistakes: list[Mistake] = []
    for name, value in fields(node, rules, "rule").items():
        try:
            text = scalar(value, "|".join(_SEVERITIES))
            if text not in _SEVERITIES:
                raise wrong(value, f"{shown(text)} is no severity", f"use {', '.join(_SEVERITIES)}")
            found[name] = None if text == "off" else text  # type: ignore[assignment]
        except ManifestError as error:
            mistakes.extend(error.mistakes)
    if mistakes:
        raise ManifestError(mistakes)
    return found


def _ignores(node: Node, rules: tuple[str, ...]) -> tuple[Ignore, ...]:
    items = node.items if isinstance(node, Items) else (node,)
    return tuple(collect([lambda item=item: _ignore(item, rules) for item in items]))  # type: ignore[misc]


def _ignore(node: Node, rules: tuple[str, ...]) -> Ignore:
    given = fields(node, ("rule", "reason", "sha256"), "key of an ignore")
    for needed in ("rule", "reason"):
        if needed not in given:
            raise wrong(
                node, f"an ignore needs a {needed}", "ignore: [{rule: ..., reason: ..., sha256: ...}]"
            )
    name = scalar(given["rule"], "a rule")
    if name not in rules:
        raise ManifestError([unknown_key(Scalar(given["rule"].place, name), rules, "rule")])
    digest = scalar(given["sha256"], "a SHA-256").lower() if "sha256" in given else None
    if digest is not None and not (12 <= len(digest) <= 64 and set(digest) <= set("0123456789abcdef")):
        raise wrong(given["sha256"], f"{shown(digest)} is no SHA-256", "32 to 64 hexadecimal digits")
    return Ignore(name, scalar(given["reason"], "a reason"), digest, node.place)


def as_written(node: Node) -> str:
    """Return a value as one line of text, for people."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return "[" + ", ".join(as_written(item) for item in node.items) + "]"
    return "{" + ", ".join(f"{key.text}: {as_written(value)}" for key, value in node.pairs) + "}"


def build_options(values: Mapping[str, Any], words: Vocabulary) -> dict[type, Any]:
    """Group parsed values into their options classes."""
    grouped: dict[type, dict[str, Any]] = {}
    for name, value in values.items():
        kind, field, _ = words.options[name]
        grouped.setdefault(kind, {})[field] = value
    return {kind: kind(**arguments) for kind, arguments in grouped.items()}


def contradictions(
    options: Mapping[type, Any], places: Mapping[str, Place], fallback: Place
) -> list[Mistake]:
    """Ask each options class whether its values can hold together."""
    found: list[Mistake] = []
    for group in options.values():
        check = getattr(group, "contradictions", None)
        if check is not None:
            found.extend(Mistake(places.get(key, fallback), message) for key, message in check())
    return found


def origins(values: Mapping[str, Any]) -> dict[str, str]:
    """Return where the values of options come from that were given by name."""
    found = {}
    for name, value in values.items():
        first = value[0] if isinstance(value, tuple) and value and not hasattr(value, "origin") else value
        origin = getattr(first, "origin", "")
        if origin:
            found[name] = origin
    return found
