"""Whether something has to be there: ``required``, ``forbidden``, ``allowed``; true and false will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.options.kinds import Kind, choice, scalar

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context

_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")


def _presence(*words: str) -> Kind[str]:
    written = choice(*words)
    no = "forbidden" if "forbidden" in words else "allowed"

    def parse(node: Node, context: Context) -> str:
        text = scalar(node, written.words).lower()
        if text in _TRUE or text in _FALSE:
            return "required" if text in _TRUE else no
        return written.parse(node, context)

    return Kind(written.words, {"enum": [*words, True, False]}, parse)


presence = _presence("required", "forbidden", "allowed")
requirement = _presence("required", "allowed")
