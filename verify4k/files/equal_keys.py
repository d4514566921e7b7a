"""Which of very many things have something in common, as artifacts or names, in 12 bytes for each."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

_A_BUCKET = 4_096  # places that are looked through for equal ones at once


def alike(places: Sequence[int], key: Callable[[int], Hashable]) -> Iterator[Sequence[int]]:
    """Yield places whose keys are equal, two and more together, in their order; the groups are in none.

    Args:
        places: which are compared.
        key: what has to be equal; asked up to twice, as a dict of all keys takes ten times the room.
    """
    digests = array("q", (hash(key(place)) for place in places))
    buckets = [array("I") for _ in range(1 + len(places) // _A_BUCKET)]
    for at, digest in enumerate(digests):
        buckets[digest % len(buckets)].append(at)
    for bucket in buckets:
        seen, twice = set[int](), set[int]()
        for at in bucket:
            (twice if digests[at] in seen else seen).add(digests[at])
        groups: dict[int, array[int]] = {}
        for at in bucket if twice else ():
            if digests[at] in twice:
                groups.setdefault(digests[at], array("I")).append(places[at])
        for group in groups.values():
            yield from _equal(group, key)


def _equal(places: Sequence[int], key: Callable[[int], Hashable]) -> Iterator[Sequence[int]]:
    """Yield those among places of one digest whose keys are really equal."""
    exact: dict[Hashable, array[int]] = {}
    for place in places:
        exact.setdefault(key(place), array("I")).append(place)
    yield from (group for group in exact.values() if len(group) > 1)
