"""Pages of one site -> one manifest whose places are lines of the pages.

URLs are resolved against the final URL of the page and its ``<base>``, those of a style sheet against the
style sheet. `data:` promises nothing, as in a page on the disk.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from verify4k.documents.building import node_of
from verify4k.documents.nodes import Name, Pairs, Place, Scalar
from verify4k.errors import CannotRead, ManifestError, Missing, NoPage, UsageError
from verify4k.importers import Promise, Source, find_importer, united
from verify4k.manifest.load import manifest_of
from verify4k.named_tuple import NamedTuple
from verify4k.net.addresses import joined, parse_url, query_in, quoted, without_user
from verify4k.pages.css import read_style_sheet
from verify4k.pages.fitting import fitted
from verify4k.pages.html import read_page
from verify4k.pages.promises import merged
from verify4k.pages.refresh import leads_to
from verify4k.report import ManifestRef
from verify4k.sites.crawling import Crawler
from verify4k.sites.fetching import fetch
from verify4k.sites.unread import unread
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.documents.building import Value
    from verify4k.errors import Verify4kError
    from verify4k.model import Manifest
    from verify4k.net.fetcher import Fetcher
    from verify4k.pages.fitting import Fit
    from verify4k.pages.html import Page
    from verify4k.pages.reference import Reference
    from verify4k.report import Undecided
    from verify4k.sites.fetching import Fetched

HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
_MOST_STEPS = 5  # from a page to the one that it leads on to
_MOST_SHEETS = 200  # of one run


class Site(NamedTuple):
    """What pages promise: as a manifest, with all that was read for it.

    ``unread``: parts of the site that did not answer, so that nobody knows what they promise; ``notes``: of
    others, and of what is not there.
    """

    manifest: Manifest
    read: tuple[ManifestRef, ...]
    notes: tuple[str, ...]
    unread: tuple[Undecided, ...] = ()


def read_site(fetcher: Fetcher, url: str, root: str, most: int = 1) -> Site:
    """Read a page, and up to ``most`` pages of its site that it leads to.

    Raises:
        CannotRead: the first page could not be asked for.
        NoPage: it is not there, or is no page.
    """
    reader = _Reader(fetcher)
    crawler = Crawler(fetcher, url, most)
    first = _arrived(reader, _first(fetcher, url), fetcher)
    crawler.starts_at(first.url)
    page: Fetched | None = first
    while page is not None:
        crawler.found(page, reader.page(page))
        page = crawler.next()
    notes = (*reader.notes, *crawler.notes)
    unread = (*reader.unread, *crawler.unread)
    return Site(reader.manifest(first.url, root), tuple(reader.read), notes, unread)


def _arrived(reader: _Reader, page: Fetched, fetcher: Fetcher) -> Fetched:
    """Return the page that this one leads on to by itself, as browsers go; what both say is promised."""
    for _ in range(_MOST_STEPS):
        further = reader.leads_to(page)
        if not further or any(further == read.path for read in reader.read) or further == page.url:
            return page
        try:
            following = fetch(fetcher, further, HTML)
        except Missing as error:
            raise CannotRead(
                f"it leads on to {printable(further)}, and {error.message}", error.hint
            ) from error
        if not following.is_html:
            return page  # a download
        reader.page(page)
        page = following
    raise CannotRead("it leads on from page to page", "give the URL of the page that is meant")


def _first(fetcher: Fetcher, url: str) -> Fetched:
    try:
        first = fetch(fetcher, url, HTML)
    except Missing as error:
        said = f"{printable(url)} cannot be read: {error.message}"
        raise NoPage(said, error.hint, "the page is not there", error.message) from error
    if not first.is_html:
        kind = printable(first.kind) or "no HTML"
        hint = f"promise a picture in a manifest, or here: check --size 3840x2160 {printable(url)}"
        said = f"no manifest promises {printable(url)}, and it is no page but {kind}"
        raise NoPage(said, hint, "no manifest promises it, and it is no page", kind)
    return first


class _Reader:
    """Gathers what pages say of pictures, each with the URL that it means."""

    def __init__(self, fetcher: Fetcher) -> None:
        self.read: list[ManifestRef] = []
        self.notes: list[str] = []
        self.unread: list[Undecided] = []
        self._fetcher = fetcher
        self._found: list[tuple[str, Reference]] = []
        self._listed: list[tuple[str, Place, Mapping[str, Value]]] = []
        self._fits: list[Fit] = []
        self._known: set[str] = set()
        self._full = False
        self._last: tuple[Fetched, Page] | None = None

    def _parsed(self, fetched: Fetched) -> Page:
        """Return what a page says; the last one is parsed once, though it is asked where it leads first."""
        if self._last is None or self._last[0] is not fetched:
            self._last = fetched, read_page(fetched.text, fetched.url)
        return self._last[1]

    def page(self, fetched: Fetched) -> list[str]:
        """Take a page in; return the pages that it links to."""
        self._note(fetched)
        page = self._parsed(fetched)
        base = _base(fetched, page)
        self._add(base, page.references, fetched.encoding)
        self._fits += page.fits
        if page.left_out:
            self.notes.append(f"{fetched.url}: {page.left_out}")
        for href, place in page.style_sheets:
            self._style_sheet(_joined(base, href), place)
        for href, place in page.manifests:
            self._web_app_manifest(_joined(base, href), place)
        return [found for link in page.links if (found := _joined(base, link))]

    def leads_to(self, fetched: Fetched) -> str:
        """Return the URL that a page leads on to by itself; empty where it stays."""
        page = self._parsed(fetched)
        said = leads_to(fetched.refresh) or page.refresh
        return _joined(_base(fetched, page), said) if said else ""

    def manifest(self, url: str, root: str) -> Manifest:
        """Return all of it as one manifest. Raises `ManifestError`."""
        start = Place(url, 1, 1)
        found = ((target, fitted(each, self._fits)) for target, each in self._found)
        entries = united(Promise(*each) for each in [*merged(found), *self._listed])
        files = tuple((Name(place, target, plain=False), node_of(o, place)) for target, place, o in entries)
        version = (Scalar(start, "version"), Scalar(start, "1"))
        document = Pairs(start, (version, (Scalar(start, "files"), Pairs(start, files))))
        return manifest_of(document, self.read[0].sha256, url, root)

    def _note(self, fetched: Fetched) -> None:
        self.read.append(ManifestRef(fetched.url, hashlib.sha256(fetched.data).hexdigest()))

    def _add(self, base: str, references: tuple[Reference, ...], encoding: str = "utf-8") -> None:
        for each in references:
            target = self._picture(base, query_in(each.url, encoding), each.place)
            if target:
                self._found.append((target, each))

    def _picture(self, base: str, url: str, place: Place) -> str:
        """Return the URL of a picture; an empty one for what promises nothing, or cannot be asked for.

        Nothing, and a fragment alone (``#`` in a tag that a script fills in, ``url(#clip)`` in a style
        sheet), mean no other file.
        """
        if not url.strip() or url.strip().startswith("#"):
            return ""
        target = _joined(base, url)
        try:
            parse_url(quoted(target))
        except UsageError as error:
            shown = without_user(target)
            if _has_host(target) and shown not in self._known:
                self._known.add(shown)
                self.unread.append(unread(shown, f"it was not asked for: {error.message}", error.hint, place))
            return ""
        return target

    def _style_sheet(self, url: str, place: Place) -> None:
        found = self._linked(url, place, "text/css,*/*;q=0.1")
        if found is not None:
            sheet = read_style_sheet(found.text, Place(found.url, 1, 1))
            self._add(found.url, sheet.references)
            self._fits += sheet.fits
            for href in sheet.imports:
                self._style_sheet(_joined(found.url, href), Place(found.url, 1, 1))

    def _web_app_manifest(self, url: str, place: Place) -> None:
        found = self._linked(url, place, "application/manifest+json,*/*;q=0.1")
        if found is None:
            return
        listed = find_importer("web-app-manifest").module.listed
        try:
            promises = list(listed(Source(found.url, found.url, found.data)))
        except ManifestError as error:
            self._not_read(
                url, place, CannotRead(error.message.splitlines()[0], "correct the Web App Manifest")
            )
            return
        for each in promises:
            target = self._picture(found.url, each.target, each.place)
            if target:
                self._listed.append((target, each.place, each.options))

    def _linked(self, url: str, place: Place, accept: str) -> Fetched | None:
        """Ask for what a page links to, once; what cannot be had is undecided, or noted."""
        if url in self._known or urlsplit(url).scheme not in ("http", "https"):
            return None
        if len(self._known) >= _MOST_SHEETS:
            if not self._full:
                said = f"more than {_MOST_SHEETS} style sheets are linked, and the others were not read"
                hint = "check the pictures by a manifest"
                self.unread.append(unread(url, f"{said}: this is the first", hint, place))
            self._full = True
            return None
        self._known.add(url)
        try:
            found = fetch(self._fetcher, url, accept)
        except (CannotRead, Missing, UsageError) as error:
            self._not_read(url, place, error)
            return None
        self._note(found)
        return found

    def _not_read(self, url: str, place: Place, error: Verify4kError) -> None:
        """Undecided is what is there and cannot be read; what is not promises nothing, others' is theirs."""
        said = "was not read, so what it says of pictures was not checked"
        ours = urlsplit(url).hostname == urlsplit(self.read[0].path).hostname
        if isinstance(error, CannotRead) and ours:
            self.unread.append(unread(url, f"it {said}: {error.message}", error.hint, place))
        else:
            self.notes.append(f"{url} {said}: {error.message}")


def _base(fetched: Fetched, page: Page) -> str:
    """Return what relative URLs of a page start from; browsers take no `data:` for a base."""
    base = _joined(fetched.url, page.base)
    return base if _has_host(base) else fetched.url


def _joined(base: str, url: str) -> str:
    """Return the absolute URL without its fragment; an empty text where there is none."""
    try:
        return urldefrag(joined(base, url))[0]
    except ValueError:
        return ""


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
