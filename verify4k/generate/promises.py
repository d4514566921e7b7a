"""The promise that cannot hold yet while a fresh picture is judged.

A picture's own ledger line is written after the judgement, so ``provenance: ledger`` is left to
the next look at the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.generate.judging import with_options
from verify4k.rules.provenance import ProvenanceOptions

if TYPE_CHECKING:
    from verify4k.model import Asset


def without_ledger_promise(asset: Asset) -> Asset:
    """Return the asset without the promise to be in the ledger."""
    wanted = asset[ProvenanceOptions].provenance
    if not wanted or "ledger" not in wanted:
        return asset
    rest = tuple(one for one in wanted if one != "ledger")
    return with_options(asset, ProvenanceOptions(provenance=rest or ("none-required",)))
