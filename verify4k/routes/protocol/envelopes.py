"""A successful-looking answer -> the bytes it carries. Nothing it says about itself is believed.

Status 200 comes with HTML pages, error objects, empty lists, half-finished work and URLs; each
is a failure with its own sentence. What remains is bytes, which the rules engine judges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.named_tuple import NamedTuple
from verify4k.routes.protocol.error_bodies import coded_failure, head_status, says_nothing, stated
from verify4k.routes.protocol.failures import Billed, Failure, NotMade, request_id
from verify4k.routes.protocol.json_bodies import parse_body
from verify4k.routes.protocol.pictures import decoded, is_picture
from verify4k.routes.protocol.streams import MEDIA_TYPE, ended
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.net.exchange import Answer, Head

_JSON_TYPES = (
    "application/json",
    "text/json",
    "text/plain",
    "application/octet-stream",
    "binary/octet-stream",
    "",
)
_MADE = (200, 201, 203)  # 202 has only begun, 204 is empty, 206 is a part


class Tokens(NamedTuple):
    """The picture's own tokens by kind, which have different prices; None where nobody said."""

    total_in: int | None = None
    total_out: int | None = None
    text_in: int | None = None
    image_in: int | None = None
    text_out: int | None = None
    image_out: int | None = None


class Usage(NamedTuple):
    """Tokens as the server counted them; None where it did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    image_tokens: int | None = None
    picture: Tokens = Tokens()


class Received(NamedTuple):
    """What an answer carries: picture bytes or, on routes that allow it, a URL to fetch.

    ``others``: further pictures of the same answer, which were paid for as well.
    """

    data: bytes
    url: str
    usage: Usage
    request_id: str
    others: tuple[bytes, ...] = ()


def refuse(kind: str, message: str, head: Head, billed: Billed = "likely", data: bytes = b"") -> NotMade:
    """Return the error for an answer that is not what was asked for."""
    return NotMade(Failure(kind, message, billed=billed, request_id=request_id(head)), data)


def json_object(answer: Answer) -> Mapping[str, Any]:
    """Return the body as a JSON object; anything else is named for what it is."""
    head = answer.head
    if head.status not in _MADE:
        raise refuse("envelope", f"an unexpected kind of success ({head_status(head)})", head, "unknown")
    kind = head.headers.get("content-type", "").partition(";")[0].strip().lower()
    as_it_is = answer.body.lstrip()[:1] == b"{"  # an answer that is no stream, under a stream's name
    if kind == MEDIA_TYPE and not as_it_is:
        done = ended(answer.body)
        if done.body is None:
            said = "the answer is a stream in which no picture is completed"
            raise refuse("envelope", said, head, data=done.last_partial)
        return done.body
    if kind not in (*_JSON_TYPES, MEDIA_TYPE) and not kind.endswith("+json"):
        what = "an HTML page" if "html" in kind else f"{printable(kind[:60])!a}"
        raise refuse("envelope", f"the answer is {what} with status 200, not JSON", head, "unknown")
    if not answer.body.strip():
        raise refuse("envelope", "the answer is empty", head)
    try:
        body = parse_body(answer.body)
    except ValueError:
        raise refuse("envelope", f"the answer is {_guess(answer.body)}", head) from None
    if not isinstance(body, dict):
        raise refuse("envelope", "the answer is JSON, but no object", head)
    return body


def _guess(body: bytes) -> str:
    start = body[:200].lstrip().lower()
    return (
        "an HTML page with status 200, not JSON"
        if start.startswith((b"<!doctype", b"<html"))
        else "broken JSON"
    )


def refuse_error(body: Mapping[str, Any], head: Head) -> None:
    """Raise if a body with status 200 carries an error after all."""
    if says_nothing(body.get("error")):
        return
    found = stated(body)
    coded = coded_failure(head.status, found, "the server")
    if coded is not None:
        raise NotMade(coded._replace(request_id=request_id(head)))
    said = printable((found.message or found.code)[:300]) or "no reason given"
    code = f" {printable(found.code[:60])}" if found.code else ""
    raise refuse("envelope", f"an error with status 200{code}: {said}", head, "unknown")


def bare_picture(answer: Answer) -> Received | None:
    """Return the picture of an answer that is nothing but one, as some gateways send it."""
    if answer.head.status not in _MADE or not is_picture(answer.body):
        return None
    return Received(answer.body, "", Usage(), request_id(answer.head))


def image_bytes(text: str, head: Head) -> bytes:
    """Decode base64 or a ``data:`` URL; what it is then is for the rules to say."""
    data = decoded(text)
    if data is None:
        raise refuse("envelope", "the picture is not valid base64", head)
    if not data:
        raise refuse("envelope", "no image data in the answer", head)
    return data


def usage_of(body: Mapping[str, Any]) -> Usage:
    """Read token counts; absent or odd ones are None.

    A Responses answer counts the text model's tokens in ``usage`` and the picture's in
    ``tool_usage.image_gen``; without the latter nothing is known of the picture.
    """
    usage = _mapping(body, "usage")
    picture = _mapping(_mapping(body, "tool_usage"), "image_gen") if "output" in body else usage
    into, out = _mapping(picture, "input_tokens_details"), _mapping(picture, "output_tokens_details")
    return Usage(
        _count(usage.get("input_tokens")),
        _count(usage.get("output_tokens")),
        _count(_mapping(usage, "output_tokens_details").get("image_tokens")),
        Tokens(
            _count(picture.get("input_tokens")),
            _count(picture.get("output_tokens")),
            _count(into.get("text_tokens")),
            _count(into.get("image_tokens")),
            _count(out.get("text_tokens")),
            _count(out.get("image_tokens")),
        ),
    )


def _mapping(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = body.get(key)
    return found if isinstance(found, dict) else {}


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12 else None
