"""The answer is of a type that was asked for.

`accept: "image/avif,image/webp,*/*"` sends this Accept header; each of `variants:` sends its own and is
an artifact of its own in the report. An answer that the header rules out (a JPEG for `image/png`) is a
problem: the client that sent it cannot show it. Where the entry itself promises the format that came,
nothing is amiss. An entry that names no Accept is asked with `*/*`, and the report says so.

Fix the CDN's or server's negotiation, or ask for what it can answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.formats.registry import all_formats
from verify4k.model import Problem, is_delivered
from verify4k.options.kinds import Kind, Options, option, scalar, shown, wrong
from verify4k.rule import Example, Picture, Served, rule
from verify4k.rules.right_format import FormatOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact
    from verify4k.documents.nodes import Node
    from verify4k.model import Asset
    from verify4k.options.kinds import Context

_WORDS = "an Accept header like image/avif,image/webp,*/*"
_RANGE = r"(?a)(\*|[\w.+-]+)/(\*|[\w.+-]+)((?:\s*;\s*[\w.+-]+=[\w.+-]+)*)"
_WEIGHT = r";\s*q=(0(?:\.0{0,3})?)\s*(?:;|$)"
_FIX = "correct the negotiation of the CDN or server, or ask for what it can answer"


def _accept(node: Node, _context: Context) -> str:
    text = scalar(node, _WORDS)
    if not all(re.fullmatch(_RANGE, each.strip()) for each in text.split(",")):
        raise wrong(node, f"expected {_WORDS}, found {shown(text)}")
    return text


class AcceptOptions(Options):
    """What a URL is asked with."""

    accept: str | None = option(
        Kind("MEDIA-TYPE,MEDIA-TYPE;q=0.8,...", {"type": "string", "pattern": "/"}, _accept),
        "the Accept header that is sent for a URL",
    )


def _asked(asset: Asset) -> bool:
    return is_delivered(asset) and asset[AcceptOptions].accept is not None


@rule(
    "negotiated",
    options=AcceptOptions,
    asked=_asked,
    examples=[
        Example("a WebP for WebP", Picture(name="a.webp", served=Served()), {"accept": "image/webp"}),
        Example("anything will do", Picture(served=Served()), {"accept": "image/avif,image/webp,*/*;q=0.8"}),
        Example(
            "the format that is promised",
            Picture(name="a.jpg", served=Served()),
            {"accept": "image/webp", "format": "jpeg"},
        ),
        Example(
            "a JPEG for PNG",
            Picture(name="a.jpg", served=Served()),
            {"accept": "image/png"},
            finds=Problem("the answer is of a type that was not asked for", "image/png", "jpeg (image/jpeg)"),
        ),
        Example(
            "a PNG although it was ruled out",
            Picture(served=Served()),
            {"accept": "image/*,image/png;q=0"},
            finds=Problem(
                "the answer is of a type that was not asked for", "image/*,image/png;q=0", "png (image/png)"
            ),
        ),
    ],
)
def negotiated(artifact: Artifact) -> Iterator[Problem]:
    """Compare the format by bytes with the header that was sent."""
    accept = artifact.asset[AcceptOptions].accept or "*/*"
    form = artifact.format
    types = all_formats()[form].media_types
    if form in (artifact.asset[FormatOptions].format or ()) or not types:
        return
    if not _allows(accept, types):
        seen, about = f"{form} ({types[0]})", artifact.delivery
        told = "the answer is of a type that was not asked for"
        yield Problem(told, accept, seen, _FIX, "accept", evidence=about.vendor)


def _allows(accept: str, types: tuple[str, ...]) -> bool:
    """RFC 9110, 12.5.1: the most specific range decides, and a weight of 0 rules out.

    ``types``: the names of one format, the registered one first.
    """
    found: dict[str, bool] = {}
    for each in accept.lower().split(","):
        media, _, parameters = each.strip().partition(";")
        found[media.strip()] = re.search(_WEIGHT, f";{parameters}") is None
    if any(found.get(name) for name in types):
        return True
    main = types[0].partition("/")[0]
    return next((found[name] for name in (types[0], f"{main}/*", "*/*") if name in found), False)
