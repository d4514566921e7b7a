"""Problems of a size that the file never declared: browsers chose it, and that is what to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verify4k.artifacts.artifact import Artifact
    from verify4k.model import Problem

_FIX = "give the drawing a viewBox, or width and height"


def said_of_unsized(artifact: Artifact, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems; those of a drawing without a size say so, and how it gets one."""
    for problem in problems:
        why = artifact.header.unsized
        yield problem._replace(message=f"{problem.message}: {why}", fix=_FIX) if why else problem
