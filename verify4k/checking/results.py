"""What is told of each artifact: of a few in memory; of very many in a file, as soon as nothing more happens.

An artifact that passed, that no rule compares with another and that no exception names is done with once it
was judged. Its outcome takes 2 KB of objects and a tenth of that in a file.
"""

from __future__ import annotations

import errno
import os
import pickle
import tempfile
import weakref
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from verify4k.named_tuple import NamedTuple
from verify4k.report import SEVERITIES, AssetResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from verify4k.checking.accepting import Acceptance
    from verify4k.checking.judging import Judged
    from verify4k.checking.plan import Plan, Settings
    from verify4k.model import Asset
    from verify4k.report import RuleState, Verdict

MANY = 10_000  # artifacts from which on a file is used
_ELSEWHERE = -1  # instead of an offset in the file: in memory
_LENGTH = 4  # bytes that say how long a record is


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
        self._aside: _Aside | None = None
        self._full = False

    @property
    def aside(self) -> int:
        """How many are in the file."""
        return 0 if self._aside is None else self._aside.count

    def settled(self, number: int, judged: Judged) -> bool:
        """Put the outcome of one asset aside where nothing more will happen to it; whether that was done."""
        known = self._known
        if len(known.assets) < MANY or self._full or not self._done_with(judged):
            return False
        try:
            if self._aside is None:
                self._aside = _Aside(len(known.assets))
            self._aside.put(number, self.of(judged))
        except OSError:  # no room, or no folder for temporary files: the others stay in memory
            self._full = True
        return not self._full

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
        return _Ordered(self._known, self._aside, {id(each.asset): self.of(each) for each in judged})


def is_asked(judged: Judged) -> bool:
    """Whether any rule was asked about it."""
    return any(state != "not-asked" for state in judged.states.values())


def _verdict(judged: Judged, settings: Settings) -> Verdict:
    gate = SEVERITIES.index(settings.fail_on)
    if any(SEVERITIES.index(f.severity) <= gate for f in (*judged.findings, *judged.inherited)):
        return "failed"
    return "undecided" if judged.undecided else "passed"


class _Aside:
    """Results in a file that has no name and goes with them; what many share is held here once."""

    def __init__(self, total: int) -> None:
        self.count = 0
        self.offsets = array("q", [_ELSEWHERE]) * total
        # as long as this object, and without a buffer: what does not fit is told when it is written
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        self._end = 0
        self._shared: list[Any] = []
        self._numbers: dict[object, int] = {}

    def put(self, number: int, result: AssetResult) -> None:
        """Append the result of an asset: only what no other result and no promise tells."""
        names = tuple(result.facts)
        record = pickle.dumps(
            (
                result.sha256,
                result.size,
                self._number(names, names),
                tuple(result.facts.values()),
                self._number(id(result.rules), result.rules),
                result.remembered,
            ),
            pickle.HIGHEST_PROTOCOL,
        )
        whole = len(record).to_bytes(_LENGTH, "big") + record
        if self._file.write(whole) != len(whole):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.offsets[number] = self._end
        self._end += len(whole)
        self.count += 1

    def _number(self, key: object, what: object) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self._shared)
            self._shared.append(what)
        return self._numbers[key]

    def get(self, number: int, asset: Asset, known: Known) -> AssetResult:
        """Return the result of an asset as it was put aside."""
        self._file.seek(self.offsets[number])
        length = int.from_bytes(self._file.read(_LENGTH), "big")
        sha256, size, names, values, rules, remembered = pickle.loads(self._file.read(length))  # noqa: S301 - our own
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


class _Ordered(Sequence[AssetResult]):
    """Results in the order of the promises, then those of files that nobody promised."""

    def __init__(self, known: Known, aside: _Aside, here: dict[int, AssetResult]) -> None:
        self._known = known
        self._aside = aside
        self._here = here
        numbers = range(len(known.assets))
        self._order = array("q", (n for n in numbers if aside.offsets[n] >= 0 or id(known.assets[n]) in here))
        promised = {id(asset) for asset in known.assets if id(asset) in here}
        self._strangers = [result for asset, result in here.items() if asset not in promised]

    def __len__(self) -> int:
        return len(self._order) + len(self._strangers)

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
        asset = self._known.assets[number]
        here = self._here.get(id(asset))  # also of one that an interruption made undecided after all
        return self._aside.get(number, asset, self._known) if here is None else here
