"""What one rule says: of bytes, of pictures of which only the header is there, and under a promise."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from pictures import png_chunk

from verify4k.artifacts.artifact import Artifact
from verify4k.documents.nodes import Place
from verify4k.files.source import BytesSource
from verify4k.manifest.load import parse_manifest
from verify4k.model import Asset
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from verify4k.artifacts.content import Depth
    from verify4k.model import Problem


Told = tuple[str, str, str]  # message, expected, actual


def asked(rule: str, name: str, data: bytes) -> list[Problem]:
    """What a rule says of bytes under a name, of which only the header is read."""
    check = all_rules()[rule].check
    assert check is not None
    return list(check(Artifact(Asset(name, name, Place("m", 1, 1)), BytesSource(data), "header")))


def promised(rule: str, entry: str, data: bytes, name: str = "a.png", depth: Depth = "full") -> list[Problem]:
    """What a rule says of bytes under a promise, as a manifest writes it."""
    manifest = parse_manifest(f"version: 1\nfiles: {{{name}: {entry}}}\n".encode(), "m.yaml", "root")
    check = all_rules()[rule].check
    assert check is not None
    return list(check(Artifact(manifest.assets[0], BytesSource(data), depth)))


def header_of(width: int, height: int) -> bytes:
    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", b"") + png_chunk(b"IEND", b"")


def told(rule: str, entry: str, data: bytes, name: str = "a.png", depth: Depth = "full") -> list[Told]:
    """What is said; a finding that weighs otherwise than its rule says so behind its message."""
    found = promised(rule, entry, data, name, depth)
    keys = {each.strip(" {").partition(":")[0] for each in entry.split(", ")}
    assert {problem.key for problem in found} <= {*keys, ""}
    return [
        (f"{one.message} ({one.severity})" if one.severity else one.message, one.expected, one.actual)
        for one in found
    ]


def assets(**entries: str) -> list[Asset]:
    """Promises about PNGs, by the stem of their file."""
    lines = "".join(f"  {name}.png: {entry}\n" for name, entry in entries.items())
    return list(parse_manifest(f"version: 1\nfiles:\n{lines}".encode(), "m.yaml", "root").assets)
