"""Metadata does not claim another size than the pixels have.

Exif PixelXDimension and PixelYDimension, XMP sizes and embedded thumbnails are claims, never
dimensions. A claim that differs from the pixels means that the file was resized without its
metadata, or that the metadata was patched to look right: an error where the claim is the promised
size and the pixels are not, and where the picture is larger than its metadata say.

A warning is what happens in good faith: a picture that was reduced or cropped by a program that
kept the metadata of the camera or editor before it (the pixels then keep the promised size, or none
was promised), a differing ImageWidth, a thumbnail of a camera's usual size in a picture that is
smaller still. A thumbnail of 256 pixels and the picture's shape, as GIMP writes into every icon that
it exports, says nothing.

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
_USUAL_THUMBNAIL = 320  # pixels: cameras write 160x120, some telephones twice as much
_FITTED_THUMBNAIL = 256  # pixels of the long edge: GIMP fits every thumbnail to it, larger than an icon too


@rule(
    "patched-metadata",
    examples=[
        Example("no claims", Picture(), {}),
        Example("a true claim", Picture(name="photo.jpg", kind="exif-size-true"), {}),
        Example(
            "Exif says 4K, as promised, and the pixels do not",
            Picture(name="photo.jpg", kind="exif-size-4k"),
            {"size": "3840x2160"},
            finds=Problem(
                "Exif PixelXDimension x PixelYDimension claims the promised size, which the pixels do "
                "not have",
                "64x36",
                "3840x2160",
            ),
        ),
        Example(
            "XMP says 4K, as promised, and the pixels do not",
            Picture(name="photo.jpg", kind="xmp-size-4k"),
            {"width": "3840"},
            finds=Problem(
                "XMP exif:PixelXDimension x exif:PixelYDimension claims the promised size, which the pixels "
                "do not have",
                "64x36",
                "3840x2160",
            ),
        ),
        Example(
            "reduced, and the metadata kept",
            Picture(name="photo.jpg", kind="xmp-size-4k"),
            {"size": "64x36"},
            finds=Problem(
                "XMP exif:PixelXDimension x exif:PixelYDimension claims another size than the pixels have: "
                "the picture was reduced or cropped after its metadata was written",
                "64x36",
                "3840x2160",
                severity="warning",
            ),
        ),
    ],
)
def patched_metadata(artifact: Artifact) -> Iterator[Problem]:
    """Compare every claimed size with stored and displayed ones."""
    header, claims = artifact.header, artifact.claims
    true_sizes = (header.stored, header.displayed, header.stored.turned) if claims else ()
    for claim in claims:
        if claim.source == ZOOM:  # says what the camera did, not how large the picture is
            continue
        small = claim.source == THUMBNAIL
        lies = _too_large(artifact, claim.size) if small else claim.size not in true_sizes
        if lies and not _is_stack(artifact, claim.size):
            yield _told(artifact, claim)


def _too_large(artifact: Artifact, size: Size) -> bool:
    """Whether a thumbnail is larger than its picture, and not because a program makes all of one size."""
    stored = artifact.stored
    one_shape = abs(size.width * stored.height - size.height * stored.width) <= max(stored)  # to the pixel
    fitted = max(size) == _FITTED_THUMBNAIL and one_shape and not _promised(artifact.asset, size)
    return max(size) > max(stored) and not fitted


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
    cropped = claim.camera and max(claim.size) > max(stored) and min(claim.size) >= min(stored)
    covers = claim.size.width >= stored.width and claim.size.height >= stored.height
    if cropped or covers:
        # Whoever lies claims what was promised (above) or less work than was done (below). A larger claim is
        # what editors and image servers leave behind that resize and keep the metadata.
        message += ": the picture was reduced or cropped after its metadata was written"
        fix = "strip the metadata where pictures are reduced, or let it be written anew"
        return Problem(message, str(stored), told, fix, severity="warning")
    # editors leave the camera's ImageWidth behind in good faith
    return Problem(
        message, str(stored), told, _FIX, severity="warning" if "ImageWidth" in claim.source else None
    )


def _promised(asset: Asset, size: Size) -> bool:
    """Whether a size is promised and this is it, either way up."""
    wants = asset[SizeOptions]
    if wants.size is None and wants.width is None and wants.height is None:
        return False
    return _kept(wants, size) or _kept(wants, size.turned)


def _kept(wants: SizeOptions, size: Size) -> bool:
    edges = ((wants.width, size.width), (wants.height, size.height))
    listed = wants.size is None or any(wanted.allows(size) for wanted in wants.size)
    return listed and all(bounds is None or edge in bounds for bounds, edge in edges)
