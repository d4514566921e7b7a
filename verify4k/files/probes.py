"""A second question to a server, for comparison: another Accept, a URL that cannot exist.

It is asked politely and once: what several artifacts want to know is remembered for the run.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from verify4k.files.ranges import stumbled
from verify4k.formats.registry import HEAD, sniff
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.net.fetcher import Fetcher
    from verify4k.net.responses import IncomingBody, ResponseInfo


class Probe(NamedTuple):
    """What came: the answer, the format of its first bytes, and the digest of a body of the wanted length."""

    about: ResponseInfo
    format: str | None
    sha256: str | None


class Probes:
    """Asks and remembers. Threads may ask the same at the same time; the answers are equal."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._known: dict[tuple[str, tuple[tuple[str, str], ...], int | None], Probe] = {}

    def probe(self, url: str, headers: tuple[tuple[str, str], ...], length: int | None = None) -> Probe:
        """Ask for a URL. Raises `TransportError`.

        Args:
            url: what to ask for.
            headers: to send.
            length: read a body of exactly this many bytes and give its digest; None: a few KB will do.
        """
        key = (url, headers, length)
        if key not in self._known:
            answer = self._opened(url, headers)
            try:
                self._known[key] = _seen(answer, length)
            finally:
                answer.close()
        return self._known[key]

    def _opened(self, url: str, headers: tuple[tuple[str, str], ...]) -> IncomingBody:
        answer = self._fetcher.open(url, headers)
        plain = tuple(each for each in headers if each[0] != "Range")
        if plain == headers or answer.about.status == 200 or not stumbled(answer):
            return answer
        answer.discard()
        return self._fetcher.open(url, plain)


def _seen(answer: IncomingBody, length: int | None) -> Probe:
    answer.read_to(HEAD)
    form = sniff(bytes(answer.plain[:HEAD]))
    declared = answer.about.header("content-length")
    digest = None
    if length is not None and form is not None and (answer.packed or declared in ("", str(length))):
        answer.read_to(length + 1)
        if len(answer.plain) == length:
            digest = hashlib.sha256(answer.plain).hexdigest()
    return Probe(answer.about, form, digest)
