"""No other tracked file has a name that differs only in case or in Unicode form.

`Hero.png` beside `hero.png`, or an accent in one code point beside the same accent in two, are two
files on Linux and one on Windows and macOS: a checkout there shows one of them under both names.
Asked where git's index has been read (`--staged`, `--changed`) or a `.gitattributes` is there.

Fix: rename one of them with `git mv`, and what refers to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import NotAsked
from verify4k.model import Problem
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact


@rule(
    "name-apart",
    severity="warning",
    examples=[
        Example(
            "two names",
            [Picture(name="a.png"), Picture(name="b.png", kind="other")],
            {},
            attributes="*.md text",
        ),
        Example(
            "one name but for its case",
            [Picture(name="a.png"), Picture(name="A.png", kind="other")],
            {},
            attributes="*.md text",
            finds=[
                Problem("another tracked file has nearly this name", "a name of its own", "A.png"),
                Problem("another tracked file has nearly this name", "a name of its own", "a.png"),
            ],
        ),
    ],
)
def name_apart(artifact: Artifact) -> Iterator[Problem]:
    """Report each file that another one would replace on a disk that folds names."""
    tracked = artifact.tracked
    if tracked is None:
        raise NotAsked("git does not track this file")
    for other in tracked.alike:
        fix = "rename one of them with `git mv`: on Windows and macOS they are one file"
        yield Problem(
            "another tracked file has nearly this name", "a name of its own", ascii(other)[1:-1], fix
        )
