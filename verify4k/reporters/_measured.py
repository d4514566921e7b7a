"""The facts of an asset that people compare with the promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.text import counted

if TYPE_CHECKING:
    from verify4k.report import AssetResult


def measured(asset: AssetResult) -> str:
    """Return format, size in pixels, alpha and bytes, as far as they are known; raw text."""
    facts = asset.facts
    shape = facts.get("displayed")
    parts = [
        str(facts["format"]) if facts.get("format") else "",
        f"{shape[0]}x{shape[1]}" if shape else "",
        f"alpha {facts['alpha']}" if facts.get("alpha") else "",
        counted(asset.size, "byte") if asset.size is not None else "",
    ]
    return ", ".join(part for part in parts if part)
