"""The body arrives to its end: every byte of its length, its last chunk, the end of its compression.

A proxy that gives up, a worker that is killed or a disk that is full cuts a body off; browsers show
what came and cache it. A cut body is asked for once more, so that one lost connection is no finding.
Where a server closes without telling a length, nothing but the decoded picture can vouch for the end.
A body that is not packed as its Content-Encoding says is shown by no browser.

Fix what closes the connection (time limits and buffers of proxies, the origin's length), then purge
the caches that kept the cut body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import BeyondDepth, Damaged, NotAnImage
from verify4k.model import Problem, is_delivered
from verify4k.rule import Example, Picture, Served, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact


@rule(
    "whole-body",
    asked=is_delivered,
    examples=[
        Example("all of it", Picture(served=Served()), {}),
        Example("chunks to the last", Picture(served=Served(how="in chunks")), {}),
        Example("closed without a length", Picture(served=Served(how="without a length")), {}),
        Example(
            "ten bytes are missing",
            Picture(served=Served(how="ten bytes short")),
            {},
            finds=Problem(
                "the connection broke before ...: the body is cut off, ... bytes arrived",
                "the whole body",
                "a part of it",
            ),
        ),
        Example(
            "the last chunk is missing",
            Picture(served=Served(how="without its last chunk")),
            {},
            finds=Problem(
                "the connection broke before ...: the body is cut off, its last chunk is missing",
                "the whole body",
                "a part of it",
            ),
        ),
        Example(
            "compressed, and cut",
            Picture(served=Served(how="as gzip that is cut off")),
            {},
            finds=Problem("the gzip stream is cut off: its end is missing", "the whole body", "a part of it"),
        ),
        Example(
            "said to be compressed, and not",
            Picture(served=Served(headers={"Content-Encoding": "gzip"})),
            {},
            finds=Problem(
                "the Content-Encoding says gzip, and the body is not: ...",
                "the whole body",
                "one that cannot be unpacked",
            ),
        ),
    ],
)
def whole_body(artifact: Artifact) -> Iterator[Problem]:
    """Read as far as this depth reads, and see whether the body ended too soon."""
    fix, got = "", "a part of it"
    try:
        _ = artifact.header
    except (Damaged, NotAnImage) as error:  # `readable` tells what it is, unless it was cut
        fix = error.hint
        if error.kind == "mispacked":
            got = "one that cannot be unpacked"
    if artifact.cut:
        yield Problem(artifact.cut, "the whole body", got, fix, evidence=artifact.delivery.vendor)
    elif artifact.depth == "header":
        raise BeyondDepth("the body was not read to its end", "run without --depth header")
