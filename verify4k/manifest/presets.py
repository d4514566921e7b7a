"""``presets:`` of a manifest: a store changed its sizes, and this manifest knows before verify4k does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake, Pairs
from verify4k.errors import ManifestError
from verify4k.options.kinds import Context, NamedSize, collect, scalar, shown, wrong
from verify4k.options.presets import names, preset
from verify4k.options.sizes import counts
from verify4k.options.unknown import fields

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node, Scalar

_KEYS = ("size", "date", "source")
_SIZE = counts("512x512")


def read_presets(node: Node, manifest: str) -> dict[str, NamedSize]:
    """Read ``{NAME: {size, date, source}}``; a name that no preset has belongs under ``sizes``.

    Raises:
        ManifestError: with every mistake.
    """
    if not isinstance(node, Pairs):
        raise wrong(node, "expected a mapping from presets to their new sizes")
    return dict(collect([partial(_one, key, value, manifest) for key, value in node.pairs]))


def _one(key: Scalar, value: Node, manifest: str) -> tuple[str, NamedSize]:
    if preset(key.text) is None:
        from verify4k.suggest import suggest

        near = suggest(key.text, names())
        hint = f"did you mean {near}?" if near else "a name of your own belongs under sizes"
        raise ManifestError([Mistake(key.place, f"{shown(key.text)} is no preset", hint)])
    given = fields(value, _KEYS, "key of a preset")
    if missing := [name for name in _KEYS if name not in given]:
        hint = "{size: 512x512, date: 2026-12-01, source: where it is written}"
        raise wrong(value, f"a preset needs {' and '.join(missing)}", hint)
    size = _SIZE.parse(given["size"], Context({}))
    date = scalar(given["date"], "a date like 2026-12-01")
    if not _is_date(date):
        raise wrong(given["date"], f"expected a date like 2026-12-01, found {shown(date)}")
    scalar(given["source"], "where it is written")
    return key.text, NamedSize(size, f"preset {key.text} ({date}) in {manifest}:{key.place.line}")


def _is_date(text: str) -> bool:
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
