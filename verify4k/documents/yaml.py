"""YAML to nodes, by way of PyYAML's events: no tags, no guessed types, no bombs.

PyYAML's loaders turn ``16:9`` into 969, drop the first of two equal keys and recurse; its
event stream does none of that, so the tree is built here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from verify4k.documents.nodes import Items, Mistake, Node, Pairs, Place, Scalar
from verify4k.documents.text import MAX_DEPTH, Lines, quoted, refuse_control, unusable
from verify4k.documents.yaml_syntax import escape_mistake, syntax_mistake
from verify4k.errors import ManifestError
from verify4k.named_tuple import NamedTuple
from verify4k.suggest import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_GUESSES = 10  # at what was meant; each costs the number of names
MAX_NODES = 100_000
EMPTY = Mistake(
    Place("", 1, 1), "the manifest is empty", "`verify4k init` writes one from the images it finds"
)
_SHORT_TAG = "tag:yaml.org,2002:"


class _Anchored(NamedTuple):
    """What an alias stands for, and what it costs to follow it."""

    node: Node
    nodes: int
    height: int


def read_yaml(text: str, path: str, *, pure: bool = False) -> Node:
    """Return the one document in ``text``; ``pure`` does without libyaml, as PyPy must."""
    refuse_control(text, path)
    text = text if text.endswith(("\n", "\r")) else text + "\n"  # libyaml adds one, PyYAML does not
    builder = _Builder(path)
    loader = (yaml.SafeLoader if pure else getattr(yaml, "CSafeLoader", yaml.SafeLoader))(text)
    try:
        document = builder.document(loader)
    except yaml.MarkedYAMLError as error:
        builder.mistakes.append(syntax_mistake(error, text, Lines(text, path)))
    except (ValueError, OverflowError):  # the pure parser passes "\UFFFFFFFF" on to chr()
        mark = loader.get_mark()
        builder.mistakes.append(escape_mistake(Place(path, mark.line + 1, mark.column + 1)))
    except _GivenUpError:
        pass  # the last mistake says why
    finally:
        loader.dispose()
    if builder.mistakes:
        raise ManifestError(sorted(builder.mistakes, key=lambda mistake: mistake.place))
    return document


class _GivenUpError(Exception):
    """Reading on would find nothing more, or cost too much."""


class _Builder:
    """Turns events into nodes, and keeps the mistakes."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.mistakes: list[Mistake] = []
        self._anchors: dict[str, _Anchored | None] = {}  # None: still being built
        self._unknown = 0  # aliases
        self._nodes = 0  # with every alias followed

    def document(self, loader: Any) -> Node:
        """Return the only document; a second one is a mistake."""
        self._loader = loader
        root: Node | None = None
        while loader.check_event():
            event = loader.get_event()
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._wrong(
                        self._place(event), "a second document begins here", "keep one manifest a file"
                    )
                    raise _GivenUpError
                root, _ = self._node(loader.get_event(), 1)
        if root is None or (isinstance(root, Scalar) and root.plain and not root.text):
            self.mistakes.append(EMPTY._replace(place=Place(self.path, 1, 1)))
            raise _GivenUpError
        return root

    def _node(self, event: Any, depth: int) -> tuple[Node, int]:
        """Return the node that begins with ``event``, and how many levels it has below it."""
        place = self._place(event)
        self._spend(1, depth, place)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, depth, place)
        if event.tag is not None:
            shown = event.tag.replace(_SHORT_TAG, "!!", 1)
            self._wrong(
                place, f"YAML tags are not supported: {quoted(shown)}", "remove it; values are read as text"
            )
        before = self._nodes - 1
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        node, height = self._content(event, depth, place)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(node, self._nodes - before, height)
        return node, height

    def _content(self, event: Any, depth: int, place: Place) -> tuple[Node, int]:
        if isinstance(event, yaml.ScalarEvent):
            if reason := unusable(event.value):
                self._wrong(place, reason, "no file name or option can hold it")
            return Scalar(place, event.value, plain=not event.style), 0
        if isinstance(event, yaml.SequenceStartEvent):
            items = [self._node(item, depth + 1) for item in self._until(yaml.SequenceEndEvent)]
            height = 1 + max((below for _, below in items), default=0)
            return Items(place, tuple(item for item, _ in items)), height
        return self._mapping(depth, place)

    def _mapping(self, depth: int, place: Place) -> tuple[Node, int]:
        found: list[tuple[Scalar, Node]] = []
        height = 0
        for event in self._until(yaml.MappingEndEvent):
            key, _ = self._node(event, depth + 1)
            value, below = self._node(self._loader.get_event(), depth + 1)
            height = max(height, below)
            if not isinstance(key, Scalar):
                self._wrong(
                    self._place(event), "a key must be text, not a list or mapping", "quote a key with [ or {"
                )
            elif key.plain and not key.text:
                self._wrong(self._place(event), "a key is missing before the ':'", "write `key: value`")
            else:
                found.append((key._replace(place=self._place(event)), value))
        return Pairs(place, tuple(self._unique(found))), 1 + height

    def _unique(self, found: list[tuple[Scalar, Node]]) -> Iterator[tuple[Scalar, Node]]:
        """Refuse keys given twice, and put merged mappings where their ``<<`` stood."""
        written: dict[tuple[str, bool], Scalar] = {}
        for key, _ in found:
            name = (key.text, _merges(key))
            if name in written:
                self.mistakes.append(duplicate(key, written[name]))
            written.setdefault(name, key)
        merged = {text for text, merges in written if not merges}  # what is written here wins
        for key, value in found:
            if not _merges(key):
                yield key, value
                continue
            for pair in self._merged(key, value):
                if pair[0].text not in merged:
                    merged.add(pair[0].text)
                    yield pair

    def _merged(self, key: Scalar, value: Node) -> Iterator[tuple[Scalar, Node]]:
        for source in value.items if isinstance(value, Items) else (value,):
            if isinstance(source, Pairs):
                yield from source.pairs
            else:
                self._wrong(key.place, "<< takes a mapping, or a list of mappings", "write `<<: *name`")

    def _alias(self, event: Any, depth: int, place: Place) -> tuple[Node, int]:
        name: str = event.anchor
        if name not in self._anchors:
            self._unknown += 1
            near = suggest(name, self._anchors) if self._unknown <= _GUESSES else None
            hint = (
                f"did you mean *{near}?"
                if near
                else f"quote a text that begins with *, or define &{name} above"
            )
            self._wrong(place, f"nothing above is named &{name}", hint)
            return Scalar(place, "*" + name), 0
        anchored = self._anchors[name]
        if anchored is None:
            self._wrong(place, f"*{name} stands inside &{name} itself", "an alias cannot hold itself")
            return Scalar(place, "*" + name), 0
        self._spend(anchored.nodes - 1, depth + anchored.height, place)
        return anchored.node, anchored.height

    def _spend(self, nodes: int, depth: int, place: Place) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            self._wrong(
                place, f"more than {MAX_NODES:,} values, aliases followed", "use fewer aliases of aliases"
            )
            raise _GivenUpError
        if depth > MAX_DEPTH:
            self._wrong(place, f"nested more than {MAX_DEPTH} levels deep", "a manifest needs about five")
            raise _GivenUpError

    def _until(self, end: type) -> Iterator[Any]:
        while not isinstance(event := self._loader.get_event(), end):
            yield event

    def _wrong(self, place: Place, message: str, hint: str) -> None:
        self.mistakes.append(Mistake(place, message, hint))

    def _place(self, event: Any) -> Place:
        return Place(self.path, event.start_mark.line + 1, event.start_mark.column + 1)


def _merges(key: Scalar) -> bool:
    return key.plain and key.text == "<<"


def duplicate(key: Scalar, first: Scalar) -> Mistake:
    """Return the mistake of a key given twice in one mapping."""
    message = f"the key {quoted(key.text)} is given twice, here and on line {first.place.line}"
    return Mistake(key.place, message, "keep one of them")
