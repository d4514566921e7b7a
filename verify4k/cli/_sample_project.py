"""The built-in sample project: promised pictures, and what happens to files on their way."""

from __future__ import annotations

import os

MANIFEST = """\
# What a release promises. Check it with: verify4k check
version: 1
defaults: {alpha: forbidden}
rules:
  no-placeholder: off       # the samples are placeholders; in a release this rule stays on
  native-resolution: off    # drawn pictures are no photographs
  not-padded: off
generate: {route: placeholder}

files:
  art/hero-4k.png: {size: 4k-landscape, generate: {prompt: "a product hero"}}
  art/poster.jpg: {size: 4k-portrait, generate: {prompt: "the same, upright"}}
  art/banner.webp: {size: wide-banner, bytes: {max: 2MB}, generate: {prompt: "a banner"}}
  art/logo.png: {size: 1024x1024, generate: {prompt: "a logo"}}
  art/card.png: {size: social-card, generate: {prompt: "a link preview"}}
  art/teaser-4k.png: {size: 2k-preview, generate: {prompt: "a teaser"}}  # a 2K file called 4k: rejected
  CDN-URL: {size: 4k-portrait, from: art/poster.jpg}  # what people are shown
"""

STORY = (
    "art/hero-4k.png   an editor saved it at 2560x1440 under its 4K name",
    "art/banner.webp   a CDN delivered a JPEG under its WebP name",
    "art/logo.png      an export added an alpha channel",
    "art/card.png      the upload broke off",
    "the CDN           delivers art/poster.jpg, but no edge above 2560 pixels",
)


def manifest(url: str) -> str:
    """Return the manifest. ``url``: where the poster is delivered."""
    return MANIFEST.replace("CDN-URL", url)


def write(folder: str, url: str) -> None:
    """Write the manifest of the sample project."""
    from verify4k.errors import UsageError
    from verify4k.reporters import write_file

    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {folder}: {error.strerror}", "name another one") from error
    write_file(os.path.join(folder, "verify4k.yaml"), manifest(url).encode())


def spoil(folder: str) -> None:
    """Do to the generated pictures what pipelines do: see `STORY`."""
    from PIL import Image

    art = os.path.join(folder, "art")
    with Image.open(os.path.join(art, "hero-4k.png")) as hero:
        small = hero.resize((2560, 1440))
    small.save(os.path.join(art, "hero-4k.png"))
    with Image.open(os.path.join(art, "banner.webp")) as banner:
        banner.load()
    banner.convert("RGB").save(os.path.join(art, "banner.webp"), "JPEG")
    with Image.open(os.path.join(art, "logo.png")) as logo:
        logo.load()
    logo.convert("RGBA").save(os.path.join(art, "logo.png"))
    card = os.path.join(art, "card.png")
    with open(card, "rb+") as file:
        file.truncate(os.path.getsize(card) * 2 // 3)
