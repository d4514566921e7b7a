"""Providers that answer with a task instead of a picture: where to ask for it, and what its states mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.options.kinds import Kind, Options, describe, integer, option, scalar, shown, text, wrong
from verify4k.options.lists import list_of
from verify4k.options.reading import read_declared, schema_of
from verify4k.routes.protocol.json_bodies import parse_body

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node
    from verify4k.options.kinds import Context

_LARGEST = 64 * 1024 * 1024
_PATTERN = r"^/[!-~]*\{id\}[!-~]*$"
LONGEST_ID = 4096  # characters; a ledger line and an address have to hold it


def _path(node: Node, _context: Context) -> str:
    from verify4k.net.addresses import below

    written = scalar(node, "a path like /tasks/{id}")
    if not all("!" <= char <= "~" for char in written) or "#" in written:
        said = f"{shown(written)} has blanks, # or characters beyond ASCII in it"
        raise wrong(node, said, "write them percent-encoded, as %20 is a blank")
    if not written.startswith("/") or "{id}" not in written or not below(written, ""):
        raise wrong(node, "a path below base_url with {id} in it is needed", "path: /tasks/{id}")
    return written


class Poll(Options, dashes=False):
    """How a task is asked for. Members of an answer are named by dotted paths."""

    path: str = option(
        Kind("/PATH/{id}", {"type": "string", "pattern": _PATTERN}, _path), "where", default=""
    )
    id: str = option(text, "the member of the first answer that names the task", default="id")
    status: str = option(text, "the member of a later answer that tells its state", default="status")
    done: tuple[str, ...] = option(
        list_of(text), "states in which the picture is there", default=("completed", "succeeded", "success")
    )
    failed: tuple[str, ...] = option(
        list_of(text), "states in which none will come", default=("failed", "error", "cancelled", "expired")
    )
    picture: str = option(
        text, "the member that is the picture, a URL or base64; else the answer is read as usual", default=""
    )
    every: int = option(integer(1, 600), "seconds between two questions", default=5)


def _poll(node: Node, context: Context) -> Poll:
    found = Poll(**read_declared(node, describe(Poll), "key of poll", context))
    if not found.path:
        raise wrong(node, "poll does not say where to ask", "poll: {path: '/tasks/{id}'}")
    return found


poll = Kind("{path: /tasks/{id}, ...}", schema_of(describe(Poll), "path"), _poll)


def body_of(data: bytes) -> Any:
    """Return an answer's JSON; None for what is none."""
    try:
        return parse_body(data) if len(data) <= _LARGEST else None
    except ValueError:
        return None


def member(body: Any, path: str) -> Any:
    """Return what stands at a dotted path, numbers counting in lists; None where nothing does."""
    for name in path.split("."):
        if isinstance(body, dict):
            body = body.get(name)
        elif isinstance(body, list) and name.isdigit() and int(name) < len(body):
            body = body[int(name)]
        else:
            return None
    return body


def state_of(body: Any, how: Poll) -> str:
    """Return the state that an answer tells, in lower case; empty where it tells none."""
    found = member(body, how.status)
    return str(found).lower() if isinstance(found, str | int) else ""


def is_done(state: str, how: Poll) -> bool:
    """Whether the picture is there in this state."""
    return state in {one.lower() for one in how.done}


def has_failed(state: str, how: Poll) -> bool:
    """Whether no picture will come in this state."""
    return state in {one.lower() for one in how.failed}


def task_of(data: bytes, how: Poll) -> str:
    """Return the id of the task that an answer names; empty where it names none."""
    found = member(body_of(data), how.id)
    named = str(found) if isinstance(found, str | int) else ""
    return named if len(named) <= LONGEST_ID else ""
