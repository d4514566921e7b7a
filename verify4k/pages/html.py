"""HTML -> every mention of a picture, with line and column; tolerant as browsers are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.formats.registry import media_types
from verify4k.named_tuple import NamedTuple
from verify4k.pages.bounded import Bounded
from verify4k.pages.css import in_style_attribute, read_style_sheet
from verify4k.pages.fitting import Around
from verify4k.pages.json_ld import in_json_ld
from verify4k.pages.reference import Reference, Shape
from verify4k.pages.srcset import parse_srcset
from verify4k.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.nodes import Place
    from verify4k.pages.fitting import Fit

_ICONS = ("icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon", "fluid-icon")
_SOCIAL = {
    "og:image": "og",
    "og:image:url": "og",
    "og:image:secure_url": "og",
    "twitter:image": "twitter",
    "twitter:image:src": "twitter",
}

_SMALL = re.compile(r"msapplication-(tileimage|(square|wide)\d+x\d+logo)|image")  # with nothing said of it
_TEMPLATES = ("{{", "{%", "${", "<%", "<?")  # Jinja, Liquid, Vue; JSP; ERB; PHP: nobody has filled it in yet
_LAZY_SOURCES = ("data-src", "data-lazy-src", "data-original", "data-lazy")
_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
_FIT = re.compile(r"(?:^|;)\s*object-fit\s*:\s*([a-z-]+)", re.IGNORECASE)
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
    """

    references: tuple[Reference, ...]
    style_sheets: tuple[tuple[str, Place], ...]
    manifests: tuple[tuple[str, Place], ...]
    base: str
    canonical: str
    links: tuple[str, ...]
    fits: tuple[Fit, ...]
    unfilled: tuple[str, ...]

    @property
    def left_out(self) -> str:
        """A sentence about pictures of which nothing was promised; empty where there are none."""
        if not self.unfilled:
            return ""
        return f"pictures that a template has yet to name were not checked: {listed(self.unfilled, 1)}"


def read_page(text: str, name: str) -> Page:
    """Return what the HTML in ``text`` says; ``name`` is what places call it."""
    reader = _Reader(name)
    reader.feed(text)
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
        self.base = self.canonical = ""
        self._inside = ""  # "style" or "ld+json": what the text that follows is
        self._social: dict[str, list[_Card]] = {"og": [], "twitter": []}
        self._templates = 0  # inside <template> and <noscript> nothing is shown by itself

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in reversed(attrs)}  # the first of equal ones counts
        if tag in _TEXTS:
            self.set_cdata_mode(tag)
        if tag == "template":
            self._templates += 1
        if self._templates:
            return
        place = self.place()
        self._around.enter(tag, given)
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
        self._inside = "ld+json" if given.get("type", "").lower() == "application/ld+json" else ""

    def _tag_img(self, given: dict[str, str], place: Place) -> None:
        marks = self._around.marks("img", given)
        self.references += (each._replace(marks=marks) for each in _image(given, place))

    def _tag_source(self, given: dict[str, str], place: Place) -> None:
        if "srcset" in given or not given.keys().isdisjoint(_LAZY_SETS):
            self.references += _image({key: value for key, value in given.items() if key != "src"}, place)

    def _tag_input(self, given: dict[str, str], place: Place) -> None:
        if given.get("type", "").lower() == "image":
            self.references += _image(given, place)

    def _tag_image(self, given: dict[str, str], place: Place) -> None:
        """SVG's picture within a drawing."""
        href = given.get("href") or given.get("xlink:href", "")
        if href:
            self.references.append(Reference(href, place))

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
            self.references.append(Reference(href, place, size=sizes, format=_announced(given)))
        if {"preload", "prefetch"} & set(relations) and given.get("as", "").lower() == "image":
            wanted = {"src": href, "srcset": given.get("imagesrcset", ""), "type": given.get("type", "")}
            self.references += _image(wanted, place)

    def _tag_meta(self, given: dict[str, str], place: Place) -> None:
        key = (given.get("property") or given.get("name") or "").lower().strip()
        content = given.get("content", "").strip()
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
                width, height = _number(card.said.get("width", "")), _number(card.said.get("height", ""))
                size = (f"{width}x{height}",) if width and height else ()
                form = _announced({"type": card.said.get("type", "")})
                self.references.append(Reference(card.said["url"], card.place, size=size, format=form))


def _image(given: dict[str, str], place: Place) -> Iterator[Reference]:
    """An image's candidates: its attributes state a shape, and a width where nothing else does."""
    width, height = _number(given.get("width", "")), _number(given.get("height", ""))
    fit = _FIT.search(given.get("style", ""))
    fits = fit[1].lower() if fit else "fill"
    shape = Shape(width, height) if width and height and fits == "fill" else None
    if fits not in ("fill", "cover"):
        width = None
    form = _announced(given)
    lazy = _lazily(given)
    if lazy is not None:
        yield from (Reference(each.url, place) for each in parse_srcset(given.get("srcset", "")))
        if given.get("src", "").strip():
            yield Reference(given["src"].strip(), place)
        given = lazy
    candidates = parse_srcset(given.get("srcset", ""))
    for each in candidates:
        least = int(width * (each.density or 1)) if width and each.width is None else None
        yield Reference(each.url, place, width=each.width, least=least, shape=shape, format=form)
    source = given.get("src", "").strip()
    if source and all(each.url != source for each in candidates):
        # beside a srcset, src is what browsers of old get: it need not fill the place
        yield Reference(source, place, least=None if candidates else width, shape=shape, format=form)


def _lazily(given: dict[str, str]) -> dict[str, str] | None:
    """Return the src and srcset that a script puts in the place of a stand-in; None where none does."""
    source = next((given[key].strip() for key in _LAZY_SOURCES if given.get(key)), "")
    candidates = next((given[key] for key in _LAZY_SETS if given.get(key)), "")
    if "." not in source and "/" not in source:  # a word for a script, not a picture
        source = ""
    shown = given.get("src", "").strip() or given.get("srcset", "").strip()
    stands_in = not shown or shown.lower().startswith("data:") or "lazy" in given.get("class", "").lower()
    return {"src": source, "srcset": candidates} if stands_in and (source or candidates) else None


def _announced(given: dict[str, str]) -> tuple[str, ...]:
    form = media_types().get(given.get("type", "").partition(";")[0].strip().lower())
    return (form,) if form else ()


def _number(text: str) -> int | None:
    """Read an HTML dimension in pixels; percentages say nothing of pixels."""
    text = text.strip().removesuffix("px")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 10**6 else None
