"""No placeholder ships in a release.

`verify4k generate --route placeholder` makes pictures of the exact size for development. They
are labelled in the picture, in their metadata and in the ledger, and this rule finds them by the
latter two. It is on by default: a placeholder that nobody replaced is the most common way for a
wrong picture to reach a release. During development turn it off for the run
(`--ignore no-placeholder`) or for the manifest (`rules: {no-placeholder: off}`).

Fix: make the real picture with `verify4k generate --failed`, or import it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact


@rule(
    "no-placeholder",
    examples=[
        Example("a real picture", Picture(), {}),
        Example(
            "a placeholder",
            Picture(kind="placeholder"),
            {},
            finds=Problem("this is a placeholder", "a real picture", "a placeholder by its metadata"),
        ),
    ],
)
def no_placeholder(artifact: Artifact) -> Iterator[Problem]:
    """Look for the mark in the bytes, then for the bytes in the ledger."""
    fix = "make the real picture: verify4k generate --failed"
    if artifact.marked:
        yield Problem("this is a placeholder", "a real picture", "a placeholder by its metadata", fix)
        return
    if artifact.depth == "header":
        return
    history = artifact.history
    line = None if history is None else history.accepted(artifact.sha256)
    if history is not None and line is not None and history.kind_of(line) == "placeholder":
        yield Problem("this is a placeholder", "a real picture", "a placeholder by the ledger", fix)
