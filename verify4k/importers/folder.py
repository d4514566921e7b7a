"""The images below a folder, as they are now: a golden manifest, or a starter to be corrected by a person.

`verify4k init` writes the starter (sizes only); `--from folder=DIR` promises all that was measured,
to the digest. Both tell what `check` says of the pictures as they are.

    verify4k init --from folder=dist -o golden.yaml
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify4k.artifacts.inspection import inspect_source
from verify4k.documents.nodes import Place
from verify4k.files.source import FileSource
from verify4k.files.walking import walk
from verify4k.formats.registry import suffixes
from verify4k.importers import Promise
from verify4k.manifest.schema import schema_comment
from verify4k.named_tuple import NamedTuple
from verify4k.options.sizes import LARGEST_EDGE
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.building import Value
    from verify4k.importers import Source

_SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})
_MOST = 1000  # a manifest longer than this should be written with patterns
_HEAD = """\
# verify4k manifest: what each image file promises. Check it with: verify4k check
# Below, every image found is promised at the size it has now: correct what was meant otherwise.
version: 1

# promises of every file; see: verify4k rules
defaults:
  alpha: any          # forbidden | opaque | required | used

files:
  # dist/hero.png: 3840x2160                  an exact size
  # dist/poster.png: 4k-portrait              a named size: verify4k size --list
  # dist/banners/*.webp: {size: wide-banner, format: webp, bytes: {max: 2MB}}
"""


class Starter(NamedTuple):
    """A manifest's text, the number of images it promises, and what `check` says of them as they are."""

    text: str
    promised: int
    said: tuple[str, ...] = ()  # "error upright photo.jpg: ..."
    unpromised: tuple[str, ...] = ()  # the comments about images that it does not promise


class _Entry(NamedTuple):
    """One image: its line of a manifest, which is a comment where nothing can be promised."""

    target: str
    line: str
    promises: bool


def starter(folder: Path, *, checked: bool = True) -> Starter:
    """Promise what is there. ``checked``: ask every rule once, and write what it says beside each entry."""
    entries = _entries(folder)
    text, promised = _written(entries, {}), sum(entry.promises for entry in entries)
    unpromised = tuple(entry.line.removeprefix("# ") for entry in entries if not entry.promises)
    if not promised or not checked:
        return Starter(text, promised, (), unpromised)
    said = said_of(text, folder)
    told = tuple(line for lines in said.values() for line in lines)
    return Starter(_written(entries, said), promised, told, unpromised)


def said_of(text: str, folder: Path) -> dict[str, list[str]]:
    """Return what `check` says of a manifest's promises, line by line, by target."""
    from verify4k.checking.engine import check
    from verify4k.checking.scope import Scope
    from verify4k.manifest.load import parse_manifest
    from verify4k.report import INTERRUPTED

    manifest = parse_manifest(
        text.encode("utf-8", "backslashreplace"), "verify4k.yaml", os.path.abspath(folder)
    )
    report = check(Scope(manifest, manifest.assets))
    if report.exit_code == INTERRUPTED:  # half an answer would stand in the manifest for good
        raise KeyboardInterrupt
    said: dict[str, list[str]] = {}
    for found in report.findings:
        line = f"{found.severity} {found.rule} {found.target}: {found.message}"
        said.setdefault(found.target, []).append(printable(line))
    for open_one in report.undecided:
        line = f"undecided {open_one.rule} {open_one.target}: {open_one.reason}"
        said.setdefault(open_one.target, []).append(printable(line))
    return said


def _written(entries: list[_Entry], said: dict[str, list[str]]) -> str:
    promising = any(entry.promises for entry in entries)
    head = _HEAD if promising else _HEAD.replace("files:\n", "files: {}\n")
    lines = [*schema_comment(), head.rstrip("\n")]
    for entry in entries:
        told = (line.replace("verify4k:", "verify4k :") for line in said.get(entry.target, ()))
        lines += [f"  # check says: {line}" for line in told]
        lines.append(f"  {entry.line}")
    return "\n".join(lines) + "\n"


