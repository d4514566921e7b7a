"""An artifact behind a URL: pieces of it for its header, or one download for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Verify4kError
from verify4k.files.probes import Probes
from verify4k.files.ranges import OF_THE_QUESTION, UrlReader
from verify4k.files.url_requests import UrlRequests, judge_status
from verify4k.formats.registry import HEAD

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from verify4k.files.http_cache import CachedBody, HttpCache
    from verify4k.files.probes import Probe
    from verify4k.files.source import OpenReader
    from verify4k.files.url_requests import Headers
    from verify4k.net.fetcher import Fetcher
    from verify4k.net.responses import IncomingBody, ResponseInfo

    T = TypeVar("T")


class UrlSource:
    """One URL with given headers, asked when its bytes are first wanted."""

    def __init__(
        self,
        fetcher: Fetcher,
        url: str,
        headers: Headers = (),
        probes: Probes | None = None,
        bodies: HttpCache | None = None,
    ) -> None:
        self.kept_since: float | None = None  # when an earlier run downloaded the body that was used
        self._requests = UrlRequests(fetcher, url, headers)
        self._key = (url, headers)
        self._probes = probes or Probes(fetcher)
        self._bodies = bodies
        self._failure: Verify4kError | None = None

    def open(self) -> OpenReader:
        """Return random access over what is fetched when it is looked at."""
        return self._kept(lambda: UrlReader(self._requests))

    def read_all(self) -> bytes:
        """Return the body of one download."""
        return self._kept(self._whole)

    def beside(self, name: str) -> None:
        """Return None: nobody promised what may lie beside a URL."""

    def _whole(self) -> bytes:
        kept = self._bodies.find(*self._key) if self._bodies else None
        if kept is not None:
            body = self._requests.twice(lambda answer: self._unchanged(answer, kept), *kept.conditions)
            if body is not None:
                return body
            self._requests.first = None  # it leads elsewhere by now, or is refused
        return self._requests.twice(self._read)

    def _read(self, answer: IncomingBody) -> bytes:
        body = answer.read_all()
        judge_status(answer.about, body[:HEAD])
        if self._bodies is not None:
            self._bodies.keep(*self._key, answer.about, body)
        return body

    def _unchanged(self, answer: IncomingBody, kept: CachedBody) -> bytes | None:
        if answer.about.status != 304:
            return None if answer.about.status in OF_THE_QUESTION else self._read(answer)
        if answer.about.final_url != kept.about.final_url or not kept.is_meant_by(answer.about):
            return None
        self._requests.first = kept.confirmed(answer.about)
        self.kept_since = kept.stored
        return kept.body

    def _kept(self, read: Callable[[], T]) -> T:
        """Remember why nothing could be read: `delivery` then gives the very same reason."""
        try:
            return read()
        except Verify4kError as error:
            self._failure = error
            raise

    @property
    def fetched(self) -> int:
        """Bytes of bodies so far, as sent."""
        return self._requests.fetched

    @property
    def cut(self) -> str:
        """A sentence, where the body ended too soon and did so again."""
        return self._requests.cut

    def delivery(self) -> ResponseInfo:
        """Return what the answer told beside its body."""
        if self._requests.first is None:
            raise self._failure or CannotRead("it was not asked")
        return self._requests.first

    def probe(self, url: str, headers: Headers, length: int | None = None) -> Probe:
        """Ask something else, for comparison."""
        return self._probes.probe(url, headers, length)


class UnaskedUrl:
    """A URL that this run does not ask: its promises stay undecided."""

    fetched = 0
    cut = ""
    kept_since = None

    def __init__(self, why: str, hint: str = "") -> None:
        self._error = CannotRead(why, hint)

    def open(self) -> OpenReader:
        """Raise: nothing is asked."""
        raise self._error

    def read_all(self) -> bytes:
        """Raise: nothing is asked."""
        raise self._error

    def beside(self, name: str) -> None:
        """Return None."""

    def delivery(self) -> ResponseInfo:
        """Raise: nothing is asked."""
        raise self._error

    def probe(self, url: str, headers: Headers, length: int | None = None) -> Probe:  # noqa: ARG002
        """Raise: nothing is asked."""
        raise self._error
