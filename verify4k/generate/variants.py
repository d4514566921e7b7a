"""Several pictures of one prompt: all are kept, one gets the name, the ledger says which and why.

Every variant is made as a picture of its own, beside the target and under its promise, so that a kill
loses none. They are made one after another: ``first-passing`` stops at the first that passes.
"""

from __future__ import annotations

import hashlib
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from verify4k.errors import UsageError, Verify4kError
from verify4k.files.source import FileSource
from verify4k.generate.judging import judge
from verify4k.generate.leftovers import keep_unsettled, tidy
from verify4k.generate.make import make, order_of
from verify4k.generate.promises import without_ledger_promise
from verify4k.generate.records import order_hash
from verify4k.generate.results import Result, Status
from verify4k.generate.slots import Slot
from verify4k.generate.variant_names import variant_name
from verify4k.manifest.generation import CHOICES
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.generate.make import RunContext
    from verify4k.generate.plan import Job

_PASSED = ("made", "verified")


class _Variant(NamedTuple):
    """One variant and what became of it."""

    job: Job
    result: Result

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(self.job.asset.path)


def make_chosen(run: RunContext, job: Job) -> Result:
    """Make one picture, or several and take one of them. Only `UsageError` flies."""
    if job.variants == 1:
        return make(run, job)
    there = judge(run.manifest, job.asset, Path(job.asset.path), job.route.unjudged)
    if there.verdict == "passed":
        return Result(job.order.target, "verified", "it is there and verified", size=there.size)
    by_person = job.options.choose not in CHOICES
    variants = [_as_it_is(run, job)] if by_person else _made(run, job)
    result = _chosen(run, job, variants)
    spent = [one.result.dollars for one in variants if one.result.dollars is not None]
    unknown = any(
        one.result.dollars is None and one.result.status in ("made", "rejected") for one in variants
    )
    notes = (*(note for one in variants for note in _told(one)), *result.notes)
    at_least = (unknown and bool(spent)) or any(one.result.dollars_at_least for one in variants)
    return result._replace(
        dollars=None if unknown and not spent else sum(spent), dollars_at_least=at_least, notes=notes
    )


def _variant(job: Job, number: int) -> Job:
    asset = job.asset.replaced(
        target=variant_name(job.asset.target, number), path=variant_name(job.asset.path, number)
    )
    extra = dict(job.order.extra)
    if isinstance(extra.get("seed"), int):  # the same seed would give the same picture
        extra["seed"] += number - 1
    order = job.order._replace(target=asset.target, extra=extra)
    return job._replace(asset=asset, order=order, variants=1, replaces="")


def _made(run: RunContext, job: Job) -> list[_Variant]:
    """Make the variants one after another, as many as are needed."""
    found = []
    for number in range(1, job.variants + 1):
        own = _variant(job, number)
        result = _tried(run, own) or make(run, own)
        found.append(_Variant(own, result))
        enough = job.options.choose == "first-passing" and result.status in (*_PASSED, "pending")
        if enough or result.stop or result.status in ("busy", "stopped") or run.edges.stop.is_set():
            break
    return found


def _tried(run: RunContext, job: Job) -> Result | None:
    """Return what an earlier run said of a variant that broke a promise: it is not bought again."""
    history = run.ledger.read().about(job.order.target)
    for outcome in history.outcomes.values():
        kept = str(outcome.get("kept_as") or "")
        request = history.requests.get(outcome["id"], {})
        if outcome.get("verdict") != "rejected" or not kept or "/" in kept or "\\" in kept:
            continue
        try:
            same = request.get("order_sha256") == order_hash(order_of(run, job))
        except UsageError:
            return None
        if same and Path(job.asset.path).with_name(kept).exists():
            left = tidy(Path(job.asset.path), run.ledger, run.edges, job.order.target)  # a kill may have come
            notes = (left,) if left else ()
            reason = str(outcome.get("reason", ""))
            rejected = Result(job.order.target, "rejected", reason, kept_as=kept, notes=notes)
            return rejected._replace(dollars=0.0)  # paid for then
    return None


