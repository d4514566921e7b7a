"""Results that are put aside in a file until a report asks for them, in a tenth of the room of objects."""

from __future__ import annotations

import errno
import os
import pickle
import tempfile
import weakref
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from verify4k.report import AssetResult

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verify4k.checking.results import Known
    from verify4k.model import Asset
    from verify4k.report import Verdict

_ELSEWHERE = -1  # instead of an offset in the file: in memory
_LENGTH = 4  # bytes that say how long a record is


class Aside:
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


class Ordered(Sequence[AssetResult]):
    """Results in the order of the promises, then those of files that nobody promised."""

    def __init__(self, known: Known, aside: Aside, here: dict[int, AssetResult]) -> None:
        self._known = known
        self._aside = aside
        self._here = here
        numbers = range(len(known.assets))
        self._order = array("q", (n for n in numbers if aside.offsets[n] >= 0 or id(known.assets[n]) in here))
        promised = {id(asset) for asset in known.assets if id(asset) in here}
        self._strangers = [result for asset, result in here.items() if asset not in promised]

    def __len__(self) -> int:
        return len(self._order) + len(self._strangers)

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the verdict of each without reading it: only what passed is put aside."""
        for number in self._order:
            here = self._here.get(id(self._known.assets[number]))
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
        asset = self._known.assets[number]
        here = self._here.get(id(asset))  # also of one that an interruption made undecided after all
        return self._aside.get(number, asset, self._known) if here is None else here
