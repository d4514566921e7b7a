"""Waits for a task that a provider works on; the ledger names it, so that a kill buys none twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from verify4k.generate.calling import request_to
from verify4k.generate.delivery import deliver
from verify4k.generate.keys import base_url
from verify4k.net.exchange import Answer, Head
from verify4k.routes.protocol.failures import Failure, NotMade
from verify4k.routes.protocol.polling import body_of, member
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.generate.make import RunContext
    from verify4k.net.exchange import Sink
    from verify4k.routes.protocol.polling import Poll
    from verify4k.routes.protocol.profile import Profile


class StillRunning(Exception):
    """The task has not ended in time; it can be asked for again without another charge."""

    def __init__(self, task: str, why: str) -> None:
        super().__init__(f"task {printable(task[:80])} {why}; run again, which asks for it and buys nothing")


def follow(
    run: RunContext,
    profile: Profile,
    how: Poll,
    task: str,
    *,
    explain: Callable[[Answer], Failure],
    sink: Callable[[], Sink],
) -> Answer:
    """Ask for a task until it ends; return the answer that carries the picture.

    Raises:
        StillRunning: the deadline came first, or nobody could be reached.
        NotMade: the provider says that no picture will come.
    """
    edges = run.edges
    end = edges.clock() + run.deadline
    path = how.path.replace("{id}", quote(task, safe=""))
    request = request_to(
        profile, base_url(profile, edges.environ), run.keys.get(profile.name), path, method="GET"
    )
    while True:
        left = end - edges.clock()
        try:
            answer = deliver(edges, request, deadline=max(left, 0.001), explain=explain, sink=sink).answer
        except NotMade as error:
            raise StillRunning(task, f"cannot be asked for: {error.failure.message}") from None
        state = str(member(body_of(answer.body), how.status) or "").lower()
        if state in {one.lower() for one in (*how.done, *how.failed)}:
            return _ended(answer, how, state)
        if edges.clock() + how.every >= end:
            raise StillRunning(task, f"is {printable(state) or 'without a state'}")
        if not edges.pause(how.every):
            raise StillRunning(task, "was left when the run was stopped")


def _ended(answer: Answer, how: Poll, state: str) -> Answer:
    """Return the answer of a task that has ended. Raises `NotMade` where no picture came of it."""
    body = body_of(answer.body)
    if state in {one.lower() for one in how.done}:
        return _picture(answer, body, how)
    if not how.picture:  # the answer says why, in the way of its route
        return answer
    said = str(member(body, "error.message") or member(body, "message") or "no reason given")
    told = f"the task ended as {printable(state)}: {printable(said[:300])}"
    raise NotMade(Failure("task", told, billed="unknown"))


def _picture(answer: Answer, body: Any, how: Poll) -> Answer:
    """Return the answer as the Image API would give it."""
    if not how.picture:
        return answer
    found = member(body, how.picture)
    if not isinstance(found, str) or not found:
        said = f"the task has ended, and nothing stands at {how.picture}"
        raise NotMade(Failure("envelope", said, billed="likely"))
    kind = "url" if "://" in found[:20] else "b64_json"
    head = Head(200, {**answer.head.headers, "content-type": "application/json"})
    return Answer(head, json.dumps({"data": [{kind: found}]}).encode())
