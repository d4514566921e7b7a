"""Promises that cannot hold yet, or not at all, while a fresh picture is judged.

A picture's own ledger line is written after the judgement, so ``provenance: ledger`` is left to
``check``. A placeholder is no release picture by definition: the rules that say so are meant for
the gate, not for the workbench.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.generate.judging import with_options
from verify4k.rules import all_rules
from verify4k.rules.provenance import ProvenanceOptions

if TYPE_CHECKING:
    from verify4k.model import Asset
    from verify4k.routes import Route


_WORKBENCH = (
    "readable",
    "exact-size",
    "right-format",
    "extension-matches",
    "no-stray-alpha",
    "name-claim",
    "still",
    "upright",
)


def release_only(route: Route | None) -> frozenset[str]:
    """Return the rules to leave out when judging a picture of this route."""
    if route is None or route.make is None:
        return frozenset()
    return frozenset(all_rules()) - frozenset(_WORKBENCH)


def without_ledger_promise(asset: Asset) -> Asset:
    """Return the asset without the promise to be in the ledger."""
    wanted = asset[ProvenanceOptions].provenance
    if not wanted or "ledger" not in wanted:
        return asset
    rest = tuple(one for one in wanted if one != "ledger")
    return with_options(asset, ProvenanceOptions(provenance=rest or ("none-required",)))
