"""A Next.js configuration (`next.config.js`, `.mjs`, `.ts`): pictures fill the widths that it serves.

Next.js makes smaller pictures and never larger ones: a picture of 1200 pixels stays 1200 where
`deviceSizes` lets browsers ask for 3840. Read are the configuration and, below it, every `<Image>`
of `next/image` that names its picture literally (`src="/hero.jpg"`, or an import of a file).

- `fill` or `sizes`: the picture fills its share of the widest of `deviceSizes`: `sizes="100vw"` (so
  without any) all of it, `"(max-width: 768px) 100vw, 50vw"` half. Where the configuration states
  no `deviceSizes`, or `unoptimized: true`, no width is promised.
- `width={800}` alone: at least as wide, and no wider than anything that is served.
- All others promise that the picture is there, an SVG to be one.

JavaScript is read and never run. Sizes that are computed (`process.env`, a function, a list from
another file) are a mistake with its place; tags that take attributes from elsewhere (`{...props}`)
promise nothing, nor do pictures of other hosts and files above 1 MiB. What `formats`, `qualities` and
`minimumCacheTTL` say is about `/_next/image`'s answers: check the page by its URL.

    verify4k check next.config.mjs
    verify4k init --from next.config.ts
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from verify4k.documents.javascript import Script
from verify4k.documents.nodes import Items, Mistake, Place
from verify4k.documents.text import decode
from verify4k.errors import CannotRead, ManifestError, Missing
from verify4k.files.source import FileSource
from verify4k.files.walking import walk
from verify4k.importers import AlsoRead, Promise
from verify4k.named_tuple import NamedTuple
from verify4k.pages.jsx import image_tags
from verify4k.pages.promises import merged
from verify4k.pages.reference import Reference
from verify4k.pages.sizes import share_of_screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.nodes import Node
    from verify4k.importers import Source
    from verify4k.pages.jsx import ImageTag

_NAMED = re.compile(r"(?:^|/)next\.config\.(?:js|mjs|cjs|ts|mts|cts|json)$")
_COMPONENTS = (".js", ".jsx", ".ts", ".tsx", ".mdx")
_SKIPPED = frozenset({"node_modules", "out", "public", "dist", "build", "coverage"})
_MOST_FILES = 20_000
_LARGEST = 1 << 20  # bytes of one component
_WIDEST = 10_000  # pixels; Next.js takes no wider ones
_DEFAULT = (16, 3840)  # the ends of the lists that Next.js has where nothing is stated


class _Served(NamedTuple):
    """The widest width of ``deviceSizes`` as stated (None: not), of all, and what URLs begin with."""

    device: int | None
    any: int
    base: str


def recognizes(name: str, head: bytes) -> bool:  # noqa: ARG001 - what it exports may stand anywhere
    """By the names that Next.js looks for."""
    return _NAMED.search(name) is not None


def promises(source: Source) -> Iterator[Promise | AlsoRead]:
    """Yield what the components below the configuration promise of their pictures."""
    served = _served(Script(decode(source.data, source.name), source.name))
    found = []
    for path, data, tags in _components(source.path):
        targets = ((tag, _target(tag, path, source.folder, served.base)) for tag in tags)
        said = [(to, Reference(to, tag.place, least=_least(tag, served))) for tag, to in targets if to]
        if said:
            yield AlsoRead(path, data)
        found += said
    if not found:
        widest = served.device or served.any
        hint = (
            f"promise them: files: {{public/hero.jpg: {{width: {widest}..}}}}, or check the page by its URL"
        )
        start = Script("", source.name).place("")
        raise ManifestError([Mistake(start, "no <Image> below here names its picture literally", hint)])
    for target, place, options in merged(found):
        yield Promise(target, place, options)


def _served(config: Script) -> _Served:
    """Return the widths that are served. Raises `ManifestError` for those that are no literals."""
    mistakes: list[Mistake] = []
    lists = {key: _widths(config, key, mistakes) for key in ("deviceSizes", "imageSizes")}
    if not config.opens_object("images") and lists["deviceSizes"] is None:
        mistakes.append(_code(config.place("images"), "images"))
    if mistakes:
        raise ManifestError(mistakes)
    device, image = lists["deviceSizes"], lists["imageSizes"]
    off = [getattr(value, "text", "") for value in config.values("unoptimized")] == ["true"]
    bases = [getattr(value, "text", "") for value in config.values("basePath")]
    widest = max([*(device or _DEFAULT), *(image or ())])
    stated = max(device) if device and not off else None
    return _Served(stated, widest, bases[0].rstrip("/") if len(bases) == 1 else "")


def _widths(config: Script, key: str, mistakes: list[Mistake]) -> list[int] | None:
    values = config.values(key)
    if len(values) > 1:
        line = values[0].place.line
        told = f"{key} is stated twice, here and on line {line}"
        mistakes.append(
            Mistake(values[1].place, told, "which one holds is known only when it runs: keep one")
        )
    if not values:
        return None
    if not isinstance(values[0], Items):
        mistakes.append(_code(values[0].place, key))
        return None
    return [edge for item in values[0].items if (edge := _width(item, key, mistakes))]


def _width(item: Node, key: str, mistakes: list[Mistake]) -> int:
    text = getattr(item, "text", "")
    if text.isascii() and text.isdigit() and len(text) < 9 and 0 < int(text) <= _WIDEST:
        return int(text)
    hint = f"Next.js takes whole numbers from 1 to {_WIDEST:,}"
    mistakes.append(Mistake(item.place, f"{text[:60]!a} in {key} is no width", hint))
    return 0


def _code(place: Place, key: str) -> Mistake:
    hint = f"write its numbers in place, like {key}: [640, 1080, 3840], or promise the pictures in a manifest"
    if key == "images":
        hint = "write it in place, like images: {deviceSizes: [640, 1080, 3840]}"
    return Mistake(place, f"{key} is code here, which is read and never run", hint)


def _components(config: str) -> Iterator[tuple[str, bytes, list[ImageTag]]]:
    """Yield path and bytes of every component below the configuration's folder, and its `<Image>` tags."""
    left = _MOST_FILES
    for folder, names in walk(os.path.dirname(config), _SKIPPED):
        for name in names:
            path = os.path.join(folder, name)
            if not name.endswith(_COMPONENTS) or path == config:
                continue
            left -= 1
            shown = os.path.relpath(path, os.getcwd()).replace(os.sep, "/")
            if left < 0:
                said = f"there are more than {_MOST_FILES:,} components below {config}"
                raise ManifestError([Mistake(Place(shown, 1, 1), said, "check the page by its URL")])
            data = _bytes(path, shown)
            yield path, data, list(image_tags(data.decode("utf-8", "replace"), shown))


