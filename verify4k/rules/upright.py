"""The pixels are stored the way they are shown, and every viewer shows the same.

An orientation tag other than 1 is a promise to the viewer to turn the picture, and viewers
disagree about it: browsers turn JPEG and PNG but not WebP; some tools turn WebP too; a tag
written as LONG is obeyed by some only; XMP orientation by none; AVIF and HEIC turn by `irot` and `imir`,
not by Exif. A release artifact should have nothing to apply. An AVIF or HEIC whose Exif asks for just the
turn that the container makes, as cameras and avifenc write it, is a warning: viewers that keep to the
specification ignore the tag, and others turn the picture twice.

Fix: bake the rotation into the pixels when exporting, and write orientation 1 or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact

_FIX = "bake the rotation into the pixels when exporting, and write orientation 1 or none"

_FIX_TWICE = (
    "turn the pixels before encoding them, or clear the tag alone: exiftool -n -Orientation=1 FILE "
    "(avifenc --ignore-exif would lose the turn as well)"
)


@rule(
    "upright",
    examples=[
        Example("no tag", Picture(name="photo.jpg"), {}),
        Example("orientation 1", Picture(name="photo.jpg", kind="orientation-1"), {}),
        Example(
            "a quarter turn to apply",
            Picture(name="photo.jpg", kind="orientation-6"),
            {},
            finds=Problem("the orientation tag asks viewers to turn the picture", "1 or none", "6"),
        ),
        Example(
            "a WebP that some viewers turn",
            Picture(name="photo.webp", kind="orientation-6"),
            {},
            finds=[
                Problem(
                    "Exif orientation 6 in WebP: browsers ignore it, other viewers turn the image",
                    "one picture in every viewer",
                    "viewers differ",
                ),
                Problem("the orientation tag asks viewers to turn the picture", "1 or none", "6"),
            ],
        ),
    ],
)
def upright(artifact: Artifact) -> Iterator[Problem]:
    """Look for an orientation to apply, then for everything viewers disagree about."""
    value = artifact.orientation
    if value != 1 and artifact.format in ("avif", "heic") and value == artifact.turn:
        message = (
            "Exif asks for the turn that the container makes: viewers that obey both turn the picture twice"
        )
        yield Problem(message, "1 or none", str(value), _FIX_TWICE, severity="warning")
    elif value != 1:
        yield Problem("the orientation tag asks viewers to turn the picture", "1 or none", str(value), _FIX)
    for sentence in artifact.disagreements:
        yield Problem(sentence, "one picture in every viewer", "viewers differ", _FIX)
