"""What colours mean where no ICC profile says it: code points of ITU-T H.273, PNG's gAMA and cHRM.

The answer is one word or two for people: "" nothing is declared, "sRGB", or what is.
"""

from __future__ import annotations

SRGB = "sRGB"

_UNSPECIFIED = 2
_BT709, _SRGB_TRANSFER = 1, 13  # H.273, tables 2 and 3
_PRIMARIES = {1: "BT.709", 9: "BT.2020", 11: "DCI-P3", 12: "Display P3"}
_TRANSFERS = {1: "BT.709", 8: "linear", 14: "BT.2020", 16: "PQ", 18: "HLG"}
_GAMMA = 45455  # PNG, 11.3.2.2: 1/2.2 times 100,000
_CHROMATICITIES = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)  # 11.3.2.1: white, red, green, blue
_NEAR = 1000  # a hundredth: writers round, and no viewer shows the difference


def declared(primaries: int, transfer: int) -> str:
    """Name what cICP or nclx declares."""
    if {primaries, transfer} <= {_UNSPECIFIED}:
        return ""
    if primaries in (_BT709, _UNSPECIFIED) and transfer in (_SRGB_TRANSFER, _UNSPECIFIED):
        return SRGB
    name = _PRIMARIES.get(primaries, f"primaries {primaries}")
    if transfer not in (_SRGB_TRANSFER, _UNSPECIFIED):
        name += f", {_TRANSFERS.get(transfer, f'transfer {transfer}')}"
    return name


def measured(gamma: bytes, chromaticities: bytes) -> str:
    """Name what PNG's gAMA and cHRM declare; either may be empty."""
    found = []
    if len(gamma) == 4:
        value = int.from_bytes(gamma)
        if abs(value - _GAMMA) > _NEAR:
            found.append(f"gamma {value / 100_000:.3g}")
    if len(chromaticities) == 32:
        told = [int.from_bytes(chromaticities[at : at + 4]) for at in range(0, 32, 4)]
        if any(abs(one - wanted) > _NEAR for one, wanted in zip(told, _CHROMATICITIES, strict=True)):
            found.append("primaries of its own (cHRM)")
    return ", ".join(found) or (SRGB if gamma or chromaticities else "")
