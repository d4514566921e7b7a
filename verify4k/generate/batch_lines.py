"""The files that a batch answers with -> answers by the id of their request.

Whatever a gateway makes of a line's status or of a request's second line: a picture that stands there was
paid for.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from verify4k.named_tuple import NamedTuple
from verify4k.net.exchange import Answer, Head
from verify4k.routes.protocol.json_bodies import parse_body

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping


class Lines(NamedTuple):
    """Answers by the id of their request, those first that claim success.

    ``refused``: ids of which a line without an answer names an error. ``broken``: lines that are none.
    """

    answers: Mapping[str, list[Answer]]
    refused: Collection[str]
    broken: int


def read_lines(files: Iterable[bytes]) -> Lines:
    """Read objects with their ``custom_id``: one a line, or all of them in one JSON array."""
    found: dict[str, list[Answer]] = {}
    refused = set()
    broken = 0
    for line in (line for data in files for line in _values(data)):
        if not isinstance(line, dict) or "custom_id" not in line:
            broken += 1
            continue
        name, answer = str(line["custom_id"]), _answer(line)
        answers = found.setdefault(name, [])
        if answer is not None:
            answers.append(answer)
        elif line.get("error"):
            refused.add(name)
    for answers in found.values():
        answers.sort(key=lambda each: not 200 <= each.head.status < 300)
    return Lines(found, refused, broken)


def _values(data: bytes) -> Iterator[Any]:
    """Yield what a file holds; None for a line that is no JSON."""
    whole = _parsed(data)
    if whole is not None:
        yield from whole if isinstance(whole, list) else [whole]
        return
    yield from (_parsed(text) for text in data.split(b"\n") if text.strip())


def _parsed(text: bytes) -> Any:
    try:
        return parse_body(text)
    except ValueError:
        return None


def _answer(line: Mapping[str, Any]) -> Answer | None:
    response = line.get("response")
    if not isinstance(response, dict):
        return None
    status, body = _status(response.get("status_code")), response.get("body")
    if status is None and not body:
        return None
    if isinstance(body, dict) and body.get("data"):
        status = 200  # whatever it says
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {"content-type": "application/json", "x-request-id": str(response.get("request_id") or "")}
    return Answer(Head(status or 200, headers), text.encode("utf-8", "surrogatepass"))  # its body decides


def _status(value: object) -> int | None:
    """Return a status, however it is written; None where there is none."""
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) == len("200") else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 100 <= value < 600:
        return None
    return int(value)
