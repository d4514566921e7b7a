"""The file is byte for byte the promised one.

Where a checksum list, a Git LFS pointer or a DVC file says which bytes are meant, nothing else will do:
not even the same picture, encoded again. `sha256` and `sha512` bind; `sha1`, of which older lists
are, and `md5`, which DVC uses, find accidents only.

Fix: fetch the file again, or promise the digest of the file that is really meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Kind, Options, option, scalar, shown, wrong
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact
    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context


def _digest(name: str, digits: int) -> Kind[str]:
    words = f"{digits} hexadecimal digits"

    def parse(node: Node, _context: Context) -> str:
        text = scalar(node, words).lower()
        if len(text) != digits or not set(text) <= set("0123456789abcdef"):
            raise wrong(node, f"{shown(text)} is no {name}", f"write all {words}")
        return text

    return Kind(words, {"type": "string", "pattern": f"^[0-9a-fA-F]{{{digits}}}$"}, parse)


class DigestOptions(Options):
    """Which bytes are meant."""

    sha256: str | None = option(_digest("SHA-256", 64), "the SHA-256 of the whole file")
    sha512: str | None = option(_digest("SHA-512", 128), "the SHA-512 of the whole file")
    sha1: str | None = option(_digest("SHA-1", 40), "the SHA-1 of the whole file, as older lists state it")
    md5: str | None = option(_digest("MD5", 32), "the MD5 of the whole file, as DVC states it")


_STORED = Picture(kind="stored")
_SHA256, _MD5 = (
    "5ba3c1f2e29281dacb53a77e7859b81faee8218ede0bf190db6afec0004c51a7",
    "94de7f96c7038279788076f34118fd9f",
)
_SHA1 = "ef269ec083498fd82926f32c09e27f078f197c6e"
_SHA512 = (
    "db78eb57d06f9b75625751262121b4cb303ca4f08877ba432336c501a20b9541"
    "735da3f62b475829ff421cfc5e7eb741aab2fe6eb41d128092b662467a2a682b"
)


@rule(
    "same-bytes",
    options=DigestOptions,
    when_promised=True,
    examples=[
        Example("the very file", _STORED, {"sha256": _SHA256}),
        Example("the very file, by SHA-512", _STORED, {"sha512": _SHA512}),
        Example("the very file, by SHA-1", _STORED, {"sha1": _SHA1}),
        Example("the very file, by MD5", _STORED, {"md5": _MD5}),
        Example(
            "another file under the same name",
            _STORED,
            {"sha256": "0" * 64},
            finds=Problem("the file holds other bytes", f"sha256 {'0' * 64}", f"sha256 {_SHA256}"),
        ),
        Example(
            "another file than a list of SHA-512 names",
            _STORED,
            {"sha512": "0" * 128},
            finds=Problem("the file holds other bytes", f"sha512 {'0' * 128}", f"sha512 {_SHA512}"),
        ),
        Example(
            "another file than a list of SHA-1 names",
            _STORED,
            {"sha1": "0" * 40},
            finds=Problem("the file holds other bytes", f"sha1 {'0' * 40}", f"sha1 {_SHA1}"),
        ),
        Example(
            "another file than DVC tracks",
            _STORED,
            {"md5": "0" * 32},
            finds=Problem("the file holds other bytes", f"md5 {'0' * 32}", f"md5 {_MD5}"),
        ),
    ],
)
def same_bytes(artifact: Artifact) -> Iterator[Problem]:
    """Compare the digests of the bytes that every other rule sees."""
    wanted = artifact.asset[DigestOptions]
    fix = "fetch the file again, or promise the digest of the file that is really meant"
    for name in DigestOptions.declared:
        promised = getattr(wanted, name)
        found = promised and getattr(artifact, name)
        if promised != found:
            yield Problem("the file holds other bytes", f"{name} {promised}", f"{name} {found}", fix, name)
