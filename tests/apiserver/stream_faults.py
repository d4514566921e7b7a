"""Streams that end early, late, or otherwise than they should."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from apiserver import streaming
from apiserver.faults import fault
from apiserver.server import Handler

if TYPE_CHECKING:
    from collections.abc import Callable

    Events = list[dict[str, Any]]


def _events(name: str, says: str, change: Callable[[Events], Events], **more: Any) -> None:
    """Register a stream made from a good one's events; it ends as it should."""

    def act(handler: Handler) -> None:
        streaming.begin(handler)
        for event in change(streaming.events(handler)):
            streaming.write(handler, event)
        handler.close_connection = True

    paid = not more.get("made") and more.get("billed", True)
    fault(f"stream: {name}", says, stream=True, **{"billed": paid, "unread": paid, **more})(act)


def _bytes(name: str, says: str, change: Callable[[bytes], bytes], **more: Any) -> None:
    """Register a stream of which other bytes are sent, at most as many as its length promises."""

    def act(handler: Handler) -> None:
        events = streaming.events(handler)
        good = "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events).encode()
        sent = change(good)
        handler.start(
            200, {"Content-Type": "text/event-stream", "Content-Length": str(max(len(good), len(sent)))}
        )
        handler.wfile.write(sent)
        handler.wfile.flush()
        handler.close_connection = True

    paid = not more.get("made")
    fault(f"stream: {name}", says, stream=True, **{"billed": paid, "unread": paid, **more})(act)


def _error(**members: Any) -> dict[str, Any]:
    return {"type": "error", "error": {"message": "no", "type": "x", "param": None, **members}}


_CUT = "connection broke"
_events("whole", "", lambda events: events, made=True)
_bytes(
    "a byte order mark before the picture",
    "",
    lambda good: b"\xef\xbb\xbf" + good[good.rindex(b"data: ") :],
    made=True,
)
_events("only partial pictures", "no picture is completed", lambda events: events[:-1], kept=True)
_events("nothing", "no picture is completed", lambda _events: [], unread=False)
_events("two pictures", "2 pictures came", lambda events: [*events, events[-1]], kept=True)
_events(
    "an error instead",
    "an error with status 200 server_error",
    lambda events: [events[0], _error(code="server_error")],
)
_events("an error after the picture", "", lambda events: [*events, _error(code="server_error")], made=True)
_events(
    "moderated output",
    "stage: output",
    lambda events: [
        events[0],
        _error(
            code="moderation_blocked", message="a hill", moderation_details={"moderation_stage": "output"}
        ),
    ],
)
_events(
    "moderated input",
    "stage: input",
    lambda _events: [_error(code="moderation_blocked", moderation_details={"moderation_stage": "input"})],
    billed=False,
)
_events(
    "a limit inside",
    "an error with status 200 rate_limit_exceeded",
    lambda _events: [_error(code="rate_limit_exceeded")],
)
_events("quota inside", "quota is used up", lambda _events: [_error(code="insufficient_quota")], billed=False)
_events("an event of nothing", "", lambda events: [{"type": "x"}, *events], made=True)
_events("a picture that is empty", "no image data", lambda events: [{**events[-1], "b64_json": ""}])
_events(
    "a URL", "is a URL", lambda events: [{**events[-1], "b64_json": None, "url": "https://example.com/a.png"}]
)
_bytes(
    "CRLF and words to stay awake",
    "",
    lambda good: b": awake\r\n\r\n" + good.replace(b"\n", b"\r\n"),
    made=True,
)  # longer: the rest is left unread
_bytes("cut after the picture", "", lambda good: good[:-1], made=True)
_bytes("cut in the picture", _CUT, lambda good: good[:-1000], kept=True)
_bytes("cut after a partial picture", _CUT, lambda good: good[: good.index(b"\n\n") + 2], kept=True)
_bytes("cut in a partial picture", _CUT, lambda good: good[: good.index(b"\n\n") - 100])
_bytes("cut before the first event", _CUT, lambda _good: b"", unread=False)


@fault("stream: not known, JSON comes", "", made=True, stream=True)
def _ignored(handler: Handler) -> None:
    handler.deliver(handler.drawn())


@fault("stream: refused", "does not take the parameter stream", stream=True)
def _refused(handler: Handler) -> None:
    handler.error(400, "unknown_parameter", param="stream")


@fault("stream: a limit before it", "", Handler.answer, requests=2, made=True, stream=True)
def _limited(handler: Handler) -> None:
    handler.error(429, "rate_limit_exceeded", headers={"retry-after": "0"})


@fault("stream: stalls after a partial picture", "no whole answer within 1 s", billed=True, unread=True,
       kept=True, deadline=1, stream=True)  # fmt: skip
def _stalls(handler: Handler) -> None:
    streaming.begin(handler)
    streaming.write(handler, streaming.events(handler)[0])
    handler.hang()


@fault("stream: in chunks that end anywhere", "", made=True, stream=True)
def _chunks(handler: Handler) -> None:
    body = "".join(f"data: {json.dumps(one)}\n\n" for one in streaming.events(handler)).encode()
    handler.start(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
    for start in range(0, len(body), 997):
        piece = body[start : start + 997]
        handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    handler.wfile.write(b"0\r\n\r\n")


_events("responses, whole", "", lambda events: events, made=True, responses=True)
_events("responses, cut after the call", "", lambda events: events[:-1], made=True, responses=True)
_events(
    "responses, cut before the call",
    "no picture is completed",
    lambda events: events[:-3],
    responses=True,
    kept=True,
)
_events(
    "responses, failed",
    "is failed",
    lambda events: [
        *events[:2],
        {"type": "response.failed", "response": {**events[0]["response"], "status": "failed"}},
    ],
    responses=True,
)
_events(
    "responses, an error",
    "an error with status 200 server_error: no",
    lambda events: [*events[:2], {"type": "error", "code": "server_error", "message": "no", "param": None}],
    responses=True,
)
_events(
    "responses, moderated",
    "refused by moderation",
    lambda events: [*events[:2], {"type": "error", "code": "moderation_blocked", "message": "a hill"}],
    responses=True,
)
