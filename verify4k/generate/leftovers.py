"""What killed processes left beside targets that have their picture: no answer is thrown away unread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.generate.records import Outcome
from verify4k.generate.slots import Slot

if TYPE_CHECKING:
    from pathlib import Path

    from verify4k.generate.edges import Edges
    from verify4k.provenance.ledger import Ledger


def keep_unsettled(slot: Slot, ledger: Ledger, edges: Edges, target: str) -> str:
    """Keep an answer that an earlier process received and nobody judged; say so, or return an empty text.

    Whoever is about to clear a slot without having settled what lies in it calls this: it may have been paid
    for. The ledger names the file, so that a later `generate` of the same request finishes from it. Raises
    `UsageError`.
    """
    spooled = slot.spooled()
    if spooled is None or not spooled.arrived:
        return ""
    history = ledger.read().about(target)
    line = history.requests.get(spooled.request)
    if spooled.request in history.outcomes or (line is not None and "ticket" in line):
        return ""  # settled, or it can be asked for again
    kept = slot.keep_answer()
    if line is not None:
        outcome = Outcome(
            "lost", "received by an earlier run and not needed", billed="likely", more={"answer": kept}
        )
        ledger.append(outcome.line(spooled.request, edges.timestamp(), target))
    return f"an answer that an earlier run received is kept as {kept}: it may have been billed"


def tidy(path: Path, ledger: Ledger, edges: Edges, target: str) -> str:
    """Remove what a killed process left beside a picture that is settled; say what of it is kept."""
    slot = Slot(path)
    if slot.answer_path.exists() or slot.new_path.exists():
        with slot:
            if slot.held:
                kept = keep_unsettled(slot, ledger, edges, target)
                slot.clear()
                return kept
    return ""
