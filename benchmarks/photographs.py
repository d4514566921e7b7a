"""Real photographs of 3840x2160, as PNG and as JPEG of quality 90, from Debian's wallpaper packages.

The packages are downloaded and unpacked, never installed. Photographs that are larger are reduced to cover
3840x2160 and cut in the middle; those of exactly that size are saved as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from benchmarks.native_corpus import sources

if TYPE_CHECKING:
    from pathlib import Path

SIZE = (3840, 2160)
PACKAGES = (
    ("bookworm", "lomiri-wallpapers-16.04"),
    ("bookworm", "lomiri-wallpapers-20.04"),
    ("trixie", "budgie-backgrounds"),
)


def prepared(work: Path) -> Path:
    """Return the folder with NAME.png and NAME.jpg of each photograph; made once."""
    done = work / "photographs"
    if done.exists():
        return done
    making = work / "photographs.part"
    making.mkdir(parents=True, exist_ok=True)
    for suite, package in PACKAGES:
        _fetch(work, suite, package)
    for source in sources.listed():
        path = source.found(work)
        if path is None or source.kind != "photo" or (source.suite, source.package) not in PACKAGES:
            continue
        with Image.open(path) as image:
            if image.width < SIZE[0] or image.height < SIZE[1]:
                continue
            whole = image.convert("RGB")
        if whole.size != SIZE:
            whole = ImageOps.fit(whole, SIZE, Image.Resampling.LANCZOS)
        whole.save(making / f"{source.id}.png")
        whole.save(making / f"{source.id}.jpg", quality=90)
    making.rename(done)
    return done


def _fetch(work: Path, suite: str, package: str) -> None:
    out = work / "src" / suite / package
    if out.exists():
        return
    unpacked, downloads = out.with_name(f"{package}.part"), work / "debs" / suite / package
    for folder in (unpacked, downloads):
        folder.mkdir(parents=True, exist_ok=True)
    sources.from_debian(work, suite, package, downloads, unpacked)
    unpacked.rename(out)
