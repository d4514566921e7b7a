"""Which entry declares which file, for millions of files: some 20 bytes each, and their names.

`TargetColumns` grow while patterns expand and lists are read; `PromisedFiles` makes an `Asset` of a
file when somebody asks for it.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

from verify4k.files.equal_keys import alike
from verify4k.model import Asset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from verify4k.documents.nodes import Place


class TargetColumns:
    """Targets, the numbers of what declares them, and lines of lists, as columns of rows in order."""

    def __init__(self) -> None:
        self.declared = array("q")
        self.lines = array("I")
        self._names = bytearray()
        self._ends = array("Q", (0,))

    def add(self, target: str, declared: int, line: int) -> None:
        """Append one. ``line``: of the list that names the target; 0 where no list does."""
        self._names += target.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._names))
        self.declared.append(declared)
        self.lines.append(line)

    def __len__(self) -> int:
        return len(self.declared)

    def target(self, number: int) -> str:
        """Return the target of a row."""
        return self._names[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")

    def repeated(self) -> dict[str, list[int]]:
        """Return the targets that stand in several rows, each with the numbers of these."""
        groups = sorted(alike(range(len(self)), self.target), key=lambda rows: rows[0])
        return {self.target(rows[0]): list(rows) for rows in groups}


class PromisedFiles(Sequence[Asset]):
    """Assets, made as they are asked for: two of the same file or URL are not the same object.

    Args:
        root: the folder that targets are relative to.
        columns: every target, in order, with the number of what declares it.
        numbers: the rows that are assets.
        fields: what an asset has besides target and path, by the number of its row.
    """

    def __init__(
        self,
        root: str,
        columns: TargetColumns,
        numbers: Sequence[int],
        fields: Callable[[int], tuple[Place, Mapping[str, Any]]],
    ) -> None:
        self._root = root
        self._columns = columns
        self._numbers = numbers
        self._fields = fields

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Asset]:
        for number in self._numbers:
            yield self._of(number)

    def _of(self, number: int) -> Asset:
        target = self._columns.target(number)
        place, fields = self._fields(number)
        return Asset(target, f"{self._root}/{target}", place, **fields)

    def among(self, places: Sequence[int]) -> PromisedFiles:
        """Return those at some places."""
        numbers = array("I", (self._numbers[place] for place in places))
        return PromisedFiles(self._root, self._columns, numbers, self._fields)

    @overload
    def __getitem__(self, at: int) -> Asset: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Asset]: ...

    def __getitem__(self, at: int | slice) -> Asset | Sequence[Asset]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        return self._of(self._numbers[at])
