"""One document -> `Manifest`: every part read in its turn, every mistake gathered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Items, Mistake, Pairs, Place, Scalar
from verify4k.errors import ManifestError
from verify4k.files.targets import Outside, spelled
from verify4k.manifest.declarations import Declaration
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
from verify4k.model import Manifest
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import MOST_MISTAKES, Context, NamedSize, scalar, shown, wrong
from verify4k.options.limits import read_limits
from verify4k.options.unknown import unknown_keys
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from verify4k.documents.nodes import Node
    from verify4k.files.trees import OpenTree, Tree
    from verify4k.manifest.comments import Comments
    from verify4k.manifest.generation import Top
    from verify4k.manifest.including import Included, Parse
    from verify4k.manifest.rows import Row
    from verify4k.model import Asset, IncludedFile

_KEYS = (
    "version",
    "root",
    "sizes",
    "presets",
    "defaults",
    "rules",
    "files",
    "files_from",
    "include",
    "groups",
    "unlisted-ok",
    "limits",
    "generate",
    "routes",
)


class Promise(NamedTuple):
    """One key of ``files`` and what its entry says, with the defaults below it."""

    declaration: Declaration
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
        self._defaults: Entry | None = None
        self._top: Top | None = None
        self._top_is_read = False

    def manifest(self, document: Node, sha256: str, listed: Iterable[Row] = ()) -> Manifest:
        """Return what a document and rows promise. Raises `ManifestError` with every mistake."""
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
        self._defaults = self._read_defaults(nodes.get("defaults"))
        promises = self._promises(nodes.get("files"))
        promises += self._grouped(nodes.get("groups"), tree)
        if not nodes.keys().isdisjoint(("generate", "routes")):
            self._read_top(nodes)
        promises = list(map(self.wished, promises))
        assets, lists = self._assets(promises, tree, nodes.get("files_from"), listed) if tree else ((), ())
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
            (*assets, *taken.assets) if taken.assets else assets,
            severities or {},
            excluded + taken.excluded,
            limits or {},
            lists + taken.files,
            self._top,
            grouped="groups" in nodes or taken.grouped,
        )

    def _included(self, node: Node | None, tree: Tree | None, assets: Sequence[Asset]) -> Included:
        from verify4k.manifest.including import DEEPEST, Included, Including, read_includes

        nothing = Included((), (), (), grouped=False)
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

    def _read_defaults(self, node: Node | None) -> Entry | None:
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

    def _promises(self, node: Node | None) -> list[Promise]:
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
            found += self.entries(key, value)
        return found

    def entries(self, key: Scalar, value: Node) -> list[Promise]:
        """Return what an entry stands for; nothing, and a mistake noted, where it cannot be read."""
        found = []
        own = key.place.path == self.name  # the row of a list has a line of another file
        comments = self.comments.of(key, value) if self.comments and own else ()
        for here, said, variant in self._try(partial(written, key, value)) or ():
            entry = self._try(partial(read_entry, said, self.words, self.context))
            if entry is None:
                break  # the others of a list have the same mistake
            entry = entry._replace(ignores=entry.ignores + comments) if comments else entry
            found.append(Promise(self._saying(here, entry), variant))
        return found

    @staticmethod
    def _listed(node: Items) -> tuple[tuple[Scalar, Node], ...] | None:
        """Read a list of names as files that promise only the defaults; None for a list of anything else."""
        names = [item for item in node.items if isinstance(item, Scalar) and item.text]
        if len(names) < len(node.items):
            return None
        return tuple((name, Scalar(name.place, "")) for name in names)

    def _grouped(self, node: Node | None, tree: Tree | None) -> list[Promise]:
        if node is None or tree is None:
            return []
        from verify4k.manifest.groups import group_entries

        entries = self._try(lambda: group_entries(node, tree, self.words.keys, self.context)) or []
        return self._promises(Pairs(node.place, tuple(entries)))

    def _saying(self, key: Scalar, entry: Entry) -> Declaration:
        values = {**(self._defaults.values if self._defaults else {}), **entry.values}
        options = build_options(values, self.words)
        self.mistakes += contradictions(options, entry.places, key.place)
        return Declaration(key, entry, options, origins(values))

    def _assets(
        self, promises: list[Promise], tree: Tree, lists: Node | None, listed: Iterable[Row]
    ) -> tuple[Sequence[Asset], tuple[IncludedFile, ...]]:
        """Return what is promised of each file, and the lists that were read for it."""
        from verify4k.manifest.expansion import Expansion

        expansion = Expansion(self.name, tree, self.words, self._defaults)
        for promise in promises:
            expansion.add(*promise)
        read = ()
        if lists is not None:
            from verify4k.manifest.files_from import read_lists

            read = self._try(lambda: read_lists(lists, self, expansion)) or ()
        if listed:
            from verify4k.manifest.files_from import add_rows

            self._try(lambda: add_rows(listed, self, expansion))
        assets = expansion.assets()
        self.mistakes += expansion.mistakes
        return assets, read

    def _patterns(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return ()
        from verify4k.options.kinds import text
        from verify4k.options.lists import list_of

        return tuple(map(spelled, list_of(text).parse(node, self.context)))

    def _read_top(self, nodes: Mapping[str, Node]) -> None:
        """Read what the top level says of how pictures are made."""
        from verify4k.manifest.generation import parse_top

        self._top = self._try(lambda: parse_top(nodes, self.context))
        self._top_is_read = True

    def wished(self, promise: Promise) -> Promise:
        """Read how an entry wishes its picture to be made, where it does."""
        declaration = promise.declaration
        node = declaration.entry.generate
        if node is None:
            return promise
        if not self._top_is_read:
            self._read_top({})
        if self._top is None:  # a mistake, which is noted
            return promise
        from verify4k.manifest.generation import parse_entry

        wish = self._try(partial(parse_entry, node, self.context, self._top))
        return promise._replace(
            declaration=declaration._replace(entry=declaration.entry._replace(generate=wish))
        )
