"""Which HEIF format a file's brands name (ISO/IEC 14496-12, 4.3)."""

from __future__ import annotations

_AVIF = frozenset({b"avif", b"avis", b"avio"})
_STRUCTURAL = frozenset({b"mif1", b"mif2", b"msf1"})  # say how it is built, not what codes it
_HEIC = _STRUCTURAL | {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"}


def recognize(head: bytes) -> str | None:
    """AVIF wherever a reader may take it as one: browsers read all brands. None: no HEIF."""
    if head[4:8] != b"ftyp":
        return None
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, max(size, 16), 4))]
    if brands[0] == b"crx ":
        return "raw"  # Canon CR3
    for known, name in ((_AVIF, "avif"), (_HEIC, "heic")):
        if brands[0] in known - _STRUCTURAL:
            return name
    for known, name in ((_AVIF, "avif"), (_HEIC, "heic")):
        if not known.isdisjoint(brands):
            return name
    return None
