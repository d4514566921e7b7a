"""What was made from a picture (`from:`) shows that picture.

Both are compared in little, as they are shown, so encoding, resizing, conversion of colours, moderate
sharpening, a background under transparent parts and an orientation that was applied change nothing. Told are
a picture that lies on its side at the promised size, is mirrored, stretched, cropped, framed, inverted, has
red and blue exchanged, ends in one flat colour (a broken upload that some step completed), or is another one.
Where the promised shape is not the source's, a crop or a frame is what was asked for. `edits` allows more.

Fix: find the step that did it; often an orientation tag was dropped without turning the pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import BehindDamage
from verify4k.model import Problem
from verify4k.options.kinds import Options, choice, option
from verify4k.options.lists import list_of
from verify4k.options.ratios import Tolerance
from verify4k.rule import Example, Picture, chain_rule
from verify4k.rules.exact_size import SizeOptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify4k.analysis.glance import Glance
    from verify4k.analysis.likeness import Likeness
    from verify4k.artifacts.artifact import Artifact
    from verify4k.formats.facts import Size
    from verify4k.model import Asset
    from verify4k.rule import Link

_SHAPE = 0.025  # how far shapes may differ and still be one
_TOLD = {
    "turned": ("the picture is turned against its source", "turn"),
    "mirrored": ("the picture is mirrored against its source", "mirror"),
    "stretched": ("the picture is stretched against its source", "stretch"),
    "cropped": ("a part of the source is missing", "crop"),
    "padded": ("there is something around the source's picture", "pad"),
    "cut off": ("the end of the source is missing, and was filled", "repaint"),
    "inverted": ("the picture is inverted", "recolour"),
    "swapped": ("the colours are exchanged against the source", "recolour"),
    "other": ("this is another picture than its source", "repaint"),
}
_FIX = "find the step between the two that did it; where it is meant, say so: edits: [{edit}]"


class EditOptions(Options):
    """What may have been done to the picture since its source."""

    edits: tuple[str, ...] | None = option(
        list_of(choice("crop", "pad", "turn", "mirror", "stretch", "enlarge", "recolour", "repaint", "any")),
        "what may have been done to the source's picture on purpose",
    )


def allows(promise: Asset, edit: str) -> bool:
    """Whether an entry says that this was done on purpose."""
    edits = promise[EditOptions].edits or ()
    return edit in edits or "any" in edits


def _keep(artifact: Artifact, _wished: Sequence[Asset]) -> Glance:
    return artifact.glance


@chain_rule(
    "same-picture-as-source",
    keep=_keep,
    options=EditOptions,
    colour=True,
    examples=[
        Example(
            "encoded again, at half the size",
            [Picture(256, 144, "art.png", "texture"), Picture(256, 144, "hero.jpg", "texture-half")],
            {},
        ),
        Example(
            "mirrored, and that is allowed",
            [Picture(256, 144, "art.png", "texture"), Picture(256, 144, "hero.jpg", "texture-mirrored")],
            {"edits": ["mirror"]},
        ),
        Example(
            "lying on its side at the promised size",
            [Picture(256, 144, "art.png", "texture"), Picture(256, 144, "hero.jpg", "texture-on-its-side")],
            {"size": "256x144"},
            finds=Problem(
                "the picture is turned against its source",
                "as art.png shows it",
                "a quarter turn to the left",
            ),
        ),
        Example(
            "another picture, where only a crop is allowed",
            [Picture(256, 144, "art.png", "texture"), Picture(256, 144, "hero.jpg")],
            {"edits": ["crop"]},
            finds=Problem(
                "this is another picture than its source", "as art.png shows it", "they agree by ... of 1"
            ),
        ),
    ],
)  # fmt: skip
def same_picture_as_source(promise: Asset, links: Sequence[Link]) -> Iterator[Problem]:
    """Compare the last artifact with the one that it was made from."""
    if allows(promise, "any"):
        return
    here: Glance = links[-1].seen
    key = "edits" if promise[EditOptions].edits else "from"
    expected = f"as {links[-2].asset.target} shows it"
    try:
        source: Glance = links[-2].seen
    except BehindDamage:
        from verify4k.analysis.likeness import grey_end

        share = grey_end(here)
        if not share:
            raise
        said = "the end of a broken source was filled"
        fix = "replace the source by a whole file, then make this again"
        yield Problem(said, "a whole source", f"the lower {share:.0%} are one flat grey", fix, key)
        return
    from verify4k.analysis.likeness import compare

    found = compare(here, source)
    if found.kind == "same" or _meant(promise, found, source):
        return
    message, edit = _TOLD[found.kind]
    actual = found.how or f"they agree by {max(found.agreement, 0):.2f} of 1"
    yield Problem(message, expected, actual, _FIX.format(edit=edit), key)


def _meant(promise: Asset, found: Likeness, source: Glance) -> bool:
    edit = _TOLD[found.kind][1]
    if allows(promise, edit) or (edit in ("turn", "mirror") and allows(promise, "repaint")):
        return True
    return edit in ("crop", "pad") and another_shape(promise, source.size)


def another_shape(promise: Asset, size: tuple[int, int]) -> bool:
    """Whether what is promised cannot have its source's shape, so that something has to go or to be added."""
    from verify4k.formats.facts import Size

    wants = promise[SizeOptions]
    exact = [wanted.low for wanted in wants.size or () if wanted.low == wanted.high]
    if exact:
        return all(_differ(each, size) for each in exact)
    return bool(wants.ratio) and not any(r.allows(Size(*size), Tolerance()) for r in wants.ratio or ())


def _differ(one: Size, other: tuple[int, int]) -> bool:
    off = abs(one.width - one.height * other[0] / other[1])
    return off > 1 and off > _SHAPE * one.width
