"""The nouns: what was promised (`Asset`, `Manifest`) and what a rule may say (`Problem`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from verify4k.formats.facts import Size

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from verify4k.nodes import Place
    from verify4k.report import Severity

__all__ = ["Asset", "Ignore", "Manifest", "Problem", "Size"]

OptionsT = TypeVar("OptionsT")


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
    evidence: Mapping[str, Any] | None = None


@dataclass(frozen=True, eq=False)
class Asset:
    """The promise about one file. Options are asked for by class: ``asset[SizeOptions]``."""

    target: str  # as the manifest names it, relative to its root, with forward slashes
    path: Path  # where it is
    place: Place  # where the manifest promises it
    options: Mapping[type, Any] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)  # option -> its text in the manifest
    places: Mapping[str, Place] = field(default_factory=dict)  # option -> where it is written
    origins: Mapping[str, str] = field(default_factory=dict)  # option -> "preset 4k-portrait (2026-11-22)"
    severities: Mapping[str, Severity | None] = field(default_factory=dict)  # rule -> None: off
    ignores: tuple[Ignore, ...] = ()
    generate: Any = None  # parsed by verify4k.generate; opaque here

    def __getitem__(self, kind: type[OptionsT]) -> OptionsT:
        """Return this asset's options of one kind; its defaults where nothing was promised."""
        found = self.options.get(kind)
        return cast("OptionsT", found) if found is not None else _defaults(kind)

    def promises(self, kind: type) -> bool:
        """Whether the manifest sets any option of this kind."""
        return kind in self.options


_DEFAULTS: dict[type, Any] = {}


def _defaults(kind: type[OptionsT]) -> OptionsT:
    if kind not in _DEFAULTS:
        _DEFAULTS[kind] = kind()
    return cast("OptionsT", _DEFAULTS[kind])


@dataclass(frozen=True)
class Manifest:
    """All promises of one manifest, in file order."""

    path: str  # as shown to people
    sha256: str
    root: Path  # the folder that targets are relative to
    assets: tuple[Asset, ...]
    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    excluded: tuple[str, ...] = ()  # patterns that ``unlisted`` leaves alone
    generate: Any = None  # top-level defaults and routes, parsed by verify4k.generate
