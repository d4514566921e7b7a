"""One document -> `Manifest`: every part read in its turn, every mistake gathered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Items, Mistake, Pairs, Place, Scalar
from verify4k.errors import ManifestError
from verify4k.files.targets import Outside
from verify4k.manifest.entries import (
    Entry,
    Vocabulary,
    build_options,
    contradictions,
    origins,
    read_entry,
    read_severities,
    vocabulary,
)
from verify4k.manifest.named_sizes import read_sizes
from verify4k.manifest.templates import written
from verify4k.model import Asset, Manifest
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import MOST_MISTAKES, Context, NamedSize, scalar, shown, wrong
from verify4k.options.limits import read_limits
from verify4k.options.unknown import unknown_keys
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verify4k.documents.nodes import Node
    from verify4k.files.trees import OpenTree, Tree
    from verify4k.manifest.comments import Comments
    from verify4k.manifest.including import Included, Parse

_KEYS = (
    "version",
    "root",
    "sizes",
    "presets",
    "defaults",
    "rules",
    "files",
    "include",
    "groups",
    "unlisted-ok",
    "limits",
    "generate",
    "routes",
)


class _Promise(NamedTuple):
    """One key of ``files``: its entry, with the defaults below it."""

    key: Scalar
    entry: Entry
    options: dict[type, Any]
    origins: Mapping[str, str]
    variant: str = ""  # which of the answers of a URL


class Reader:
    """Reads one document, gathering mistakes instead of stopping at the first."""

    def __init__(
        self, name: str, folder: str, open_tree: OpenTree, parse: Parse | None = None, depth: int = 0
    ) -> None:
        self.name = name
        self.depth = depth  # how many manifests include this one
        self.parse = parse  # reads an included manifest
        self.folder = folder
        self.open_tree = open_tree
        self.mistakes: list[Mistake] = []
        self.comments: Comments | None = None
        rules = all_rules()
        self.words: Vocabulary = vocabulary(rules.values())
        self.context = Context({})

    def manifest(self, document: Node, sha256: str) -> Manifest:
        """Return what the document promises. Raises `ManifestError` with every mistake."""
        if not isinstance(document, Pairs):
            raise wrong(document, "a manifest is a mapping", "start with: version: 1")
        given = {key.text: (key, value) for key, value in document.pairs}
        self.mistakes += unknown_keys((key for key, _ in document.pairs), _KEYS, "key")
        nodes = {name: value for name, (_, value) in given.items() if name in _KEYS}
        self._version(document, nodes.get("version"))
        tree = self._try(lambda: self._tree(nodes.get("root")))
        presets = self._try(lambda: self._presets(nodes.get("presets"))) or {}
        sizes = self._try(lambda: read_sizes(nodes.get("sizes"), self.name)) or {}
        self.context = Context({**presets, **sizes})
        severities = (
            self._try(lambda: read_severities(nodes["rules"], self.words.rules)) if "rules" in nodes else {}
        )
        defaults = self._defaults(nodes.get("defaults"))
        promises = self._promises(nodes.get("files"), defaults)
        promises += self._grouped(nodes.get("groups"), tree, defaults)
        generate = self._generate(nodes, promises)
        assets = self._assets(promises, tree, defaults) if promises and tree else ()
        excluded = self._try(lambda: self._patterns(nodes.get("unlisted-ok"))) or ()
        limits = self._try(lambda: read_limits(nodes["limits"])) if "limits" in nodes else None
        if self.comments is not None:
            self.mistakes += [*self.comments.mistakes, *self.comments.left_over()]
        taken = self._included(nodes.get("include"), tree, assets)
        if self.mistakes:
            raise ManifestError(sorted(set(self.mistakes)))
        return Manifest(
            self.name,
            sha256,
            tree.root,
            assets + taken.assets,
            severities or {},
            excluded + taken.excluded,
            limits or {},
            taken.manifests,
            generate,
        )

    def _included(self, node: Node | None, tree: Tree | None, assets: tuple[Asset, ...]) -> Included:
        from verify4k.manifest.including import DEEPEST, Included, Including, read_includes

        nothing = Included((), (), ())
        if node is None or tree is None:
            return nothing
        if self.depth == DEEPEST or self.parse is None:
            message = f"manifests include each other more than {DEEPEST} levels deep"
            self.mistakes.append(Mistake(node.place, message, "does one of them include itself?"))
            return nothing
        owned = {asset.target: asset for asset in assets}
        where = Including(self.name, self.folder, tree, self.open_tree, self.parse, owned)
        return self._try(lambda: read_includes(node, where)) or nothing

    def _try(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except ManifestError as error:
            self.mistakes += error.mistakes
            return None

    def _version(self, document: Pairs, node: Node | None) -> None:
        if node is None:
            self.mistakes.append(Mistake(document.place, "the version is missing", "start with: version: 1"))
        elif not isinstance(node, Scalar) or node.text != "1":
            found = shown(node.text) if isinstance(node, Scalar) else "a collection"
            self.mistakes.append(
                Mistake(node.place, f"unknown manifest version {found}", "this verify4k reads 1")
            )

    def _tree(self, node: Node | None) -> Tree:
        try:
            return self.open_tree(self.folder, "" if node is None else scalar(node, "a folder"))
        except Outside as error:
            place = Place(self.name, 1, 1) if node is None else node.place
            raise ManifestError([Mistake(place, str(error))]) from error

    def _presets(self, node: Node | None) -> dict[str, NamedSize]:
        if node is None:
            return {}
        from verify4k.manifest.presets import read_presets

        return read_presets(node, self.name)

    def _defaults(self, node: Node | None) -> Entry | None:
        if node is None:
            return None
        if not isinstance(node, Pairs):
            self.mistakes.append(
                Mistake(node.place, "expected a mapping of options, like {alpha: forbidden}")
            )
            return None
        for key, _ in node.pairs:
            if key.text in ("ignore", "exclude", "generate", "from"):
                self.mistakes.append(
                    Mistake(key.place, f"{key.text} belongs to an entry, not to the defaults")
                )
        entry: Entry | None = self._try(lambda: read_entry(node, self.words, self.context))
        return entry

    def _promises(self, node: Node | None, defaults: Entry | None) -> list[_Promise]:
        if node is None:  # what promises nothing is told by who asks for promises
            return []
        if isinstance(node, Scalar) and node.plain and not node.text:
            return []
        pairs = self._listed(node) if isinstance(node, Items) else getattr(node, "pairs", None)
        if pairs is None:
            hint = "files: {dist/hero.png: 3840x2160}"
            if isinstance(node, Scalar) and ":" in node.text:
                hint += ", with a space behind the colon"
            self.mistakes.append(
                Mistake(node.place, "expected a mapping from files to what they promise", hint)
            )
            return []
        found = []
        for key, value in pairs:
            if len(self.mistakes) >= MOST_MISTAKES:
                self.mistakes.append(Mistake(key.place, "more mistakes may follow from here on"))
                break
            comments = self.comments.of(key, value) if self.comments else ()
            for here, own, variant in self._try(partial(written, key, value)) or ():
                entry = self._try(partial(read_entry, own, self.words, self.context))
                if entry is None:
                    break  # the others of a list have the same mistake
                entry = entry._replace(ignores=entry.ignores + comments) if comments else entry
                found.append(self._promise(here, entry, defaults)._replace(variant=variant))
        return found

    @staticmethod
    def _listed(node: Items) -> tuple[tuple[Scalar, Node], ...] | None:
        """Read a list of names as files that promise only the defaults; None for a list of anything else."""
        names = [item for item in node.items if isinstance(item, Scalar) and item.text]
        if len(names) < len(node.items):
            return None
        return tuple((name, Scalar(name.place, "")) for name in names)

    def _grouped(self, node: Node | None, tree: Tree | None, defaults: Entry | None) -> list[_Promise]:
        if node is None or tree is None:
            return []
        from verify4k.manifest.groups import group_entries

        entries = self._try(lambda: group_entries(node, tree, self.words.keys, self.context)) or []
        return self._promises(Pairs(node.place, tuple(entries)), defaults)

    def _promise(self, key: Scalar, entry: Entry, defaults: Entry | None) -> _Promise:
        values = {**(defaults.values if defaults else {}), **entry.values}
        options = build_options(values, self.words)
        self.mistakes += contradictions(options, entry.places, key.place)
        return _Promise(key, entry, options, origins(values))

    def _assets(self, promises: list[_Promise], tree: Tree, defaults: Entry | None) -> tuple[Asset, ...]:
        from verify4k.manifest.expansion import Expansion

        expansion = Expansion(self.name, tree, self.words, defaults)
        for promise in promises:
            expansion.add(*promise)
        assets = expansion.assets()
        self.mistakes += expansion.mistakes
        return assets

    def _patterns(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return ()
        from verify4k.options.kinds import text
        from verify4k.options.lists import list_of

        return list_of(text).parse(node, self.context)

    def _generate(self, nodes: Mapping[str, Node], promises: list[_Promise]) -> Any:
        """Read how pictures are made: the top level, then what each entry wishes, in its place."""
        wanted = {name: nodes[name] for name in ("generate", "routes") if name in nodes}
        if not wanted and all(promise.entry.generate is None for promise in promises):
            return None
        from verify4k.manifest.generation import parse_entry, parse_top

        top = self._try(lambda: parse_top(wanted, self.context))
        for number, promise in enumerate(promises if top is not None else ()):
            if promise.entry.generate is not None:
                wish = self._try(partial(parse_entry, promise.entry.generate, self.context, top))
                promises[number] = promise._replace(entry=promise.entry._replace(generate=wish))
        return top
