"""Finishes what a killed process began: a received picture is not asked for again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from verify4k.errors import Verify4kError
from verify4k.files.source import FileSource
from verify4k.generate.records import order_hash, share_of
from verify4k.generate.results import Result
from verify4k.generate.settlement import Transfer
from verify4k.generate.task_polling import StillRunning
from verify4k.manifest.generation import Top
from verify4k.routes import find_route, kinds
from verify4k.routes.protocol.envelopes import Received, Usage
from verify4k.routes.protocol.failures import NotMade
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from verify4k.generate.attempt import Attempt
    from verify4k.generate.make import RunContext
    from verify4k.generate.plan import Job
    from verify4k.generate.slots import Slot
    from verify4k.generate.spools import Spooled
    from verify4k.provenance.ledger_history import History
    from verify4k.routes import Order
    from verify4k.routes.protocol.profile import Profile

_LOST = "sent earlier and never received: it may have been billed"


def recover(
    run: RunContext, job: Job, order: Order, slot: Slot, attempt: Attempt
) -> tuple[list[str], Result | None]:
    """Return notes about earlier requests, and the result if one of them brought the picture."""
    spooled = slot.spooled()
    history = run.ledger.read().about(order.target)
    notes: list[str] = []
    if spooled and spooled.arrived and spooled.request not in history.outcomes:
        result = _finish(run, job, order, attempt, history, spooled, notes)
    else:
        result = _name_at_last(job, order, slot, attempt, history, notes)
    if result is not None and result.status == "pending":
        return notes, result
    history = run.ledger.read().about(order.target)  # what was settled just now is no longer pending
    unsettled = spooled is not None and result is None and spooled.request not in history.outcomes
    if spooled and "ticket" in history.requests.get(spooled.request, {}):
        unsettled = False  # it can be asked for again
    kept = slot.keep_answer() if unsettled else ""
    if kept:
        notes.append(f"what had arrived of an earlier answer cannot be read and is kept as {kept}")
    for line in history.pending():
        if line.get("target") == order.target:
            answer = kept if spooled and spooled.request == line["id"] else ""
            more, waiting = _unanswered(run, job, order, attempt, line, answer, result)
            notes += more
            if waiting is not None:
                return notes, waiting
    if result is None:
        slot.clear_new()
        unread, result = _finish_kept(run, job, order, slot, attempt, history)
        notes += unread
    if result is None and job.steps:
        result = _derive_again(job, order, slot, attempt, history)
    return notes, result


def _reader(run: RunContext, job: Job, attempt: Attempt, line: Mapping[str, Any]) -> Attempt:
    """Return the attempt that reads, and prices, an answer as the route that was asked does.

    Where that is another network route of this manifest, only reading is done by it: nothing is sent there.
    """
    profile = _profile(run, line)
    if profile is None or profile.name == job.profile.name or not job.route.network:
        return attempt
    route = find_route(profile.kind)
    return attempt.by(job._replace(route=route, profile=profile)) if route.network else attempt


def _profile(run: RunContext, line: Mapping[str, Any]) -> Profile | None:
    """Return the route that a ledger line names, as the manifest has it or built in; None: nobody has it."""
    name = str(line.get("route"))
    top = run.manifest.generate
    own = top.routes.get(name) if isinstance(top, Top) else None
    return own or (find_route(name).official if name in kinds() else None)


def _unanswered(
    run: RunContext,
    job: Job,
    order: Order,
    attempt: Attempt,
    line: Mapping[str, Any],
    answer: str,
    result: Result | None,
) -> tuple[list[str], Result | None]:
    """Settle a request without an outcome: notes, and what is to be returned instead of asking anew."""
    ticket = line.get("ticket")
    if isinstance(ticket, dict) and not job.route.network:
        return [], None  # a placeholder stands in while the picture is on its way
    task = str(ticket.get("task") or "") if isinstance(ticket, dict) else ""
    if task and result is None:
        return _by_task(run, job, order, attempt, line, task)
    if isinstance(ticket, dict):  # it waits in a batch
        said = f"it waits in a batch; collect it with: {run.collect}"
        return [], result or Result(order.target, "pending", said)
    offline = line.get("kind") == "placeholder"
    reason = "begun earlier and not finished" if offline else _LOST
    attempt.lost(line["id"], reason, offline=offline, answer=answer)
    return [] if offline else [f"a request of {line.get('time', 'unknown time')} was {_LOST}"], None


def _by_task(
    run: RunContext, job: Job, order: Order, attempt: Attempt, line: Mapping[str, Any], task: str
) -> tuple[list[str], Result | None]:
    """Ask for a task that an earlier run began: its picture is the one, or an older version of it."""
    asked = _asked(job, order, line)
    other = line.get("route") != job.profile.name
    if asked is not None and other and _profile(run, line) is not None:
        begun = f"task {printable(task[:80])} was begun by the route {printable(str(line['route']))}"
        said = f"{begun}, which can be asked for it with --route; nothing else is bought meanwhile"
        return [], Result(order.target, "pending", said)
    if asked is not None and not other:
        done = attempt.resume(line["id"], asked, task, share_of(line))
        return [], done._replace(notes=("asked for by an earlier run", *done.notes))
    try:
        return [attempt.retire(line, task)], None
    except StillRunning as running:
        return [], Result(order.target, "pending", f"an older version of the request: {running}")


def _finish_kept(
    run: RunContext, job: Job, order: Order, slot: Slot, attempt: Attempt, history: History
) -> tuple[list[str], Result | None]:
    """Read what an earlier run kept because it could not be read then: that was paid for."""
    notes = []
    for outcome in history.outcomes.values():
        name = str(outcome.get("answer") or "")
        if not name or outcome.get("target") != order.target:
            continue
        kept = slot.kept_answer(name)
        request = history.requests.get(outcome["id"], {})
        asked = _asked(job, order, request)
        if kept is None or kept.answer is None or asked is None:
            continue
        reader = _reader(run, job, attempt, request)
        try:
            received = reader.read(kept.answer)
        except NotMade:
            notes.append(f"an earlier answer still cannot be read and stays as {name}")
            continue
        done = reader.settle(outcome["id"], asked, received, Transfer(share=share_of(request)))
        slot.target.with_name(name).unlink(missing_ok=True)
        return notes, done._replace(notes=(f"read from {name}, which an earlier run had kept", *done.notes))
    return notes, None


def _derive_again(job: Job, order: Order, slot: Slot, attempt: Attempt, history: History) -> Result | None:
    """Carry out the steps on an original that was paid for, unless the same steps failed on it."""
    for outcome in reversed(list(history.outcomes.values())):
        original = outcome.get("original")
        asked = _asked(job, order, history.requests.get(outcome["id"], {}))
        if not isinstance(original, dict) or asked is None:
            continue
        if outcome.get("verdict") == "rejected" and _same_steps(job, outcome):
            continue
        data = slot.original(str(original.get("name")))
        if data is None or hashlib.sha256(data).hexdigest() != original.get("sha256"):
            continue
        received = Received(data, "", Usage(), str(outcome.get("request_id") or ""))
        made = attempt.settle(outcome["id"], asked, received, Transfer(earlier=outcome))
        said = f"{original['name']} was paid for earlier, so nothing was asked for; remove it for another one"
        return made._replace(notes=(said, *made.notes))
    return None


def _same_steps(job: Job, outcome: Mapping[str, Any]) -> bool:
    """Whether the steps that an outcome tells of are those that the job asks for."""
    done = outcome.get("steps")
    done = [_plain(one) for one in done if isinstance(one, dict)] if isinstance(done, list) else []
    return done == [_plain({"step": one.name, **one.record()}) for one in job.steps]


def _plain(step: Mapping[str, Any]) -> dict[str, str]:
    """Return what was asked of a step, without what came of it."""
    return {name: str(value) for name, value in step.items() if name not in ("size", "files")}


def _finish(
    run: RunContext,
    job: Job,
    order: Order,
    attempt: Attempt,
    history: History,
    spooled: Spooled,
    notes: list[str],
) -> Result | None:
    line = history.requests.get(spooled.request)
    if line is None or spooled.answer is None:
        return None
    reader = _reader(run, job, attempt, line)
    asked = _asked(job, order, line)
    task = "" if isinstance(line.get("ticket"), dict) else reader.task_in(spooled.answer)
    if task:  # it was begun, and a kill came before the ledger named it
        if asked is None and reader is not attempt:
            return None
        more, result = _by_task(run, job, order, attempt, line, task)
        notes += more
        return result
    try:
        received = reader.read(spooled.answer)
    except NotMade:
        return None
    if asked is None:
        kept, _ = reader.outdated(spooled.request, received, Transfer(share=share_of(line)))
        notes.append(f"an earlier answer is about an older version of the request and is kept as {kept}")
        return None
    done = reader.settle(spooled.request, asked, received, Transfer(share=share_of(line)))
    return done._replace(notes=("received by an earlier run, not asked for again", *done.notes))


def _asked(job: Job, order: Order, line: Mapping[str, Any]) -> Order | None:
    """Return the order that a ledger line is about, if it is this one at some allowed size."""
    for size in (order.size, *job.options.fallback):
        asked = order._replace(size=size)
        if order_hash(asked) == line.get("order_sha256"):
            return asked
    return None


def _name_at_last(
    job: Job, order: Order, slot: Slot, attempt: Attempt, history: History, notes: list[str]
) -> Result | None:
    """Finish a picture that was accepted and not yet renamed: judge it once more.

    One of an older version of the request is kept instead; what other steps made is made anew.
    """
    try:
        data = FileSource(slot.new_path).read_all()
    except Verify4kError:
        return None
    outcome = _accepted(history, order.target, hashlib.sha256(data).hexdigest())
    request = history.requests[outcome["id"]] if outcome else {}
    if outcome is None or (job.route.network and request.get("kind") == "placeholder"):
        return None
    received = Received(data, "", Usage(), str(outcome.get("request_id") or ""))
    asked = _asked(job, order, request)
    if asked is None:
        kept, _ = attempt.outdated(outcome["id"], received, Transfer(earlier=outcome))
        notes.append(f"a picture of an older version of the request is kept as {kept}")
        return None
    if not _same_steps(job, outcome):
        return None
    done = attempt.settle(outcome["id"], asked, received, Transfer(earlier=outcome, finished=True))
    return done._replace(notes=("received by an earlier run, not asked for again", *done.notes))


def _accepted(history: History, target: str, sha256: str) -> Mapping[str, Any] | None:
    """Return the newest outcome that accepted these bytes for a target, where its request is known."""
    for outcome in reversed(list(history.outcomes.values())):
        same = outcome.get("sha256") == sha256 and outcome.get("target") == target
        if same and outcome.get("verdict") == "accepted" and outcome["id"] in history.requests:
            return outcome
    return None