def _bytes(path: str, shown: str) -> bytes:
    """Return what a component holds; nothing for what is larger than people write, or has no pictures."""
    try:
        data = FileSource(path).read_all()
    except (Missing, CannotRead) as error:
        said = f"what it promises cannot be read: {error.message}"
        raise ManifestError([Mistake(Place(shown, 1, 1), said, error.hint)]) from error
    return data if len(data) <= _LARGEST and b"next/" in data else b""


def _target(tag: ImageTag, path: str, root: str, base: str) -> str:
    """Return the picture's file below ``root``; an empty one for what lies elsewhere."""
    src = tag.src.partition("?")[0].partition("#")[0]
    if not tag.imported:
        if not src.startswith("/") or src.startswith("//"):
            return ""
        return f"public{unquote(src.removeprefix(base) if src.startswith(base + '/') else src)}"
    if src.startswith("."):
        candidates = [os.path.join(os.path.dirname(path), src)]
    else:  # what "@/" means stands in tsconfig.json: nearly always the root or src
        inside = re.sub(r"^[@~]?/", "", src)
        candidates = [os.path.join(root, folder, inside) for folder in ("", "src")]
        candidates = [each for each in candidates if os.path.isfile(each)]
    if not candidates:
        return ""
    target = os.path.relpath(os.path.normpath(candidates[0]), root).replace(os.sep, "/")
    return "" if target.split("/")[0] == ".." else target


def _least(tag: ImageTag, served: _Served) -> int | None:
    """Return the fewest pixels across that fill the tag's place; None where it does not say."""
    if "unoptimized" in tag.attributes or {"sizes", "fill", "layout", "unoptimized"} & tag.unknown:
        return None
    filled = "fill" in tag.attributes or tag.attributes.get("layout") in ("fill", "responsive")
    if filled or "sizes" in tag.attributes:
        if served.device is None:
            return None
        return share_of_screen(tag.attributes.get("sizes", "100vw"), served.device)
    width = tag.attributes.get("width", "")
    if not (width.isascii() and width.isdigit()):
        return None
    return min(int(width[:9]), served.any) or None
