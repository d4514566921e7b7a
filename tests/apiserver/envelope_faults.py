"""Status 200 and still no picture, or one in an odd wrapping."""

from __future__ import annotations

import base64
import gzip
import json
import struct
import zlib
from typing import TYPE_CHECKING, Any

from apiserver.drawing import picture
from apiserver.faults import fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from apiserver.server import Handler

_JSON = {"Content-Type": "application/json"}


def _raw(name: str, body: bytes, says: str, headers: dict[str, str] | None = None, **more: Any) -> None:
    more = {"billed": not more.get("made"), "unread": not more.get("made") and bool(body), **more}
    fault(name, says, **more)(lambda handler: handler.send(200, body, headers or _JSON))


def _body(name: str, change: Callable[[Handler, str], object], says: str, **more: Any) -> None:
    """Register an answer made from a good picture's base64."""

    def act(handler: Handler) -> None:
        good = base64.b64encode(picture(*handler.size, handler.form)).decode()
        handler.json(200, change(handler, good))

    paid = not more.get("made") and more.get("billed", True)
    fault(name, says, **{"billed": paid, "unread": paid, **more})(act)


_FOR_URLS = str.maketrans("+/", "-_")


def _encoded(handler: Handler) -> str:
    return base64.b64encode(picture(*handler.size, handler.form)).decode()


def _unpadded(handler: Handler) -> str:
    """A picture whose base64 is padded, without that padding."""
    data = picture(*handler.size, handler.form)
    padded = next(
        text for n in range(3) if (text := base64.b64encode(_commented(data, n)).decode()).endswith("=")
    )
    return padded.rstrip("=")


def _commented(png: bytes, length: int) -> bytes:
    """Add a text chunk, so that the length changes."""
    body = b"tEXtx\0" + b"y" * length
    chunk = struct.pack(">I", 2 + length) + body + struct.pack(">I", zlib.crc32(body))
    return png[:33] + chunk + png[33:]


def _item(handler: Handler, item: object) -> dict[str, Any]:
    return {**handler.envelope(""), "data": [item]}


_raw("HTML page", b"<!DOCTYPE html><html>", "an HTML page with status 200", {"Content-Type": "text/html"})
_raw("HTML page called JSON", b"<html><body>Login</body></html>", "an HTML page with status 200")
_raw("broken JSON", b'{"data": [{"b64_json": "AAAA', "broken JSON")
_raw("nothing", b"", "the answer is empty")
_raw("blanks", b"  \n", "the answer is empty")
_raw("JSON null", b"null", "no object")
_raw("JSON list", b"[]", "no object")
_raw("JSON text", b'"done"', "no object")
_raw("JSON number", b"1" * 5000, "")
_raw("deeply nested JSON", b"[" * 100_000, "broken JSON")
_raw("no UTF-8", b'{"data": "\xff\xfe"}', "no image data")
_raw("a bare picture", picture(1024, 640), "", {"Content-Type": "image/png"}, made=True)
_raw("ndjson", b'{"type": "x"}\n{"type": "y"}\n', "not JSON", {"Content-Type": "application/x-ndjson"})
_raw("event stream, cut", b'event: image_generation.partial_image\ndata: {"b64_json": "AA"}\n\n', "a stream",
     {"Content-Type": "text/event-stream"})  # fmt: skip
_raw("unknown packing", b"\x0b\x02\x80", "packed", {**_JSON, "Content-Encoding": "br"})
_raw("broken gzip", b"\x1f\x8b\x08nonsense", "packed answer is broken", {**_JSON, "Content-Encoding": "gzip"})
_raw(
    "gzip bomb",
    gzip.compress(bytes(97 * 1024 * 1024), 9),
    "unpacks to too much",
    {**_JSON, "Content-Encoding": "gzip"},
)
_raw("gzip, cut", gzip.compress(b'{"data": []}' * 99)[:-12], "cut off", {**_JSON, "Content-Encoding": "gzip"})
for _status in (202, 206, 226):
    fault(f"status {_status}", "unexpected kind of success", billed=True, unread=True)(
        lambda handler, status=_status: handler.json(status, {"status": "queued", "id": "job_1"})  # type: ignore[misc]
    )
fault("status 204", "unexpected kind of success", billed=True)(lambda handler: handler.send(204, b"", {}))

for _status in (201, 203):
    fault(f"status {_status}", "", made=True)(
        lambda handler, status=_status: handler.json(status, handler.envelope(_encoded(handler)))  # type: ignore[misc]
    )

