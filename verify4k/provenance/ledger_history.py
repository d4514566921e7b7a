"""What a ledger says, found by search: a check needs a few lines of what may be a quarter of a million.

Lines that are no records (a write that was cut off, a merge conflict) are told, never trusted, and an
outcome whose request is not recorded vouches for nothing.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Record = Mapping[str, Any]

_LONGEST = 64 * 1024  # bytes of a record; what is longer is none
_VALUES = 8000  # of a record, by its commas and brackets: texts have some, too
_DIGEST = re.compile(rb'"sha256"\s*:\s*"([0-9a-f]{64})"')
_ID = re.compile(rb'"id"\s*:\s*"([^"\\\n]{1,200})"')
_ODD = re.compile(rb"^(?!\{[^\n]*\}\r?$)[^\n]*\S[^\n]*$", re.MULTILINE)
_SEARCHES = 16  # each reads all bytes once; an index takes as long as some twenty of them
_CONFLICT = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")


class BadLine(NamedTuple):
    """A line that is no record: its number in what was read, and what it looks like."""

    line: int
    what: str


class Gap(NamedTuple):
    """Full parts that are missing though later ones are there: the first one's name, and how many."""

    first: str
    parts: int

    def __str__(self) -> str:
        if self.parts == 1:
            return f"part {self.first} of the ledger is missing"
        return f"{self.parts} parts of the ledger are missing, the first is {self.first}"


class History:
    """A ledger as read, all its parts together, oldest first. ``gap``: parts that are missing."""

    def __init__(self, data: bytes, gap: Gap | None = None) -> None:
        self._data = data
        self.gap = gap
        self._searches = 0
        self._indexes: dict[re.Pattern[bytes], dict[bytes, list[int]]] = {}
        self._stories: dict[str, tuple[Record | None, Record | None]] = {}

    # -- everything, for those who sum it up -----------------------------------------------------------

    @cached_property
    def _parsed(self) -> tuple[dict[str, Record], dict[str, Record], tuple[int, ...]]:
        requests: dict[str, Record] = {}
        outcomes: dict[str, Record] = {}
        torn = []
        for number, text in enumerate(self._data.split(b"\n"), start=1):
            if not text.strip():
                continue
            line = record(text)
            if line is None:
                torn.append(number)
            elif line["event"] == "request":
                requests[line["id"]] = line
            else:
                outcomes[line["id"]] = line
        return requests, outcomes, tuple(torn)

    @property
    def requests(self) -> Mapping[str, Record]:
        """Every request by its id."""
        return self._parsed[0]

    @property
    def outcomes(self) -> Mapping[str, Record]:
        """The last outcome of every request by its id."""
        return self._parsed[1]

    @property
    def torn(self) -> tuple[int, ...]:
        """Numbers of lines that are no record."""
        return self._parsed[2]

    def pending(self) -> Iterator[Record]:
        """Yield the requests of which nothing more is known, oldest first."""
        for name, line in self.requests.items():
            if name not in self.outcomes:
                yield line

    # -- by search -------------------------------------------------------------------------------------

    def about(self, target: str) -> History:
        """Return the part that names one target."""
        import json

        own = json.dumps(target).encode()
        others = json.dumps(target, ensure_ascii=False).encode(
            "utf-8", "surrogatepass"
        )  # as tools rewrite it
        found: dict[int, bytes] = {}
        for name in {own, others}:
            at = self._data.find(name)
            while at >= 0:
                text, end = self._line(at)
                found[end] = text
                at = self._data.find(name, end)
        return History(b"\n".join(text for _, text in sorted(found.items())))

    def accepted(self, sha256: str) -> Record | None:
        """Return the newest outcome that took in exactly these bytes; None: nothing vouches for them."""
        for at in reversed(self._places(sha256, _DIGEST)):
            line = record(self._line(at)[0])
            if line is None or line["event"] != "outcome" or line.get("verdict") != "accepted":
                continue
            if line.get("sha256") != sha256:  # it stands elsewhere in the line
                continue
            request, last = self._story(line["id"])
            if request is not None and last == line:
                return line
        return None

    def kind_of(self, outcome: Record) -> str:
        """Return the kind of route that an outcome came by; empty when its request is not known."""
        request, _ = self._story(outcome["id"])
        return str((request or {}).get("kind", ""))

    def bad_lines(self) -> Iterator[BadLine]:
        """Yield the lines that cannot be records by their look."""
        line, at = 1, 0
        for found in _ODD.finditer(self._data):
            line, at = line + self._data.count(b"\n", at, found.start()), found.start()
            yield BadLine(line, _look(found[0]))

    def no_records(self) -> Iterator[BadLine]:
        """Yield every line that is no record, for those who read them all."""
        lines = self._data.split(b"\n")
        for number in self.torn:
            text = lines[number - 1]
            yield BadLine(number, _look(text) if _ODD.match(text) else "it cannot be read as one")

    def _story(self, identity: str) -> tuple[Record | None, Record | None]:
        """Return the request of an id, and its last outcome."""
        if identity not in self._stories:
            lines = (record(self._line(at)[0]) for at in self._places(identity, _ID))
            own = [line for line in lines if line is not None and line["id"] == identity]
            latest = {line["event"]: line for line in own}
            self._stories[identity] = (latest.get("request"), latest.get("outcome"))
        return self._stories[identity]

    def _places(self, text: str, pattern: re.Pattern[bytes]) -> list[int]:
        """Return where a digest or an id stands: by search, by an index once many were asked for."""
        wanted = text.encode("utf-8", "backslashreplace")
        if self._searches < _SEARCHES:
            self._searches += 1
            return _found(self._data, b'"' + wanted + b'"')
        if pattern not in self._indexes:
            self._indexes[pattern] = _index(pattern, self._data)
        return self._indexes[pattern].get(wanted, [])

    def _line(self, at: int) -> tuple[bytes, int]:
        start = self._data.rfind(b"\n", 0, at) + 1
        end = self._data.find(b"\n", at)
        end = len(self._data) if end < 0 else end
        return self._data[start:end], end


def _look(text: bytes) -> str:
    return "a merge conflict" if text.startswith(_CONFLICT) else "a line that was cut off"


def _index(pattern: re.Pattern[bytes], data: bytes) -> dict[bytes, list[int]]:
    found: dict[bytes, list[int]] = {}
    for match in pattern.finditer(data):
        found.setdefault(match[1], []).append(match.start())
    return found


def _found(data: bytes, wanted: bytes) -> list[int]:
    places, at = [], data.find(wanted)
    while at >= 0:
        places.append(at)
        at = data.find(wanted, at + 1)
    return places


def record(text: bytes) -> Record | None:
    """Return a line's record; None for what is none."""
    from verify4k.documents.strict_json import NotStrict, parse_json  # not before a ledger is there

    try:
        line: Any = parse_json(text, most_bytes=_LONGEST, most_values=_VALUES)
    except NotStrict:
        return None
    if not isinstance(line, dict) or line.get("event") not in ("request", "outcome"):
        return None
    return line if isinstance(line.get("id"), str) else None
