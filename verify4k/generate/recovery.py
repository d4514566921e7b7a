"""Finishes what a killed process began: a received picture is not asked for again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from verify4k.files.source import FileSource
from verify4k.generate.records import order_hash
from verify4k.routes.protocol.failures import NotMade

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from verify4k.generate.attempt import Attempt
    from verify4k.generate.make import RunContext
    from verify4k.generate.plan import Job
    from verify4k.generate.results import Result
    from verify4k.generate.slots import Slot, Spooled
    from verify4k.provenance.ledger import History
    from verify4k.routes import Order

_LOST = "sent earlier and never received: it may have been billed"


def recover(
    run: RunContext, job: Job, order: Order, slot: Slot, attempt: Attempt
) -> tuple[list[str], Result | None]:
    """Return notes about earlier requests, and the result if one of them brought the picture."""
    spooled = slot.spooled()
    history = run.ledger.read()
    notes: list[str] = []
    result = _finish(job, order, slot, attempt, history, spooled) if spooled else None
    answered = spooled.request if spooled and result else ""
    for line in history.pending():
        if line.get("target") == order.target and line["id"] != answered:
            offline = line.get("kind") == "placeholder"
            attempt.lost(line["id"], "begun earlier and not finished" if offline else _LOST, offline=offline)
            if not offline:
                notes.append(f"a request of {line.get('time', 'unknown time')} was {_LOST}")
    if result is None:
        slot.clear_new()
    return notes, result


def _finish(
    job: Job, order: Order, slot: Slot, attempt: Attempt, history: History, spooled: Spooled
) -> Result | None:
    outcome = history.outcomes.get(spooled.request)
    line = history.requests.get(spooled.request)
    if outcome is not None:
        return _rename(job, slot, attempt, outcome, spooled, order)
    if line is None or spooled.answer is None or spooled.answer.head.status != 200:
        return None
    try:
        received = attempt.read(spooled.answer)
    except NotMade:
        return None
    asked = _asked(job, order, line)
    if asked is None:
        slot.put(received.data)
        slot.reject("this picture answers an older version of the request")
        return None
    done = attempt.settle(spooled.request, asked, received, None, None)
    return done._replace(notes=("received by an earlier run, not asked for again", *done.notes))


def _asked(job: Job, order: Order, line: Mapping[str, Any]) -> Order | None:
    """Return the order that a ledger line is about, if it is this one at some allowed size."""
    for size in (order.size, *job.options.fallback):
        asked = order._replace(size=size)
        if order_hash(asked) == line.get("order_sha256"):
            return asked
    return None


def _rename(
    job: Job,
    slot: Slot,
    attempt: Attempt,
    outcome: Mapping[str, Any],
    spooled: Spooled,
    order: Order,
) -> Result | None:
    """Finish a picture that was accepted and not yet renamed: judge it once more."""
    if outcome.get("verdict") != "accepted" or not slot.new_path.exists():
        return None
    data = FileSource(slot.new_path).read_all()
    if hashlib.sha256(data).hexdigest() != outcome.get("sha256"):
        return None
    from verify4k.routes.protocol.envelopes import Received, Usage

    known = str(outcome.get("request_id") or "")
    asked = next(
        (s for s in (order.size, *job.options.fallback) if str(s) == outcome.get("size")), order.size
    )
    done = attempt.settle(
        spooled.request, order._replace(size=asked), Received(data, "", Usage(), known), None, None
    )
    return done._replace(notes=("received by an earlier run, not asked for again", *done.notes))
