"""The file name's suffix says what the bytes are.

`hero.png` that holds a JPEG confuses CDNs, caches and people, and is the usual mark of a
renamed file. Upper case and the usual synonyms (`.jpg`, `.jpeg`, `.jfif`, `.tif`, `.apng`) are
fine. A suffix that is no image's is left alone, and so is a URL's: what it
delivers may be negotiated.

Fix: export in the format that the name promises. Renaming the file only moves the lie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.registry import suffixes
from verify4k.model import Problem, is_file
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact


@rule(
    "extension-matches",
    asked=is_file,
    examples=[
        Example("a PNG called .png", Picture(), {}),
        Example("upper case", Picture(name="HERO.PNG"), {}),
        Example("a JPEG called .jpeg", Picture(name="photo.jpeg"), {}),
        Example(
            "a JPEG called .png",
            Picture(name="photo.png", kind="jpeg"),
            {},
            finds=Problem("the suffix says another format than the bytes", "png (.png)", "jpeg"),
        ),
        Example(
            "a WebP called .png",
            Picture(name="photo.png", kind="webp"),
            {},
            finds=Problem("the suffix says another format than the bytes", "png (.png)", "webp"),
        ),
    ],
)
def extension_matches(artifact: Artifact) -> Iterator[Problem]:
    """Compare the suffix with the format by bytes."""
    _, dot, suffix = artifact.asset.target.rpartition("/")[2].rpartition(".")
    promised = suffixes().get(f".{suffix.lower()}") if dot else None
    if promised is not None and promised != artifact.format:
        fix = (
            f"export it as {promised}, or promise the file that is really meant; a rename only moves the lie"
        )
        yield Problem(
            "the suffix says another format than the bytes", f"{promised} (.{suffix})", artifact.format, fix
        )
