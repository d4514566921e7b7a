"""An Android `res` folder: one picture in several densities has the size that each density demands.

A launcher icon (`ic_launcher*`) is 48 dp, its adaptive layers (`*_foreground`, `*_background`,
`*_monochrome`) 108 dp, and the background may be one colour; a notification icon (`ic_stat_*`,
`ic_notification*`) is 24 dp; the size of every other picture follows from its largest density. mdpi is
1 pixel a dp, hdpi 1.5, xhdpi 2, xxhdpi 3, xxxhdpi 4 (ldpi 0.75, tvdpi 1.33). A launch screen (`splash*`,
`screen*`, `launch_screen*`) follows the screens that it fills, which are no multiples of each other: it
promises to be there. A nine-patch (`*.9.png`) promises its frame.

    verify4k init --from android-res=app/src/main/res
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from verify4k.artifacts.inspection import inspect_source
from verify4k.documents.nodes import Place
from verify4k.files.source import FileSource
from verify4k.importers import Promise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.importers import Source

_SCALES = {"ldpi": 0.75, "mdpi": 1.0, "tvdpi": 1.33, "hdpi": 1.5, "xhdpi": 2.0, "xxhdpi": 3.0, "xxxhdpi": 4.0}
_FOLDER = re.compile(
    r"(drawable|mipmap)((?:-[a-zA-Z0-9]+)*?)-(ldpi|mdpi|tvdpi|hdpi|xhdpi|xxhdpi|xxxhdpi)((?:-[a-zA-Z0-9]+)*)"
)
_PICTURES = (".png", ".webp", ".jpg")
_LAUNCH = ("splash", "screen", "launch_screen")  # as Cordova and Capacitor name them
_LAYER = re.compile(r"ic_launcher.*_(foreground|background|monochrome)")


def recognizes(name: str, head: bytes) -> bool:
    """By folders that are named after densities."""
    return not head and os.path.isdir(name) and any(_FOLDER.fullmatch(each) for each in _listed(name))


def promises(source: Source) -> Iterator[Promise]:
    """Yield every picture that stands in a folder of a density; nine-patches have frames of their own."""
    place = Place(source.name, 1, 1)
    groups: dict[tuple[str, str, str, str], dict[str, str]] = {}
    for folder in _listed(source.path):
        match = _FOLDER.fullmatch(folder)
        for name in _listed(os.path.join(source.path, folder)) if match else ():
            stem, suffix = os.path.splitext(name)
            if name.lower().endswith(".9.png"):
                yield Promise(f"{folder}/{name}", place, {"nine-patch": "required"})
            elif match and suffix.lower() in _PICTURES:
                key = (match[1], match[2], match[4], stem)
                groups.setdefault(key, {})[match[3]] = f"{folder}/{name}"
    for (*_, stem), targets in sorted(groups.items()):
        if stem.startswith(_LAUNCH):
            yield from (Promise(each, place, {}) for each in sorted(targets.values()))
            continue
        base = _base(stem, targets, source.path)
        for density in sorted(targets, key=_SCALES.__getitem__):
            if base is not None:
                width, height = (max(1, round(edge * _SCALES[density])) for edge in base)
                options = {"size": f"{width}x{height}"}
                if not stem.startswith("ic_launcher"):
                    options["tolerance"] = "1px"  # exporters round halves either way
                if (layer := _LAYER.fullmatch(stem)) and layer[1] == "background":
                    options["blank"] = "allowed"  # the ground of an adaptive icon is one colour as a rule
                yield Promise(targets[density], place, options)


def _base(stem: str, targets: Mapping[str, str], root: str) -> tuple[float, float] | None:
    """Return the size in dp: by the name, or by the picture in the largest density that can be read."""
    if _LAYER.fullmatch(stem):
        return 108.0, 108.0
    if stem.startswith("ic_launcher"):
        return 48.0, 48.0
    if stem.startswith(("ic_stat_", "ic_notification")):
        return 24.0, 24.0
    for density in sorted(targets, key=_SCALES.__getitem__, reverse=True):
        path = os.path.join(root, targets[density])
        size = inspect_source(targets[density], FileSource(path), path, "header")["displayed"]
        if size is not None:
            return size[0] / _SCALES[density], size[1] / _SCALES[density]
    return None


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
