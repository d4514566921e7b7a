"""The Content-Type says what the bytes are.

Browsers sniff pictures and hide the mistake; caches, `<picture>`, social networks, mail programs
and security headers (`nosniff`) go by the type. AVIF is `image/avif`, not `image/heif`; a type of
another format, of text or of HTML is an error. No type, or one that only says "bytes"
(`application/octet-stream`: an upload without a type, a server that does not know `.avif`), is a
warning; of a drawing (SVG), which browsers show by its type alone, an error. Usual names of the same
type (`image/jpg`, `image/x-icon`) are fine.

Fix the server's or bucket's table of types (nginx: `types`, S3: the object's Content-Type).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.formats.registry import all_formats, media_types
from verify4k.model import Problem, is_delivered
from verify4k.rule import Example, Picture, Served, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact
    from verify4k.net.responses import ResponseInfo
    from verify4k.report import Severity

_GENERIC = frozenset(
    ("application/octet-stream", "binary/octet-stream", "application/binary", "application/unknown",
     "application/x-unknown", "application/force-download", "application/x-download", "application/download")
)  # fmt: skip
_FIX = "correct the server's or bucket's table of types"


@rule(
    "content-type-true",
    asked=is_delivered,
    examples=[
        Example("a PNG as image/png", Picture(served=Served()), {}),
        Example(
            "with a parameter, in capitals",
            Picture(served=Served(headers={"Content-Type": "IMAGE/PNG; charset=binary"})),
            {},
        ),
        Example(
            "a usual name",
            Picture(name="photo.jpg", served=Served(headers={"Content-Type": "image/jpg"})),
            {},
        ),
        Example(
            "an upload without a type",
            Picture(served=Served(headers={"Content-Type": ""})),
            {},
            finds=Problem("there is no Content-Type", "image/png", "none", severity="warning"),
        ),
        Example(
            "bytes",
            Picture(served=Served(headers={"Content-Type": "application/octet-stream"})),
            {},
            finds=Problem(
                "the Content-Type says nothing", "image/png", "application/octet-stream", severity="warning"
            ),
        ),
        Example(
            "a PNG as image/webp",
            Picture(served=Served(headers={"Content-Type": "image/webp"})),
            {},
            finds=Problem("the Content-Type is another format's", "image/png", "image/webp"),
        ),
        Example(
            "a PNG as HTML",
            Picture(served=Served(headers={"Content-Type": "text/html; charset=utf-8"})),
            {},
            finds=Problem("the Content-Type is no picture's", "image/png", "text/html"),
        ),
    ],
)
def content_type_true(artifact: Artifact) -> Iterator[Problem]:
    """Compare the declared type with the format by bytes."""
    form = artifact.format
    known = all_formats()[form].media_types
    expected = known[0] if known else f"a type for {form}"
    about = artifact.delivery
    found = _found(about, form)
    if found is not None:  # busybox calls any part of a file text/html
        about = artifact.delivery_of_all()
        found = _found(about, form)
    if found is not None:
        yield found._replace(expected=expected, fix=_FIX, evidence=about.vendor)


def _found(about: ResponseInfo, form: str) -> Problem | None:
    said = [each.partition(";")[0].strip().lower() for each in about.header("content-type").split(",")]
    return next((found for each in said if (found := _wrong(each, form)) is not None), None)


def _wrong(declared: str, form: str) -> Problem | None:
    severity: Severity = "error" if form == "svg" else "warning"  # drawings are shown by their type alone
    if not declared:
        return Problem("there is no Content-Type", actual="none", severity=severity)
    if declared in _GENERIC:
        return Problem("the Content-Type says nothing", actual=declared[:80], severity=severity)
    meant = media_types().get(declared)
    if meant == form or (meant is None and not all_formats()[form].media_types):
        return None
    what = "another format's" if declared.startswith("image/") else "no picture's"
    return Problem(f"the Content-Type is {what}", actual=declared[:80])
