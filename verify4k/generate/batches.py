"""The Batch API: half the price for up to a day's patience; a killed process loses nothing.

Every request is in the ledger with a mark before its batch is begun, and the batch carries the mark, so that
a batch whose answer nobody received is found again. Collecting costs nothing and can be repeated.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify4k.errors import UsageError, Verify4kError
from verify4k.generate.attempt import Attempt
from verify4k.generate.batch_calls import BatchCalls
from verify4k.generate.keys import base_url
from verify4k.generate.make import order_of
from verify4k.generate.records import BATCH, Outcome, request_line
from verify4k.generate.recovery import recover
from verify4k.generate.results import Result, failed
from verify4k.generate.slots import Slot
from verify4k.named_tuple import NamedTuple
from verify4k.routes.protocol.failures import NotMade
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.generate.make import RunContext
    from verify4k.generate.plan import Job
    from verify4k.routes import Order

MOST = 8  # pictures a batch: what it answers with has to fit into memory


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
    results: list[Result] = []
    for name in dict.fromkeys(job.profile.name for job in jobs):
        own = [job for job in jobs if job.profile.name == name]
        for start in range(0, len(own), MOST):
            results += _next(run, own[start : start + MOST], results)
    order = {job.order.target: number for number, job in enumerate(jobs)}
    return sorted(results, key=lambda one: order[one.target])


def _next(run: RunContext, jobs: Sequence[Job], before: Sequence[Result]) -> list[Result]:
    """Begin a further batch; what ends it is told beside what was sent before, never instead of it."""
    if any(one.stop for one in before):
        said = "not sent: the account is meant by what refused the batch before"
        return [Result(job.order.target, "not-sent", said) for job in jobs]
    try:
        return _submit(run, jobs)
    except Verify4kError as error:
        if not before:
            raise
        return [failed(job.order.target, error) for job in jobs]


def _submit(run: RunContext, jobs: Sequence[Job]) -> list[Result]:
    results: list[Result] = []
    ready: list[_Ready] = []
    mark = run.edges.new_id()
    with contextlib.ExitStack() as stack:
        for job in jobs:
            slot = stack.enter_context(Slot(Path(job.asset.path)))
            if not slot.held:
                results.append(Result(job.order.target, "busy", "another verify4k is making it right now"))
            elif found := recovered(run, job, slot):
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
    said = f"sent in batch {printable(shown)}"
    try:
        for one in ready:
            if shown == batch:  # else its mark finds it
                run.ledger.append({**one.line, "ticket": {"mark": mark, "batch": batch}})
    except Verify4kError as error:  # it has begun all the same
        said += f", which its mark finds: {error.message}"
    return [pending(run, one.job, said) for one in ready]


def _not_begun(run: RunContext, one: _Ready, error: NotMade) -> Result:
    failure, target = error.failure, one.job.order.target
    if failure.billed != "no":  # it may have begun: its mark tells
        return pending(run, one.job, f"{failure.message}; whether the batch has begun is not known")
    outcome = Outcome("failed", failure.message, request_id=failure.request_id, billed="no")
    run.ledger.append(outcome.line(one.line["id"], run.edges.timestamp(), target))
    return Result(target, "failed", failure.sentence, stop=failure.stop)


def pending(run: RunContext, job: Job, said: str, how: str = "") -> Result:
    """Return the result of a picture that waits in a batch; ``how``: options that collecting it needs."""
    return Result(job.order.target, "pending", f"{said}; collect it with: {run.collect}{how}")


def recovered(run: RunContext, job: Job, slot: Slot) -> Result | None:
    """Return what an earlier process had received, or that it waits in a batch; None: nothing of it."""
    notes, result = recover(run, job, order_of(run, job), slot, Attempt(run, job, slot))
    return result._replace(notes=(*notes, *result.notes)) if result else None
