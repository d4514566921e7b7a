"""What came of each artifact: of a few in memory; of very many in a file, while nothing more happens to it.

An artifact that passed, that comes from no other one and that no exception names is done with once it was
judged, unless it turns out to be too much like another one: then it is taken into memory again. Its outcome
takes 2 KB of objects and a tenth of that in a file.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import partial
from heapq import merge
from typing import TYPE_CHECKING, Any, overload

from verify4k.model import Asset
from verify4k.named_tuple import NamedTuple
from verify4k.report import SEVERITIES, AssetResult

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from verify4k.checking.accepting import Acceptance
    from verify4k.checking.judging import Judged
    from verify4k.checking.plan import Plan, Settings
    from verify4k.checking.spooled_results import SpooledResults
    from verify4k.report import RuleState, Verdict

MANY = 10_000  # artifacts from which on a file is used


class Done(NamedTuple):
    """What came of a run, by number, in order; what was put aside is not among it.

    ``missed``: the artifacts that were not checked because it was interrupted.
    """

    judged: dict[int, Judged]
    missed: Collection[int] = ()


class Known(NamedTuple):
    """What a run knows before it has judged anything."""

    assets: Sequence[Asset]
    plan: Plan
    settings: Settings
    acceptance: Acceptance
    display: Callable[[Asset], str]


class Kept(Sequence[tuple[Asset, Any]]):
    """Assets, each with what a rule has kept of it; read when it is asked for."""

    def __init__(self, numbers: Sequence[int], pair: Callable[[int], tuple[Asset, Any]]) -> None:
        self.numbers = numbers
        self._pair = pair

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[tuple[Asset, Any]]:
        return map(self._pair, self.numbers)

    @overload
    def __getitem__(self, at: int) -> tuple[Asset, Any]: ...

    @overload
    def __getitem__(self, at: slice) -> Kept: ...

    def __getitem__(self, at: int | slice) -> tuple[Asset, Any] | Kept:
        if isinstance(at, slice):
            return Kept(self.numbers[at], self._pair)
        return self._pair(self.numbers[at])


class Results:
    """Holds all outcomes, those that are put aside too, and makes results of them.

    ``here``: those in memory, by number. ``strangers``: files that nobody promised.
    """

    def __init__(self, known: Known) -> None:
        self.here: dict[int, Judged] = {}
        self.strangers: list[Judged] = []
        self._known = known
        self._unasked: dict[str, RuleState] = dict.fromkeys(known.plan.rules, "not-asked")
        self._states: dict[tuple[tuple[str, RuleState], ...], Mapping[str, RuleState]] = {}
        self._aside: SpooledResults | None = None

    @property
    def aside(self) -> int:
        """How many are in the file."""
        return 0 if self._aside is None else self._aside.count

    def judged(self) -> list[Judged]:
        """Return the outcomes in memory, in the order of the promises."""
        return [*(self.here[number] for number in sorted(self.here)), *self.strangers]

    def settled(self, number: int, judged: Judged) -> bool:
        """Put the outcome of one asset aside where nothing more may happen to it; whether that was done."""
        known = self._known
        if len(known.assets) < MANY or not self._done_with(judged):
            return False
        if self._aside is None:
            from verify4k.checking.spooled_results import SpooledResults

            self._aside = SpooledResults(len(known.assets))
        self._aside.put(number, judged, self._rules(judged.states))
        return True

    def recalled(self, number: int) -> Judged:
        """Return the outcome of an asset to which more happens; it stays in memory."""
        if number not in self.here and self._aside is not None:
            self.here[number] = self._aside.take(number, self._known.assets[number])
        return self.here[number]

    def kept(self, rule: str) -> Kept:
        """Return what a rule has kept to compare artifacts by, in the order of the promises."""
        here = sorted(number for number, judged in self.here.items() if rule in judged.kept)
        aside = () if self._aside is None else self._aside.compared_by(rule)
        return Kept(array("I", merge(here, aside)), partial(self._pair, rule))

    def _pair(self, rule: str, number: int) -> tuple[Asset, Any]:
        if number in self.here or self._aside is None:
            judged = self.here[number]
            return judged.asset, judged.kept[rule]
        return self._known.assets[number], self._aside.kept(number, rule)

    def homes(self, assets: Iterable[Asset]) -> dict[int, Judged]:
        """Return the outcomes of some assets, by the identity of each; a stranger has none."""
        numbers = {id(judged.asset): number for number, judged in self.here.items()}
        asked = {id(asset): asset.target for asset in assets}
        made_anew = {target for one, target in asked.items() if one not in numbers}
        promised = enumerate(self._known.assets) if made_anew else ()
        by_target = {asset.target: number for number, asset in promised if asset.target in made_anew}
        numbers |= {one: by_target[target] for one, target in asked.items() if target in by_target}
        return {one: self.recalled(numbers[one]) for one in asked if one in numbers}

    def compared(self) -> Iterator[tuple[int, Asset, Collection[str]]]:
        """Yield number and asset of each outcome, and the rules that compare it with others."""
        for number, judged in list(self.here.items()):
            yield number, judged.asset, judged.kept
        for number in self._aside or ():
            assert self._aside is not None  # noqa: S101 - it is gone through
            yield number, self._known.assets[number], self._aside.compared(number)

    def take_back(self, number: int, rule: str) -> bool:
        """Say of a rule that holds that it was not asked; whether it held."""
        aside = None if number in self.here else self._aside
        states = self.here[number].states if aside is None else aside.rules(number)
        if states.get(rule) != "holds":
            return False
        if aside is not None and list(states.values()).count("holds") > 1:
            aside.change(number, self._rules({**states, rule: "not-asked"}))
        else:  # or nothing is left that was asked
            self.recalled(number).states[rule] = "not-asked"
        return True

    def _done_with(self, judged: Judged) -> bool:
        asset, told = judged.asset, (judged.findings, judged.undecided, judged.thumbnail)
        lonely = self._known.plan.lineage.alone(asset) and not self._known.acceptance.binds(asset)
        return lonely and not any(told) and is_asked(judged)

    def of(self, judged: Judged) -> AssetResult:
        """Return what is told of one artifact."""
        known, asset = self._known, judged.asset
        return AssetResult(
            target=asset.target,
            path=known.display(asset),
            place=asset.place,
            verdict=_verdict(judged, known.settings),
            depth=known.settings.depth,
            sha256=judged.sha256,
            size=judged.size,
            facts=judged.facts,
            rules=self._rules(judged.states),
            promised=asset.written,
            remembered=judged.remembered,
            thumbnail=judged.thumbnail,
            close_up=judged.close_up,
        )

    def _rules(self, states: Mapping[str, RuleState]) -> Mapping[str, RuleState]:
        """Return the state of every rule; most assets share theirs, and thousands of copies add up."""
        told = tuple(states.items())
        if told not in self._states:
            self._states[told] = {**self._unasked, **states}
        return self._states[told]

    def all(self, judged: Iterable[Judged]) -> Sequence[AssetResult]:
        """Return the results of those in memory and of those in the file, in the order of the promises."""
        if self._aside is None:
            return tuple(map(self.of, judged))
        from verify4k.checking.spooled_results import OrderedResults

        return OrderedResults(self._known, self._aside, tuple(map(self.of, judged)))


def is_asked(judged: Judged) -> bool:
    """Whether any rule was asked about it."""
    return any(state != "not-asked" for state in judged.states.values())


def _verdict(judged: Judged, settings: Settings) -> Verdict:
    found = [*judged.findings, *judged.inherited]
    if found and min(SEVERITIES.index(each.severity) for each in found) <= SEVERITIES.index(settings.fail_on):
        return "failed"
    return "undecided" if judged.undecided else "passed"
