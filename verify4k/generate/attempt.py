"""From an order to a judged file: send or draw, judge, record, rename or keep as rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import UsageError
from verify4k.generate.calling import request_to
from verify4k.generate.delivery import NullSink, deliver, resent
from verify4k.generate.disk_space import ensure_disk_space
from verify4k.generate.fetching import fetch_picture
from verify4k.generate.keys import base_url
from verify4k.generate.records import Outcome, is_old, request_line, share_of
from verify4k.generate.results import Result
from verify4k.generate.scrubbing import Scrubber
from verify4k.generate.settlement import Settlement, Transfer
from verify4k.generate.streaming import WatchedSink
from verify4k.generate.task_polling import StillRunning, Task, finished, follow, task_path
from verify4k.net.exchange import CAP
from verify4k.routes.protocol.envelopes import Received, Usage
from verify4k.routes.protocol.error_bodies import Recipient, error_failure
from verify4k.routes.protocol.failures import Failure, NotMade
from verify4k.routes.protocol.polling import task_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from verify4k.generate.make import RunContext
    from verify4k.generate.plan import Job
    from verify4k.generate.slots import Slot
    from verify4k.net.exchange import Answer, Request, Secret, Sink
    from verify4k.routes import Order
    from verify4k.routes.protocol.polling import Poll


class Attempt:
    """Makes one job's picture in its slot."""

    def __init__(self, run: RunContext, job: Job, slot: Slot) -> None:
        self._run = run
        self._job = job
        self._slot = slot
        self._secret: Secret | None = run.keys.get(job.profile.name)
        self._warning = ""  # about money that a gateway may have spent on its own
        self._answered = False  # the request of this attempt was sent, and something came back
        self._scrubber = Scrubber(job.order.prompt, self._secret)
        self._settlement = Settlement(run, job, slot, self._scrubber)

    def by(self, job: Job) -> Attempt:
        """Return an attempt in the same slot for the same picture, as another route makes it."""
        return Attempt(self._run, job, self._slot)

    def order(self, order: Order) -> Result:
        """Make the picture of one order. Raises `NotMade` when none came."""
        edges, job = self._run.edges, self._job
        identity = edges.new_id()
        endpoint = base_url(job.profile, edges.environ)
        if job.route.network:
            ensure_disk_space(self._slot.target, order.size)
        self._slot.start(identity)
        self._run.ledger.append(request_line(identity, edges.timestamp(), job, order, endpoint))
        started = edges.clock()
        try:
            received, attempts = self._received(order, identity, endpoint)
        except StillRunning as running:
            return Result(order.target, "pending", str(running))
        except NotMade as error:
            raise self.failed(identity, error, edges.clock() - started) from None
        except UsageError as error:  # surroundings that changed since the run began
            if self._answered:
                raise  # what came is on the disk, and the next run goes on from there
            refused = NotMade(Failure("surroundings", f"{error.message} ({error.hint})"))
            raise self.failed(identity, refused, edges.clock() - started) from error
        seconds = edges.clock() - started
        return self.settle(identity, order, received, Transfer(seconds, attempts))

    def _received(self, order: Order, identity: str, endpoint: str) -> tuple[Received, int]:
        route = self._job.route
        if route.make is not None:
            return Received(_drawn(route.make, order), "", Usage(), ""), 1
        request = self._request(order, endpoint)

        try:
            delivered = deliver(
                self._run.edges,
                request,
                deadline=self._run.deadline,
                explain=self.explain,
                sink=lambda: self._begun(identity),
                cap=CAP * (1 + (self._job.profile.stream or 0)),
            )
        except NotMade as error:
            return self._whole_after_all(self._scrubbed_error(error)), 1
        self._answered = True
        self._warning = resent(delivered.answer.head)
        task = self.task_in(delivered.answer)
        answer = self._follow(identity, task) if task else delivered.answer
        return self.read(answer), delivered.attempts

    def _begun(self, identity: str) -> Sink:
        """Begin the spool of an answer; on its way there, partial pictures are told."""
        self._slot.start(identity)
        watch = self._run.watch
        if watch is None or self._job.profile.stream is None:
            return self._slot
        return WatchedSink(self._slot, lambda partial: watch(self._job.order.target, partial))

    @property
    def _polling(self) -> Poll | None:
        profile = self._job.profile
        return profile.poll or (self._job.route.poll if profile.background else None)

    def task_in(self, answer: Answer) -> str:
        """Return the task that an answer begins; empty where it carries the picture itself, or neither."""
        how = self._polling
        task = task_of(answer.body, how) if how else ""
        return task if how and task and finished(answer, how, self._parse) is None else ""

    def _follow(self, identity: str, task: str) -> Answer:
        """Wait for a task; from the first on, the ledger names it.

        An id with key or prompt in it is not noted: the answer that named it stays on the disk instead.
        """
        how, run = self._polling, self._run
        shown = self._scrubber.clean(task)
        if how is None:
            raise StillRunning(shown, "is known, but the route no longer says how to ask for it (poll:)")
        line = run.ledger.read().about(self._job.order.target).requests.get(identity, {})
        if not isinstance(line.get("ticket"), dict) and shown == task:
            run.ledger.append({**line, "ticket": {"task": task}})
        profile = self._job.profile
        endpoint = base_url(profile, run.edges.environ)
        request = request_to(profile, endpoint, self._secret, task_path(how, task), method="GET")
        return follow(
            run,
            how,
            Task(shown, request, is_old(line, run.edges.now())),
            read=self._parse,
            clean=self._scrubber.clean,
            explain=self.explain,
            sink=lambda: self._begun(identity) if shown == task else NullSink(),
        )

    def resume(self, identity: str, order: Order, task: str, share: float) -> Result:
        """Settle a request whose task an earlier process began."""
        try:
            received = self.read(self._follow(identity, task))
        except StillRunning as running:
            return Result(order.target, "pending", str(running))
        except NotMade as error:
            failed = self.failed(identity, error, None)
            return Result(order.target, "failed", failed.failure.sentence, kept_as=failed.kept_as)
        return self.settle(identity, order, received, Transfer(share=share))

    def _whole_after_all(self, broken: NotMade) -> Received:
        """Return the picture of an answer whose exchange broke, where it is whole all the same.

        Else the error is raised, with the last partial picture of a stream.
        """
        spooled = self._slot.spooled() if self._slot.answered else None
        if spooled is None or spooled.answer is None:
            raise broken from None
        try:
            return self.read(spooled.answer)
        except NotMade as error:
            raise NotMade(broken.failure, error.data) from None

    def _request(self, order: Order, endpoint: str) -> Request:
        profile, call = self._job.profile, self._job.route.call
        if call is None:
            raise NotMade(Failure("manual", "a person has to make it"))
        sent = call(order, profile)
        return request_to(
            profile, endpoint, self._secret, sent.path, content_type=sent.content_type, body=sent.body
        )

    def explain(self, answer: Answer) -> Failure:
        """Say why an answer with another status than 200 brings no picture."""
        profile = self._job.profile
        asked = Recipient(profile.name, profile.key if self._secret else "", profile.unbilled)
        return self._scrubbed(error_failure(answer, asked, self._job.route.coded))

    def _parse(self, answer: Answer) -> Received:
        """Return what an answer carries, as its route reads it. Raises `NotMade`."""
        if self._job.route.read is None:
            raise NotMade(Failure("manual", "a person has to make it"))
        return self._job.route.read(answer, self._job.profile)

    def read(self, answer: Answer) -> Received:
        """Return the bytes that an answer with status 200 carries. Raises `NotMade`."""
        how = self._polling
        try:
            received = self._parse((finished(answer, how, self._parse) if how else None) or answer)
            received = received._replace(request_id=self._scrubber.clean(received.request_id))
            if not received.url:
                return received
            if self._job.profile.answers != "url":
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

    def failed(self, identity: str, error: NotMade, seconds: float | None) -> NotMade:
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
        self._settlement.record(identity, outcome)
        self._slot.clear()
        return error

    def settle(self, identity: str, order: Order, received: Received, how: Transfer) -> Result:
        """Judge received bytes and give them the target's name, or keep them as rejected."""
        return self._settlement.settle(identity, order, received, how._replace(warning=self._warning))

    def retire(self, line: Mapping[str, Any], task: str) -> str:
        """Take in the answer to an older version of the request, which a task still works on; say so.

        Raises:
            StillRunning: it has not ended; asking for another picture meanwhile would be a second one.
        """
        if self._polling is None or line.get("route") != self._job.profile.name:
            self.lost(line["id"], "its route no longer says how to ask for it", offline=False)
            begun = f"a request of {line.get('time', 'unknown time')} was begun by another route"
            return f"{begun}: it may have been billed"
        try:
            received = self.read(self._follow(line["id"], task))
        except NotMade as error:
            return f"an older version of the request: {self.failed(line['id'], error, None).failure.sentence}"
        kept, _ = self.outdated(line["id"], received, Transfer(share=share_of(line)))
        return f"an older version of the request was answered, which is kept as {kept}"

    def outdated(self, identity: str, received: Received, how: Transfer) -> tuple[str, float | None]:
        """Record and keep the answer to an older version of the request; return its name and price."""
        return self._settlement.outdated(identity, received, how)

    def lost(self, identity: str, reason: str, *, offline: bool, answer: str = "") -> None:
        """Record that an earlier process's request brought nothing that can be used."""
        more = {"answer": answer} if answer else {}
        outcome = Outcome("lost", reason, billed="no" if offline else "likely", more=more)
        self._settlement.record(identity, outcome)


def _drawn(make: Callable[[Order], bytes], order: Order) -> bytes:
    try:
        return make(order)
    except UsageError as error:
        raise NotMade(Failure("request", f"{error.message} ({error.hint})")) from error
