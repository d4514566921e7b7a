"""HTML -> every mention of a picture, with line and column; tolerant as browsers are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.named_tuple import NamedTuple
from verify4k.pages.bounded import Bounded
from verify4k.pages.css import in_style_attribute, is_picture, read_style_sheet
from verify4k.pages.fitting import Around
from verify4k.pages.image_tags import LAZY_SETS, announced, of_image, pixels
from verify4k.pages.json_ld import in_json_ld
from verify4k.pages.reference import Reference
from verify4k.pages.refresh import leads_to
from verify4k.text import listed

if TYPE_CHECKING:
    from verify4k.documents.nodes import Place
    from verify4k.pages.fitting import Fit

_ICONS = (
    *("icon", "apple-touch-icon", "apple-touch-icon-precomposed", "apple-touch-startup-image"),
    *("mask-icon", "fluid-icon"),
)
_SOCIAL = {
    "og:image": "og",
    "og:image:url": "og",
    "og:image:secure_url": "og",
    "twitter:image": "twitter",
    "twitter:image:src": "twitter",
}

_SMALL = re.compile(r"msapplication-(tileimage|(square|wide)\d+x\d+logo)|image")  # with nothing said of it
_TEMPLATES = ("{{", "{%", "${", "<%", "<?")  # Jinja, Liquid, Vue; JSP; ERB; PHP: nobody has filled it in yet
_GROUNDS = ("body", "table", "thead", "tbody", "tfoot", "tr", "td", "th")  # whose `background` is shown
_TEXTS = ("title", "textarea", "xmp", "iframe", "noembed", "noframes")  # tags in them are text to browsers


class Page(NamedTuple):
    """What a page says.

    Args:
        references: pictures, in the order of the page.
        style_sheets: linked style sheets, each with its place.
        manifests: linked Web App Manifests.
        base: the URL that relative ones start from; empty: the page's own.
        canonical: the page's own public URL, where it says so.
        links: other pages (``a`` and ``area``), as written.
        fits: what its style elements fit into its place.
        unfilled: names of pictures that a template engine has not filled in yet.
        refresh: what it leads on to by itself (`meta http-equiv=refresh`), as written; empty: to nothing.
    """

    references: tuple[Reference, ...]
    style_sheets: tuple[tuple[str, Place], ...]
    manifests: tuple[tuple[str, Place], ...]
    base: str
    canonical: str
    links: tuple[str, ...]
    fits: tuple[Fit, ...]
    unfilled: tuple[str, ...]
    refresh: str

    @property
    def left_out(self) -> str:
        """A sentence about pictures of which nothing was promised; empty where there are none."""
        if not self.unfilled:
            return ""
        return f"pictures that a template has yet to name were not checked: {listed(self.unfilled, 1)}"


def read_page(text: str, name: str) -> Page:
    """Return what the HTML in ``text`` says; ``name`` is what places call it."""
    reader = _Reader(name)
    reader.feed(text.replace("\0", "\ufffd"))
    reader.close()
    reader.finish()
    return Page(
        tuple(each for each in reader.references if not _unfilled(each.url)),
        tuple(reader.style_sheets),
        tuple(reader.manifests),
        reader.base,
        reader.canonical,
        tuple(reader.links),
        tuple(reader.fits),
        tuple(dict.fromkeys(each.url for each in reader.references if _unfilled(each.url))),
        reader.refresh,
    )


def _unfilled(url: str) -> bool:
    return any(mark in url for mark in _TEMPLATES)


class _Card:
    """One picture of a link preview: its URL, and the properties that follow it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.said: dict[str, str] = {}


