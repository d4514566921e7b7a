"""The server answers with a status that says: here it is.

A picture behind 503 is shown by some browsers and kept by no cache; a page says 404 in a way that
people see. 404, 410 and the other refusals are broken, and so is a circle of redirects. What says
nothing about the picture is no verdict: 429, server errors without a picture, time-outs, refused
connections and unknown names are *could not check*, exit code 3, neither broken nor passed. Do not
accept them to get a green run: they hide the 404 of tomorrow.

Fix: publish the picture under this URL, or correct the URL; ask again later where the host is busy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Missing
from verify4k.model import Problem, is_delivered
from verify4k.rule import Example, Picture, Served, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact

_EMPTY = 205  # Reset Content: browsers drop what comes with it
_FIX = "answer 200 with the picture: caches and some clients drop what comes with an error status"


@rule(
    "http-status",
    asked=is_delivered,
    examples=[
        Example("it is there", Picture(served=Served()), {}),
        Example(
            "it is not there",
            Picture(kind="html", served=Served(404, {"Content-Type": "text/html"})),
            {},
            finds=Problem("the server answers 404 Not Found", "200 OK", "404 Not Found"),
        ),
        Example(
            "a good picture, and an error all the same",
            Picture(served=Served(503)),
            {},
            finds=Problem("a picture comes with an error status", "200 OK", "503 Service Unavailable"),
        ),
        Example(
            "a good picture, and the word that there is none",
            Picture(served=Served(205)),
            {},
            finds=Problem("a picture comes with an error status", "200 OK", "205 Reset Content"),
        ),
        Example(
            "it redirects to itself",
            Picture(served=Served(how="redirects to itself")),
            {},
            finds=Problem("the redirects go in a circle: ...", "200 OK", "no answer"),
        ),
    ],
)
def http_status(artifact: Artifact) -> Iterator[Problem]:
    """Look at the status, and at what comes with it."""
    try:
        about = artifact.delivery
    except Missing as error:
        yield Problem(error.message, "200 OK", "no answer", error.hint)
        return
    if 200 <= about.status < 300 and about.status != _EMPTY:
        return
    try:
        _ = artifact.format
    except Missing as error:
        yield Problem(error.message, "200 OK", about.said, error.hint, evidence=about.vendor)
        return
    yield Problem("a picture comes with an error status", "200 OK", about.said, _FIX, evidence=about.vendor)
