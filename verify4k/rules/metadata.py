"""Metadata that must or must not be there, as ExifTool reads it.

`metadata: {require: [Copyright, "IPTC:*"], forbid: ["GPS*"]}`. Names are ExifTool's tag names,
with or without a group (`GPSLatitude`, `XMP:CreatorTool`), with `*` and `?`; case is ignored. A whole
group is `EXIF:*`, all there is `"*"`; a name that no tag can have (`GPS`, `all`, `XMP-dc:*`) is a mistake.
Facts that ExifTool computes from the file itself (the groups ExifTool, File but for a JPEG's Comment,
System and Composite) are never matched. One ExifTool process serves the whole check, and only when a manifest
asks for it; without it this rule is undecided. It reads a copy of the bytes that the other rules saw,
without a configuration file, at most 30 seconds a picture and, on Linux, 1 GiB of memory: what takes
more is undecided, and so is metadata that ExifTool says it cannot open.

Fix: write or strip the metadata in the export; check which step dropped or added it.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import Kind, Options, option, wrong
from verify4k.options.lists import list_of
from verify4k.options.tag_names import tag_name
from verify4k.options.unknown import fields
from verify4k.rule import Example, Picture, rule
from verify4k.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact
    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context


class Tags(NamedTuple):
    """Patterns of tag names that must and must not be there."""

    require: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()


_patterns = list_of(tag_name)


def _tags(node: Node, context: Context) -> Tags:
    given = fields(node, ("require", "forbid"), "key of metadata")
    if not given:
        raise wrong(node, "metadata asks for nothing", "metadata: {require: [TAG], forbid: [TAG]}")
    return Tags(**{key: _patterns.parse(value, context) for key, value in given.items()})


class MetadataOptions(Options):
    """What ExifTool must and must not find."""

    metadata: Tags | None = option(
        Kind(
            "{require: [TAG], forbid: [TAG]}",
            {
                "type": "object",
                "properties": {"require": _patterns.schema, "forbid": _patterns.schema},
                "minProperties": 1,
                "additionalProperties": False,
            },
            _tags,
        ),
        "tags that must or must not be there, by ExifTool's names",
    )


@rule(
    "metadata",
    options=MetadataOptions,
    when_promised=True,
    examples=[
        Example(
            "the copyright is kept",
            Picture(name="photo.jpg", kind="copyright"),
            {"metadata": {"require": ["Copyright"]}},
        ),
        Example("no position is given away", Picture(name="photo.jpg"), {"metadata": {"forbid": ["GPS*"]}}),
        Example(
            "the copyright is lost",
            Picture(name="photo.jpg"),
            {"metadata": {"require": ["Copyright"]}},
            finds=Problem("required metadata is missing", "Copyright", "no such tag"),
        ),
        Example(
            "a tag that must not ship",
            Picture(name="photo.jpg", kind="copyright"),
            {"metadata": {"forbid": ["EXIF:Copy*"]}},
            finds=Problem("metadata that must not ship", "no EXIF:Copy*", "EXIF:Copyright"),
        ),
    ],
)
def metadata(artifact: Artifact) -> Iterator[Problem]:
    """Match the patterns against the tags found."""
    tags = artifact.asset[MetadataOptions].metadata or Tags()
    names = artifact.tags
    for pattern in tags.require:
        if not any(_matches(name, pattern) for name in names):
            fix = "write it in the export; check which step dropped it"
            yield Problem("required metadata is missing", pattern, "no such tag", fix, "metadata")
    for pattern in tags.forbid:
        found = [name for name in names if _matches(name, pattern)]
        if found:
            fix = "strip it in the export; check which step added it"
            yield Problem("metadata that must not ship", f"no {pattern}", listed(found), fix, "metadata")


def _matches(name: str, pattern: str) -> bool:
    name, pattern = name.lower(), pattern.lower()
    return fnmatchcase(name, pattern) or fnmatchcase(name.partition(":")[2], pattern)
