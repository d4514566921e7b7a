"""Collects what batches answer: costs nothing, can be repeated, and settles one picture after another."""

from __future__ import annotations

import datetime as dt
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify4k.errors import Verify4kError
from verify4k.generate.attempt import Attempt
from verify4k.generate.batch_answers import received_of
from verify4k.generate.batch_calls import BatchCalls
from verify4k.generate.batches import pending, recovered
from verify4k.generate.leftovers import keep_unsettled
from verify4k.generate.make import order_of
from verify4k.generate.records import is_old, order_hash
from verify4k.generate.results import Result, failed
from verify4k.generate.settlement import Transfer
from verify4k.generate.slots import Slot
from verify4k.routes.protocol.failures import Failure, NotMade
from verify4k.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from verify4k.generate.batch_lines import Lines
    from verify4k.generate.make import RunContext
    from verify4k.generate.plan import Job
    from verify4k.net.exchange import Answer
    from verify4k.provenance.ledger_history import History

_LISTED = dt.timedelta(minutes=10)  # after which a batch that was begun is in the server's list
_OVER = ("completed", "expired", "cancelled", "failed")


def _ticketed(run: RunContext, job: Job) -> Mapping[str, Any] | None:
    for line in run.ledger.read().about(job.order.target).pending():
        ticket = line.get("ticket")
        if line.get("target") == job.order.target and isinstance(ticket, dict) and "mark" in ticket:
            return line
    return None


def collect(run: RunContext, jobs: Sequence[Job]) -> list[Result]:
    """Take in what has come of the batches that the ledger names, and say what has not."""
    results: dict[str, Result] = {}
    waiting: dict[tuple[str, str, str], list[tuple[Job, Mapping[str, Any]]]] = {}
    for job in jobs:
        line = _ticketed(run, job)
        if line is None:
            results[job.order.target] = _not_waiting(run, job)
            continue
        ticket, other = line["ticket"], str(line.get("route"))
        if other != job.profile.name:
            said = f"it waits in a batch of the route {printable(other)}"
            results[job.order.target] = pending(run, job, said, f" --route {shlex.quote(other)}")
            continue
        key = (job.profile.name, str(ticket.get("mark", "")), str(ticket.get("batch", "")))
        waiting.setdefault(key, []).append((job, line))
    for (_, mark, batch), own in waiting.items():
        calls = BatchCalls(run, own[0][0].profile, [job.order.prompt for job in jobs])
        try:
            found = calls.batch(batch) if batch else calls.marked(mark)
            each = _taken_in(run, calls, found, own)
        except NotMade as error:  # asking again is free
            each = [_unasked(run, job, line, error.failure, batch) for job, line in own]
        results |= {one.target: one for one in each}
    return [results[job.order.target] for job in jobs]


def _unasked(run: RunContext, job: Job, line: Mapping[str, Any], failure: Failure, batch: str) -> Result:
    """Say why nothing came of a question about a batch; settle what nobody keeps any more."""
    if not failure.gone(old=is_old(line, run.edges.now())):
        return pending(run, job, f"{failure.message}{failure.until_gone}")
    said = f"nobody knows batch {printable(batch)} or its results any more: {failure.message}"
    lost = Failure("batch", said, "likely", request_id=failure.request_id)
    return _settled(run, job, line, [], lost)


def _not_waiting(run: RunContext, job: Job) -> Result:
    try:
        with Slot(Path(job.asset.path)) as slot:
            found = recovered(run, job, slot) if slot.held else None
    except Verify4kError as error:
        return failed(job.order.target, error)
    return found or Result(job.order.target, "not-sent", "nothing of it waits in a batch")


