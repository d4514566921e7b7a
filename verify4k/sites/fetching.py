"""One document of a site: asked for, followed to its final URL, and decoded as browsers decode text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Missing
from verify4k.files.url_requests import failure_of
from verify4k.named_tuple import NamedTuple
from verify4k.net.addresses import quoted
from verify4k.net.exchange import TransportError
from verify4k.pages.charset import declared

if TYPE_CHECKING:
    from verify4k.net.fetcher import Fetcher

LIMIT_BYTES = 16 << 20  # of one page, style sheet or Web App Manifest
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_UNTOLD = (401, 403, 407, 408, 425, 429)


class Withheld(CannotRead):
    """The server gives it to those only who log in, or to no program."""


class Fetched(NamedTuple):
    """What came.

    Args:
        url: after redirects.
        kind: the media type as declared, in lower case.
        data: the body.
        text: the same as ``encoding`` (Python's name) decodes it.
        encoding: as declared.
        refresh: the header that leads on to another page.
    """

    url: str
    kind: str
    data: bytes
    text: str
    encoding: str
    refresh: str

    @property
    def is_html(self) -> bool:
        """Whether browsers would show a page."""
        declared = self.kind in ("text/html", "application/xhtml+xml")
        return declared or (not self.kind and _HTML.search(self.data[:1024]) is not None)


def fetch(fetcher: Fetcher, url: str, accept: str) -> Fetched:
    """Ask for a document.

    Raises:
        CannotRead: nothing can be said: no answer, or one that speaks of the moment.
        Missing: it is not there, and that is sure.
    """
    try:
        answer = fetcher.open(quoted(url), (("Accept", accept),))
    except TransportError as error:
        raise failure_of(error) from error
    try:
        answer.read_to(LIMIT_BYTES + 1)
    except TransportError as error:
        failed = failure_of(error)
        raise CannotRead(failed.message, failed.hint) from error  # of half a page nobody knows the rest
    finally:
        answer.close()
    about, data = answer.about, bytes(answer.plain)
    if not 200 <= about.status < 300:
        said = f"the server answers {about.said}"
        if about.status in _UNTOLD or about.status >= 500 or about.status < 400:
            kept = about.status in (401, 403)
            hint = "ask again later, or send what it wants: --header NAME=VARIABLE"
            raise (Withheld if kept else CannotRead)(said, hint)
        raise Missing(said, "correct the URL")
    if len(data) > LIMIT_BYTES:
        raise CannotRead(f"it has more than {LIMIT_BYTES >> 20} MiB", "check the pictures by a manifest")
    said = about.header("content-type")
    kind, encoding = said.partition(";")[0].strip().lower(), declared(data, said)
    text = data.decode(encoding, "replace")  # what is no text is replaced
    return Fetched(about.final_url, kind, data, text, encoding, about.header("refresh"))
