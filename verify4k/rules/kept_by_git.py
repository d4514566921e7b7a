"""Git keeps the file's bytes: no attribute makes it convert line ends.

`*.png text`, or `eol=crlf` for everything, lets git replace bytes of pictures when they are committed
or checked out, and the copy that others get is damaged. `* text=auto` is harmless as long as git takes
the file for binary, which it tells by a NUL among the first 8,000 bytes. An SVG is text: its line ends may
change, unless its digest is promised. Asked of files that git tracks, where a `.gitattributes` says
something.

Fix: add a line to .gitattributes, such as `*.png -text` (or `binary`), and commit the picture again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import NotAsked
from verify4k.model import Problem
from verify4k.rule import Example, Picture, rule
from verify4k.rules.same_bytes import DigestOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact

_WHAT = "git converts line ends in this picture"
_SEEN = 8000  # bytes that git looks at (buffer_is_binary)


@rule(
    "kept-by-git",
    examples=[
        Example("no attribute says text", Picture(), {}, attributes="*.md text"),
        Example("text=auto, and git sees that it is binary", Picture(), {}, attributes="* text=auto"),
        Example("binary", Picture(), {}, attributes="* text\n*.png binary"),
        Example(
            "every file is text",
            Picture(),
            {},
            attributes="* text",
            finds=Problem(_WHAT, "its bytes kept", ".gitattributes: text"),
        ),
        Example(
            "an end of line for every file",
            Picture(),
            {},
            attributes="* eol=crlf",
            finds=Problem(
                "git converts line ends in this picture", "its bytes kept", ".gitattributes: eol=crlf"
            ),
        ),
    ],
)
def kept_by_git(artifact: Artifact) -> Iterator[Problem]:
    """Ask git's own attributes; of text=auto also the bytes."""
    tracked = artifact.tracked
    if tracked is None:
        raise NotAsked("git does not track this file, or says nothing of it")
    lines = tracked.eol in ("lf", "crlf")
    if tracked.text == "auto":
        converted = not _binary(artifact)
    else:
        converted = tracked.text == "set" or (tracked.text == "unspecified" and lines)
    if not converted or (_drawing(artifact) and not _bytes_meant(artifact)):
        return
    said = (
        "text" if tracked.text == "set" else "text=auto" if tracked.text == "auto" else f"eol={tracked.eol}"
    )
    suffix = artifact.asset.target.rpartition("/")[2].rpartition(".")[2]
    fix = f"add `*.{suffix} -text` to .gitattributes and commit the picture again"
    yield Problem(_WHAT, "its bytes kept", f".gitattributes: {said}", fix)


def _binary(artifact: Artifact) -> bool:
    return b"\0" in artifact.reader.read(0, _SEEN)


def _drawing(artifact: Artifact) -> bool:
    return artifact.asset.target.lower().endswith(".svg") and not _binary(artifact)


def _bytes_meant(artifact: Artifact) -> bool:
    wants = artifact.asset[DigestOptions]
    return any(getattr(wants, name) is not None for name in DigestOptions.declared)
