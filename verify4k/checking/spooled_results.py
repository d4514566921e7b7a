"""Outcomes put aside in a file until a rule or a report asks for them, in a tenth of the room of objects."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from verify4k.checking.judging import nothing_judged
from verify4k.files.spool import Spool
from verify4k.named_tuple import NamedTuple
from verify4k.report import AssetResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from verify4k.checking.judging import Judged
    from verify4k.checking.results import Known
    from verify4k.model import Asset
    from verify4k.report import RuleState, Verdict

_ELSEWHERE = -1  # instead of an offset in the file: in memory


class _Shared(NamedTuple):
    """What many outcomes have in common."""

    facts: tuple[str, ...]  # their names
    kept: tuple[str, ...]  # the rules that compare it with others
    rules: Mapping[str, RuleState]


class SpooledResults:
    """Outcomes in a file; what many share is held here once."""

    def __init__(self, total: int) -> None:
        self.count = 0
        self.offsets = array("q", [_ELSEWHERE]) * total
        self._kept = array("q", [_ELSEWHERE]) * total  # where what rules compare is
        self._kinds = array("I", [0]) * total  # what each shares with others
        self._spool = Spool()
        self._shared: list[_Shared] = []
        self._numbers: dict[object, int] = {}

    def put(self, number: int, judged: Judged, rules: Mapping[str, RuleState]) -> None:
        """Append the outcome of an asset that passed: only what no other one and no promise tells.

        ``rules``: the state of each; the same object for equal states.
        """
        facts, kept = judged.facts, judged.kept
        self.offsets[number] = self._spool.put(
            (judged.sha256, judged.size, tuple(facts.values()), judged.remembered)
        )
        if kept:
            self._kept[number] = self._spool.put(tuple(kept.values()))
        self._kinds[number] = self._kind(_Shared(tuple(facts), tuple(kept), rules))
        self.count += 1

    def _kind(self, shared: _Shared) -> int:
        key = (shared.facts, shared.kept, id(shared.rules))
        if key not in self._numbers:
            self._numbers[key] = len(self._shared)
            self._shared.append(shared)
        return self._numbers[key]

    def __iter__(self) -> Iterator[int]:
        """Yield the numbers of those that are here."""
        return (number for number, offset in enumerate(self.offsets) if offset != _ELSEWHERE)

    def compared(self, number: int) -> tuple[str, ...]:
        """Return the rules that keep something of an asset, to compare it with others."""
        return self._shared[self._kinds[number]].kept

    def compared_by(self, rule: str) -> Iterator[int]:
        """Yield the numbers of those that a rule keeps something of."""
        return (number for number in self if rule in self.compared(number))

    def kept(self, number: int, rule: str) -> Any:
        """Return what a rule keeps of an asset."""
        return self._spool.get(self._kept[number])[self.compared(number).index(rule)]

    def rules(self, number: int) -> Mapping[str, RuleState]:
        """Return the state of every rule."""
        return self._shared[self._kinds[number]].rules

    def change(self, number: int, rules: Mapping[str, RuleState]) -> None:
        """Change the states of rules; the same object for equal states."""
        self._kinds[number] = self._kind(self._shared[self._kinds[number]]._replace(rules=rules))

    def get(self, number: int, asset: Asset, known: Known) -> AssetResult:
        """Return the result of an asset as it was put aside."""
        sha256, size, values, remembered = self._spool.get(self.offsets[number])
        shared = self._shared[self._kinds[number]]
        return AssetResult(
            target=asset.target,
            path=known.display(asset),
            place=asset.place,
            verdict="passed",
            depth=known.settings.depth,
            sha256=sha256,
            size=size,
            facts=dict(zip(shared.facts, values, strict=True)),
            rules=shared.rules,
            promised=asset.written,
            remembered=remembered,
        )

    def take(self, number: int, asset: Asset) -> Judged:
        """Return the outcome of an asset to which more will happen; it is not here any more."""
        sha256, size, values, remembered = self._spool.get(self.offsets[number])
        shared = self._shared[self._kinds[number]]
        kept = self._spool.get(self._kept[number]) if shared.kept else ()
        self.offsets[number] = _ELSEWHERE
        self.count -= 1
        return nothing_judged(asset)._replace(
            states={rule: state for rule, state in shared.rules.items() if state != "not-asked"},
            kept=dict(zip(shared.kept, kept, strict=True)),
            facts=dict(zip(shared.facts, values, strict=True)),
            sha256=sha256,
            size=size,
            remembered=remembered,
        )


class OrderedResults(Sequence[AssetResult]):
    """Results in the order of the promises, then those of files that nobody promised."""

    def __init__(self, known: Known, aside: SpooledResults, here: Sequence[AssetResult]) -> None:
        self._known = known
        self._aside = aside
        self._order = array("q")
        self._here: dict[int, AssetResult] = {}  # also one that an interruption made undecided after all
        left = {each.target: each for each in here}
        for number, offset in enumerate(aside.offsets):
            result = left.pop(known.assets[number].target, None) if left else None
            if result is not None:
                self._here[number] = result
            if offset >= 0 or result is not None:
                self._order.append(number)
        self._strangers = list(left.values())

    def __len__(self) -> int:
        return len(self._order) + len(self._strangers)

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the verdict of each without reading it: only what passed is put aside."""
        for number in self._order:
            here = self._here.get(number)
            yield "passed" if here is None else here.verdict
        yield from (each.verdict for each in self._strangers)

    @overload
    def __getitem__(self, at: int) -> AssetResult: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[AssetResult]: ...

    def __getitem__(self, at: int | slice) -> AssetResult | Sequence[AssetResult]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        if place >= len(self._order):
            return self._strangers[place - len(self._order)]
        number = self._order[place]
        here = self._here.get(number)
        return self._aside.get(number, self._known.assets[number], self._known) if here is None else here
