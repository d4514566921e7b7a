"""Which rules each asset is asked, and how much each of them weighs."""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from verify4k.errors import UsageError
from verify4k.formats.limits import DEFAULT
from verify4k.model import Lineage
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import describe
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.artifacts.content import Depth
    from verify4k.artifacts.fact_cache import FactCache
    from verify4k.formats.limits import Limits
    from verify4k.model import Asset, Manifest
    from verify4k.report import Severity
    from verify4k.rule import Rule

    Asked = tuple[tuple[str, Severity, bool, bool, tuple[Asset, ...]], ...]  # of each rule, see `Planned`
    _Both = tuple[tuple["Planned", ...], Asked]

T = TypeVar("T")

_ENTRIES = 10_000  # whose plans are kept; a list may have a million rows that promise something of their own
_WISHES = 16  # of one source and rule that are compared before another is taken in
_UNDEMANDING = frozenset({"any", "allowed", "none-required", "off", "no", "false"})
# first of all, in this order: what was not answered, not whole or cannot be read has no facts to judge
GATES = ("http-status", "redirects", "whole-body", "readable")


class Settings(NamedTuple):
    """How to check, as opposed to what."""

    depth: Depth = "full"
    select: frozenset[str] = frozenset()  # only these rules; empty: those that are on
    ignore: frozenset[str] = frozenset()
    fail_on: Severity = "error"
    allow_empty: bool = False
    jobs: int = 0  # 0: as many as make sense
    thumbnails: bool = False
    limits: Limits = DEFAULT  # what one file may cost, before the manifest has its say
    bounds: Mapping[str, int] = MappingProxyType({})  # limits that the command line sets
    fact_cache: FactCache | None = None  # where facts of earlier runs are
    ignores: bool = True  # whether ignores and a baseline may accept findings


class Planned(NamedTuple):
    """A rule that an asset will be asked, how bad its problems are, and whether someone asked for it.

    ``lends``: it is not asked itself; something is kept of it for those that were made from it.
    ``wished``: the assets whose promises what is kept will be compared by.
    """

    rule: Rule
    severity: Severity
    explicit: bool
    lends: bool = False
    wished: tuple[Asset, ...] = ()

    @property
    def by_name(self) -> tuple[str, Severity, bool, bool, tuple[Asset, ...]]:
        """The same with the rule's name in its place: what can be compared, and travel."""
        return self.rule.id, self.severity, self.explicit, self.lends, self.wished


class LeftOut(NamedTuple):
    """A rule that will not be asked, though a promise needs it or files are asked it by default."""

    rule: str
    keys: tuple[str, ...]  # the promise's options; empty for the gates, and for what nobody promised
    reason: str


class _LeftOut(NamedTuple):
    """What is left out of one asset's rules: what its promises need, and what it is asked by default."""

    promised: tuple[LeftOut, ...]
    usual: tuple[LeftOut, ...]


class _Choice(NamedTuple):
    """Rules by whether settings and severities let them be asked."""

    asked: tuple[tuple[Rule, Severity], ...]
    left_out: tuple[Rule, ...]


def _kept(
    known: dict[tuple[object, ...], tuple[T, Asset]], key: tuple[object, ...], found: T, asset: Asset
) -> tuple[T, Asset]:
    """Keep what was worked out, with the asset: its options are told apart by identity, so they must live."""
    if len(known) >= _ENTRIES:
        known.clear()
    known[key] = found, asset
    return known[key]


