"""What must be true before money may be spent: no objections, keys allowed, within the budget, agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import ManifestError, UsageError
from verify4k.generate.keys import base_url, find_key
from verify4k.generate.plan import cycles
from verify4k.text import counted

_DIGITS = 9  # of dollars: three times 0.1 is 0.3, which the sum of fractions is not
_ANY_HOST = "https://pictures.invalid/"  # where answers point is not known yet; certificates are needed there

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verify4k.generate.edges import Edges
    from verify4k.generate.keys import Trust
    from verify4k.generate.plan import Draft, Job
    from verify4k.net.exchange import Secret


def settled_jobs(drafts: Sequence[Draft], replaces: Mapping[str, str]) -> dict[str, Job]:
    """Return the jobs by target. Raises `ManifestError` with every objection."""
    mistakes = [mistake for one in drafts for mistake in one.objections]
    jobs = {one.job.order.target: one.job for one in drafts if one.job is not None}
    mistakes += cycles(jobs)
    if mistakes:
        raise ManifestError(sorted(set(mistakes)))
    return {target: job._replace(replaces=replaces.get(target, "")) for target, job in jobs.items()}


def within_budget(jobs: Sequence[Job], max_cost: float | None, max_images: int | None) -> None:
    """Raise `UsageError` when the plan may cost more than allowed, or nobody knows."""
    sent = [job for job in jobs if job.paid]
    pictures = sum(job.requests for job in sent)
    if max_images is not None and pictures > max_images:
        raise UsageError(
            f"{counted(pictures, 'picture')} would be asked for, --max-images allows {max_images}",
            "name the targets to make, or raise the limit",
        )
    if max_cost is None:
        return
    unknown = [job.order.target for job in sent if job.estimate.dollars is None]
    if unknown:
        raise UsageError(
            f"there is no estimate for {unknown[0]!a}, so --max-cost cannot be kept",
            "give its route a price in the manifest, or leave --max-cost out",
        )
    total = round(sum(job.estimate.dollars or 0.0 for job in sent), _DIGITS)
    open_ended = [job for job in sent if job.estimate.at_least]
    if open_ended and total <= max_cost:
        raise UsageError(
            f"{open_ended[0].order.target!a} costs {open_ended[0].estimate}, so --max-cost cannot be kept",
            "give its route a price in the manifest, or leave --max-cost out",
        )
    if total > max_cost:
        raise UsageError(
            f"the plan costs about ${total:.3f}, --max-cost allows ${max_cost:.3f}",
            "make fewer at a time, or choose a lower quality",
        )


def network_ready(jobs: Sequence[Job], edges: Edges) -> None:
    """Raise `UsageError` for proxies and certificates that cannot be used, before anything is recorded."""
    for profile in {job.profile.name: job.profile for job in jobs if job.paid}.values():
        edges.transport.ready(base_url(profile, edges.environ))
        if profile.answers == "url":
            edges.transport.ready(_ANY_HOST)


def keys_for(
    jobs: Sequence[Job], environ: Mapping[str, str], trusted: Sequence[Trust]
) -> dict[str, Secret | None]:
    """Return the key of every network route in use. Raises `UsageError` for the first that may not be."""
    profiles = {job.profile.name: job.profile for job in jobs if job.paid}
    return {name: find_key(profile, environ, trusted) for name, profile in profiles.items()}
