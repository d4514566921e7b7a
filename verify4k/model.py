"""The nouns: what was promised (`Asset`, `Manifest`) and what a rule may say (`Problem`)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar, cast

from verify4k.formats.facts import Size
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypedDict, Unpack

    from verify4k.documents.nodes import Place
    from verify4k.manifest.generation import GenerateOptions, Top
    from verify4k.report import Severity

    class Fields(TypedDict, total=False):
        """What a copy of an asset may have otherwise."""

        target: str
        path: str
        options: Mapping[type, object]
        severities: Mapping[str, Severity | None]
        generate: GenerateOptions | None
        url: str | None
        made_from: str | None


__all__ = ["Asset", "Ignore", "Lineage", "Manifest", "Problem", "Size"]

LEDGER = "verify4k.ledger.jsonl"  # at the root that targets are relative to; see verify4k.provenance.ledger

OptionsT = TypeVar("OptionsT")
_NO_OPTIONS: Mapping[type, object] = MappingProxyType({})
_NO_TEXTS: Mapping[str, str] = MappingProxyType({})
_NO_PLACES: Mapping[str, Place] = MappingProxyType({})
_NO_SEVERITIES: Mapping[str, Severity | None] = MappingProxyType({})
_DEFAULT_FIELDS: Mapping[str, object] = {
    "options": _NO_OPTIONS,
    "written": _NO_TEXTS,
    "places": _NO_PLACES,
    "origins": _NO_TEXTS,
    "severities": _NO_SEVERITIES,
}
_NO_LIMITS: Mapping[str, int] = MappingProxyType({})


class Ignore(NamedTuple):
    """One accepted exception: the rule, why, and the content it is bound to, if any."""

    rule: str
    reason: str
    sha256: str | None
    place: Place
    comment: bool = False  # written as a comment on the manifest line


class Problem(NamedTuple):
    """What a rule found. ``key``: the manifest option that promised otherwise."""

    message: str
    expected: str = ""
    actual: str = ""
    fix: str = ""
    key: str = ""
    severity: Severity | None = None  # None: the rule's own
    evidence: Mapping[str, object] | None = None


def is_delivered(asset: Asset) -> bool:
    """Whether this promise is about a URL: what rules about delivery are ``asked`` of."""
    return asset.delivered


def is_file(asset: Asset) -> bool:
    """Whether this promise is about a file: what rules about file names are ``asked`` of."""
    return asset.url is None


class Asset:
    """The promise about one file, by identity. Options are asked for by class: ``asset[SizeOptions]``."""

    __slots__ = (
        "generate", "ignores", "made_from", "options", "origins", "path",
        "place", "places", "severities", "target", "url", "written",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913 - plain data
        self,
        target: str,
        path: str,
        place: Place,
        *,
        options: Mapping[type, object] = _NO_OPTIONS,
        written: Mapping[str, str] = _NO_TEXTS,
        places: Mapping[str, Place] = _NO_PLACES,
        origins: Mapping[str, str] = _NO_TEXTS,
        severities: Mapping[str, Severity | None] = _NO_SEVERITIES,
        ignores: tuple[Ignore, ...] = (),
        generate: GenerateOptions | None = None,
        url: str | None = None,
        made_from: str | None = None,
    ) -> None:
        self.target = target  # as the manifest names it, relative to its root, with forward slashes
        self.path = path  # where it is
        self.place = place  # where the manifest promises it
        self.options = options
        self.written = written  # option -> its text in the manifest
        self.places = places  # option -> where it is written
        self.origins = origins  # option -> "preset 4k-portrait (2026-11-22)"
        self.severities = severities  # rule -> None: off
        self.ignores = ignores
        self.generate = generate
        self.made_from = made_from  # target of the asset that it comes from (`from:`)
        self.url = url  # where it is delivered, as promised; None for a file

    def __getstate__(self) -> dict[str, object]:
        """Return what travels to another process: everything but the defaults, which are there already."""
        held = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in held.items() if not isinstance(value, MappingProxyType)}

    def __setstate__(self, held: dict[str, object]) -> None:
        """Take everything back."""
        for name in self.__slots__:
            setattr(self, name, held.get(name, _DEFAULT_FIELDS.get(name)))

    def __getitem__(self, kind: type[OptionsT]) -> OptionsT:
        """Return this asset's options of one kind; its defaults where nothing was promised."""
        found = self.options.get(kind)
        return cast("OptionsT", found) if found is not None else _defaults(kind)

    def neighbour(self, target: str, path: str) -> Asset:
        """Return a file beside this one that no entry names: promised nothing, weighed like this one."""
        return Asset(target, path, self.place, severities=self.severities, ignores=self.ignores)

    @property
    def delivered(self) -> bool:
        """Whether a web server answers for it, as opposed to a file and to an object of a store."""
        return self.url is not None and self.url[:4].lower() == "http"

    def moved(self, url: str) -> Asset:
        """Return the same promise about another URL."""
        return self.replaced(url=url)

    def replaced(self, **given: Unpack[Fields]) -> Asset:
        """Return a copy with some fields replaced; every other one, also one that is yet to come, is kept."""
        new = Asset.__new__(Asset)
        for name in self.__slots__:
            setattr(new, name, given.get(name, getattr(self, name)))
        return new

    @property
    def fallbacks(self) -> tuple[Size, ...]:
        """Sizes that will do where the promised one could not be had (generate: {critical: false})."""
        return () if self.generate is None else self.generate.allowed_fallback

    @property
    def prompted(self) -> bool:
        """Whether the picture is asked for in words: then it is to show something, at any size."""
        return self.generate is not None and bool(self.generate.prompt)

    def promises(self, kind: type) -> bool:
        """Whether the manifest sets any option of this kind."""
        return kind in self.options


