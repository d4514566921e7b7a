"""What changed: in the index since HEAD, or in the work tree since a commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import UsageError
from verify4k.git.index import decoded
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.git.repository import Repository

_DIFF = ("--name-only", "-z", "--no-renames", "--ignore-submodules=none")
_GUESSES = ("@{upstream}", "origin/HEAD")


class Changes(NamedTuple):
    """Changed paths, from the top of the work tree. A rename is a deletion and an addition."""

    base: str  # a commit, or the empty tree before the first one
    since: str  # what that is, for people
    paths: frozenset[str]


def staged_changes(repository: Repository) -> Changes:
    """Compare the index with HEAD; before the first commit everything is new."""
    base = repository.commit("HEAD")
    if base is None:
        base = repository.run("hash-object", "-t", "tree", "--stdin").decode("ascii").strip()
    return Changes(base, "HEAD", _names(repository.run("diff-index", "--cached", *_DIFF, base, "--")))


def changes_since(repository: Repository, ref: str | None) -> Changes:
    """Compare the work tree with where ``ref`` and HEAD parted.

    Raises:
        UsageError: there is no such commit, or no history that leads to it (a shallow clone).
    """
    name, commit = _resolve(repository, ref)
    try:
        base = repository.run("merge-base", commit, "HEAD").decode("ascii").strip()
    except UsageError as error:
        raise UsageError(
            f"{name!a} and HEAD have no commit in common here",
            "fetch the history: fetch-depth: 0 for actions/checkout, GIT_DEPTH: 0 on GitLab",
        ) from error
    diff = repository.run("diff", *_DIFF, "--no-ext-diff", "--no-textconv", base, "--")
    return Changes(base, name, _names(diff))


def _resolve(repository: Repository, ref: str | None) -> tuple[str, str]:
    if ref is not None:
        commit = repository.commit(ref)
        if commit is None:
            raise UsageError(f"there is no commit {ref!a} here", "fetch it, or correct --since")
        return ref, commit
    for name in _GUESSES:
        commit = repository.commit(name)
        if commit is not None:
            return name, commit
    raise UsageError(
        "--changed does not know since when: this branch has no upstream",
        'say it: --since "origin/$GITHUB_BASE_REF", --since "$CI_MERGE_REQUEST_DIFF_BASE_SHA"',
    )


def _names(listing: bytes) -> frozenset[str]:
    return frozenset(decoded(name) for name in listing.split(b"\0") if name)
