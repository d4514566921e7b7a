"""A web page: what its HTML says of its pictures.

`srcset` (`hero-3840.jpg 3840w` is 3840 pixels wide), `width` and `height` of `img` (that shape, and
wide enough to fill the place), `type` of `picture` sources and preload links, `sizes` of icons,
Open Graph and Twitter cards, JSON-LD, `poster`, `background`, pictures in `object`, `embed` and
`iframe`, CSS `url()` and `image-set()` in style attributes, style elements, linked style sheets and
those that they import, and the linked Web App Manifest. Where
a script fills in the picture (`data-src`, `data-srcset`; a class with `lazy`, or no `src` but `data:`),
what the tag says is said of that one. With `object-fit`, in an attribute or a style sheet, the shape is
the page's own affair. A picture whose name does not tell a still (`.gif`, `.webp`, none) may move.

Paths that begin with `/` are looked for in the page's folder and above it, as far as the git
checkout or the working directory reaches. URLs of the page's own site (`canonical`, `og:url`) mean
the files beside it; others are checked where they are. An `.svg` promises to be one; an ICO has to
hold each size that a link states. A page before it is built may begin a path with `%PUBLIC_URL%` or
`%BASE_URL%` and mean a folder `public` or `static`. What `/_next/image` serves, and `data:`, promise
nothing on the disk: check the page by its URL. What a template engine fills in (`{{ url }}`) neither.

    verify4k check dist/index.html
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from verify4k.documents.nodes import Place
from verify4k.documents.text import decode
from verify4k.errors import CannotRead, Missing
from verify4k.files.paths import checkout_around
from verify4k.files.source import FileSource
from verify4k.formats.registry import suffixes
from verify4k.importers import AlsoRead, LeftOut, Promise, find_importer, open_source
from verify4k.pages.charset import declared
from verify4k.pages.css import read_style_sheet
from verify4k.pages.fitting import fitted
from verify4k.pages.html import read_page
from verify4k.pages.promises import merged
from verify4k.text import listed, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.importers import Source
    from verify4k.pages.fitting import Fit
    from verify4k.pages.html import Page
    from verify4k.pages.reference import Reference

_MOST_SHEETS = 200
_SERVED = ("public", "static")  # what bundlers copy to the root of the site
_BASE_URL = re.compile(r"^%(?:PUBLIC_URL|BASE_URL)%/?")  # Create React App, Vite
_OPTIMIZER = "/_next/image"


def recognizes(name: str, head: bytes) -> bool:
    """By the suffix, or by what every page begins with; `hero.png` and `hero` are pictures gone wrong."""
    suffix = os.path.splitext(name)[1].lower()
    if suffix in (".html", ".htm", ".xhtml"):
        return True
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return suffix not in ("", *suffixes()) and start.startswith((b"<!doctype html", b"<html"))


def root(source: Source) -> str:
    """Return the folder that pictures may lie in: the checkout, the working directory, or the page's own."""
    folder, here = source.folder, os.path.realpath(os.getcwd())
    checkout = checkout_around(folder)
    if checkout:
        return checkout
    return here if (folder + os.sep).startswith(here + os.sep) else folder


def promises(source: Source) -> Iterator[Promise | LeftOut | AlsoRead]:
    """Yield what the page says, one promise a picture; where it contradicts itself, both."""
    encoding = declared(source.data)
    text = decode(source.data, source.name) if "utf" in encoding else source.data.decode(encoding, "replace")
    page = read_page(text, source.name)
    site = _Site(source, page)
    found = [(target, each) for each in page.references if (target := site.target(each.url, source.folder))]
    for href, _ in page.style_sheets:
        found += site.style_sheet(href, source.folder)
    fits = (*page.fits, *site.fits)
    for target, place, options in merged((target, fitted(each, fits)) for target, each in found):
        yield Promise(target, place, options)
    for href, _ in page.manifests:
        yield from site.web_app_manifest(href)
    if page.left_out:
        yield LeftOut(f"{source.name}: {page.left_out}")
    if page.refresh:
        yield LeftOut(f"{source.name}: it leads on to {printable(page.refresh)}, which was not checked")
    yield from site.left_out(source.name)
    yield from site.also_read


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # http://[x
        return None


