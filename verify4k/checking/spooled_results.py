"""Results that are put aside in a file until a report asks for them, in a tenth of the room of objects."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from verify4k.files.spool import Spool
from verify4k.report import AssetResult

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verify4k.checking.results import Known
    from verify4k.model import Asset
    from verify4k.report import Verdict

_ELSEWHERE = -1  # instead of an offset in the file: in memory


class SpooledResults:
    """Results in a file; what many share is held here once."""

    def __init__(self, total: int) -> None:
        self.count = 0
        self.offsets = array("q", [_ELSEWHERE]) * total
        self._spool = Spool()
        self._shared: list[Any] = []
        self._numbers: dict[object, int] = {}

    def put(self, number: int, result: AssetResult) -> None:
        """Append the result of an asset: only what no other result and no promise tells."""
        names = tuple(result.facts)
        self.offsets[number] = self._spool.put(
            (
                result.sha256,
                result.size,
                self._number(names, names),
                tuple(result.facts.values()),
                self._number(id(result.rules), result.rules),
                result.remembered,
            )
        )
        self.count += 1

    def _number(self, key: object, what: object) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self._shared)
            self._shared.append(what)
        return self._numbers[key]

    def get(self, number: int, asset: Asset, known: Known) -> AssetResult:
        """Return the result of an asset as it was put aside."""
        sha256, size, names, values, rules, remembered = self._spool.get(self.offsets[number])
        return AssetResult(
            target=asset.target,
            path=known.display(asset),
            place=asset.place,
            verdict="passed",
            depth=known.settings.depth,
            sha256=sha256,
            size=size,
            facts=dict(zip(self._shared[names], values, strict=True)),
            rules=self._shared[rules],
            promised=asset.written,
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