class _Reader(Bounded):
    """One pass over the tags."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.references: list[Reference] = []
        self.style_sheets: list[tuple[str, Place]] = []
        self.manifests: list[tuple[str, Place]] = []
        self.links: list[str] = []
        self.fits: list[Fit] = []
        self._around = Around()
        self.base = self.canonical = self.refresh = ""
        self._inside = ""  # "style" or "ld+json": what the text that follows is
        self._social: dict[str, list[_Card]] = {"og": [], "twitter": []}
        self._templates = 0  # inside <template> nothing is shown by itself
        self._noscripts = 0  # what stands in them leads nobody on

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = self.attributes(attrs)
        if tag in _TEXTS:
            self.set_cdata_mode(tag)
        if tag == "template":
            self._templates += 1
        self._noscripts += tag == "noscript"
        if self._templates:
            return
        place = self.place()
        self._around.enter(tag, given)
        if tag in _GROUNDS and given.get("background"):
            self.references.append(Reference(given["background"], place))
        if "style" in given:
            self.references += in_style_attribute(given["style"], place)
        handler = getattr(self, f"_tag_{tag}", None)
        if handler is not None:
            handler(given, place)

    def handle_endtag(self, tag: str) -> None:
        self._around.leave(tag)
        if tag in _TEXTS:
            self.clear_cdata_mode()  # of <title/>, which a drawing may have
        if tag == "template" and self._templates:
            self._templates -= 1
        if tag == "noscript" and self._noscripts:
            self._noscripts -= 1
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            sheet = read_style_sheet(data, self.place())
            self.references += sheet.references
            self.fits += sheet.fits
            self.style_sheets += [(href, self.place()) for href in sheet.imports]
        elif self._inside == "ld+json":
            self.references += in_json_ld(data, self.place())

    def _tag_base(self, given: dict[str, str], _place: Place) -> None:
        self.base = self.base or given.get("href", "")

    def _tag_a(self, given: dict[str, str], _place: Place) -> None:
        if given.get("href"):
            self.links.append(given["href"])

    _tag_area = _tag_a

    def _tag_style(self, _given: dict[str, str], _place: Place) -> None:
        self._inside = "style"

    def _tag_script(self, given: dict[str, str], _place: Place) -> None:
        kind = given.get("type", "").partition(";")[0].strip().lower()
        self._inside = "ld+json" if kind == "application/ld+json" else ""

    def _tag_img(self, given: dict[str, str], place: Place) -> None:
        marks = self._around.marks("img", given)
        self.references += (each._replace(marks=marks) for each in of_image(given, place))

    def _tag_source(self, given: dict[str, str], place: Place) -> None:
        if "srcset" in given or not given.keys().isdisjoint(LAZY_SETS):
            self.references += of_image({key: value for key, value in given.items() if key != "src"}, place)

    def _tag_input(self, given: dict[str, str], place: Place) -> None:
        if given.get("type", "").lower() == "image":
            self.references += of_image(given, place)

    def _tag_image(self, given: dict[str, str], place: Place) -> None:
        """SVG's picture within a drawing; elsewhere browsers take it for `img`."""
        href = given.get("href") or given.get("xlink:href", "")
        if href:
            self.references.append(Reference(href, place))
        else:
            self.references += of_image(given, place)

    _tag_feimage = _tag_image

    def _tag_embed(self, given: dict[str, str], place: Place) -> None:
        """What may be anything is a picture by its type, or by its name."""
        url = given.get("src") or given.get("data", "")
        form = announced(given)
        if url and (form or is_picture(url)):
            self.references.append(Reference(url, place, format=form))

    _tag_object = _tag_iframe = _tag_embed

    def _tag_video(self, given: dict[str, str], place: Place) -> None:
        if given.get("poster"):
            self.references.append(Reference(given["poster"], place))

    def _tag_link(self, given: dict[str, str], place: Place) -> None:
        relations, href = given.get("rel", "").lower().split(), given.get("href", "").strip()
        if "canonical" in relations:
            self.canonical = self.canonical or href
        if "stylesheet" in relations and href:
            self.style_sheets.append((href, place))
        if "manifest" in relations and href:
            self.manifests.append((href, place))
        if "image_src" in relations and href:
            self.references.append(Reference(href, place))
        if not set(relations).isdisjoint(_ICONS) and href:
            sizes = tuple(size for size in given.get("sizes", "").lower().split() if size != "any")
            self.references.append(Reference(href, place, size=sizes, format=announced(given)))
        if {"preload", "prefetch"} & set(relations) and given.get("as", "").lower() == "image":
            wanted = {"src": href, "srcset": given.get("imagesrcset", ""), "type": given.get("type", "")}
            self.references += of_image(wanted, place)

    def _tag_meta(self, given: dict[str, str], place: Place) -> None:
        key = (given.get("property") or given.get("name") or "").lower().strip()
        content = given.get("content", "").strip()
        if given.get("http-equiv", "").strip().lower() == "refresh" and not self._noscripts:
            self.refresh = self.refresh or leads_to(content)
        if key == "og:url":
            self.canonical = self.canonical or content
        if _SMALL.fullmatch(key or given.get("itemprop", "").lower()) and content:
            self.references.append(Reference(content, place))
        group = self._social["twitter" if key.startswith("twitter:") else "og"]
        if key in _SOCIAL and content:
            if not (group and key != "og:image" and key.startswith("og:image:")):
                group.append(_Card(place))
            group[-1].said["url"] = content
        elif key.startswith(("og:image:", "twitter:image:")) and group:
            group[-1].said.setdefault(key.rpartition(":")[2], content)

    def finish(self) -> None:
        """Add what only the end of the page completes: Open Graph's pictures with their sizes."""
        for group in self._social.values():
            for card in group:
                width, height = pixels(card.said.get("width", "")), pixels(card.said.get("height", ""))
                size = (f"{width}x{height}",) if width and height else ()
                form = announced({"type": card.said.get("type", "")})
                self.references.append(Reference(card.said["url"], card.place, size=size, format=form))
