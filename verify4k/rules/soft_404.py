"""A URL beside this one that cannot exist does not give the same picture.

Some servers answer every missing picture with a placeholder and 200: then nobody sees that the
picture is gone. A name that nobody has is asked for in the same folder (or in the same parameter, where
the picture's name is one); if the very same bytes come, what was promised is probably not there. Where
the part before the name looks like a number, an ID or a file, or a parameter may say which picture is meant
(`id`, `src`), that is replaced as well: such servers often ignore the name. Asked in a full check only.

Fix: answer 404 for pictures that do not exist, then look whether this one does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead
from verify4k.model import Problem, is_delivered
from verify4k.rule import Example, Picture, Served, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact

NOBODY = "verify4k-no-such-picture"
_NAMED = r"(?i)(?<==)((?:[^&=]*(?:/|%2F))?)([^&=/]+)(\.(?:avif|gif|jpe?g|png|svg|tiff?|webp))(?=&|$)"
# parameters that may say which picture; those of sizes and versions do not
_WHICH = (
    r"(?i)(?:^|(?<=&))((?:id|src|source|u|url|uri|file|filename|path|name|image|img|key|asset|photo|picture|pic"
    r"|media|object|hash|uuid|slug|item|product|sku)=)[^&]+"
)
_FIX = "answer 404 for pictures that do not exist, then look whether this one does"


@rule(
    "soft-404",
    asked=is_delivered,
    examples=[
        Example("what is not there is not there", Picture(served=Served()), {}),
        Example(
            "the same picture for every name",
            Picture(served=Served(how="under every name")),
            {},
            finds=Problem(
                "a URL that cannot exist gives the same picture",
                "404 for .../verify4k-no-such-picture.png",
                "the same bytes",
            ),
        ),
    ],
)
def soft_404(artifact: Artifact) -> Iterator[Problem]:
    """Ask for a neighbour that nobody can have made."""
    about, _ = artifact.delivery, artifact.format
    digest = artifact.sha256
    if not 200 <= about.status < 300:
        return
    accept = ("Accept", dict(about.sent).get("Accept", "*/*"))
    asked = ""
    for url in neighbours(about.url):
        probe = artifact.probe(url, accept, length=artifact.size)
        if probe.about.status == 429:  # who asks was refused, not the name
            said = f"asked for another name, the server answers {probe.about.said}"
            raise CannotRead(said, "ask again later")
        if not 200 <= probe.about.status < 300 or probe.sha256 != digest:
            return
        asked = asked or url
    if asked:
        yield Problem(
            "a URL that cannot exist gives the same picture",
            f"404 for {asked}",
            "the same bytes",
            _FIX,
            evidence=about.vendor,
        )


def neighbours(url: str) -> Iterator[str]:
    """Yield URLs that cannot exist; only where all of them give the same picture is that no chance."""
    from urllib.parse import urlsplit

    scheme, host, path, query, _ = urlsplit(url)
    folder, _, name = path.rpartition("/")
    end = f"?{query}" if query else ""
    named = re.sub(_NAMED, lambda found: f"{found[1]}{NOBODY}{found[3]}", query)
    if named != query:
        yield f"{scheme}://{host}{path}?{named}"
        return
    if not name:
        return
    _, dot, suffix = name.rpartition(".")
    missing = f"{NOBODY}{dot}{suffix}" if dot else NOBODY
    yield f"{scheme}://{host}{folder}/{missing}{end}"
    meant = re.sub(_WHICH, rf"\g<1>{NOBODY}", query)
    if meant != query:
        yield f"{scheme}://{host}{folder}/{missing}?{meant}"
    above, _, last = folder.rpartition("/")
    if any(letter.isdigit() or letter == "." for letter in last):
        yield f"{scheme}://{host}{above}/{NOBODY}/{missing}{end}"
