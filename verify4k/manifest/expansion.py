"""Entries meet files: patterns expand, entries for the same file merge, contradictions surface."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Mistake, Name
from verify4k.errors import CannotRead, ManifestError
from verify4k.files.patterns import is_pattern
from verify4k.files.targets import Outside
from verify4k.files.urls import is_url
from verify4k.manifest.entries import Entry, build_options
from verify4k.manifest.spelling import refuse_misspelt
from verify4k.manifest.urls import read_url
from verify4k.model import Asset
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.documents.nodes import Scalar
    from verify4k.files.trees import Tree
    from verify4k.manifest.entries import Vocabulary


class _Said(NamedTuple):
    """What one entry says about one file."""

    key: Scalar
    entry: Entry
    options: Mapping[type, Any]
    origins: Mapping[str, str]


class Expansion:
    """Collects what entries say about each file; `assets` is the result, in manifest order."""

    def __init__(self, name: str, tree: Tree, words: Vocabulary, defaults: Entry | None) -> None:
        self.name = name
        self.words = words
        self.defaults = defaults
        self.mistakes: list[Mistake] = []
        self._tree = tree
        self._said: dict[str, list[_Said]] = {}
        self._paths: dict[str, str] = {}
        self._urls: dict[str, str] = {}

    def add(
        self,
        key: Scalar,
        entry: Entry,
        options: Mapping[type, Any],
        origins: Mapping[str, str],
        variant: str = "",
    ) -> None:
        """Find the files that ``key`` means and note what its entry says about them.

        ``variant`` tells the artifacts of one URL apart.
        """
        said = _Said(key, entry, options, origins)
        try:
            targets = self._targets(key, entry)
        except ManifestError as error:
            self.mistakes += error.mistakes
            return
        for target in targets:
            if is_url(target):
                name = f"{target} [{variant}]" if variant else target
                self._urls[name] = target
                self._paths[name] = f"{self._tree.root}/{name}"
                self._said.setdefault(name, []).append(said)
                continue
            try:
                self._paths[target] = self._tree.path(target)
            except Outside as error:
                self.mistakes.append(_outside(key, target, error))
                return
            self._said.setdefault(target, []).append(said)

    def _targets(self, key: Scalar, entry: Entry) -> list[str]:
        text = key.text.strip() if key.plain else key.text
        if is_url(text):
            if entry.generate is not None:
                said = "generate makes files, not what a URL delivers"
                raise ManifestError([Mistake(entry.places["generate"], said, "give the file its own entry")])
            return [read_url(key)]
        clean = "/".join(part for part in text.split("/") if part != ".") if text.startswith("./") else text
        if not clean:
            raise ManifestError([Mistake(key.place, "the file name is empty")])
        if "\0" in clean:
            raise ManifestError([Mistake(key.place, "a file name cannot contain NUL")])
        if not isinstance(key, Name) and not self._tree.holds(clean):
            refuse_misspelt(key, clean, self.words.keys)
        if isinstance(key, Name) or not is_pattern(clean) or self._tree.holds(clean):
            if entry.exclude:
                raise ManifestError(
                    [Mistake(entry.places["exclude"], "exclude needs a pattern to exclude from")]
                )
            return [clean]
        try:
            self._tree.path(clean)  # the folder part must not leave, whatever matches
            found = self._tree.expand(clean)
        except Outside as error:
            raise ManifestError([_outside(key, clean, error)]) from error
        except CannotRead as error:
            raise ManifestError([Mistake(key.place, error.message)]) from error
        kept = [t for t in found if not any(fnmatch.fnmatchcase(t, pattern) for pattern in entry.exclude)]
        if not kept and not self._tree.may_match_nothing(clean):
            message, hint = f"the pattern {shown(clean)} matches no file in {self._tree.name}", "correct it"
            if found:
                message, hint = f"exclude takes out every file that {shown(clean)} matches", "correct exclude"
            raise ManifestError([Mistake(key.place, message, f"{hint}, or drop the entry")])
        return kept

    def assets(self) -> tuple[Asset, ...]:
        """Return one asset a file. Contradictions are added to ``mistakes``."""
        found = []
        shared: dict[tuple[int, ...], dict[str, Any]] = {}  # files of one entry share what it says
        for target, said in self._said.items():
            if len(said) > 1:
                self._contradictions(target, said)
            key = tuple(map(id, said))
            if key not in shared:
                shared[key] = self._merged(said)
            url = self._urls.get(target)
            found.append(Asset(target, self._paths[target], said[0].key.place, url=url, **shared[key]))
        return self._linked(found)

    def _linked(self, assets: list[Asset]) -> tuple[Asset, ...]:
        wishes = {}
        for asset in assets:
            for each in self._said[asset.target]:
                if each.entry.made_from is not None:
                    wishes[asset.target] = (each.key, each.entry.made_from)
        if not wishes:
            return tuple(assets)
        from verify4k.manifest.lineage import linked

        found, mistakes = linked(assets, wishes)
        self.mistakes += mistakes
        return found

    def _merged(self, said: list[_Said]) -> dict[str, Any]:
        """Lay the entries over the defaults, later ones over earlier ones."""
        entries = [self.defaults] if self.defaults else []
        entries += [each.entry for each in said]
        values = {key: value for entry in entries for key, value in entry.values.items()}
        return {
            "options": said[0].options if len(said) == 1 else build_options(values, self.words),
            "written": {key: text for entry in entries for key, text in entry.written.items()},
            "places": {key: place for entry in entries for key, place in entry.places.items()},
            "origins": {key: text for each in said for key, text in each.origins.items()},
            "severities": {key: level for entry in entries for key, level in entry.severities.items()},
            "ignores": tuple(ignore for entry in entries for ignore in entry.ignores),
            "generate": next((entry.generate for entry in entries if entry.generate is not None), None),
        }

    def _contradictions(self, target: str, said: list[_Said]) -> None:
        seen: dict[str, _Said] = {}
        by_name = all(isinstance(each.key, Name) for each in said)  # a page, a table: without patterns
        for each in said:
            for name, value in each.entry.values.items():
                before = seen.setdefault(name, each)
                if before.entry.values[name] != value:
                    self.mistakes.append(
                        Mistake(
                            each.entry.places[name],
                            f"{name}: {each.entry.written[name]} for {shown(target)} contradicts line "
                            f"{before.entry.places[name].line} ({name}: {before.entry.written[name]})",
                            "keep one of the two"
                            if by_name
                            else "keep one, or give the pattern an exclude: list",
                        )
                    )


def _outside(key: Scalar, target: str, error: Outside) -> Mistake:
    hint = "a top-level root: FOLDER widens the folder"
    if target.endswith("/"):
        hint = f"name the pictures in it: {target}*.png"
    return Mistake(key.place, f"{shown(target)} {error}", hint)
