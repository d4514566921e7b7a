"""Where answers differ by Accept, `Vary` says so.

A server that gives AVIF to one browser and PNG to another must answer `Vary: Accept`; otherwise a
cache between them hands the AVIF to clients that cannot show it. The URL is asked once more, for its
first bytes, with another Accept header: one of a browser where `*/*` was sent, `*/*` elsewhere. Answers
that no shared cache may keep (`private`, `no-store`) need no `Vary`, nor does a PNG, JPEG or GIF beside
others that have one: every client shows those. Asked in a full check only.

Fix: answer `Vary: Accept` wherever the format is negotiated, and keep it on its way through the CDN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.model import Problem, is_delivered
from verify4k.rule import Example, Picture, Served, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact
    from verify4k.net.responses import ResponseInfo

BROWSERS = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
_EVERYWHERE = ("png", "jpeg", "gif")  # a cache may give them to anybody
_FIX = "answer Vary: Accept wherever the format is negotiated, and keep it on its way through the CDN"


@rule(
    "varies-honestly",
    asked=is_delivered,
    examples=[
        Example("the same for everyone", Picture(served=Served()), {}),
        Example(
            "negotiated, and said",
            Picture(served=Served(headers={"Vary": "Origin, accept"}, how="as WebP to browsers")),
            {},
        ),
        Example(
            "negotiated, and for nobody else",
            Picture(served=Served(headers={"Cache-Control": "private"}, how="as WebP to browsers")),
            {},
        ),
        Example(
            "said of the one that some clients cannot show",
            Picture(served=Served(how="as WebP to browsers, with Vary")),
            {},
        ),
        Example(
            "said of the other one only",
            Picture(served=Served(headers={"Vary": "Accept"}, how="as WebP to browsers, without Vary")),
            {},
            finds=Problem(
                "answers differ by Accept without saying so", "Vary: Accept", "no Vary; png, and webp for ..."
            ),
        ),
        Example(
            "negotiated in silence",
            Picture(served=Served(how="as WebP to browsers")),
            {},
            finds=Problem(
                "answers differ by Accept without saying so", "Vary: Accept", "no Vary; png, and webp for ..."
            ),
        ),
    ],
)
def varies_honestly(artifact: Artifact) -> Iterator[Problem]:
    """Ask with another Accept, and compare formats."""
    form, about = artifact.format, artifact.delivery
    if not 200 <= about.status < 300 or _is_private(about):
        return
    sent = dict(about.sent).get("Accept", "*/*")
    other = BROWSERS if sent == "*/*" else "*/*"
    probe = artifact.probe(about.url, ("Accept", other), ("Range", "bytes=0-4095"))
    if probe.about.status == 429 or probe.about.status >= 500:
        raise CannotRead(
            f"asked with another Accept, the server answers {probe.about.said}", "ask again later"
        )
    if probe.format in (None, form):
        return
    if probe.about.status == 206 and not _says_so(probe.about):  # parts may come with fewer headers
        probe = artifact.probe(about.url, ("Accept", other))
    silent = [said for said in ((about, form), (probe.about, probe.format)) if not _says_so(said[0])]
    if not silent or (len(silent) == 1 and silent[0][1] in _EVERYWHERE):
        return
    said = silent[0][0].header("vary")
    seen = f"{f'Vary: {said[:80]}' if said else 'no Vary'}; {form}, and {probe.format} for {other}"
    yield Problem(
        "answers differ by Accept without saying so", "Vary: Accept", seen, _FIX, evidence=about.vendor
    )


def _is_private(about: ResponseInfo) -> bool:
    said = about.header("cache-control").lower()
    return "private" in said or "no-store" in said


def _says_so(about: ResponseInfo) -> bool:
    names = {name.strip() for name in about.header("vary").lower().split(",")}
    return not names.isdisjoint(("accept", "*"))
