"""The bytes are in the promised format.

The format comes from the first bytes of the file, never from its name or a Content-Type: CDNs
negotiate AVIF or WebP behind a `.png`, and image APIs answer PNG when asked for WebP.

Fix the export, the request's output format, or the CDN's format negotiation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.registry import readable
from verify4k.model import Problem
from verify4k.options.kinds import Options, choice, option
from verify4k.options.lists import list_of
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact


class FormatOptions(Options):
    """What the format may be."""

    format: tuple[str, ...] | None = option(
        list_of(choice(*readable())), "the format by its bytes; several: any of them"
    )


@rule(
    "right-format",
    options=FormatOptions,
    when_promised=True,
    examples=[
        Example("a WebP as promised", Picture(name="banner.webp"), {"format": "webp"}),
        Example("either will do", Picture(name="photo.jpg"), {"format": ["jpeg", "png"]}),
        Example(
            "a JPEG where WebP was promised",
            Picture(name="photo.jpg"),
            {"format": "webp"},
            finds=Problem("the format differs", "webp", "jpeg"),
        ),
        Example(
            "neither of two",
            Picture(name="photo.jpg"),
            {"format": ["webp", "png"]},
            finds=Problem("the format differs", "webp or png", "jpeg"),
        ),
    ],
)
def right_format(artifact: Artifact) -> Iterator[Problem]:
    """Compare the format by bytes with the promise."""
    wanted = artifact.asset[FormatOptions].format or ()
    if artifact.format not in wanted:
        fix = "fix the export, the request's output format or the CDN's format negotiation"
        yield Problem("the format differs", " or ".join(wanted), artifact.format, fix, "format")