def _taken_in(
    run: RunContext,
    calls: BatchCalls,
    batch: Mapping[str, Any] | None,
    own: Sequence[tuple[Job, Mapping[str, Any]]],
) -> list[Result]:
    if batch is None:
        return [_unlisted(run, job, line) for job, line in own]
    status = str(batch.get("status", ""))
    named = f"batch {printable(calls.clean(str(batch.get('id'))))}"
    if status.lower() not in _OVER:
        said = f"{named} is {printable(calls.clean(status)[:30])}"
        return [pending(run, job, said) for job, _ in own]
    lines = calls.lines(batch)
    unread = f"{named} holds nothing readable of it, and {counted(lines.broken, 'line')} that cannot be read"
    results = []
    for job, line in own:
        answers = lines.answers.get(line["id"], [])
        if lines.broken and not answers:
            results.append(pending(run, job, unread))
            continue
        nothing = None if answers else _nothing(run, calls, batch, lines, line["id"])
        results.append(_settled(run, job, line, answers, nothing))
    return results


def _nothing(
    run: RunContext, calls: BatchCalls, batch: Mapping[str, Any], lines: Lines, identity: str
) -> Failure:
    """Say that a batch is over without a picture: unbilled only where nothing speaks against it."""
    status = calls.clean(str(batch.get("status", "")))[:30]
    said = calls.reason(batch) or f"the batch is {printable(status)} and holds nothing of it"
    if identity in lines.refused:
        return Failure("batch", said)
    foreign = len(lines.answers.keys() - run.ledger.read().requests.keys())
    if foreign:
        said += f", but {counted(foreign, 'answer')} under ids that nobody asked with"
    elif not calls.files(batch):
        said += " and names no files"
    done = status.lower() == "completed"
    return Failure("batch", said, "likely" if foreign or done else "no")


def _unlisted(run: RunContext, job: Job, line: Mapping[str, Any]) -> Result:
    """Settle a picture whose batch is not in the server's list, where it must be by now if it was begun."""
    if "file" in line["ticket"] and not is_old(line, run.edges.now(), _LISTED):
        minutes = _LISTED.seconds // 60
        return pending(
            run, job, f"no batch with its mark is listed yet, for which {minutes} minutes are given"
        )
    return _settled(
        run, job, line, [], Failure("batch", "no batch with its mark is there: it was never begun")
    )


def _settled(
    run: RunContext, job: Job, line: Mapping[str, Any], answers: Sequence[Answer], nothing: Failure | None
) -> Result:
    """Settle one picture by what a batch's output has of it; by ``nothing`` where that is nothing."""
    try:
        return _judged(run, job, line, answers, nothing)
    except Verify4kError as error:
        return failed(job.order.target, error)


def _judged(
    run: RunContext, job: Job, line: Mapping[str, Any], answers: Sequence[Answer], nothing: Failure | None
) -> Result:
    with Slot(Path(job.asset.path)) as slot:
        if not slot.held:
            return Result(job.order.target, "busy", "another verify4k is making it right now")
        attempt = Attempt(run, job, slot)
        keep_unsettled(slot, run.ledger, run.edges, job.order.target)
        try:
            if nothing is not None:
                raise NotMade(nothing)
            received = received_of(attempt, slot, line["id"], answers)
        except NotMade as error:
            missed = attempt.failed(line["id"], error, None)
            return Result(job.order.target, "failed", missed.failure.sentence, kept_as=missed.kept_as)
        order = order_of(run, job)
        if order_hash(order) != line.get("order_sha256"):
            said = "it answers an older version of the request"
            kept, dollars = attempt.outdated(line["id"], received, Transfer(share=0.5))
            slot.clear()
            return Result(job.order.target, "rejected", said, kept_as=kept, dollars=dollars)
        return attempt.settle(line["id"], order, received, Transfer(share=0.5))


def uncollected(history: History, there: Container[str], asked_for: Container[str]) -> Iterator[str]:
    """Yield what waits in batches and is not collected: a file is there, or nothing asks for it any more."""
    for line in history.pending():
        ticket, target = line.get("ticket"), str(line.get("target"))
        if not isinstance(ticket, dict) or "mark" not in ticket:
            continue
        batch = str(ticket.get("batch") or "that may have begun")
        said = f"{printable(target)} waits in a batch ({printable(batch)}) and is not collected"
        if target in there:
            yield f"{said}: a file has its name; it is once that is moved away"
        elif target not in asked_for:
            yield f"{said}: nothing in the manifest asks for it; it is once something does"