_DEFAULTS: dict[type, object] = {}


def _defaults(kind: type[OptionsT]) -> OptionsT:
    if kind not in _DEFAULTS:
        _DEFAULTS[kind] = kind()
    return cast("OptionsT", _DEFAULTS[kind])


class Lineage:
    """Which asset was made from which, as `from:` says. The manifest's reader has refused circles."""

    def __init__(self, assets: Sequence[Asset]) -> None:
        self._sources = {asset.made_from for asset in assets if asset.made_from is not None}
        self._by_target = {asset.target: asset for asset in assets} if self._sources else {}

    def __bool__(self) -> bool:
        """Whether anything comes from anything."""
        return bool(self._sources)

    def alone(self, asset: Asset) -> bool:
        """Whether it comes from nothing that is promised, and nothing comes from it."""
        return asset.made_from is None and asset.target not in self._sources

    def of(self, asset: Asset) -> tuple[Asset, ...]:
        """Return the chain that leads to an asset, the first source first and the asset itself last."""
        chain = [asset]
        while (target := chain[-1].made_from) is not None and target in self._by_target:
            chain.append(self._by_target[target])
        return tuple(reversed(chain))


class IncludedFile(NamedTuple):
    """A file that a manifest goes by besides itself: another manifest, or a list of files.

    Args:
        name: as shown to people.
        sha256: of its bytes.
        path: where it is, absolute.
        listed: whether it is a list.
    """

    name: str
    sha256: str
    path: str
    listed: bool = False


class Manifest(NamedTuple):
    """All promises of one manifest, in file order."""

    path: str  # as shown to people
    sha256: str
    root: str  # the folder that targets are relative to
    assets: Sequence[Asset]
    severities: Mapping[str, Severity | None] = _NO_SEVERITIES
    excluded: tuple[str, ...] = ()  # patterns that ``unlisted`` leaves alone
    limits: Mapping[str, int] = _NO_LIMITS  # what one file may cost, as far as the run allows
    included: tuple[IncludedFile, ...] = ()
    generate: Top | None = None  # top-level defaults and routes, as verify4k.manifest reads them
    notes: tuple[str, ...] = ()  # what a report has to say of what was read and is no promise
    grouped: bool = False  # whether it has groups: then each file has a say in what is promised of others

    @property
    def files(self) -> list[str]:
        """Targets of the promises about files, as opposed to URLs."""
        return [asset.target for asset in self.assets if asset.url is None]
