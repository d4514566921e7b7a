"""Git LFS holds the file exactly where .gitattributes says so.

A picture that `filter=lfs` covers and that was committed without git-lfs lies in the history for
ever and breaks the next checkout's status; a pointer that no attribute covers is never replaced by
the picture. Asked of files that git tracks.

Fix: install git-lfs, then `git rm --cached FILE` and `git add FILE`; or correct .gitattributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import NotAsked
from verify4k.model import Problem
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact

_POINTER = "a Git LFS pointer (.gitattributes: filter=lfs)"


@rule(
    "lfs-as-said",
    examples=[
        Example("no attribute says LFS", Picture(), {}, attributes="*.psd filter=lfs"),
        Example(
            "committed as it is, where LFS was meant",
            Picture(),
            {},
            attributes="*.png filter=lfs diff=lfs merge=lfs -text",
            finds=Problem(
                "git holds the picture itself", "a Git LFS pointer (.gitattributes: filter=lfs)", "a blob"
            ),
        ),
    ],
)
def lfs_as_said(artifact: Artifact) -> Iterator[Problem]:
    """Compare what the index holds with what the attributes say."""
    tracked = artifact.tracked
    if tracked is None or tracked.pointer is None:
        raise NotAsked("no attribute gives this file to Git LFS")
    if tracked.filter == "lfs" and not tracked.pointer:
        fix = "run `git lfs install`, then `git rm --cached` and `git add` the file"
        yield Problem("git holds the picture itself", _POINTER, "a blob", fix)
    elif tracked.pointer and tracked.filter != "lfs":
        fix = "run `git lfs track` for it and commit .gitattributes, or add the picture itself"
        yield Problem("git holds a Git LFS pointer", "the picture (no filter=lfs)", "a pointer", fix)
