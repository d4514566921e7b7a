"""How an entry writes its steps: ``then: crop``, ``then: {convert: webp, quality: 90}``, or a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Pairs, Scalar
from verify4k.options.kinds import Kind, choice, describe, wrong
from verify4k.options.lists import list_of
from verify4k.options.reading import read_declared, schema_of
from verify4k.steps import Chosen, find_step, step_names

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context


def _one(node: Node, context: Context) -> Chosen:
    names = step_names()
    if isinstance(node, Scalar):
        name = choice(*names).parse(node, context)
        if not find_step(name).bare:
            raise wrong(node, f"{name} needs to know more", _written(name))
        return Chosen(name, find_step(name).options())
    found = [key.text for key, _ in node.pairs if key.text in names] if isinstance(node, Pairs) else []
    if len(found) != 1:
        said = f"a step is one of {', '.join(names)}" + (", several are a list" if found else "")
        raise wrong(node, said, "then: [reduce, {convert: webp, quality: 90}]")
    options = find_step(found[0]).options
    return Chosen(
        found[0], options(**read_declared(node, describe(options), f"option of {found[0]}", context))
    )


def _written(name: str) -> str:
    words = describe(find_step(name).options)[name][0].words
    return f"then: {{{name}: {words}}}"


def _schema() -> dict[str, Any]:
    bare = [name for name in step_names() if find_step(name).bare]
    objects = [schema_of(describe(find_step(name).options), name) for name in step_names()]
    return {"anyOf": [{"enum": bare}, *objects]}


def _words() -> str:
    bare = (name for name in step_names() if find_step(name).bare)
    more = (_written(name).removeprefix("then: ") for name in step_names() if not find_step(name).bare)
    return " | ".join((*bare, *more))


steps: Kind[tuple[Chosen, ...]] = list_of(Kind(_words(), _schema(), _one))
