"""Names of metadata tags as ExifTool writes them: a name that nothing can have would never be asked about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.options.kinds import Kind, shown, text, wrong

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context

_NAME = r"[A-Za-z0-9_*?\[\]!#. -]+(:[A-Za-z0-9_*?\[\]!#. -]+)?"
_GROUPS = (
    "EXIF", "XMP", "IPTC", "ICC_Profile", "MakerNotes", "JFIF", "JPEG", "Photoshop", "PNG", "GIF", "RIFF",
    "MPF", "JUMBF", "QuickTime", "Meta", "Ducky", "FlashPix", "GeoTiff", "PrintIM", "Jpeg2000", "OpenEXR",
    "SVG", "APP14",
)  # fmt: skip
_COMPUTED = ("file", "system", "exiftool", "composite")
# what people write for a whole group, or for all there is -> what names it here
_MEANT = {
    **{group.lower(): f"{group}:*" for group in _GROUPS if group not in ("JPEG", "Meta", "SVG")},
    "gps": "GPS*",
    "geo": "GPS*",
    "gpsposition": "GPS*",
    "icc": "ICC_Profile:*",
    "makernote": "MakerNotes:*",
    "c2pa": "JUMBF:*",
    "all": "*",
    "any": "*",
    "everything": "*",
    "metadata": "*",
}


def unmatchable(name: str) -> tuple[str, str]:
    """Return why no tag can have such a name, and what was probably meant; two empty texts where one can."""
    if name.startswith("-") or not re.fullmatch(_NAME, name):
        return "is no tag's name", "write names like GPSLatitude, EXIF:Artist or GPS*"
    group, colon, tag = name.rpartition(":")
    if not colon:
        meant = _MEANT.get(name.lower(), "")
        return ("names no tag", f"did you mean {meant}?") if meant else ("", "")
    if tag.lower() == "all":
        return "names no tag", f"did you mean {_MEANT.get(group.lower(), f'{group}:*')}?"
    if group.lower() in _COMPUTED and (group.lower(), tag.lower()) != ("file", "comment"):
        return "is what ExifTool computes, and never matched", "name what is written in the file"
    meant = _group_meant(group)
    return (f"has a group that no tag is given under: {group}", meant) if meant else ("", "")


def _group_meant(group: str) -> str:
    """Return what a group of ExifTool's finer division, or a misspelt one, is called here."""
    from verify4k.suggest import suggest

    low = group.lower()
    if low == "gps":
        return "write GPS*"
    if re.fullmatch(r"exififd|ifd\d|subifd\d?|interopifd", low):
        return "write EXIF:..."
    if re.match(r"xmp-[^*?]", low):
        return "write XMP:..."
    if re.match(r"icc-[^*?]", low):
        return "write ICC_Profile:..."
    if low in map(str.lower, _GROUPS) or not {"*", "?", "["}.isdisjoint(low):
        return ""
    near = suggest(group, _GROUPS)
    return f"did you mean {near}:...?" if near else ""


def _tag(node: Node, context: Context) -> str:
    name = text.parse(node, context)
    why, hint = unmatchable(name)
    if why:
        raise wrong(node, f"{shown(name)} {why}", hint)
    return name


tag_name = Kind(text.words, text.schema, _tag)
