"""Promises -> the text of a manifest, which reads back as what it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.documents.flow import flow, key
from verify4k.errors import UsageError
from verify4k.manifest.schema import schema_comment
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verify4k.documents.building import Value


def manifest_text(
    files: Iterable[tuple[str, Mapping[str, Value]]],
    source: str,
    how: str = "as read by: verify4k init --from",
) -> str:
    """Return a manifest that promises ``files``: targets, each with its options as an entry writes them.

    Args:
        files: in the order in which they are to stand.
        source: what the promises were read from, for the comment at the top.
        how: by which command, for the same comment.

    Raises:
        UsageError: the source says two things of one file that cannot both hold.
    """
    lines = [
        *schema_comment(),
        f"# Promises of {printable(source)}, {how}",
        "version: 1",
    ]
    entries = [f"  {key(target)}: {flow(options)}" for target, options in _once(files, source).items()]
    return "\n".join([*lines, "files:" if entries else "files: {}", *entries]) + "\n"


def _once(files: Iterable[tuple[str, Mapping[str, Value]]], source: str) -> dict[str, dict[str, Value]]:
    """Return each file with all that is said of it: a page and its manifest name the same icon."""
    found: dict[str, dict[str, Value]] = {}
    for target, options in files:
        entry = found.setdefault(target, {})
        for name, value in options.items():
            if entry.setdefault(name, value) != value:
                said = f"{name} {flow(entry[name])} and {name} {flow(value)}"
                raise UsageError(
                    f"{source} says two things of {target}: {said}",
                    f"correct it; as it is, it can be checked: verify4k check {source}",
                )
    return found
