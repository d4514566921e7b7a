"""The images below a folder, as they are now: a golden manifest, or a starter to be corrected by a person.

`verify4k init` writes the starter (sizes only); `--from folder=DIR` promises all that was measured,
to the digest.

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
from verify4k.formats.registry import suffixes
from verify4k.importers import Promise
from verify4k.manifest.schema import MANIFEST as SCHEMA
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.building import Value
    from verify4k.importers import Source

_SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})
_MOST = 1000  # a manifest longer than this should be written with patterns
_HEAD = """\
# yaml-language-server: $schema=SCHEMA
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


def starter(folder: Path) -> tuple[str, int]:
    """Return the manifest's text and the number of promised images."""
    lines, promised = [_HEAD.replace("SCHEMA", SCHEMA).rstrip("\n")], 0
    for count, target in enumerate(_images(folder)):
        if count == _MOST:
            lines.append(f"  # more than {_MOST} images: write patterns, like dist/**/*.png")
            break
        facts = inspect_source(target, FileSource(folder / target), folder / target, "header")
        if facts["displayed"] is None:
            lines.append(f"  # {printable(target)}: cannot be read: {printable(facts['error'] or '')}")
        elif any(0xD800 <= ord(char) <= 0xDFFF for char in target):
            lines.append(f"  # {printable(target)}: the name is not UTF-8; use a pattern that matches it")
        else:
            width, height = facts["displayed"]
            lines.append(f"  {_key(target)}: {width}x{height}")
            promised += 1
    if not promised:
        lines[0] = lines[0].replace("files:\n", "files: {}\n")
    return "\n".join(lines) + "\n", promised


def _images(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        for name in sorted(names):
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
        if facts["integrity"] == "ok" and facts["displayed"] is not None:
            yield Promise(target, place, _golden(facts))


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
