"""Redirects lead to the picture: no login page, no unencrypted step, no other site unsaid.

Every hop is in the report. From `http` to `https`, from a bare domain to `www` and between hosts of one
domain is fine. A step from `https` down to `http` is an error, since anybody on the way can exchange
the picture; so is a login page at the end. Another site is a warning: say `redirects: allowed` where
that is meant (signed URLs of a store, a moved CDN), or `redirects: forbidden` where none is.

Fix: link the final URL, or correct the redirect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Missing, NotAnImage
from verify4k.model import Problem, is_delivered
from verify4k.options.kinds import Options, choice, option
from verify4k.rule import Example, Picture, Served, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact
    from verify4k.net.responses import ResponseInfo

_FIX = "promise and link the final URL, or correct the redirect"


class RedirectOptions(Options):
    """Where redirects may lead."""

    redirects: str | None = option(
        choice("allowed", "same-site", "forbidden"),
        "where redirects may lead; by default another site is a warning",
    )


@rule(
    "redirects",
    options=RedirectOptions,
    asked=is_delivered,
    examples=[
        Example("none", Picture(served=Served()), {"redirects": "forbidden"}),
        Example("on the same site", Picture(served=Served(how="behind a redirect")), {}),
        Example(
            "to another site, and that is meant",
            Picture(served=Served(how="behind a redirect to another site")),
            {"redirects": "allowed"},
        ),
        Example(
            "to another site",
            Picture(served=Served(how="behind a redirect to another site")),
            {},
            finds=Problem("it redirects to another site", "127.0.0.1", "localhost", severity="warning"),
        ),
        Example(
            "to another site, which is not allowed",
            Picture(served=Served(how="behind a redirect to another site")),
            {"redirects": "same-site"},
            finds=Problem("it redirects to another site", "127.0.0.1", "localhost"),
        ),
        Example(
            "none is allowed",
            Picture(served=Served(how="behind a redirect")),
            {"redirects": "forbidden"},
            finds=Problem("it redirects", "an answer", "302 to ..."),
        ),
        Example(
            "to a login page",
            Picture(served=Served(how="behind a login page")),
            {},
            finds=Problem("it redirects to a login page", "a picture", "..."),
        ),
    ],
)
def redirects(artifact: Artifact) -> Iterator[Problem]:
    """Look at every hop."""
    about, wish = artifact.delivery, artifact.asset[RedirectOptions].redirects
    if not about.hops:
        return
    found = list(_found(about, wish))
    if about.at_login and _is_no_picture(artifact):
        found = [Problem("it redirects to a login page", "a picture", about.final_url)]
    key = "redirects" if wish else ""
    for problem in found:
        yield problem._replace(fix=_FIX, key=key, evidence={**about.vendor, "hops": [*map(list, about.hops)]})


def _found(about: ResponseInfo, wish: str | None) -> Iterator[Problem]:
    from urllib.parse import urlsplit

    first = about.hops[0]
    if wish == "forbidden":
        yield Problem("it redirects", "an answer", f"{first.status} to {first.location}")
        return
    for hop in about.hops:
        if hop.url.startswith("https:") and hop.location.startswith("http:"):
            yield Problem("an https address redirects to http", "https all the way", hop.location)
            break
    host, final = (urlsplit(url).hostname or "" for url in (about.url, about.final_url))
    if wish != "allowed" and site(host) != site(final):
        severity = "error" if wish else "warning"
        yield Problem("it redirects to another site", host, final, severity=severity)  # type: ignore[arg-type]


def _is_no_picture(artifact: Artifact) -> bool:
    try:
        _ = artifact.format
    except (NotAnImage, Missing):
        return True
    return False


def site(host: str) -> str:
    """Return the domain that hosts share: two labels, three where the second is as short as in co.uk."""
    labels = host.lower().rstrip(".").split(".")
    if labels[-1].isdigit() or ":" in host:
        return host
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if short else labels[-2:])
