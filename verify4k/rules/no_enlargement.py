"""What was made from a picture (`from:`) is not larger than it.

Resizers and CDNs that are asked for 3840 pixels of a picture of 2560 enlarge it without a word, and the size
is as promised. Compared are the displayed sizes; a drawing (SVG) has no size to be exceeded, and one pixel or
half a percent is rounding. `edits: [enlarge]` allows it, for pixel art say, `edits: [pad]` a larger canvas;
so does a promised shape that is not the source's, where the pixels show that the picture was framed.

Fix: make it from a larger source, or promise and ask for the size that there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.errors import CannotRead, Verify4kError
from verify4k.model import Problem
from verify4k.named_tuple import NamedTuple
from verify4k.rule import Example, Picture, chain_rule
from verify4k.rules.same_picture_as_source import EditOptions, allows, another_shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify4k.analysis.glance import Glance
    from verify4k.artifacts.artifact import Artifact
    from verify4k.formats.facts import Size
    from verify4k.model import Asset
    from verify4k.rule import Link

_ROUNDING = 0.005
_FIX = "make it from a larger source, or promise and ask for the size that there is; meant: edits: [enlarge]"


class _Seen(NamedTuple):
    size: Size
    glance: Glance | None  # None: at header depth, or of what cannot be decoded


def _keep(artifact: Artifact, _wished: Sequence[Asset]) -> _Seen | None:
    if artifact.format == "svg":
        return None
    size = artifact.displayed
    if artifact.format == "tiff" and artifact.turn > 4:  # programs that make pictures of it obey its tag
        size = size.turned
    try:
        return _Seen(size, artifact.glance if artifact.depth == "full" else None)
    except Verify4kError:  # the size is known all the same
        return _Seen(size, None)


@chain_rule(
    "no-enlargement",
    keep=_keep,
    colour=True,
    options=EditOptions,
    examples=[
        Example("smaller", [Picture(64, 36, "art.png"), Picture(32, 18, "hero.png")], {}),
        Example("as large", [Picture(64, 36, "art.png"), Picture(64, 36, "hero.jpg")], {}),
        Example(
            "pixel art, enlarged on purpose",
            [Picture(16, 16, "art.png"), Picture(64, 64, "hero.png")],
            {"edits": ["enlarge"]},
        ),
        Example(
            "twice as large",
            [Picture(32, 18, "art.png"), Picture(64, 36, "hero.png")],
            {"size": "64x36"},
            finds=Problem(
                "it is 2 times as large as what it was made from", "at most 32x18, as art.png has", "64x36"
            ),
        ),
        Example(
            "cropped and enlarged, where only the crop is allowed",
            [Picture(32, 18, "art.png"), Picture(36, 36, "hero.png")],
            {"edits": ["crop"]},
            finds=Problem(
                "it is 2 times as large as what it was made from", "at most 32x18, as art.png has", "36x36"
            ),
        ),
    ],
)  # fmt: skip
def no_enlargement(promise: Asset, links: Sequence[Link]) -> Iterator[Problem]:
    """Compare the last artifact with the one that it was made from."""
    seen: _Seen | None = links[-1].seen
    origin: _Seen | None = links[-2].seen
    if seen is None or origin is None or allows(promise, "enlarge") or allows(promise, "pad"):
        return
    here, source = seen.size, origin.size
    cut = (allows(promise, "crop") or another_shape(promise, source)) and not _lies(seen, origin)
    # on its side it is no larger: that it lies there is for rule same-picture-as-source to say
    shapes = (source,) if cut else (source, source.turned)
    scale, off = min(_larger(here, shape) for shape in shapes)
    if scale <= 1 + _ROUNDING or off <= 1:
        return
    if _may_be_framed(promise, here, source) and _framed(seen, origin):
        return
    key = "edits" if promise[EditOptions].edits else "from"
    said = f"it is {scale:.3g} times as large as what it was made from"
    yield Problem(said, f"at most {source}, as {links[-2].asset.target} has", str(here), _FIX, key)


def _may_be_framed(promise: Asset, here: Size, source: Size) -> bool:
    """Whether the whole picture, no larger, has room on the canvas of another shape that was promised."""
    inside = min(here.width / source.width, here.height / source.height) <= 1
    return inside and another_shape(promise, source) and not allows(promise, "crop")


def _framed(here: _Seen, source: _Seen) -> bool:
    """Whether the pixels show the whole picture with something around it. Raises `CannotRead`."""
    if here.glance is None or source.glance is None:
        raise CannotRead("whether it was cut or framed shows in the pixels", "run without --depth header")
    from verify4k.analysis.likeness import compare

    return compare(here.glance, source.glance).kind == "padded"


def _lies(here: _Seen, source: _Seen) -> bool:
    """Whether the pixels show that nothing was cut: the picture lies on its side."""
    if here.glance is None or source.glance is None or max(_larger(here.size, source.size.turned)) > 1:
        return False
    from verify4k.analysis.likeness import compare

    return compare(here.glance, source.glance).kind in ("turned", "mirrored")


def _larger(here: Size, source: Size) -> tuple[float, int]:
    """Return how many times, and by how many pixels, the edge that grew most did."""
    pairs = list(zip(here, source, strict=True))
    return max(a / b for a, b in pairs), max(a - b for a, b in pairs)
