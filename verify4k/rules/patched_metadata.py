"""Metadata does not claim another size than the pixels have.

Exif PixelXDimension and PixelYDimension, XMP sizes and embedded thumbnails are claims, never
dimensions. A claim that differs from the pixels means that the file was resized without its
metadata, or that the metadata was patched to look right: an error, and surely where the claim is
the very size that was promised.

A warning is what happens in good faith: a photograph that a content system reduced or cropped
while keeping the Exif of the camera, a picture that was cropped to another shape than its metadata
have, a differing ImageWidth, a thumbnail of a camera's usual size in a picture that is smaller still.

Fix: export again with a tool that writes what it exports. Patching the metadata until this
rule is silent makes it worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.metadata.claims import THUMBNAIL, ZOOM
from verify4k.model import Problem
from verify4k.rule import Example, Picture, rule
from verify4k.rules.exact_size import SizeOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact
    from verify4k.formats.facts import Size
    from verify4k.formats.metadata.claims import Claim
    from verify4k.model import Asset

_FIX = "export again with a tool that writes what it exports; do not patch the metadata"
_SAME_SHAPE = 0.02  # by which the ratios of two edges may differ
_USUAL_THUMBNAIL = 320  # pixels: cameras write 160x120, some telephones twice as much


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
        if lies and not _is_stack(artifact, claim.size):
            yield _told(artifact, claim)


def _is_stack(artifact: Artifact, size: Size) -> bool:
    """Whether it is all frames on top of each other: as libvips, and so sharp, handles an animation."""
    stored = artifact.stored
    frames, rest = divmod(size.height, stored.height)
    return size.width == stored.width and frames > 1 and not rest and artifact.frames == frames


def _told(artifact: Artifact, claim: Claim) -> Problem:
    stored, told, promised = artifact.stored, str(claim.size), _promised(artifact.asset, claim.size)
    if promised and not _promised(artifact.asset, artifact.displayed):
        message = f"{claim.source} claims the promised size, which the pixels do not have"
        return Problem(message, str(stored), told, _FIX)
    message = f"{claim.source} claims another size than the pixels have"
    if claim.source == THUMBNAIL:
        usual = max(claim.size) <= _USUAL_THUMBNAIL
        return Problem(message, str(stored), told, _FIX, severity="warning" if usual else None)
    if claim.camera and max(claim.size) > max(stored) and min(claim.size) >= min(stored):
        message += ": the picture was reduced or cropped after the camera wrote its Exif"
        fix = "strip the camera's Exif where pictures are reduced, or let it be written anew"
        return Problem(message, str(stored), told, fix, severity="warning")
    if _is_cropped(claim.size, stored):
        message += ": the picture was cropped after its metadata was written"
        fix = "strip the metadata where pictures are cropped, or let it be written anew"
        return Problem(message, str(stored), told, fix, severity="warning")
    # editors leave the camera's ImageWidth behind in good faith
    return Problem(
        message, str(stored), told, _FIX, severity="warning" if "ImageWidth" in claim.source else None
    )


def _is_cropped(claimed: Size, stored: Size) -> bool:
    """Whether it covers the pixels and has another shape: who patches a claim keeps the picture's."""
    covers = claimed.width >= stored.width and claimed.height >= stored.height
    across, down = claimed.width * stored.height, claimed.height * stored.width
    return covers and abs(across - down) > _SAME_SHAPE * max(across, down)


def _promised(asset: Asset, size: Size) -> bool:
    return any(wanted.allows(size) or wanted.allows(size.turned) for wanted in asset[SizeOptions].size or ())