_body("empty object", lambda _h, _g: {}, "no image data")
_body("data missing", lambda _h, _g: {"created": 1}, "no image data")
_body("data null", lambda _h, _g: {"data": None}, "no image data")
_body("data empty", lambda _h, _g: {"data": []}, "no image data")
_body("data an object", lambda _h, good: {"data": {"b64_json": good}}, "no image data")
_body("item null", lambda h, _g: _item(h, None), "no object")
_body("item text", _item, "no object")
_body("b64 null", lambda h, _g: _item(h, {"b64_json": None}), "no image data")
_body("b64 empty", lambda h, _g: _item(h, {"b64_json": ""}), "no image data")
_body("b64 a number", lambda h, _g: _item(h, {"b64_json": 7}), "no image data")
_body(
    "b64 with a stray character",
    lambda h, good: _item(h, {"b64_json": good[:40] + "*" + good[40:]}),
    "base64",
)
_body("b64 cut", lambda h, good: _item(h, {"b64_json": good[: len(good) // 8 * 4 + 1]}), "base64")
_body("b64 with no ASCII", lambda h, good: _item(h, {"b64_json": "é" + good}), "base64")
_body("b64 in two alphabets", lambda h, good: _item(h, {"b64_json": "+-/_" + good}), "base64")
_body("b64 for URLs", lambda h, good: _item(h, {"b64_json": good.translate(_FOR_URLS)}), "", made=True)
_body("b64 unpadded", lambda h, _g: _item(h, {"b64_json": _unpadded(h)}), "", made=True)
_body(
    "b64 with blanks",
    lambda h, good: _item(h, {"b64_json": " \t" + " ".join((good[:50], good[50:])) + "\n"}),
    "",
    made=True,
)
_body(
    "DATA: prefix",
    lambda h, good: _item(h, {"b64_json": f"DATA:image/PNG;charset=utf-8;BASE64,{good}"}),
    "",
    made=True,
)
_body("data: inside url", lambda h, good: _item(h, {"url": f"Data:image/png;base64,{good}"}), "", made=True)
_body("b64 of nothing", lambda h, _g: _item(h, {"b64_json": "===="}), "")
_body(
    "data: prefix and nothing",
    lambda h, _g: _item(h, {"b64_json": "data:image/png;base64,"}),
    "no image data",
)
_body("data: prefix", lambda h, good: _item(h, {"b64_json": f"data:image/png;base64,{good}"}), "", made=True)
_body("b64 in lines", lambda h, good: _item(h, {"b64_json": "\n".join(good[i : i + 76] for i in range(0, len(good), 76))}),
      "", made=True)  # fmt: skip
_body("unknown members", lambda h, good: {**_item(h, {"b64_json": good, "x": [1]}), "y": {}}, "", made=True)
_body(
    "odd usage",
    lambda h, good: {**_item(h, {"b64_json": good}), "usage": {"output_tokens": -1}},
    "",
    made=True,
)


def _around_a_picture(name: str, old: bytes, new: bytes) -> None:
    """Register an answer with a good picture and a member beside it that JSON readers choke on."""

    def act(handler: Handler) -> None:
        body = json.dumps(handler.envelope(_encoded(handler))).encode()
        assert old in body
        handler.send(200, body.replace(old, new), _JSON)

    fault(name, "", made=True)(act)


_around_a_picture("usage of 5000 digits", b'"output_tokens": 1000', b'"output_tokens": ' + b"1" * 5000)
_around_a_picture("a word in Latin-1", b'"generation_id": "gen_1"', b'"generation_id": "\xe9t\xe9"')
_body("usage a list", lambda h, good: {**_item(h, {"b64_json": good}), "usage": [1]}, "", made=True)
_body("a URL", lambda h, _g: _item(h, {"url": "https://example.com/a.png"}), "is a URL")
_body("a URL on this machine", lambda h, _g: _item(h, {"url": f"{h.server.url}/a.png"}), "is a URL")
_body(
    "two pictures",
    lambda h, good: {**h.envelope(good), "data": [{"b64_json": good}] * 2},
    "2 pictures came",
    kept=True,
)
_body("two pictures, broken", lambda _h, _g: {"data": [{"b64_json": "*"}] * 2}, "2 pictures came")
_body("two items of nothing", lambda _h, _g: {"data": [None, None]}, "2 pictures came")
_body(
    "an error with status 200",
    lambda _h, _g: {"error": {"message": "later", "code": "busy"}},
    "error with status 200",
)
_body(
    "an error that is a truth with status 200",
    lambda _h, _g: {"error": True, "message": "try it later"},
    "error with status 200: try it later",
)
_body(
    "a quota error with status 200",
    lambda _h, _g: {"error": {"code": "insufficient_quota"}},
    "quota",
    billed=False,
)
_NO_ERRORS: tuple[object, ...] = (
    False, 0, "", {}, "None", {"code": None, "message": ""}, {"code": 0, "message": "success"}, {"code": "200"},
)  # fmt: skip


def _beside(error: object) -> Callable[[Handler, str], object]:
    return lambda handler, good: {**handler.envelope(good), "error": error}


for _none in _NO_ERRORS:
    _body(f"a picture beside no error: {_none}", _beside(_none), "", made=True)
_body("a picture beside a refusal", _beside({"code": 0, "message": "odd"}), "error with status 200")
_body("an error and a picture", _beside("odd"), "error with status 200")


@fault("packed with gzip", "", made=True)
def _packed(handler: Handler) -> None:
    good = base64.b64encode(picture(*handler.size, handler.form)).decode()
    body = gzip.compress(json.dumps(handler.envelope(good)).encode())
    handler.send(200, body, {**_JSON, "Content-Encoding": "gzip"})


@fault("packed in gzip members", "", made=True)
def _members(handler: Handler) -> None:
    body = json.dumps(handler.envelope(_encoded(handler))).encode()
    packed = gzip.compress(body[:1000]) + gzip.compress(body[1000:])
    handler.send(200, packed, {**_JSON, "Content-Encoding": "gzip"})


def _stream(handler: Handler, *events: dict[str, Any]) -> None:
    lines = "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events)
    handler.send(200, f": hello\n\n{lines}data: [DONE]\n\n".encode(), {"Content-Type": "text/event-stream"})


@fault("event stream, whole", "", made=True)
def _streamed(handler: Handler) -> None:
    good = _encoded(handler)
    partial = {"type": "image_generation.partial_image", "b64_json": "AAAA", "partial_image_index": 0}
    _stream(handler, partial, {"type": "image_generation.completed", "b64_json": good})


@fault("event stream of partial pictures", "no picture is completed", billed=True, unread=True, kept=True)
def _partials(handler: Handler) -> None:
    _stream(handler, {"type": "image_generation.partial_image", "b64_json": _encoded(handler)})


@fault("responses: event stream, whole", "", made=True, responses=True)
def _streamed_response(handler: Handler) -> None:
    _stream(handler, {"type": "response.completed", "response": handler.envelope(_encoded(handler))})


@fault("no content type", "", made=True)
def _untyped(handler: Handler) -> None:
    good = base64.b64encode(picture(*handler.size, handler.form)).decode()
    handler.send(200, json.dumps(handler.envelope(good)).encode(), {})


def _response(
    name: str, says: str, change: Callable[[dict[str, Any], dict[str, Any]], object], **more: Any
) -> None:
    """Register a Responses answer: ``change`` is given the body and the call in it."""

    def act(handler: Handler) -> None:
        body = handler.envelope(base64.b64encode(picture(*handler.size, handler.form)).decode())
        change(body, body["output"][-1])
        handler.json(200, body)

    paid = not more.get("made") and more.get("billed", True)
    fault(f"responses: {name}", says, responses=True, **{"billed": paid, "unread": paid, **more})(act)


_response("no call", "called no tool", lambda body, call: body["output"].remove(call))
_response("output null", "called no tool", lambda body, _c: body.update(output=None))
_response("two calls", "2 image calls", lambda body, call: body["output"].append(call), kept=True)
_response("text instead", "called no tool", lambda body, _c: body.update(output=[{"type": "message"}]))
_response("call failed", "is failed", lambda _b, call: call.update(status="failed"))
_response("call in progress", "in_progress", lambda _b, call: call.update(status="in_progress"))
_response("call without status", "without a status", lambda _b, call: call.pop("status"))
_response("result null", "no result", lambda _b, call: call.update(result=None))
_response("result a number", "no result", lambda _b, call: call.update(result=5))
_response("queued", "is queued", lambda body, _c: body.update(status="queued", output=[]))
_response("incomplete", "", lambda body, _c: body.update(status="incomplete"), made=True)
_response("incomplete, call too", "is incomplete", lambda body, call: (
    body.update(status="incomplete"), call.update(status="incomplete")))  # fmt: skip
_response("failed", "is failed", lambda body, _c: body.update(status="failed"))
_response("status missing", "without a status", lambda body, _c: body.pop("status"))
_response(
    "error object",
    "error with status 200",
    lambda body, _c: body.update(error={"code": "server_error", "message": "x"}),
)
_response(
    "call error", "image call failed", lambda _b, call: call.update(error={"code": "oops", "message": "x"})
)
_response(
    "call without an error", "", lambda _b, call: call.update(error={"code": None, "message": ""}), made=True
)
_response("moderated", "refused by moderation",
          lambda _b, call: call.update(status="failed", error={"code": "moderation_blocked", "message": "a hill"}))  # fmt: skip
_response("moderated input", "stage: input", lambda _b, call: call.update(
    error={"code": "moderation_blocked", "moderation_details": {"stage": "input"}}), billed=False)  # fmt: skip


@fault("an answer at once under a stream's name", "", made=True)
def _no_stream(handler: Handler) -> None:
    handler.json(200, handler.envelope(_encoded(handler)), {"Content-Type": "text/event-stream"})