class Plan:
    """Which rules each asset is asked; worked out once for assets that share an entry."""

    def __init__(self, manifest: Manifest, settings: Settings) -> None:
        self.rules = all_rules()
        self._manifest = manifest
        self._settings = settings
        self._known: dict[tuple[object, ...], tuple[_Both, Asset]] = {}
        self._equal: dict[Asked, _Both] = {}  # most of a million entries are alike
        self._left_out: dict[tuple[object, ...], tuple[_LeftOut, Asset]] = {}
        self._equal_usual: dict[tuple[LeftOut, ...], tuple[LeftOut, ...]] = {}
        self.lineage = Lineage(manifest.assets)
        unknown = sorted((settings.select | settings.ignore) - set(self.rules))
        if unknown:
            raise _unknown_rule(unknown[0], self.rules)

    def of(self, asset: Asset) -> tuple[Planned, ...]:
        """Return the rules for one asset, the gate first."""
        return self._of(asset)[0]

    def asked(self, asset: Asset) -> Asked:
        """Return the same rules as they travel: as functions they are found by their names elsewhere."""
        return self._of(asset)[1]

    def _of(self, asset: Asset) -> _Both:
        key = self._entry(asset)
        known = self._known.get(key)
        if known is None:
            alone = self.lineage.alone(asset)
            planned = self._own(asset) if alone else list(self._chained(asset))
            planned.sort(key=lambda p: (rank(p.rule.id), p.rule.id))
            asked = tuple(each.by_name for each in planned)
            both = tuple(planned), asked
            # of a chain no two are alike: what is asked of each names it
            known = _kept(self._known, key, self._equal.setdefault(asked, both) if alone else both, asset)
        return known[0]

    def _entry(self, asset: Asset) -> tuple[object, ...]:
        """What assets share that are asked the same rules, while one of them is there."""
        chained = "" if self.lineage.alone(asset) else asset.target
        return id(asset.options), id(asset.severities), asset.url is None, chained

    def _own(self, asset: Asset) -> list[Planned]:
        return [
            Planned(each, severity, each.options is not None and asset.promises(each.options))
            for each, severity in self._choice(asset).asked
            if self._applies(each, asset)
        ]

    def _choice(self, asset: Asset) -> _Choice:
        """Which rules are asked where they apply; most assets have no severities of their own."""
        return self._chosen(asset.severities) if asset.severities else self._usual_choice

    @cached_property
    def _usual_choice(self) -> _Choice:
        return self._chosen({})

    def _chosen(self, own: Mapping[str, Severity | None]) -> _Choice:
        select, ignore = self._settings.select, self._settings.ignore
        asked, left_out = [], []
        for each in self.rules.values():
            severity = self._severity(each, own)
            if severity is None or each.id in ignore or (select and each.id not in select):
                left_out.append(each)
            else:
                asked.append((each, severity))
        return _Choice(tuple(asked), tuple(left_out))

    def _chained(self, asset: Asset) -> Iterator[Planned]:
        """Plan an asset of a chain: what is kept of it depends on who comes of it."""
        lent = dict(self._lent.get(asset.target, {}))
        for planned in self._own(asset):
            wished = (asset, *lent.pop(planned.rule.id, ()))
            yield planned if planned.rule.along is None else planned._replace(wished=wished)
        for name, assets in lent.items():
            yield Planned(self.rules[name], "error", explicit=False, lends=True, wished=tuple(assets))

    @cached_property
    def _lent(self) -> dict[str, dict[str, list[Asset]]]:
        """By target and rule, those further on that will be compared with it."""
        found: dict[str, dict[str, list[Asset]]] = {}
        for asset in self._manifest.assets:
            if asset.made_from is None:
                continue
            rules = [p.rule for p in self._own(asset) if p.rule.along is not None]
            for source in self.lineage.of(asset)[:-1]:
                for rule in rules:
                    wished = found.setdefault(source.target, {}).setdefault(rule.id, [])
                    if not any(_wish(each, rule) == _wish(asset, rule) for each in wished[:_WISHES]):
                        wished.append(asset)
        return found

    def left_out(self, asset: Asset) -> tuple[LeftOut, ...]:
        """Return the rules that an asset's promises need and that nobody will ask."""
        return self._left_out_of(asset).promised

    def usual_left_out(self, asset: Asset) -> tuple[LeftOut, ...]:
        """Return the rules that an asset is asked unless somebody says otherwise, and that nobody will ask.

        Assets of which the same is left out share the tuple.
        """
        return self._left_out_of(asset).usual

    def _left_out_of(self, asset: Asset) -> _LeftOut:
        key = self._entry(asset)
        known = self._left_out.get(key)
        if known is None:
            known = _kept(self._left_out, key, self._not_asked(asset), asset)
        return known[0]

    def _not_asked(self, asset: Asset) -> _LeftOut:
        promised, usual = [], []
        for each in self._choice(asset).left_out:
            if not self._applies(each, asset):
                continue
            keys = _demands(each, asset)
            if keys or each.id in GATES:
                promised.append(LeftOut(each.id, keys, self._reason(each, asset)))
            elif self._is_usual(each, asset):
                usual.append(LeftOut(each.id, (), self._reason(each, asset)))
        return _LeftOut(tuple(promised), self._equal_usual.setdefault(tuple(usual), tuple(usual)))

    def _is_usual(self, each: Rule, asset: Asset) -> bool:
        """Whether a rule is asked of an asset that says nothing about it, or is asked for in the manifest."""
        if each.options is not None and asset.promises(each.options):
            return False  # it says that anything will do
        said = (own.get(each.id) for own in (self._manifest.severities, asset.severities))
        return each.enabled or any(said)

    def _reason(self, each: Rule, asset: Asset) -> str:
        if self._severity(each, asset.severities) is None:
            return f"rules: {{{each.id}: off}}"
        return "--ignore" if each.id in self._settings.ignore else "--select"

    def _applies(self, each: Rule, asset: Asset) -> bool:
        return each.is_asked(asset) and not (each.pairs and len(self._manifest.assets) < 2)

    def _severity(self, each: Rule, own: Mapping[str, Severity | None]) -> Severity | None:
        severity: Severity | None = (
            each.severity if each.enabled or each.id in self._settings.select else None
        )
        for said in (self._manifest.severities, own):
            if each.id in said:
                severity = said[each.id]
        return severity


def _wish(asset: Asset, rule: Rule) -> object:
    """What an asset promises that this rule is about; one of many equal wishes is enough to travel."""
    return None if rule.options is None else vars(asset[rule.options])


def _demands(each: Rule, asset: Asset) -> tuple[str, ...]:
    """Return the options of this rule that the asset's entry sets to something that can be broken."""
    if each.options is None or not asset.promises(each.options):
        return ()
    written = asset.written
    return tuple(key for key in describe(each.options) if written.get(key, "any").lower() not in _UNDEMANDING)


def rank(rule: str) -> int:
    """Return a rule's place in the order of asking and telling: the gates, then all others."""
    return GATES.index(rule) if rule in GATES else len(GATES)


def _unknown_rule(name: str, rules: Mapping[str, Rule]) -> UsageError:
    from verify4k.suggest import suggest

    near = suggest(name, rules)
    hint = f"did you mean {near}?" if near else "verify4k rules lists all of them"
    return UsageError(f"there is no rule {name!a}", hint)
