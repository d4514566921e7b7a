"""Nothing hides behind the end of the image.

Bytes after the image's own end are invisible to viewers: an appended archive, a second file
from a broken concatenation, a marker of a file that is two things at once. Secondary images
that the format declares (MPF, gain maps) are not trailing data. Padding (NUL bytes, FF bytes, white
space) is only a warning.

Fix: export the file again, and find the step that appended to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.reading.trailing import PADDING
from verify4k.model import Problem
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact

_NAMES = {
    **PADDING,
    "zip": "a ZIP archive",
    "rar": "a RAR archive",
    "7z": "a 7z archive",
    "gzip": "gzip data",
    "pdf": "a PDF document",
    "png": "a PNG",
    "jpeg": "a JPEG, as some cameras leave a preview",
    "gif": "a GIF",
    "program": "a program",
    "script": "a script",
    "html": "HTML",
    "video": "a video",
}


@rule(
    "no-trailing-data",
    beyond_header=True,
    examples=[
        Example("the file ends with the image", Picture(), {}),
        Example(
            "an archive behind a PNG",
            Picture(kind="trailing"),
            {},
            finds=Problem(
                "124 bytes follow the end of the image (a ZIP archive)",
                "nothing behind the image",
                "124 bytes",
            ),
        ),
        Example(
            "an archive behind a JPEG",
            Picture(name="photo.jpg", kind="trailing"),
            {},
            finds=Problem(
                "124 bytes follow the end of the image (a ZIP archive)",
                "nothing behind the image",
                "124 bytes",
            ),
        ),
        Example(
            "padded with NUL bytes",
            Picture(kind="trailing-nul"),
            {},
            finds=Problem(
                "16 bytes follow the end of the image (NUL bytes)",
                "nothing behind the image",
                "16 bytes",
                severity="warning",
            ),
        ),
    ],
)
def no_trailing_data(artifact: Artifact) -> Iterator[Problem]:
    """Report undeclared bytes behind the image."""
    walk = artifact.walk
    if not walk.trailing:
        return
    harmless = walk.trailing_kind in PADDING
    what = _NAMES.get(walk.trailing_kind, "other data")
    count = "1 byte follows" if walk.trailing == 1 else f"{walk.trailing} bytes follow"
    fix = "export the file again, and find the step that appended to it"
    cause = None if harmless else artifact.conversion
    if cause is not None:  # what follows was shifted there, and decoders may not mind
        what, fix = str(cause), cause.fix
    yield Problem(
        f"{count} the end of the image ({what})",
        "nothing behind the image",
        "1 byte" if walk.trailing == 1 else f"{walk.trailing} bytes",
        fix,
        severity="warning" if harmless else None,
    )
