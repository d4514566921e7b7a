"""Server-sent events: what an answer that comes as a stream amounts to, and its partial pictures.

https://html.spec.whatwg.org/multipage/server-sent-events.html: lines end with CR, LF or both and with
nothing else, an empty line ends an event, a line that begins with a colon is there to keep proxies awake; a
byte order mark may stand at the beginning.
A partial picture is never the picture, whatever its size: only an event that says ``completed`` counts, and a
finished call of a response that was cut after it.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any

from verify4k.named_tuple import NamedTuple
from verify4k.routes.protocol.json_bodies import parse_body
from verify4k.routes.protocol.pictures import decoded, is_picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Event = Mapping[str, Any]

MEDIA_TYPE = "text/event-stream"
_PICTURES = ("image_generation.completed", "image_edit.completed")
_RESPONSES = ("response.completed", "response.incomplete", "response.failed")
_LINE_END = re.compile(rb"\r\n|\n|\r")


class Partial(NamedTuple):
    """A partial picture as it came; ``number`` counts from 1."""

    number: int
    encoded: str

    @property
    def data(self) -> bytes:
        """The picture's bytes; nothing where they are no picture."""
        found = decoded(self.encoded) or b""
        return found if is_picture(found) else b""


class EventReader:
    """Reads events while they arrive, in chunks that end anywhere."""

    def __init__(self) -> None:
        self._line: list[bytes] = []
        self._begun = False
        self._after_cr = False
        self._name = ""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """Yield the events that a further chunk completes."""
        if not chunk:
            return
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        self._after_cr = chunk.endswith(b"\r")
        first, *others = _LINE_END.split(chunk)
        self._line.append(first)
        for rest in others:
            line = b"".join(self._line)
            if not self._begun:
                self._begun, line = True, line.removeprefix(codecs.BOM_UTF8)
            self._line = [rest]
            event = self._take(line)
            if event is not None:
                yield event

    def _take(self, line: bytes) -> Event | None:
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"event":
            self._name = value.decode("utf-8", "replace")
        elif field == b"data":
            self._data.append(value)
        elif not line:
            name, data = self._name, b"\n".join(self._data)
            self._name, self._data = "", []
            return _event(name, data)
        return None


def _event(name: str, data: bytes) -> Event | None:
    """Return the event that has ended, its name as its type where it says none; None: no JSON object."""
    try:
        event = parse_body(data) if data else None
    except ValueError:
        return None
    return {"type": name, **event} if isinstance(event, dict) else None


def partial_picture(event: Event) -> Partial | None:
    """Return the partial picture that an event of the Image API or of Responses carries."""
    if not str(event.get("type")).endswith(".partial_image"):
        return None
    encoded = event.get("b64_json") or event.get("partial_image_b64")
    number = event.get("partial_image_index")
    if not isinstance(encoded, str):
        return None
    return Partial(number + 1 if isinstance(number, int) else 1, encoded)


class Ended(NamedTuple):
    """What a stream amounts to: the body of an answer, if it completed one, and its last partial picture."""

    body: Mapping[str, Any] | None
    last_partial: bytes = b""


def ended(body: bytes) -> Ended:
    """Read a whole stream, or what there is of one that was cut.

    An error that it ends with becomes a body with ``error``, unless a picture was completed before.
    """
    pictures: list[Event] = []
    finished: list[Mapping[str, Any]] = []
    response: Mapping[str, Any] | None = None
    error: Any = None
    last: Partial | None = None
    for event in EventReader().feed(body + b"\n\n"):
        kind, inside, item = event.get("type"), event.get("response"), event.get("item")
        if kind in _PICTURES:
            pictures.append(event)
        elif kind in _RESPONSES and isinstance(inside, dict):
            response = inside
        elif kind == "response.output_item.done" and isinstance(item, dict):
            finished.append(item)
        elif kind == "error" or event.get("error"):
            error = event.get("error") or event
        elif (partial := partial_picture(event)) is not None:
            last = partial
    if pictures:
        return Ended({"data": pictures, "usage": pictures[-1].get("usage")})
    if response is None and any(one.get("status") == "completed" and one.get("result") for one in finished):
        response = {"status": "incomplete", "output": finished}
    return Ended(response or ({"error": error} if error else None), last.data if last else b"")
