"""Facts of files as they come, in the order in which they were asked for: of very many in a file."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from verify4k.files.spool import Spool

    Facts = dict[str, Any]

MANY = 10_000  # files from which on a file is used
_NOWHERE = -1  # instead of a place in the file
_HERE = -2  # in memory


class Gathered(Sequence["Facts"]):
    """Facts of those files that there are some of; ``total``: how many are asked for."""

    def __init__(self, total: int) -> None:
        self._places = array("q", (_NOWHERE,)) * total
        self._here: dict[int, Facts] = {}
        self._spool: Spool | None = None
        self._aside = total >= MANY
        self._numbers: array[int] | None = None

    def put(self, number: int, facts: Facts) -> None:
        """Keep the facts of the file that was asked for at this place."""
        self._numbers = None
        if self._aside:
            try:
                self._places[number] = self._put_aside(facts)
                return
            except OSError:  # no room, or no folder for temporary files: the others stay in memory
                self._aside = False
        self._here[number] = facts
        self._places[number] = _HERE

    def _put_aside(self, facts: Facts) -> int:
        import pickle

        if self._spool is None:
            from verify4k.files.spool import Spool

            self._spool = Spool()
        return self._spool.put(pickle.dumps(facts, pickle.HIGHEST_PROTOCOL))

    def in_order(self) -> Sequence[Facts]:
        """Return what was put; as a list where all of it is in memory."""
        return self if self._spool is not None else [self._here[number] for number in sorted(self._here)]

    def __len__(self) -> int:
        if self._numbers is None:
            self._numbers = array("q", (n for n, place in enumerate(self._places) if place != _NOWHERE))
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> Facts: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Facts]: ...

    def __getitem__(self, at: int | slice) -> Facts | Sequence[Facts]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        assert self._numbers is not None  # noqa: S101 - `__len__` made it
        number = self._numbers[place]
        if self._places[number] == _HERE:
            return self._here[number]
        assert self._spool is not None  # noqa: S101 - something was put there
        import pickle

        facts: Facts = pickle.loads(self._spool.get(self._places[number]))  # noqa: S301 - our own
        return facts
