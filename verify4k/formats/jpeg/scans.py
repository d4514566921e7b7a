"""Which coefficients a JPEG's scans have brought: a file cut between two scans decodes without a murmur.

Section numbers are those of ITU-T T.81: B.2.3 for the scan header, G.1.1.1 for progressive scans.
"""

from __future__ import annotations

_PROGRESSIVE = frozenset((0xC2, 0xCA))
_NEVER = 0xFF


class Coverage:
    """For every component, the lowest bit that each of its 64 coefficients has got."""

    def __init__(self, code: int, components: bytes) -> None:
        self._progressive = code in _PROGRESSIVE
        self._low = {component: bytearray([_NEVER] * 64) for component in components}

    def scan(self, body: bytes) -> str:
        """Take the body of one SOS segment; return what is wrong with it, or ""."""
        count = body[0] if body else 0
        if not 1 <= count <= 4 or len(body) != 4 + 2 * count:
            return "a scan header is malformed"
        names = body[1 : 1 + 2 * count : 2]
        if any(name not in self._low for name in names):
            return "a scan names a component that the frame does not have"
        first, last, low = body[-3], body[-2], body[-1] & 15
        if not self._progressive:
            first, last, low = 0, 63, 0  # decoders read no other values into sequential scans
        elif first > last or last > 63:
            return f"a scan names coefficients {first} to {last}"
        for name in names:
            self._low[name][first : last + 1] = bytes([low]) * (last + 1 - first)
        return ""

    def missing(self) -> str:
        """Say what no scan has brought, or ""."""
        never = sum(low.count(_NEVER) for low in self._low.values())
        coarse = sum(64 - low.count(0) for low in self._low.values()) - never
        if never and not self._progressive:
            return "scans are missing: not every component has pixel data"
        if never or coarse:
            return f"scans are missing: {never} coefficients never came, {coarse} only coarsely"
        return ""
