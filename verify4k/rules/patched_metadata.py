"""Metadata does not claim another size than the pixels have.

Exif PixelXDimension and PixelYDimension, XMP sizes and embedded thumbnails are claims, never
dimensions. A claim that differs from the pixels means that the file was resized without its
metadata, or that the metadata was patched to look right. A thumbnail larger than the picture
itself says the same. A differing ImageWidth alone is only a warning: many editors keep the
camera's.

Fix: export again with a tool that writes what it exports. Patching the metadata until this
rule is silent makes it worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.metadata.claims import THUMBNAIL, ZOOM
from verify4k.model import Problem
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact

_FIX = "export again with a tool that writes what it exports; do not patch the metadata"


@rule(
    "patched-metadata",
    examples=[
        Example("no claims", Picture(), {}),
        Example("a true claim", Picture(name="photo.jpg", kind="exif-size-true"), {}),
        Example(
            "Exif says 4K",
            Picture(name="photo.jpg", kind="exif-size-4k"),
            {},
            finds=Problem(
                "Exif PixelXDimension x PixelYDimension claims another size than the pixels have",
                "64x36",
                "3840x2160",
            ),
        ),
        Example(
            "XMP says 4K",
            Picture(name="photo.jpg", kind="xmp-size-4k"),
            {},
            finds=Problem(
                "XMP exif:PixelXDimension x exif:PixelYDimension claims another size than the pixels have",
                "64x36",
                "3840x2160",
            ),
        ),
    ],
)
def patched_metadata(artifact: Artifact) -> Iterator[Problem]:
    """Compare every claimed size with stored and displayed ones."""
    header = artifact.header
    true_sizes = (header.stored, header.displayed, header.stored.turned)
    for claim in artifact.claims:
        if claim.source == ZOOM:  # says what the camera did, not how large the picture is
            continue
        small = claim.source == THUMBNAIL
        lies = max(claim.size) > max(header.stored) if small else claim.size not in true_sizes
        if lies:
            # editors leave the camera's ImageWidth behind in good faith; only a warning
            stale = "ImageWidth" in claim.source
            message = f"{claim.source} claims another size than the pixels have"
            yield Problem(
                message, str(header.stored), str(claim.size), _FIX, severity="warning" if stale else None
            )
