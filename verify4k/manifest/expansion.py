"""Entries meet files: patterns expand, entries for the same file merge, contradictions surface."""

from __future__ import annotations

import fnmatch
from array import array
from typing import TYPE_CHECKING, Any

from verify4k.documents.nodes import Mistake, Name
from verify4k.errors import CannotRead, ManifestError
from verify4k.files.patterns import is_pattern
from verify4k.files.targets import Outside, spelled
from verify4k.files.urls import is_url
from verify4k.manifest.declarations import Declaration, Declarations
from verify4k.manifest.entries import Entry, build_options
from verify4k.manifest.promised_files import PromisedFiles, TargetColumns
from verify4k.manifest.spelling import refuse_detour, refuse_misspelt
from verify4k.manifest.urls import read_url
from verify4k.options.kinds import MOST_MISTAKES, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verify4k.documents.nodes import Place, Scalar
    from verify4k.files.trees import Tree
    from verify4k.manifest.entries import Vocabulary
    from verify4k.model import Asset

MANY = 20_000  # files from which on assets are made as they are asked for


class Expansion:
    """Collects what entries say about each file; `assets` is the result, in manifest order."""

    def __init__(self, name: str, tree: Tree, words: Vocabulary, defaults: Entry | None) -> None:
        self.name = name
        self.words = words
        self.defaults = defaults
        self.mistakes: list[Mistake] = []
        self._tree = tree
        self._declarations = Declarations()
        self._columns = TargetColumns()
        self._delivered = False  # whether any is a URL
        self._variants: dict[str, str] = {}  # their URLs, by the names of answers
        self._merged: dict[tuple[int, ...], dict[str, Any]] = {}  # files of one entry share what it says
        self._together: dict[int, tuple[Place, tuple[int, ...]]] = {}

    def add(self, declaration: Declaration, variant: str = "") -> None:
        """Find the files that an entry's key means and note what it says about them.

        ``variant`` tells the artifacts of one URL apart.
        """
        number = self._declarations.add(declaration)
        try:
            for target in self._targets(declaration.key, declaration.entry):
                if is_url(target):
                    self._delivered = True
                    name = f"{target} [{variant}]" if variant else target
                    if variant:
                        self._variants[name] = target
                else:
                    name = target
                    self._tree.path(target)
                self._columns.add(name, number, 0)
        except Outside as error:
            self.mistakes.append(_outside(declaration.key, target, error))
        except ManifestError as error:
            self.mistakes += error.mistakes

    def add_listed(self, target: str, place: Place, number: int) -> None:
        """Note what a line of a list says about its file or URL. ``number``: from `remember`."""
        try:
            if is_url(target):
                self._delivered = True
                clean = read_url(Name(place, target))
            else:
                clean = _clean(target, place)
                self._tree.path(clean)
        except ManifestError as error:
            self.mistakes += error.mistakes
        except Outside as error:
            self.mistakes.append(_outside(Name(place, target), target, error))
        else:
            self._columns.add(clean, number, place.line)

    def remember(self, declaration: Declaration) -> int:
        """Keep what many lines of a list say; return its number."""
        return self._declarations.add(declaration)

    def _targets(self, key: Scalar, entry: Entry) -> Iterable[str]:
        text = key.text.strip() if key.plain else key.text
        if is_url(text):
            if entry.generate is not None:
                said = "generate makes files, not what a URL delivers"
                raise ManifestError([Mistake(entry.places["generate"], said, "give the file its own entry")])
            return [read_url(key)]
        clean = _clean(text, key.place)
        if not isinstance(key, Name) and not self._tree.holds(clean):
            refuse_misspelt(key, clean, self.words.keys)
        if isinstance(key, Name) or not is_pattern(clean) or self._tree.holds(clean):
            if entry.exclude:
                raise ManifestError(
                    [Mistake(entry.places["exclude"], "exclude needs a pattern to exclude from")]
                )
            return [clean]
        return self._matching(key, clean, entry)

    def _matching(self, key: Scalar, pattern: str, entry: Entry) -> Iterator[str]:
        """Yield the files that a pattern means, one by one: there may be millions."""
        try:
            self._tree.path(pattern)  # the folder part must not leave, whatever matches
        except Outside as error:
            raise ManifestError([_outside(key, pattern, error)]) from error
        matched = kept = False
        try:
            for target in self._tree.expand(pattern):
                matched = True
                if not any(fnmatch.fnmatchcase(target, left_out) for left_out in entry.exclude):
                    kept = True
                    yield target
        except CannotRead as error:
            raise ManifestError([Mistake(key.place, error.message, error.hint)]) from error
        if not kept and not self._tree.may_match_nothing(pattern):
            message, wrong = f"the pattern {shown(pattern)} matches no file in {self._tree.name}", "it"
            if matched:
                message, wrong = f"exclude takes out every file that {shown(pattern)} matches", "exclude"
            raise ManifestError([Mistake(key.place, message, f"correct {wrong}, or drop the entry")])

    def assets(self) -> Sequence[Asset]:
        """Return one asset a file. Contradictions are added to ``mistakes``."""
        later = self._settle()
        if not self._columns:
            return ()
        numbers = array("I", (n for n in range(len(self._columns)) if n not in later))
        files = PromisedFiles(self._tree.root, self._columns, numbers, self._fields)
        if len(files) >= MANY and not self._declarations.special:
            return files
        return self._linked(list(files))

    def _settle(self) -> set[int]:
        """Put together what several entries say about one file; return all rows but its first."""
        later: set[int] = set()
        for target, rows in self._columns.repeated().items():
            numbers = tuple(self._columns.declared[row] for row in rows)
            declared = [self._declarations[number] for number in numbers]
            places = [self._place(row, each) for row, each in zip(rows, declared, strict=True)]
            self._contradictions(target, declared, places)
            # a line of a list is about this file alone: what else has no place of its own is told there
            own = next((at for at, each in zip(places, declared, strict=True) if each.listed), places[0])
            self._together[rows[0]] = own, numbers
            later.update(rows[1:])
            if len(self.mistakes) >= MOST_MISTAKES:
                self.mistakes.append(Mistake(own, "more mistakes may follow from here on"))
                break
        return later

    def _place(self, row: int, declaration: Declaration) -> Place:
        place = declaration.key.place
        return place._replace(line=self._columns.lines[row]) if declaration.listed else place

    def _fields(self, row: int) -> tuple[Place, Mapping[str, Any]]:
        """Return the place of a file's promise, and what is promised."""
        if row in self._together:
            place, numbers = self._together[row]
            declared = [self._declarations[each] for each in numbers]
        else:
            numbers = (self._columns.declared[row],)
            declared = [self._declarations[numbers[0]]]
            place = self._place(row, declared[0])
        fields = self._merged.get(numbers)
        if fields is None:
            fields = self._laid_over(declared)
            if all(map(self._declarations.holds, numbers)):
                self._merged[numbers] = fields
        url = self._url(self._columns.target(row)) if self._delivered else None
        return place, fields if url is None else {**fields, "url": url}

    def _url(self, target: str) -> str | None:
        """Return where an asset is delivered; None for a file."""
        return self._variants.get(target, target) if is_url(target) else None

    def _linked(self, assets: list[Asset]) -> tuple[Asset, ...]:
        wishes = {}
        for number in range(len(self._columns)):
            declaration = self._declarations[self._columns.declared[number]]
            if declaration.entry.made_from is not None:
                wishes[self._columns.target(number)] = (declaration.key, declaration.entry.made_from)
        if not wishes:
            return tuple(assets)
        from verify4k.manifest.lineage import linked

        found, mistakes = linked(assets, wishes)
        self.mistakes += mistakes
        return found

    def _laid_over(self, declared: list[Declaration]) -> dict[str, Any]:
        """Lay the entries over the defaults, later ones over earlier ones."""
        entries = [self.defaults] if self.defaults else []
        entries += [each.entry for each in declared]
        values = {key: value for entry in entries for key, value in entry.values.items()}
        return {
            "options": declared[0].options if len(declared) == 1 else build_options(values, self.words),
            "written": {key: text for entry in entries for key, text in entry.written.items()},
            "places": {key: place for entry in entries for key, place in entry.places.items()},
            "origins": {key: text for each in declared for key, text in each.origins.items()},
            "severities": {key: level for entry in entries for key, level in entry.severities.items()},
            "ignores": tuple(ignore for entry in entries for ignore in entry.ignores),
            "generate": next((entry.generate for entry in entries if entry.generate is not None), None),
        }

    def _contradictions(self, target: str, declared: list[Declaration], places: list[Place]) -> None:
        seen: dict[str, tuple[Entry, Place]] = {}
        by_name = all(isinstance(each.key, Name) for each in declared)  # a page, a table: without patterns
        hint = "keep one of the two" if by_name else "keep one, or give the pattern an exclude: list"
        for declaration, line in zip(declared, places, strict=True):
            entry = declaration.entry
            for name, value in entry.values.items():
                place = entry.places.get(name, line)
                before, first = seen.setdefault(name, (entry, place))
                if before.values[name] == value:
                    continue
                there = f"line {first.line}" if first.path == place.path else str(first)
                self.mistakes.append(
                    Mistake(
                        place,
                        f"{name}: {entry.written[name]} for {shown(target)} contradicts {there} "
                        f"({name}: {before.written[name]})",
                        hint,
                    )
                )


def _clean(target: str, place: Place) -> str:
    """Return a target as the report names it. Raises `ManifestError` for what no file is called."""
    target = spelled(target)
    if not target:
        raise ManifestError([Mistake(place, "the file name is empty")])
    refuse_detour(target, place)
    if "\0" in target:
        raise ManifestError([Mistake(place, "a file name cannot contain NUL")])
    return target


def _outside(key: Scalar, target: str, error: Outside) -> Mistake:
    hint = "a top-level root: FOLDER widens the folder"
    if target.endswith("/"):
        hint = f"name the pictures in it: {target}*.png"
    return Mistake(key.place, f"{shown(target)} {error}", hint)