def _as_it_is(run: RunContext, job: Job) -> _Variant:
    """Return the variant that a person chose, judged once more; nothing is asked for."""
    number = next(
        n for n in range(1, job.variants + 1) if variant_name(job.asset.target, n) == job.options.choose
    )
    own = _variant(job, number)
    found = judge(run.manifest, without_ledger_promise(own.asset), Path(own.asset.path), job.route.unjudged)
    status: Status = "verified" if found.verdict == "passed" else "rejected"
    return _Variant(
        own, Result(own.order.target, status, "; ".join(found.reasons), size=found.size, dollars=0.0)
    )


def _chosen(run: RunContext, job: Job, variants: Sequence[_Variant]) -> Result:
    passed = [one for one in variants if one.result.status in _PASSED]
    target, how = job.order.target, job.options.choose
    last = variants[-1].result
    waiting = [one for one in variants if one.result.status == "pending"]
    if waiting:  # it is paid for, and may be the one
        return waiting[0].result._replace(
            target=target, notes=(), message=f"{waiting[0].job.order.target}: {waiting[0].result.message}"
        )
    if how != "first-passing" and how in CHOICES and len(variants) < job.variants:
        return last._replace(target=target, notes=())  # the run ended before there was a choice
    if not passed:
        return last._replace(
            target=target, notes=(), kept_as="", message=f"no variant passed: {last.message}"
        )
    if how == "by-person":
        names = " | ".join(one.job.order.target for one in passed)
        return Result(target, "manual", f"choose one and write into its entry: generate: {{choose: {names}}}")
    taken = _most_detailed(passed) if how == "most-detail" else passed[0]
    return _taken(run, job, taken, variants)


def _most_detailed(passed: Sequence[_Variant]) -> _Variant:
    """Return the variant of which a half-size round trip loses most; the first of equal ones."""
    return min(passed, key=lambda one: _round_trip(one.path))


def _round_trip(path: Path) -> float:
    import numpy as np

    from verify4k.analysis.detail import detail
    from verify4k.generate.processing import decoded

    found = detail(np.asarray(decoded(FileSource(path).read_all())))
    return found.whole if found is not None else float("inf")


def _taken(run: RunContext, job: Job, taken: _Variant, variants: Sequence[_Variant]) -> Result:
    """Give a copy of a variant the target's name; its record says what it was chosen from."""
    target, name = job.order.target, taken.job.order.target
    try:
        data = FileSource(taken.path).read_all()
    except Verify4kError as error:
        return Result(target, "failed", f"{name}: {error.message}")
    digest = hashlib.sha256(data).hexdigest()
    known = run.ledger.read().accepted(digest)
    if known is None:
        command = shlex.join(["verify4k", "import", name, "--as", target])
        said = f"no record vouches for {name}; take it in with: {command}"
        return Result(target, "failed", said)
    with Slot(Path(job.asset.path)) as slot:
        if not slot.held:
            return Result(target, "busy", "another verify4k is making it right now")
        slot.put(data)
        found = judge(run.manifest, without_ledger_promise(job.asset), slot.new_path, job.route.unjudged)
        if found.verdict != "passed":
            slot.clear_new()
            return Result(target, "rejected", f"{name}: {'; '.join(found.reasons)}")
        among = {one.job.order.target: one.result.status for one in variants}
        chosen = {"taken_from": name, "chosen": job.options.choose, "among": among}
        run.ledger.append({**known, "time": run.edges.timestamp(), "target": target, **chosen})
        failing = Path(job.asset.path)
        replace = bool(job.replaces) and failing.exists() and _digest(failing) == job.replaces
        if not slot.accept(replace=replace):
            slot.clear_new()
            return Result(target, "failed", "a file of that name appeared meanwhile; it stays")
        left = keep_unsettled(slot, run.ledger, run.edges, target)
        slot.clear()
    how = "chosen by a person" if job.options.choose not in CHOICES else job.options.choose
    notes = (f"taken from {name}: {how}", *filter(None, (left,)))
    return Result(target, "made", size=found.size, bytes=len(data), notes=notes, unjudged=found.unjudged)


def _digest(path: Path) -> str:
    return hashlib.sha256(FileSource(path).read_all()).hexdigest()


def _told(one: _Variant) -> list[str]:
    """Say what a variant breaks, and what else there is to say of it."""
    name, result = one.job.order.target, one.result
    if result.status in _PASSED:
        return [f"{name}: {note}" for note in result.notes]
    kept = f", kept as {result.kept_as}" if result.kept_as else ""
    return [f"{name}: {result.status}: {result.message}{kept}", *(f"{name}: {note}" for note in result.notes)]
