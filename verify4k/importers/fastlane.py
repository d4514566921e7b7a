"""A fastlane folder: store pictures for Google Play (`metadata/android`) and the App Store (`screenshots`).

Google Play: icon 512x512 PNG, feature graphic 1024x500 without alpha, promo graphic 180x120, TV
banner 1280x720, screenshots from 320 to 3840 pixels, no edge more than twice the other, without
alpha. App Store: screenshots of a device's size, without alpha. (Google Play Console and App Store
Connect help, as read on 2026-11-22.)

    verify4k init --from fastlane=fastlane
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Place
from verify4k.importers import Promise, pictures_below

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.documents.building import Value
    from verify4k.importers import Source

_SHOT: Mapping[str, Value] = {
    "width": "320..3840",
    "height": "320..3840",
    "ratio": "1:2..2:1",
    "format": ["png", "jpeg"],
    "alpha": "forbidden",
}
_PLAY: Mapping[str, Mapping[str, Value]] = {
    "icon": {"size": "512x512", "format": "png", "bytes": "1024KiB"},
    "featureGraphic": {"size": "1024x500", "format": ["png", "jpeg"], "alpha": "forbidden"},
    "promoGraphic": {"size": "180x120", "format": ["png", "jpeg"], "alpha": "forbidden"},
    "tvBanner": {"size": "1280x720", "format": ["png", "jpeg"], "alpha": "forbidden"},
}
_DEVICES = (
    "1320x2868", "1290x2796", "1260x2736", "1284x2778", "1242x2688",  # iPhone 6.9 and 6.5 inches
    "1206x2622", "1179x2556", "1170x2532", "1125x2436", "1080x2340",  # 6.3 to 5.4
    "1242x2208", "750x1334", "640x1136", "640x1096", "640x960", "640x920",  # 5.5 to 3.5
    "2064x2752", "2048x2732", "1488x2266", "1668x2420", "1668x2388", "1640x2360", "1668x2224", "1536x2048",
    "1536x2008", "768x1024", "768x1004",  # iPad
    "422x514", "410x502", "416x496", "396x484", "368x448", "312x390",  # Watch
)  # fmt: skip


def recognizes(name: str, head: bytes) -> bool:
    """By the folders inside: ``screenshots`` holds one for each language."""
    if head:
        return False
    shots = os.path.join(name, "screenshots")
    if not os.path.isdir(shots):
        return os.path.isdir(os.path.join(name, "metadata/android"))
    return any(os.path.isdir(os.path.join(shots, each)) for each in os.listdir(shots))


def promises(source: Source) -> Iterator[Promise]:
    """Yield the pictures of every locale."""
    place = Place(source.name, 1, 1)
    for target in pictures_below(source.path, "metadata/android"):
        parts = target.split("/")
        stem = os.path.splitext(parts[-1])[0]
        if parts[-2] == "images" and stem in _PLAY:
            yield Promise(target, place, _PLAY[stem])
        elif parts[-2].endswith("Screenshots"):
            yield Promise(target, place, _SHOT)
    sizes = [*_DEVICES, *("x".join(reversed(size.split("x"))) for size in _DEVICES), "3840x2160", "1920x1080"]
    for target in pictures_below(source.path, "screenshots"):
        if target.count("/") > 1:
            yield Promise(target, place, {"size": sizes, "format": ["png", "jpeg"], "alpha": "forbidden"})
