"""Answers as the examples on rules' pages say: `verify4k.rule.Served`, made true by a real server."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from pictures import gradient, save
from webserver import Asked, Reply, WebServer, chunked, ranged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from verify4k.rule import Picture

_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "html": "text/html",
}
EVERYWHERE = ("under every name", "behind a login page")
KNOWN = (
    "",
    "as WebP to browsers",
    "as WebP to browsers, with Vary",
    "as WebP to browsers, without Vary",
    "behind a redirect",
    "behind a redirect to another site",
    "under every name",
)
_CHUNKED = {"Transfer-Encoding": "chunked"}


def server_of(pictures: Mapping[str, Picture], folder: Path) -> WebServer:
    """A server (not started) that answers ``/NAME`` with the picture of this name in ``folder``."""

    pictures = {name.partition("?")[0]: picture for name, picture in pictures.items()}

    def answering(asked: Asked) -> Reply:
        name = asked.path.partition("?")[0].removeprefix("/")
        everywhere = [each for each, p in pictures.items() if p.served and p.served.how in EVERYWHERE]
        if name not in pictures and everywhere:
            name = everywhere[0]
        if name not in pictures:
            return Reply(b"<!doctype html><title>Not Found</title>", 404, {"Content-Type": "text/html"})
        return answer(pictures[name], (folder / name).read_bytes(), asked)

    return WebServer(answering)


def elsewhere(how: str, asked: Asked) -> str:
    """Where a redirect leads."""
    if "site" in how:
        return f"http://localhost:{asked.headers['host'].rpartition(':')[2]}{asked.path}?at=last"
    return f"/login?at=last&back={asked.path}" if "login" in how else f"{asked.path}?at=last"


def _varying(headers: Mapping[str, str], how: str) -> dict[str, str]:
    """The headers of a negotiated answer, which may tell less or more than the others."""
    silent = "without Vary" in how
    found = {name: value for name, value in headers.items() if not (silent and name == "Vary")}
    return {**found, "Vary": "Accept"} if "with Vary" in how else found


def answer(picture: Picture, body: bytes, asked: Asked) -> Reply:
    """One answer with one picture."""
    served = picture.served
    assert served is not None
    kinds = {"Content-Type": _TYPES[picture.name.partition("?")[0].rpartition(".")[2]], **served.headers}
    headers = {name: value for name, value in kinds.items() if value}
    if served.how == "ten bytes short":
        return Reply(body[:-10], served.status, headers, length=len(body), end="close")
    if served.how == "without a length":
        return Reply(body, served.status, headers, length=None, end="close")
    if served.how == "in chunks":
        return Reply(b"", served.status, headers | _CHUNKED, pieces=chunked(body[:9], body[9:]))
    if served.how == "without its last chunk":
        return Reply(b"", served.status, headers | _CHUNKED, pieces=chunked(body, last=False), end="close")
    if served.how == "as gzip that is cut off":
        return Reply(gzip.compress(body)[:-9], served.status, {**headers, "Content-Encoding": "gzip"})
    if served.how == "redirects to itself":
        return Reply(b"", 302, {"Location": asked.path})
    if served.how.startswith("as WebP to browsers") and "image/webp" in asked.headers["accept"]:
        body = save(gradient(picture.width, picture.height), "a.webp")
        return ranged(asked, body, **_varying(headers, served.how))
    if served.how == "resized to w":
        width = int(asked.path.rpartition("=")[2])
        return ranged(asked, save(gradient(width, width * 9 // 16), "a.png"), **headers)
    if served.how.startswith("behind a ") and "at=last" not in asked.path:
        return Reply(b"", 302, {"Location": elsewhere(served.how, asked)})
    if served.how == "behind a login page":
        return Reply(b"<!doctype html><title>Login", 200, {"Content-Type": "text/html"})
    assert served.how in KNOWN, f"tests/served.py does not know how: {served.how}"
    if served.status != 200:
        return Reply(body, served.status, headers)
    reply = ranged(asked, body)
    return reply._replace(
        headers={**{k: v for k, v in reply.headers.items() if k != "Content-Type"}, **headers}
    )
