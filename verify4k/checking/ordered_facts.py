"""Facts of files as they come, in the order in which they were asked for: of very many in a file."""

from __future__ import annotations

from array import array
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.files.spool import Spool

    Facts = dict[str, Any]

MANY = 10_000  # files from which on a file is used
_NOWHERE = -1  # instead of a place in the file


class OrderedFacts(Collection["Facts"]):
    """Facts of those files that there are some of; ``total``: how many are asked for."""

    def __init__(self, total: int) -> None:
        self._few: dict[int, Facts] = {}
        self._places = array("q")
        self._spool: Spool | None = None
        if total >= MANY:
            from verify4k.files.spool import Spool  # which brings pickle and tempfile

            self._spool = Spool()
            self._places = array("q", (_NOWHERE,)) * total

    def put(self, number: int, facts: Facts) -> None:
        """Keep the facts of the file that was asked for at this place."""
        if self._spool is None:
            self._few[number] = facts
        else:
            self._places[number] = self._spool.put(facts)

    def __len__(self) -> int:
        return len(self._few) + sum(place != _NOWHERE for place in self._places)

    def __iter__(self) -> Iterator[Facts]:
        yield from (self._few[number] for number in sorted(self._few))
        if self._spool is not None:
            yield from (self._spool.get(place) for place in self._places if place != _NOWHERE)

    def __contains__(self, facts: object) -> bool:
        return any(each == facts for each in self)
