"""Received bytes -> a file with the target's name: steps, judgement, record, rename; or kept as rejected."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from verify4k.errors import Missing, UsageError, Verify4kError
from verify4k.files.source import FileSource
from verify4k.formats.registry import HEAD, sniff
from verify4k.generate.cost import Paid, paid
from verify4k.generate.disk_space import keep_elsewhere
from verify4k.generate.judging import Judgement, judge_falling_back, with_size
from verify4k.generate.promises import without_ledger_promise
from verify4k.generate.records import Outcome
from verify4k.generate.results import Result, Status
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.generate.make import RunContext
    from verify4k.generate.plan import Job
    from verify4k.generate.scrubbing import Scrubber
    from verify4k.generate.slots import Slot
    from verify4k.routes import Order
    from verify4k.routes.protocol.envelopes import Received


class Transfer(NamedTuple):
    """How the bytes came."""

    seconds: float | None = None
    attempts: int | None = None
    warning: str = ""  # about money that a gateway may have spent on its own
    earlier: Mapping[str, Any] | None = None  # what an earlier process recorded of the same request
    share: float = 1.0  # of the usual price: half in a batch
    finished: bool = False  # the steps are done: these are the bytes that they made


_KNOWN = ("usage", "dollars", "dollars_at_least", "billed", "seconds", "attempts", "request_id")
_DERIVED = ("original", "steps")


class _Prepared(NamedTuple):
    """What is to be judged, what the ledger says of where it comes from, and why it cannot be judged."""

    data: bytes
    more: dict[str, Any]
    failure: str = ""


class Settlement:
    """Settles one job's picture in its slot."""

    def __init__(self, run: RunContext, job: Job, slot: Slot, scrubber: Scrubber) -> None:
        self._run = run
        self._job = job
        self._slot = slot
        self._scrubber = scrubber

    def settle(self, identity: str, order: Order, received: Received, how: Transfer) -> Result:
        """Judge received bytes and give them the target's name, or keep them as rejected."""
        try:
            return self._settled(identity, order, received, how)
        except UsageError as error:
            if self._slot.whole or not self._job.route.network:
                raise  # the next run finishes from the spool
            suffix = self._slot.target.suffix
            kept = [keep_elsewhere(data, suffix) for data in (received.data, *received.others)]
            names = ", ".join(filter(None, kept))
            what = f"what was received is kept as {names}" if names else "what was received is lost"
            raise UsageError(
                f"{error.message}; {what}", "make room, then take it in: verify4k import"
            ) from error

    def _settled(self, identity: str, order: Order, received: Received, how: Transfer) -> Result:
        others = [self._slot.keep_other(data) for data in received.others]
        prepared = self._prepared(order, received, how.earlier if how.finished else None)
        self._slot.put(prepared.data)
        fell_back, judgement = self._judged(order)
        if prepared.failure:
            judgement = Judgement("failed", (prepared.failure,), size=judgement.size)
        outcome = self._outcome(judgement, received, prepared, how)
        result = _result(order, judgement, outcome)
        if how.earlier is not None:
            result = result._replace(dollars=0.0, dollars_at_least=False)  # that was spent then
        notes = [*filter(None, (how.warning, _made_from(prepared)))]
        notes += [f"a further picture of this answer is kept as {name}" for name in others]
        result = result._replace(notes=tuple(notes))
        if judgement.verdict != "passed":
            status: Status = "undecided" if judgement.verdict == "undecided" else "rejected"
            return self._reject(identity, outcome, result._replace(status=status))
        remarks = tuple(self._remarks(judgement, outcome.sha256, fell_back=fell_back))
        self.record(identity, outcome)
        if not self._named():
            reason = "another file took the name meanwhile; it stays"
            taken = outcome._replace(verdict="rejected", reason=reason)
            return self._reject(identity, taken, result._replace(status="rejected"))
        self._slot.clear()
        return result._replace(notes=(*result.notes, *remarks))

    def outdated(self, identity: str, received: Received, how: Transfer) -> tuple[str, float | None]:
        """Keep a picture that was paid for and that nobody asks for any more; return its name and price."""
        reason = "this picture answers an older version of the request"
        others = [self._slot.keep_other(data) for data in received.others]
        self._slot.put(received.data)
        judgement = Judgement("failed", (reason,))
        outcome = self._outcome(judgement, received, _Prepared(received.data, {}), how)
        kept = self._slot.reject(reason).name
        self.record(identity, outcome._replace(kept_as=kept))
        return ", ".join((kept, *others)), outcome.dollars

    def _prepared(self, order: Order, received: Received, finished: Mapping[str, Any] | None) -> _Prepared:
        """Carry out the steps; the original is on the disk before the first."""
        data, job = received.data, self._job
        if finished is not None:
            return _Prepared(data, _derived(finished))
        if not job.steps:
            return _Prepared(data, {})
        from verify4k.generate.processing import origin, process

        name = self._slot.keep_original(data, sniff(data[:HEAD]) or order.format)
        more: dict[str, Any] = {"original": origin(name, data, order.size)}
        try:
            done = process(data, order.size, job.promised or order.size, job.steps, self._run.manifest.root)
        except Verify4kError as error:
            asked = [{"step": one.name, **one.record()} for one in job.steps]
            return _Prepared(data, more | {"steps": asked}, f"steps: {error.message}")
        return _Prepared(done.data, more | {"steps": done.steps})

    def _outcome(
        self, judgement: Judgement, received: Received, prepared: _Prepared, how: Transfer
    ) -> Outcome:
        job, network = self._job, self._job.route.network
        edit = bool(job.options.edit)
        spent = paid(job.profile, job.order.model, received.usage, edit=edit) if network else Paid(0.0)
        known = {name: how.earlier[name] for name in _KNOWN if name in how.earlier} if how.earlier else {}
        return Outcome(
            "accepted" if judgement.verdict == "passed" else "rejected",
            self._scrubber.clean("; ".join(judgement.reasons)),
            sha256=hashlib.sha256(prepared.data).hexdigest(),
            bytes=len(prepared.data),
            size=judgement.size,
            request_id=received.request_id,
            usage=received.usage,
            dollars=None if spent.dollars is None else round(spent.dollars * how.share, 6),
            billed="yes" if network else "no",
            seconds=how.seconds,
            attempts=how.attempts,
            more=known | prepared.more | ({"dollars_at_least": True} if spent.at_least else {}),
        )

    def _named(self) -> bool:
        """Give the picture the target's name, unless a file is there that was not judged to fail."""
        failing = self._job.replaces
        if not failing:
            return self._slot.accept(replace=False)
        try:
            there = hashlib.sha256(FileSource(self._slot.target).read_all()).hexdigest()
        except Missing:
            return self._slot.accept(replace=False)
        return there == failing and self._slot.accept(replace=True)

    def _remarks(self, judgement: Judgement, sha256: str, *, fell_back: bool) -> Iterator[str]:
        if fell_back:
            yield f"fell back to {judgement.size}: that size came, and is allowed"
        if twin := self._twin(sha256):
            yield f"these are the very bytes of {twin}: rule same-picture objects where promises differ"

    def _judged(self, order: Order) -> tuple[bool, Judgement]:
        job = self._job
        asset = without_ledger_promise(job.asset)
        asked = asset if order.size == job.order.size else with_size(asset, order.size)
        ignore, fallback = job.route.unjudged, job.options.allowed_fallback
        return judge_falling_back(self._run.manifest, asked, self._slot.new_path, ignore, fallback)

    def _twin(self, sha256: str) -> str:
        """Return another promised target that was made of these very bytes, or an empty text.

        Only rule ``same-picture`` can weigh that, when all pictures are there; it is said early.
        """
        line = self._run.ledger.read().accepted(sha256)
        target = str(line.get("target", "")) if line else ""
        others = {asset.target for asset in self._run.manifest.assets} - {self._job.order.target}
        return target if target in others else ""

    def _reject(self, identity: str, outcome: Outcome, result: Result) -> Result:
        reason = outcome.reason or "no reason given"
        kept = self._slot.reject(reason)
        self.record(identity, outcome._replace(kept_as=kept.name))
        self._slot.clear()
        return result._replace(message=reason, kept_as=kept.name)

    def record(self, identity: str, outcome: Outcome) -> None:
        """Write what came of a request into the ledger."""
        line = outcome.line(identity, self._run.edges.timestamp(), self._job.order.target)
        self._run.ledger.append(line)


def _result(order: Order, judgement: Judgement, outcome: Outcome) -> Result:
    """Return the result of a picture that passes."""
    return Result(
        order.target,
        "made",
        size=judgement.size,
        unjudged=judgement.unjudged,
        bytes=outcome.bytes,
        seconds=outcome.seconds,
        dollars=outcome.dollars,
        dollars_at_least="dollars_at_least" in outcome.more,
        request_id=outcome.request_id,
    )


def _derived(finished: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the ledger says of the steps that made a picture; nothing where it makes no sense."""
    original, steps = (finished.get(name) for name in _DERIVED)
    if isinstance(original, dict) and isinstance(steps, list) and all(isinstance(one, dict) for one in steps):
        return {"original": original, "steps": steps}
    return {}


def _made_from(prepared: _Prepared) -> str:
    steps = prepared.more.get("steps")
    if not steps or prepared.failure:
        return ""
    original = prepared.more["original"].get("name")
    return f"made from {original} by {', '.join(str(one.get('step')) for one in steps)}"
