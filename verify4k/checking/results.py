"""What is told of each artifact: of a few in memory; of very many in a file, as soon as nothing more happens.

An artifact that passed, that no rule compares with another and that no exception names is done with once it
was judged. Its outcome takes 2 KB of objects and a tenth of that in a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.named_tuple import NamedTuple
from verify4k.report import SEVERITIES, AssetResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from verify4k.checking.accepting import Acceptance
    from verify4k.checking.judging import Judged
    from verify4k.checking.plan import Plan, Settings
    from verify4k.checking.spooled_results import SpooledResults
    from verify4k.model import Asset
    from verify4k.report import RuleState, Verdict

MANY = 10_000  # artifacts from which on a file is used


class Done(NamedTuple):
    """What came of a run; ``missed``: how many artifacts were not checked because it was interrupted."""

    judged: list[Judged]
    missed: int = 0


class Known(NamedTuple):
    """What a run knows before it has judged anything."""

    assets: Sequence[Asset]
    plan: Plan
    settings: Settings
    acceptance: Acceptance
    display: Callable[[Asset], str]


class Results:
    """Makes results of outcomes, and holds those that are put aside."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._unasked: dict[str, RuleState] = dict.fromkeys(known.plan.rules, "not-asked")
        self._states: dict[tuple[tuple[str, RuleState], ...], Mapping[str, RuleState]] = {}
        self._aside: SpooledResults | None = None

    @property
    def aside(self) -> int:
        """How many are in the file."""
        return 0 if self._aside is None else self._aside.count

    def settled(self, number: int, judged: Judged) -> bool:
        """Put the outcome of one asset aside where nothing more will happen to it; whether that was done."""
        known = self._known
        if len(known.assets) < MANY or not self._done_with(judged):
            return False
        if self._aside is None:
            from verify4k.checking.spooled_results import SpooledResults

            self._aside = SpooledResults(len(known.assets))
        self._aside.put(number, self.of(judged))
        return True

    def _done_with(self, judged: Judged) -> bool:
        asset, told = judged.asset, (judged.findings, judged.undecided, judged.kept, judged.thumbnail)
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
            rules=self._rules(judged),
            promised=asset.written,
            remembered=judged.remembered,
            thumbnail=judged.thumbnail,
            close_up=judged.close_up,
        )

    def _rules(self, judged: Judged) -> Mapping[str, RuleState]:
        """Return the state of every rule; most assets share theirs, and thousands of copies add up."""
        told = tuple(judged.states.items())
        if told not in self._states:
            self._states[told] = {**self._unasked, **judged.states}
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
