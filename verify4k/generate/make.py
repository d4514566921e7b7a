"""Makes one picture: claim the target, finish what an earlier process began, send, judge, rename.

The order of steps is what a kill cannot break: the request is in the ledger before it leaves,
the answer is on the disk while it arrives, the outcome is in the ledger before the rename.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from verify4k.errors import UsageError
from verify4k.generate.attempt import Attempt
from verify4k.generate.judging import judge_falling_back
from verify4k.generate.leftovers import keep_unsettled
from verify4k.generate.recovery import recover
from verify4k.generate.results import COLLECT, Result, Status
from verify4k.generate.slots import Slot
from verify4k.generate.sources import load_mask, load_source
from verify4k.named_tuple import NamedTuple
from verify4k.routes.protocol.failures import NotMade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.formats.facts import Size
    from verify4k.generate.edges import Edges
    from verify4k.generate.judging import Judgement
    from verify4k.generate.plan import Job
    from verify4k.generate.streaming import Watch
    from verify4k.model import Manifest
    from verify4k.net.exchange import Secret
    from verify4k.provenance.ledger import Ledger
    from verify4k.routes import Order


class RunContext(NamedTuple):
    """What every picture of a run is made with."""

    manifest: Manifest
    edges: Edges
    ledger: Ledger
    deadline: float
    keys: dict[str, Secret | None]  # profile name -> key
    watch: Watch | None = None  # is told the partial pictures of a target, from other threads
    collect: str = COLLECT  # how what waits in a batch is collected, in words


def make(run: RunContext, job: Job) -> Result:
    """Make one picture, or say why not. Only `UsageError` (nothing can be written) flies."""
    target = Path(job.asset.path)
    with Slot(target) as slot:
        if not slot.held:
            return Result(job.order.target, "busy", "another verify4k is making it right now")
        ignore, fallback = job.route.unjudged, job.options.allowed_fallback
        _, now = judge_falling_back(run.manifest, job.asset, target, ignore, fallback)
        mine = now.verdict == "missing" or (job.replaces and job.replaces == now.sha256)
        if now.verdict == "passed" or not mine:
            return _stays(run, job, slot, now)
        try:
            order = order_of(run, job)
        except UsageError as error:
            return Result(job.order.target, "failed", f"{error.message} ({error.hint})")
        attempt = Attempt(run, job, slot)
        notes, finished = recover(run, job, order, slot, attempt)
        result = finished or _ask(job, order, attempt)
        return result._replace(notes=(*notes, *result.notes))


def _stays(run: RunContext, job: Job, slot: Slot, now: Judgement) -> Result:
    """Leave a file that came meanwhile; an answer that an earlier process received is kept beside it."""
    target = job.order.target
    kept = keep_unsettled(slot, run.ledger, run.edges, target)
    slot.clear()
    notes = (kept,) if kept else ()
    if now.verdict == "passed":
        done = Result(target, "verified", "it is there and verified", size=now.size, notes=notes)
        return done._replace(unjudged=now.unjudged)
    return Result(target, "failed", "a file of that name appeared meanwhile; it stays", notes=notes)


def order_of(run: RunContext, job: Job) -> Order:
    """Return the order with the pictures to edit. Raises `UsageError` for what must not be sent."""
    root = Path(run.manifest.root)
    sources = tuple(load_source(root, name) for name in job.options.edit)
    mask = load_mask(root, job.options.mask, sources[0]) if job.options.mask else None
    return job.order._replace(sources=sources, mask=mask)


def _ask(job: Job, order: Order, attempt: Attempt) -> Result:
    """Ask for the size, then for each fallback as long as sizes are refused free of charge."""
    notes: list[str] = []
    for size, more in _sizes(job, order):
        try:
            result = attempt.order(order._replace(size=size))
        except NotMade as error:
            failure = error.failure
            if failure.kind == "size" and failure.billed == "no" and more:
                notes.append(f"{size} was refused: {failure.message}; falling back")
                continue
            status: Status = "stopped" if failure.kind == "stopped" else "failed"
            return Result(
                order.target,
                status,
                failure.sentence,
                kept_as=error.kept_as,
                stop=failure.stop,
                wait=failure.wait,
                notes=tuple(notes),
            )
        if size != order.size and result.status == "made":
            notes.append(f"fell back to {size}")
        return result._replace(notes=(*notes, *result.notes))
    raise AssertionError("there is always one size to ask for")


def _sizes(job: Job, order: Order) -> Iterator[tuple[Size, bool]]:
    sizes = (order.size, *job.options.allowed_fallback)
    for number, size in enumerate(sizes, start=1):
        yield size, number < len(sizes)