def _entries(folder: Path) -> list[_Entry]:
    found: list[_Entry] = []
    closed: list[str] = []
    for target in _images(folder, closed):
        if len(found) == _MOST:
            line = f"# more than {_MOST} images: write patterns, like dist/**/*.png"
            found.append(_Entry("", line, promises=False))
            break
        found.append(_entry(folder, target))
    for place in closed:
        line = f"# {printable(os.path.relpath(place, folder))}/: cannot be listed"
        found.append(_Entry("", line, promises=False))
    return found


def _entry(folder: Path, target: str) -> _Entry:
    facts = inspect_source(target, FileSource(folder / target), folder / target, "header")
    if facts["displayed"] is None:
        line = f"# {printable(target)}: cannot be read: {printable(facts['error'] or '')}"
        return _Entry(target, line, promises=False)
    if max(facts["displayed"]) > LARGEST_EDGE:
        said = "x".join(map(str, facts["displayed"]))
        line = f"# {printable(target)}: its header says {said}: no picture is that large"
        return _Entry(target, line, promises=False)
    if any(0xD800 <= ord(char) <= 0xDFFF for char in target):
        line = f"# {printable(target)}: the name is not UTF-8; use a pattern that matches it"
        return _Entry(target, line, promises=False)
    return _Entry(target, f"{_key(target)}: {_as_it_is(folder / target, facts)}", promises=True)


def _as_it_is(path: Path, facts: dict[str, Any]) -> str:
    width, height = facts["displayed"]
    options = []
    animated = facts["animated"]
    if animated is None:  # only the whole file tells
        animated = inspect_source("", FileSource(path), path, "full")["animated"]
    if animated:
        options.append("animation: allowed")
    if facts["mode"] == "cmyk":
        options.append("mode: cmyk")
    size = f"{width}x{height}"
    return f"{{size: {size}, {', '.join(options)}}}" if options else size


def _images(folder: Path, closed: list[str] | None = None) -> Iterator[str]:
    for place, names in walk(str(folder), _SKIPPED, closed):
        for name in names:
            suffix = os.path.splitext(name)[1].lower()
            if suffix in suffixes() and not name.startswith("."):
                yield os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/")


def _key(target: str) -> str:
    """Quote a name that YAML would read as anything but itself; JSON strings are YAML."""
    plain = target.replace("/", "").replace(".", "").replace("-", "").replace("_", "")
    if plain.isascii() and plain.isalnum() and target[0].isalnum():
        return target
    return json.dumps(target, ensure_ascii=not target.isprintable())


def recognizes(name: str, head: bytes) -> bool:  # noqa: ARG001 - any folder might be meant
    """Never by itself: it has to be asked for by name."""
    return False


def promises(source: Source) -> Iterator[Promise]:
    """Yield every image below the folder with all that was measured (a golden manifest)."""
    place = Place(source.name, 1, 1)
    for target in _images(Path(source.path)):
        path = os.path.join(source.path, target)
        facts = inspect_source(target, FileSource(path), path, "full")
        sound = facts["integrity"] == "ok" and facts["displayed"] is not None
        yield Promise(target, place, _golden(facts) if sound else {})


def _golden(facts: dict[str, Any]) -> dict[str, Value]:
    width, height = facts["displayed"]
    options: dict[str, Value] = {
        "size": f"{width}x{height}",
        "format": facts["format"],
        "alpha": {"none": "forbidden"}.get(facts["alpha"], facts["alpha"]),
        "bit-depth": facts["bit_depth"],
        "icc": "present" if facts["icc"] else "forbidden",
        "animation": "required" if facts["animated"] else "forbidden",
        "sha256": facts["sha256"],
    }
    if facts["mode"] in ("rgb", "gray", "cmyk", "palette"):
        options["mode"] = facts["mode"]
    return options
