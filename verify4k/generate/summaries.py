"""What `generate` says: the plan with its costs, progress while it runs, results, as text and JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from verify4k.generate.cost import DATE
from verify4k.text import counted, listed, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from verify4k.generate.plan import Job
    from verify4k.generate.results import Result

_TINTS = {"made": "green", "verified": "green", "manual": "cyan"} | dict.fromkeys(
    ("not-sent", "busy", "pending"), "yellow"
)


def plan_lines(jobs: Sequence[Job]) -> Iterator[str]:
    """Yield every request as a reader wants to see it, and the sum."""
    for job in jobs:
        order, profile = job.order, job.profile
        yield printable(order.target)
        if job.route.network:
            asked = ", ".join(filter(None, (str(order.size), order.quality, order.format, order.model)))
            yield f"  {asked} by {profile.name}: {job.estimate}"
        else:
            yield f"  {order.size}, {order.format} by {profile.name}"
        if job.variants > 1:
            more = "" if job.requests == job.variants else f", {job.requests} to be asked for"
            yield f"  {job.variants} variants{more}; chosen: {printable(job.options.choose)}"
        if job.steps:
            yield f"  then {printable(', '.join(one.words() for one in job.steps))}: {job.promised}"
        if job.profile.stream is not None and job.route.network:
            yield f"  streamed, with {counted(job.profile.stream, 'partial picture')}"
        if job.options.edit:
            yield f"  edits {printable(', '.join(job.options.edit))}"
        if job.options.fallback and not job.options.critical:
            yield f"  falls back to {', '.join(map(str, job.options.fallback))}"
        for note in job.notes:
            yield f"  note: {note}"
    if jobs:
        yield total_line(jobs)


def total_line(jobs: Sequence[Job]) -> str:
    """Return what all jobs are expected to cost."""
    sent = [job for job in jobs if job.paid]
    known = [job.estimate.dollars for job in sent if job.estimate.dollars is not None]
    more = len(sent) - len(known)
    word = "at least" if any(job.estimate.at_least for job in sent) else "about"
    parts = [
        counted(sum(job.requests for job in sent), "request"),
        f"{word} ${sum(known):.3f}" if known or not more else "",
        f"{more} without an estimate" if more else "",
    ]
    return f"{', '.join(filter(None, parts))} (prices of {DATE})"


def result_lines(results: Iterable[Result], style: Callable[..., str]) -> Iterator[str]:
    """Yield one block a result."""
    for one in results:
        status = style(f"{one.status:<9}", _TINTS.get(one.status, "red"))
        facts = [
            str(one.size) if one.size else "",
            f"{one.bytes:,} bytes" if one.bytes else "",
            f"{one.seconds:.1f} s" if one.seconds is not None else "",
            f"{'at least ' if one.dollars_at_least else ''}${one.dollars:.3f}" if one.dollars else "",
            f"request id {printable(one.request_id)}" if one.request_id else "",
        ]
        yield f"{status} {printable(one.target)}  {', '.join(filter(None, facts))}".rstrip()
        if one.message and one.status not in ("made", "verified"):
            yield f"  {printable(one.message)}"
        if one.kept_as:
            yield f"  kept as {printable(one.kept_as)}"
        for note in one.notes:
            yield f"  note: {printable(note)}"


def summary_line(results: Sequence[Result]) -> str:
    """Return the counts and what was spent."""
    statuses = [result.status for result in results]
    counts = [f"{statuses.count(status)} {status}" for status in dict.fromkeys(statuses)]
    spent = sum(result.dollars or 0.0 for result in results)
    unknown = sum(result.status in ("made", "rejected") and result.dollars is None for result in results)
    word = "at least" if any(result.dollars_at_least for result in results) else "about"
    money = [
        f"spent {word} ${spent:.3f}" if spent else "",
        f"{unknown} at an unknown price" if unknown else "",
    ]
    return "; ".join(filter(None, (", ".join(counts), ", ".join(filter(None, money)))))


def unjudged_lines(results: Iterable[Result]) -> Iterator[str]:
    """Yield what no good picture was judged by: "verified" says nothing about it."""
    targets: dict[str, list[str]] = {}
    for one in results:
        if one.status in ("made", "verified"):
            for rule in one.unjudged:
                targets.setdefault(rule, []).append(printable(one.target))
    for rule, names in sorted(targets.items()):
        yield f"not judged by rule {rule}: {listed(names, 1)}"


def as_json(jobs: Sequence[Job], results: Sequence[Result], code: int) -> str:
    """Return plan and results, schema 1."""
    body: dict[str, Any] = {
        "schema": 1,
        "exit_code": code,
        "plan": [_job(job) for job in jobs],
        "results": [_result(one) for one in results],
    }
    return json.dumps(body, indent=2)


def _job(job: Job) -> dict[str, Any]:
    order = job.order
    return {
        "target": order.target,
        "route": job.profile.name,
        "kind": job.profile.kind,
        "model": order.model if job.route.network else None,
        "size": str(order.size),
        "quality": order.quality or None,
        "format": order.format,
        "background": order.background or None,
        "edit": list(job.options.edit),
        "fallback": [str(size) for size in job.options.fallback],
        "then": [one.record() for one in job.steps],
        "promised": str(job.promised),
        "variants": job.variants,
        "requests": job.requests,
        "estimate": job.estimate._asdict(),
        "notes": list(job.notes),
    }


def _result(one: Result) -> dict[str, Any]:
    lists = {"notes": list(one.notes), "unjudged": list(one.unjudged)}
    return one._asdict() | {"size": str(one.size) if one.size else None, **lists}