class _Site:
    """Turns what a page writes into targets: files below the root, or URLs of other hosts."""

    def __init__(self, source: Source, page: Page) -> None:
        self._root = root(source)
        self._folder = source.folder
        self._base = page.base
        self.fits: list[Fit] = []  # of the style sheets that were read
        self.also_read: list[AlsoRead] = []
        self._read: set[str] = set()  # style sheets
        self._unread: list[str] = []  # and those that were not, as they are linked
        self._made: list[str] = []  # pictures that are made when they are asked for
        self._broken: list[str] = []  # what stands for a URL and is none
        own = _split(page.canonical) if "://" in page.canonical else None
        self._own = own.netloc if own else ""

    def target(self, url: str, folder: str) -> str:
        """Return a URL's target; an empty one for what promises nothing."""
        parts = _split(_BASE_URL.sub("/", url.strip()))
        if parts is None:
            self._broken.append(url)
            return ""
        if parts.scheme in ("http", "https") or parts.netloc:
            if not self._own or parts.netloc != self._own:
                return _absolute(url.strip())
        elif parts.scheme or not parts.path:
            return ""
        if parts.path.endswith(_OPTIMIZER):
            self._made.append(url)
            return ""
        return os.path.relpath(self._file(parts.path, folder), self._root).replace(os.sep, "/")

    def left_out(self, name: str) -> Iterator[LeftOut]:
        """Yield what the page calls ``name`` leads to and nobody checks."""
        for said, what in (
            ("what is made when it is asked for is checked by the page's URL only", self._made),
            ("what is no URL was not checked", self._broken),
            ("what style sheets say of pictures was not checked where they were not read", self._unread),
        ):
            if what:
                yield LeftOut(f"{name}: {said}: {listed(list(dict.fromkeys(what)), 1)}")

    def _file(self, path: str, folder: str) -> str:
        """Return where a path of the page lies on the disk, there or not."""
        name = unquote(path)
        based = self._base if self._base and "://" not in self._base else ""
        if not name.startswith("/"):
            name = f"{based.rpartition('/')[0]}/{name}" if based.startswith("/") else f"{based}{name}"
        if not name.startswith("/"):
            return os.path.normpath(os.path.join(folder, name))
        above = self._folder
        while True:
            for served in ("", *_SERVED):
                candidate = os.path.normpath(os.path.join(above, served, name.lstrip("/")))
                if os.path.lexists(candidate):
                    return candidate
            if above in (self._root, os.path.dirname(above)):
                return os.path.normpath(os.path.join(self._folder, name.lstrip("/")))
            above = os.path.dirname(above)

    def style_sheet(self, href: str, folder: str) -> list[tuple[str, Reference]]:
        """Return the pictures of a style sheet and of those it imports; what is not there has none.

        Raises `CannotRead` for what is there and cannot be read: nobody knows what it promises.
        """
        path = self._local(href, folder)
        if path in self._read:
            return []
        if path is None:
            self._unread.append(href)
            return []
        if len(self._read) >= _MOST_SHEETS:
            said = f"more than {_MOST_SHEETS} style sheets are linked, of which {printable(href)}"
            raise CannotRead(f"{said} is the first that was not read", "check the pictures by a manifest")
        self._read.add(path)
        try:
            data = FileSource(path).read_all()
        except Missing:
            self._unread.append(href)
            return []
        except CannotRead as error:
            said = f"the style sheet {printable(href)} cannot be read: {error.message}"
            raise CannotRead(said, error.hint) from error
        shown = Place(os.path.relpath(path, os.getcwd()).replace(os.sep, "/"), 1, 1)
        folder = os.path.dirname(path)
        sheet = read_style_sheet(data.decode("utf-8-sig", "replace"), shown)
        self.also_read.append(AlsoRead(path, data))
        self.fits += sheet.fits
        found = [(target, each) for each in sheet.references if (target := self.target(each.url, folder))]
        for imported in sheet.imports:
            found += self.style_sheet(imported, folder)
        return found

    def web_app_manifest(self, href: str) -> Iterator[Promise]:
        """Yield what the linked manifest promises."""
        path = self._local(href, self._folder)
        if path is None or not os.path.isfile(path):
            return
        source = open_source(path, os.path.relpath(path, os.getcwd()).replace(os.sep, "/"))
        self.also_read.append(AlsoRead(path, source.data))
        for each in find_importer("web-app-manifest").read(source).promises:
            if "://" in each.target:
                yield each
            else:
                inside = os.path.relpath(os.path.join(source.folder, each.target), self._root)
                yield each._replace(target=inside.replace(os.sep, "/"))

    def _local(self, href: str, folder: str) -> str | None:
        target = self.target(href, folder)
        if not target or "://" in target or target.split("/")[0] == "..":
            return None
        return os.path.join(self._root, target)


def _absolute(url: str) -> str:
    return f"https:{url}" if url.startswith("//") else url
