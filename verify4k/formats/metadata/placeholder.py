"""The mark that a placeholder carries in its metadata, and how to find it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.formats.facts import Block, Reader

KEYWORD = "verify4k"
MARK = "verify4k:placeholder"

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Label="' + MARK + '" '
    'xmp:CreatorTool="verify4k"/></rdf:RDF></x:xmpmeta>'
).encode()


def is_marked(reader: Reader, blocks: Sequence[Block]) -> bool:
    """Whether the XMP says that this is a placeholder."""
    packets = [block for block in blocks if block.kind == "xmp"]
    if not packets:
        return False
    from verify4k.formats.metadata.xmp import load_xmp

    return MARK.encode() in load_xmp(reader, packets)
