"""Every image beside the promised ones is promised too.

An image that no entry names is checked by nobody: a new banner, a forgotten export, the file
that was meant but misspelt. Looked at are the folders that hold promised files, not their
subfolders. Off by default: `rules: {unlisted: warning}` turns it on, `unlisted-ok: [PATTERN]`
at the top of the manifest lets names pass.

Fix: add the file to the manifest, or remove it from the release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem, is_file
from verify4k.rule import Example, Picture, Surroundings, run_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify4k.artifacts.artifact import Artifact
    from verify4k.model import Asset


def _collect(_artifact: Artifact) -> bool:
    return True


@run_rule(
    "unlisted",
    collect=_collect,
    asked=is_file,
    enabled=False,
    examples=[
        Example("all are promised", [Picture(name="a.png"), Picture(name="b.png", kind="other")], {}),
        Example(
            "a stranger",
            [Picture(name="a.png"), Picture(name="b.png", kind="unlisted")],
            {},
            finds=Problem("no entry names this image", "a promise for it", "none, beside the promised a.png"),
        ),
    ],
)
def unlisted(
    kept: Sequence[tuple[Asset, bool]], surroundings: Surroundings
) -> Iterator[tuple[Asset, Problem]]:
    """Report each image that no entry names although it lies beside a promised one."""
    from fnmatch import fnmatchcase

    manifest = surroundings.manifest
    strangers = dict.fromkeys(surroundings.images_beside())
    for asset in manifest.assets:
        strangers.pop(asset.target, None)
    neighbours: dict[str, Asset] = {}
    for asset, _ in kept if strangers else ():
        neighbours.setdefault(asset.target.rpartition("/")[0], asset)
    for target in strangers:
        allowed = any(fnmatchcase(target, pattern) for pattern in manifest.excluded)
        beside = neighbours.get(target.rpartition("/")[0])
        if not allowed and beside is not None:
            fix = "add it to the manifest, or remove it from the release"
            seen = f"none, beside the promised {ascii(beside.target)[1:-1]}"
            told = Problem("no entry names this image", "a promise for it", seen, fix)
            yield surroundings.stranger(beside, target), told
