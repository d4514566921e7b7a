"""The Batch API: half the price for up to a day's patience; a killed process loses nothing.

Every request is in the ledger with a mark before its batch is begun, and the batch carries the mark, so that
a batch whose answer nobody received is found again. Collecting costs nothing and can be repeated.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify4k.errors import UsageError
from verify4k.generate.attempt import Attempt
from verify4k.generate.batch_answers import received_of
from verify4k.generate.batch_calls import BatchCalls
from verify4k.generate.keys import base_url
from verify4k.generate.leftovers import keep_unsettled
from verify4k.generate.make import order_of
from verify4k.generate.records import BATCH, Outcome, is_old, order_hash, request_line
from verify4k.generate.recovery import recover
from verify4k.generate.results import Result
from verify4k.generate.settlement import Transfer
from verify4k.generate.slots import Slot
from verify4k.named_tuple import NamedTuple
from verify4k.routes.protocol.failures import Failure, NotMade
from verify4k.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verify4k.generate.batch_lines import Lines
    from verify4k.generate.make import RunContext
    from verify4k.generate.plan import Job
    from verify4k.net.exchange import Answer
    from verify4k.routes import Order

MOST = 8  # pictures a batch: what it answers with has to fit into memory
_LISTED = dt.timedelta(minutes=10)  # after which a batch that was begun is in the server's list
_OVER = ("completed", "expired", "cancelled", "failed")


class _Ready(NamedTuple):
    """A job with its order and the line that the ledger has of it."""

    job: Job
    order: Order
    line: dict[str, Any]


def batch_objections(jobs: Sequence[Job]) -> None:
    """Raise `UsageError` for what no batch takes."""
    for job in jobs:
        target = job.order.target
        if not job.route.batches:
            said = f"{target!a}: the route {job.profile.name} has no batches"
            raise UsageError(said, "openai-images has; or make it without --batch")
        if job.options.edit or job.variants > 1:
            what = "edits" if job.options.edit else "variants"
            raise UsageError(f"{target!a}: {what} are not sent in batches", "make it without --batch")


def submit(run: RunContext, jobs: Sequence[Job]) -> list[Result]:
    """Begin batches of all jobs; the results say which batch each waits in."""
    results = []
    for name in dict.fromkeys(job.profile.name for job in jobs):
        own = [job for job in jobs if job.profile.name == name]
        for start in range(0, len(own), MOST):
            results += _submit(run, own[start : start + MOST])
    order = {job.order.target: number for number, job in enumerate(jobs)}
    return sorted(results, key=lambda one: order[one.target])


def _submit(run: RunContext, jobs: Sequence[Job]) -> list[Result]:
    results: list[Result] = []
    ready: list[_Ready] = []
    mark = run.edges.new_id()
    with contextlib.ExitStack() as stack:
        for job in jobs:
            slot = stack.enter_context(Slot(Path(job.asset.path)))
            if not slot.held:
                results.append(Result(job.order.target, "busy", "another verify4k is making it right now"))
            elif found := _recovered(run, job, slot):
                results.append(found)
            else:
                ready.append(_noted(run, job, mark))
        return results + (_begin(run, ready, mark) if ready else [])


def _noted(run: RunContext, job: Job, mark: str) -> _Ready:
    order = order_of(run, job)
    endpoint = base_url(job.profile, run.edges.environ)
    line = request_line(run.edges.new_id(), run.edges.timestamp(), job, order, endpoint)
    line |= {"billing": BATCH, "ticket": {"mark": mark}}
    run.ledger.append(line)
    return _Ready(job, order, line)


def _begin(run: RunContext, ready: Sequence[_Ready], mark: str) -> list[Result]:
    first = ready[0].job
    calls = BatchCalls(run, first.profile, [one.order.prompt for one in ready])
    lines = []
    for one in ready:
        if one.job.route.call is None:
            raise AssertionError("what no batch takes was refused before")
        sent = one.job.route.call(one.order, one.job.profile)
        lines.append(
            {
                "custom_id": one.line["id"],
                "method": "POST",
                "url": f"/v1{sent.path}",
                "body": json.loads(sent.body),
            }
        )
    try:
        file = calls.upload("".join(json.dumps(line) + "\n" for line in lines).encode())
        about_to_begin = {"mark": mark, "file": calls.clean(file)}
        for one in ready:
            run.ledger.append({**one.line, "ticket": about_to_begin})
        batch = calls.create(file, lines[0]["url"], mark)
    except NotMade as error:
        return [_not_begun(run, one, error) for one in ready]
    shown = calls.clean(batch)
    for one in ready:
        if shown == batch:  # else its mark finds it
            run.ledger.append({**one.line, "ticket": {"mark": mark, "batch": batch}})
    return [_pending(run, one.job, f"sent in batch {printable(shown)}") for one in ready]


def _not_begun(run: RunContext, one: _Ready, error: NotMade) -> Result:
    failure, target = error.failure, one.job.order.target
    if failure.billed != "no":  # it may have begun: its mark tells
        return _pending(run, one.job, f"{failure.message}; whether the batch has begun is not known")
    outcome = Outcome("failed", failure.message, request_id=failure.request_id, billed="no")
    run.ledger.append(outcome.line(one.line["id"], run.edges.timestamp(), target))
    return Result(target, "failed", failure.sentence, stop=failure.stop)


def _pending(run: RunContext, job: Job, said: str) -> Result:
    return Result(job.order.target, "pending", f"{said}; collect it with: {run.collect}")


def _recovered(run: RunContext, job: Job, slot: Slot) -> Result | None:
    """Return what an earlier process had received, or that it waits in a batch; None: nothing of it."""
    notes, result = recover(run, job, order_of(run, job), slot, Attempt(run, job, slot))
    return result._replace(notes=(*notes, *result.notes)) if result else None


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
        ticket = line["ticket"]
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
        return _pending(run, job, f"{failure.message}{failure.until_gone}")
    said = f"nobody knows batch {printable(batch)} or its results any more: {failure.message}"
    lost = Failure("batch", said, "likely", request_id=failure.request_id)
    return _settled(run, job, line, [], lost)


def _not_waiting(run: RunContext, job: Job) -> Result:
    with Slot(Path(job.asset.path)) as slot:
        found = _recovered(run, job, slot) if slot.held else None
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
        return [_pending(run, job, said) for job, _ in own]
    lines = calls.lines(batch)
    unread = f"{named} holds nothing readable of it, and {counted(lines.broken, 'line')} that cannot be read"
    results = []
    for job, line in own:
        answers = lines.answers.get(line["id"], [])
        if lines.broken and not answers:
            results.append(_pending(run, job, unread))
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
        return _pending(
            run, job, f"no batch with its mark is listed yet, for which {minutes} minutes are given"
        )
    return _settled(
        run, job, line, [], Failure("batch", "no batch with its mark is there: it was never begun")
    )


def _settled(
    run: RunContext, job: Job, line: Mapping[str, Any], answers: Sequence[Answer], nothing: Failure | None
) -> Result:
    """Settle one picture by what a batch's output has of it; by ``nothing`` where that is nothing."""
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
            failed = attempt.failed(line["id"], error, None)
            return Result(job.order.target, "failed", failed.failure.sentence, kept_as=failed.kept_as)
        order = order_of(run, job)
        if order_hash(order) != line.get("order_sha256"):
            said = "it answers an older version of the request"
            kept, dollars = attempt.outdated(line["id"], received, Transfer(share=0.5))
            slot.clear()
            return Result(job.order.target, "rejected", said, kept_as=kept, dollars=dollars)
        return attempt.settle(line["id"], order, received, Transfer(share=0.5))
