"""The pages of one site, in the order of their links: bounded, polite, and the same each time.

Only pages of the first one's origin that its robots.txt leaves open to us (RFC 9309), one after the other.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from verify4k.documents.nodes import Place
from verify4k.errors import CannotRead, Missing, UsageError
from verify4k.net.addresses import parse_url, quoted
from verify4k.sites.fetching import Withheld, fetch
from verify4k.sites.unread import unread
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verify4k.errors import Verify4kError
    from verify4k.net.fetcher import Fetcher
    from verify4k.report import Undecided
    from verify4k.sites.fetching import Fetched

AGENT = "verify4k"
_HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
_NO_PAGES = (
    ".avif", ".bmp", ".css", ".csv", ".doc", ".docx", ".gif", ".gz", ".ico", ".jpeg", ".jpg", ".js", ".json",
    ".mp3", ".mp4", ".pdf", ".png", ".rss", ".svg", ".tar", ".txt", ".webm", ".webp", ".xml", ".zip",
)  # fmt: skip
_MOST_WAITING = 100_000


class Crawler:
    """Gives the next page until there are ``most``, or no more."""

    def __init__(self, fetcher: Fetcher, url: str, most: int) -> None:
        self.notes: list[str] = []
        self.unread: list[Undecided] = []
        self._fetcher = fetcher
        self._left = most
        self._seen = {url}
        self._waiting: deque[str] = deque()
        self._origin = ""
        self._robots: RobotFileParser | None = None

    def starts_at(self, url: str) -> None:
        """Stay on the site of this page, which redirects led to."""
        self._origin = parse_url(quoted(url)).origin
        self._left -= 1
        if self._left > 0:
            self._robots = self._read_robots()

    def found(self, page: Fetched, links: Iterable[str]) -> None:
        """Take in what a page links to."""
        self._seen.add(page.url)
        if self._robots is None:
            return
        for link in links:
            if link in self._seen or len(self._waiting) >= _MOST_WAITING or not self._ours(link):
                continue
            self._seen.add(link)
            if self._robots.can_fetch(AGENT, link):
                self._waiting.append(link)

    def next(self) -> Fetched | None:
        """Return the next page; None after the last."""
        while self._waiting and self._left > 0:
            url = self._waiting.popleft()
            self._left -= 1
            try:
                page = fetch(self._fetcher, url, _HTML)
            except (CannotRead, Missing, UsageError) as error:
                self._unread(url, "was not read", error)
                continue
            if page.is_html and self._ours(page.url) and (page.url == url or page.url not in self._seen):
                return page
        if self._waiting:
            more = len(self._waiting)
            linked = "1 more page is" if more == 1 else f"{more:,} more pages are"
            self.notes.append(f"{linked} linked; --crawl N reads more")
        return None

    def _ours(self, url: str) -> bool:
        try:
            if urlsplit(url).path.lower().endswith(_NO_PAGES):
                return False
            return parse_url(quoted(url)).origin == self._origin
        except (ValueError, UsageError):
            return False

    def _read_robots(self) -> RobotFileParser:
        """Return what robots.txt allows: everything where there is none, nothing where it cannot be read."""
        robots, url = RobotFileParser(), f"{self._origin}/robots.txt"
        try:
            robots.parse(fetch(self._fetcher, url, "text/plain,*/*;q=0.1").text.splitlines())
        except Missing:
            robots.parse([])
        except CannotRead as error:
            robots.parse(["User-agent: *", "Disallow: /"])
            self._unread(url, "could not be read, so no page is followed", error)
        return robots

    def _unread(self, url: str, what: str, error: Verify4kError) -> None:
        """Undecided is what has not answered; what is not there or for others only is noted."""
        if isinstance(error, CannotRead) and not isinstance(error, Withheld):
            said = f"it {what}: {error.message}"
            self.unread.append(unread(url, said, error.hint, Place(url, 1, 1)))
        else:
            self.notes.append(f"{printable(url)} {what}: {error.message}")
