"""The options of `generate` that send everything in batches, and collect it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.generate.make import RunContext
    from verify4k.generate.plan import Job
    from verify4k.generate.results import Result


def in_batches(planned: Mapping[str, Job]) -> dict[str, Job]:
    """Return the plan at the price of batches. Raises `UsageError` for what no batch takes."""
    from verify4k.generate.batches import batch_objections

    batch_objections([job for job in planned.values() if job.route.network])
    return {
        name: job._replace(estimate=job.estimate.halved()) if job.route.network else job
        for name, job in planned.items()
    }


def by_batch(context: RunContext, jobs: Mapping[str, Job], way: str) -> list[Result]:
    """Send or collect; pictures of offline routes are made at once."""
    from verify4k.generate.batch_collecting import collect
    from verify4k.generate.batches import submit

    sent = [job for job in jobs.values() if job.route.network]
    done = (submit if way == "batch" else collect)(context, sent)
    return [*done, *(_at_once(context, job) for job in jobs.values() if not job.route.network)]


def _at_once(context: RunContext, job: Job) -> Result:
    """Make one picture; what cannot be written ends no run that has sent something."""
    from verify4k.errors import Verify4kError
    from verify4k.generate.make import make
    from verify4k.generate.results import failed

    try:
        return make(context, job)
    except Verify4kError as error:
        return failed(job.order.target, error)
