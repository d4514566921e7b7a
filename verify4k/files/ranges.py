"""Random access to a body that lies elsewhere: what was fetched is kept, what is missing is asked for.

A server that honours ranges sends the beginning, then the pieces that a parser looks at. From one
that does not, the body is read on as far as someone looks.
"""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.files.url_requests import judge_status
from verify4k.formats.facts import UNKNOWN_SIZE
from verify4k.formats.registry import HEAD
from verify4k.net.exchange import TransportError

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.files.url_requests import UrlRequests
    from verify4k.net.responses import IncomingBody, ResponseInfo

FIRST = 128 * 1024  # enough for the headers of nearly all pictures
_JUMP = 16 * 1024  # after a jump: a directory at the end, the next box
_MOST = 4 << 20
# an empty body, or a server or what stands before it that stumbles over a range or a condition: ask without
OF_THE_QUESTION = (400, 403, 405, 406, 412, 416, 417, 500, 501)
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")


class Pieces:
    """Byte ranges by where they begin; one that begins where another ends makes it longer."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._held: dict[int, bytearray] = {}

    def add(self, start: int, data: bytes) -> None:
        """Keep a range."""
        at = self._before(start)
        if at is not None and start <= at + len(self._held[at]):
            held = self._held[at]
            held[start - at :] = data
        elif data:
            bisect.insort(self._starts, start)
            self._held[start] = bytearray(data)

    def get(self, start: int, end: int) -> bytes:
        """Return the bytes from ``start`` to ``end``, as far as they are here without a gap."""
        at = self._before(start)
        return b"" if at is None else bytes(self._held[at][start - at : end - at])

    def end(self, start: int) -> int:
        """Return where the last range ends that begins at ``start`` or before it; 0: none does."""
        at = self._before(start)
        return 0 if at is None else at + len(self._held[at])

    def _before(self, start: int) -> int | None:
        index = bisect.bisect_right(self._starts, start)
        return self._starts[index - 1] if index else None


class Ranged:
    """Reads through ``fetch(first, last)``, which returns these bytes, fewer only at the end.

    Each request asks for more than is wanted: a little after a jump, twice as much as the last one
    where reads run on.
    """

    def __init__(self, fetch: Callable[[int, int], bytes], size: int | None, beginning: bytes = b"") -> None:
        self._fetch = fetch
        self._size = size
        self._step = FIRST
        self._pieces = Pieces()
        self._pieces.add(0, beginning)

    @property
    def size(self) -> int:
        """Number of bytes, or `UNKNOWN_SIZE`."""
        return UNKNOWN_SIZE if self._size is None else self._size

    def read(self, offset: int, length: int) -> bytes:
        """Return a slice; short only at the end."""
        end = min(offset + length, self.size)
        while len(found := self._pieces.get(offset, end)) < end - offset:
            known = self._pieces.end(offset)
            runs_on = offset <= known + 2 * self._step
            self._step = min(self._step * 2, _MOST) if runs_on else _JUMP
            first = known if runs_on else offset
            last = min(max(end, first + self._step), self.size) - 1
            data = self._fetch(first, last)
            self._pieces.add(first, data)
            if self._size is None and len(data) <= last - first:  # the end that nobody had told
                self._size = first + len(data)
                end = min(end, self._size)
            elif not data:
                raise CannotRead("the server sends fewer bytes than it tells", "--depth full asks once")
        return found


class _Stream:
    """Reads on in a body that comes as a whole; from its beginning once more where it breaks off."""

    def __init__(self, requests: UrlRequests, answer: IncomingBody) -> None:
        self._requests = requests
        self._answer = answer
        self._broken = False

    @property
    def size(self) -> int:
        """Number of bytes, or `UNKNOWN_SIZE` until the end was seen."""
        if self._answer.ended:
            return len(self._answer.plain)
        declared = self._answer.about.header("content-length")
        known = declared.isascii() and declared.isdigit() and not self._answer.packed
        return int(declared[:18]) if known else UNKNOWN_SIZE

    def read(self, offset: int, length: int) -> bytes:
        """Return a slice; short only at the end."""
        while True:
            try:
                self._answer.read_to(offset + length)
                return bytes(self._answer.plain[offset : offset + length])
            except TransportError as error:
                if self._broken or error.kind not in ("cut", "dropped"):
                    raise self._requests.failed(error) from error
                self._broken = True
                self.close()
                self._answer = self._requests.ask()

    def close(self) -> None:
        """Let the rest of the body go."""
        self._requests.done(self._answer)


class _Further:
    """Asks for further ranges of the body that ``about`` began. It knows no reader: a circle keeps bodies."""

    def __init__(self, requests: UrlRequests, about: ResponseInfo) -> None:
        self._requests = requests
        self._about = about

    def __call__(self, first: int, last: int) -> bytes:
        wanted = [("Range", f"bytes={first}-{last}")]
        mark = validator(self._about)
        if mark:
            wanted.append(("If-Range", mark))
        return self._requests.twice(lambda answer: self._piece(answer, first), *wanted)

    def _piece(self, answer: IncomingBody, first: int) -> bytes:
        found = content_range(answer.about)
        if answer.about.status == 416:
            return b""
        if answer.about.status != 206 or found is None or found[0] != first:
            raise CannotRead(
                "the picture changed between two requests, or the server stopped answering ranges",
                "ask again; --depth full asks once",
            )
        return answer.read_all()


class UrlReader:
    """The body of one URL, asked for piece by piece. Raises as `UrlRequests` does, when it is made too."""

    def __init__(self, requests: UrlRequests) -> None:
        self._requests = requests
        self._stream: _Stream | None = None
        self._access: _Stream | Ranged
        answer = requests.ask(("Range", f"bytes=0-{FIRST - 1}"))
        found = content_range(answer.about)
        if found is not None and not stumbled(answer):
            further = _Further(requests, answer.about)
            self._access = Ranged(further, found[2], self._beginning(answer))
            return
        if stumbled(answer):
            answer.discard()
            requests.done(answer)
            requests.first = None  # it speaks of the range, and nobody but us asks with one
            answer = requests.ask()
        self._access = self._stream = _Stream(requests, answer)
        try:
            judge_status(answer.about, self._stream.read(0, HEAD))
        except BaseException:
            self.close()
            raise

    def _beginning(self, answer: IncomingBody) -> bytes:
        try:
            return answer.read_all()
        except TransportError:  # it is asked for again when it is looked at
            return b""
        finally:
            self._requests.done(answer)

    @property
    def size(self) -> int:
        """Number of bytes, or `UNKNOWN_SIZE`."""
        return self._access.size

    def read(self, offset: int, length: int) -> bytes:
        """Return a slice; short only at the end."""
        return self._access.read(offset, length)

    def close(self) -> None:
        """Let the rest of the body go."""
        if self._stream is not None:
            self._stream.close()


def stumbled(answer: IncomingBody) -> bool:
    """Whether the answer to a Range from 0 tells of the range more than of the picture: ask without."""
    if answer.about.status != 206:
        return answer.about.status in OF_THE_QUESTION
    found = content_range(answer.about)
    return found is None or found[0] != 0 or answer.packed


def content_range(about: ResponseInfo) -> tuple[int, int, int | None] | None:
    """Return first byte, last byte and size of a partial body; the size is None where nobody knows it."""
    found = _CONTENT_RANGE.fullmatch(about.header("content-range").lower())
    if found is None:
        return None
    first, last, size = int(found[1]), int(found[2]), None if found[3] == "*" else int(found[3])
    return None if size is not None and last >= size else (first, last, size)  # RFC 9110, 14.4: invalid


def validator(about: ResponseInfo) -> str:
    """Return what says that a body is still the same, for If-Range (RFC 9110, 13.1.5): no weak mark."""
    mark = about.header("etag")
    return mark if mark and not mark.startswith("W/") else about.header("last-modified")
