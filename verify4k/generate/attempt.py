"""From an order to a judged file: send or draw, judge, record, rename or keep as rejected."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from verify4k.errors import Missing, UsageError
from verify4k.files.source import FileSource
from verify4k.generate.cost import Paid, paid
from verify4k.generate.delivery import deliver, resent
from verify4k.generate.fetching import fetch_picture
from verify4k.generate.judging import judge_falling_back, with_size
from verify4k.generate.keys import base_url
from verify4k.generate.promises import without_ledger_promise
from verify4k.generate.records import Outcome, request_line
from verify4k.generate.results import Result, Status
from verify4k.generate.scrubbing import Scrubber
from verify4k.net.exchange import Answer, Request
from verify4k.routes.protocol.envelopes import Received, Usage
from verify4k.routes.protocol.error_bodies import error_failure
from verify4k.routes.protocol.failures import Failure, NotMade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verify4k.generate.judging import Judgement
    from verify4k.generate.make import RunContext
    from verify4k.generate.plan import Job
    from verify4k.generate.slots import Slot
    from verify4k.net.exchange import Secret
    from verify4k.routes import Order
    from verify4k.routes.protocol.profile import Profile


class Attempt:
    """Makes one job's picture in its slot."""

    def __init__(self, run: RunContext, job: Job, slot: Slot) -> None:
        self._run = run
        self._job = job
        self._slot = slot
        self._secret: Secret | None = run.keys.get(job.profile.name)
        self._warning = ""  # about money that a gateway may have spent on its own
        self._scrubber = Scrubber(job.order.prompt, self._secret)

    def order(self, order: Order) -> Result:
        """Make the picture of one order. Raises `NotMade` when none came."""
        edges, job = self._run.edges, self._job
        identity = edges.new_id()
        endpoint = base_url(job.profile, edges.environ)
        self._slot.start(identity)
        self._run.ledger.append(request_line(identity, edges.timestamp(), job, order, endpoint))
        started = edges.clock()
        try:
            received, attempts = self._received(order, identity, endpoint)
        except NotMade as error:
            raise self.failed(identity, error, edges.clock() - started) from None
        except UsageError as error:  # surroundings that changed since the run began: nothing was sent
            refused = NotMade(Failure("surroundings", f"{error.message} ({error.hint})"))
            raise self.failed(identity, refused, edges.clock() - started) from error
        return self.settle(identity, order, received, edges.clock() - started, attempts)

    def _received(self, order: Order, identity: str, endpoint: str) -> tuple[Received, int]:
        route = self._job.route
        if route.make is not None:
            return Received(_drawn(route.make, order), "", Usage(), ""), 1
        request = self._request(order, endpoint)

        def begin() -> Slot:
            self._slot.start(identity)
            return self._slot

        try:
            delivered = deliver(
                self._run.edges, request, deadline=self._run.deadline, explain=self.explain, sink=begin
            )
        except NotMade as error:
            whole = self._whole_after_all()
            if whole is None:
                raise self._scrubbed_error(error) from None
            return whole, 1
        self._warning = resent(delivered.answer.head)
        return self.read(delivered.answer), delivered.attempts

    def _whole_after_all(self) -> Received | None:
        """Return the picture of an answer whose exchange broke, where its JSON is whole all the same."""
        spooled = self._slot.spooled() if self._slot.answered else None
        if spooled is None or spooled.answer is None:
            return None
        try:
            return self.read(spooled.answer)
        except NotMade:
            return None

    def _request(self, order: Order, endpoint: str) -> Request:
        profile, call = self._job.profile, self._job.route.call
        if call is None:
            raise NotMade(Failure("manual", "a person has to make it"))
        sent = call(order, profile)
        query = urlencode(profile.query, errors="replace")
        headers = (("Content-Type", sent.content_type), ("Accept", "application/json"))
        secrets = () if self._secret is None else (_login(profile, self._secret),)
        url = f"{endpoint}{sent.path}" + (f"?{query}" if query else "")
        return Request(
            "POST", url, (*profile.headers.items(), *headers, ("User-Agent", "verify4k")), sent.body, secrets
        )

    def explain(self, answer: Answer) -> Failure:
        """Say why an answer with another status than 200 brings no picture."""
        profile = self._job.profile
        failure = error_failure(
            answer,
            route=profile.name,
            variable=profile.key if self._secret else "",
            unbilled=profile.unbilled,
        )
        return self._scrubbed(failure)

    def read(self, answer: Answer) -> Received:
        """Return the bytes that an answer with status 200 carries. Raises `NotMade`."""
        profile, read = self._job.profile, self._job.route.read
        if read is None:
            raise NotMade(Failure("manual", "a person has to make it"))
        try:
            received = read(answer, profile)
            received = received._replace(request_id=self._scrubber.clean(received.request_id))
            if not received.url:
                return received
            if profile.answers != "url":
                said = "the answer is a URL, which this route does not allow: answers: url lets it be fetched"
                raise NotMade(Failure("url", said, billed="likely", request_id=received.request_id))
            data = fetch_picture(
                self._run.edges, received.url, deadline=self._run.deadline, request_id=received.request_id
            )
            return received._replace(data=data)
        except NotMade as error:
            raise self._scrubbed_error(error) from None

    def _scrubbed_error(self, error: NotMade) -> NotMade:
        return NotMade(self._scrubbed(error.failure), error.data)

    def _scrubbed(self, failure: Failure) -> Failure:
        return failure._replace(
            message=self._scrubber.clean(failure.message),
            request_id=self._scrubber.clean(failure.request_id),
        )

    def failed(self, identity: str, error: NotMade, seconds: float) -> NotMade:
        """Record that no picture came, keeping bytes that came all the same; return the error."""
        kept = ""
        failure = error.failure
        if error.data:
            self._slot.put(error.data)
            kept = self._slot.reject(failure.sentence).name
        answer = self._slot.keep_answer() if failure.billed != "no" else ""
        error.kept_as = ", ".join(filter(None, (kept, answer)))
        outcome = Outcome(
            "failed",
            failure.message,
            request_id=failure.request_id,
            billed=failure.billed,
            seconds=seconds,
            kept_as=kept,
            more={"answer": answer} if answer else {},
        )
        self._record(identity, outcome)
        self._slot.clear()
        return error

    def settle(
        self, identity: str, order: Order, received: Received, seconds: float | None, attempts: int | None
    ) -> Result:
        """Judge received bytes and give them the target's name, or keep them as rejected."""
        self._slot.put(received.data)
        others = [self._slot.keep_other(data) for data in received.others]
        fell_back, judgement = self._judged(order)
        outcome = self._outcome(judgement, received)._replace(seconds=seconds, attempts=attempts)
        result = Result(
            order.target,
            "made",
            size=judgement.size,
            unjudged=judgement.unjudged,
            bytes=outcome.bytes,
            seconds=seconds,
            dollars=outcome.dollars,
            dollars_at_least="dollars_at_least" in outcome.more,
            request_id=received.request_id,
            notes=(
                *filter(None, (self._warning,)),
                *(f"a further picture of this answer is kept as {name}" for name in others),
            ),
        )
        if judgement.verdict != "passed":
            status: Status = "undecided" if judgement.verdict == "undecided" else "rejected"
            return self._reject(identity, outcome, result._replace(status=status))
        notes = tuple(self._remarks(judgement, outcome.sha256, fell_back=fell_back))
        self._record(identity, outcome)
        if not self._named():
            reason = "another file took the name meanwhile; it stays"
            taken = outcome._replace(verdict="rejected", reason=reason)
            return self._reject(identity, taken, result._replace(status="rejected"))
        self._slot.clear()
        return result._replace(notes=(*result.notes, *notes))

    def _outcome(self, judgement: Judgement, received: Received) -> Outcome:
        network = self._job.route.network
        job = self._job
        spent = (
            paid(job.profile, job.order.model, received.usage, edit=bool(job.options.edit))
            if network
            else Paid(0.0)
        )
        return Outcome(
            "accepted" if judgement.verdict == "passed" else "rejected",
            self._scrubber.clean("; ".join(judgement.reasons)),
            sha256=hashlib.sha256(received.data).hexdigest(),
            bytes=len(received.data),
            size=judgement.size,
            request_id=received.request_id,
            usage=received.usage,
            dollars=spent.dollars,
            billed="yes" if network else "no",
            more={"dollars_at_least": True} if spent.at_least else {},
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
        self._record(identity, outcome._replace(kept_as=kept.name))
        self._slot.clear()
        return result._replace(message=reason, kept_as=kept.name)

    def _record(self, identity: str, outcome: Outcome) -> None:
        line = outcome.line(identity, self._run.edges.timestamp(), self._job.order.target)
        self._run.ledger.append(line)

    def lost(self, identity: str, reason: str, *, offline: bool, answer: str = "") -> None:
        """Record that an earlier process's request brought nothing that can be used."""
        more = {"answer": answer} if answer else {}
        self._record(identity, Outcome("lost", reason, billed="no" if offline else "likely", more=more))


def _drawn(make: Callable[[Order], bytes], order: Order) -> bytes:
    try:
        return make(order)
    except UsageError as error:
        raise NotMade(Failure("request", f"{error.message} ({error.hint})")) from error


def _login(profile: Profile, secret: Secret) -> tuple[str, str, Secret]:
    if profile.key_header:
        return (profile.key_header, "", secret)
    return ("api-key", "", secret) if profile.auth == "api-key" else ("Authorization", "Bearer ", secret)
