"""The file is there, is an image, and decodes to its last row.

This is the gate: every other rule judges facts that a missing, foreign or broken file does
not have. What is no image is named for what it is (a Git LFS pointer, an HTML error page, a
JSON error body, a gzip stream), because the fix differs each time. Damage is looked
for in the whole file: container structure, checksums, and pixel data down to the last row. A
header that promises more than the file holds is damage, also where viewers show a grey half. An
SVG is a drawing: it has to be well-formed, is never rendered, and counts only where the name ends in
`.svg` or `format: svg` is promised.

At header depth only the header is read; the pixels are then not vouched for.

Fix: fetch, export or transfer the file again. Do not re-save a broken picture to silence this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import Damaged, Missing, NotAnImage
from verify4k.formats.facts import Sentence
from verify4k.model import Problem
from verify4k.rule import Example, Picture, rule
from verify4k.rules.right_format import FormatOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact

_AGAIN = "fetch, export or transfer the file again; do not re-save the broken one"


@rule(
    "readable",
    examples=[
        Example("an intact PNG", Picture(), {}),
        Example("an intact JPEG", Picture(name="photo.jpg"), {}),
        Example(
            "cut off half-way",
            Picture(kind="truncated"),
            {},
            finds=Problem(
                "the image is damaged: the file ends inside its IDAT chunk: ... bytes are missing",
                "an intact image",
                "damaged",
            ),
        ),
        Example(
            "a Git LFS pointer",
            Picture(kind="lfs-pointer"),
            {},
            finds=Problem(
                "a Git LFS pointer for 57199 bytes with oid sha256:..., not the image",
                "an image",
                "something else",
            ),
        ),
        Example(
            "an HTML error page",
            Picture(kind="html"),
            {},
            finds=Problem("an HTML page, probably an error page", "an image", "something else"),
        ),
        Example(
            "not there",
            Picture(kind="missing"),
            {},
            finds=Problem("the file does not exist", "an image file", "none"),
        ),
    ],
)
def readable(artifact: Artifact) -> Iterator[Problem]:
    """Yield what keeps the file from being read, then what is broken in it."""
    try:
        _ = artifact.header
    except Missing as error:
        if artifact.asset.delivered:
            raise  # http-status tells it
        yield Problem(error.message, "an image file", "none", error.hint or _AGAIN)
        return
    except NotAnImage as error:
        if artifact.asset.delivered and artifact.delivery.at_login:
            raise  # redirects tells it
        actual = _answer(artifact) if artifact.asset.delivered else "something else"
        cause = _cause(artifact) if error.kind in ("", "riff") else None
        if cause is not None:
            yield Problem(f"the image is damaged: {cause}", "an intact image", "damaged", cause.fix)
        else:
            yield Problem(error.message, "an image", actual, error.hint or _AGAIN)
        return
    except Damaged as error:
        if artifact.cut:
            raise  # whole-body tells it
        yield _damage(artifact, (error.message,), error.hint)
        return
    if artifact.format == "svg" and not _drawing_meant(artifact):
        fix = "render it at the promised size; where the drawing is meant, promise format: svg"
        yield Problem("an SVG drawing: it has no pixels of its own", "an image", "a drawing", fix)
        return
    if artifact.depth == "header":
        return
    if artifact.damage:
        yield _damage(artifact, artifact.damage)
    for sentence in artifact.walk.warnings:
        yield Problem(sentence, "a clean file", "a blemish", "export the file again", severity="warning")


def _damage(artifact: Artifact, damage: tuple[str, ...], hint: str = "") -> Problem:
    """Put the cause first, where the bytes tell one."""
    cause = _cause(artifact)
    told = damage if cause is None else (cause, *damage)
    fix = next((sentence.fix for sentence in told if isinstance(sentence, Sentence)), hint or _AGAIN)
    return Problem(f"the image is damaged: {_told(told)}", "an intact image", "damaged", fix)


def _cause(artifact: Artifact) -> Sentence | None:
    return None if artifact.depth == "header" else artifact.conversion


def _drawing_meant(artifact: Artifact) -> bool:
    """By its name or by the promise: under any other name it stands where pixels were meant."""
    name = artifact.asset.target.partition("?")[0].partition("#")[0]
    return name.lower().endswith(".svg") or "svg" in (artifact.asset[FormatOptions].format or ())


def _answer(artifact: Artifact) -> str:
    about = artifact.delivery
    return f"{about.said}, {about.header('content-type')[:80] or 'without a Content-Type'}"


def _told(damage: tuple[str, ...]) -> str:
    more = f"; and {len(damage) - 3} more" if len(damage) > 3 else ""
    return "; ".join(damage[:3]) + more
