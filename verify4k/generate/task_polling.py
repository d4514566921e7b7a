"""Waits for a task that a provider works on; the ledger names it, so that a kill buys none twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from verify4k.generate.delivery import deliver
from verify4k.named_tuple import NamedTuple
from verify4k.net.exchange import Answer, Head
from verify4k.routes.protocol.failures import Failure, NotMade
from verify4k.routes.protocol.polling import body_of, has_failed, is_done, member, state_of
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.generate.make import RunContext
    from verify4k.net.exchange import Request, Sink
    from verify4k.routes.protocol.envelopes import Received
    from verify4k.routes.protocol.polling import Poll

    Read = Callable[[Answer], Received]


class StillRunning(Exception):
    """The task has not ended in time; it can be asked for again without another charge."""

    def __init__(self, task: str, why: str) -> None:
        super().__init__(f"task {printable(task[:80])} {why}; run again, which asks for it and buys nothing")


class Task(NamedTuple):
    """A task to ask for. ``shown``: its id as it may be told; ``old``: it was begun more than a day ago."""

    shown: str
    request: Request
    old: bool


def task_path(how: Poll, task: str) -> str:
    """Return where a task is asked for."""
    return how.path.replace("{id}", quote(task, safe=""))


def follow(
    run: RunContext,
    how: Poll,
    task: Task,
    *,
    read: Read,
    clean: Callable[[str], str],
    explain: Callable[[Answer], Failure],
    sink: Callable[[], Sink],
) -> Answer:
    """Ask for a task until it ends; return the answer that carries the picture.

    Raises:
        StillRunning: the deadline came first, or nobody could be reached.
        NotMade: the provider says that no picture will come, or knows nothing of the task any more.
    """
    edges = run.edges
    end = edges.clock() + run.deadline
    while True:
        left = max(end - edges.clock(), 0.001)
        try:
            answer = deliver(edges, task.request, deadline=left, explain=explain, sink=sink).answer
        except NotMade as error:
            raise _unasked(task, error.failure) from None
        found = finished(answer, how, read)
        if found is not None:
            return found
        state = state_of(body_of(answer.body), how)
        if is_done(state, how) or has_failed(state, how):
            return _without_picture(answer, how, state, clean)
        if edges.clock() + how.every >= end:
            said = printable(clean(state)[:60])
            raise StillRunning(task.shown, f"is {said or 'without a state'}")
        if not edges.pause(how.every):
            raise StillRunning(task.shown, "was left when the run was stopped")


def _unasked(task: Task, failure: Failure) -> StillRunning | NotMade:
    """Return the error for a question about a task that was not answered."""
    if not failure.gone(old=task.old):
        return StillRunning(task.shown, f"cannot be asked for: {failure.message}{failure.until_gone}")
    said = f"nobody knows task {printable(task.shown[:80])} any more: {failure.message}"
    return NotMade(Failure("task", said, "likely", request_id=failure.request_id))


def finished(answer: Answer, how: Poll, read: Read) -> Answer | None:
    """Return an answer as its route reads it where it carries the picture; None where that is to come.

    A first answer may carry it, too. A URL may lead to a picture that is not there yet, so it counts only
    where no state says otherwise.
    """
    body = body_of(answer.body)
    state = state_of(body, how)
    over = not state or is_done(state, how)
    found = member(body, how.picture) if how.picture else None
    head = Head(200, {**answer.head.headers, "content-type": "application/json"})
    if over and isinstance(found, str) and found:
        kind = "url" if "://" in found[:20] else "b64_json"
        return Answer(head, json.dumps({"data": [{kind: found}]}).encode())
    usual = Answer(head if isinstance(body, dict) else answer.head, answer.body)
    try:
        received = read(usual)
    except NotMade:
        return None
    return usual if received.data or over else None


def _without_picture(answer: Answer, how: Poll, state: str, clean: Callable[[str], str]) -> Answer:
    """Return the answer of a task that ended without a picture, where its route says why; else `NotMade`."""
    if not how.picture:
        return answer
    if is_done(state, how):
        said = f"the task has ended, and nothing stands at {how.picture}"
        raise NotMade(Failure("envelope", said, billed="likely"))
    body: Any = body_of(answer.body)
    said = str(member(body, "error.message") or member(body, "message") or "no reason given")
    told = f"the task ended as {printable(state)}: {printable(clean(said)[:300])}"
    raise NotMade(Failure("task", told, billed="unknown"))
