"""What the source had is still there: `nothing-lost: [icc, bit-depth, chroma, ...]`.

Every artifact that the chain of `from:` leads through is looked at; the finding names the one that lost it.
What nothing brings back (`bit-depth`, `chroma`, `full-colour`) is told also where a later file looks as if it
were there.

- `icc`: by what the profile means. Wide colours that were converted to sRGB are not lost, a profile that was
  dropped from pixels which were not converted is.
- `bit-depth`: as many bits per channel.
- `chroma`: colours in full resolution (4:4:4) stay so: of JPEG, JPEG 2000, JPEG XL, TIFF, lossy WebP, AVIF
  and HEIC. Where such a file does not tell, it is undecided.
- `full-colour`: no palette of 256 colours, and no grey, where there were more.
- `alpha`: a channel that was used.
- `c2pa`: the manifest is there, and validates (`pip install verify4k[c2pa]`).
- `animation`: as many frames, shown as long.
- `gain-map`: the picture that brightens HDR screens.
- any other word is a tag's name as ExifTool writes it (`Copyright`, `XMP:*`): what was there is there.

Fix: keep it in the step that dropped it, or drop it from the promise.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from verify4k.errors import Verify4kError
from verify4k.model import Problem
from verify4k.options.kinds import Kind, Options, option, scalar, shown, wrong
from verify4k.options.lists import list_of
from verify4k.options.tag_names import unmatchable
from verify4k.rule import Example, Picture, chain_rule
from verify4k.rules._lost import FOR_GOOD, WORDS, Had, keep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify4k.artifacts.artifact import Artifact
    from verify4k.documents.nodes import Node
    from verify4k.model import Asset
    from verify4k.options.kinds import Context
    from verify4k.rule import Link

_FIX = "keep it in the step that dropped it, or take it out of nothing-lost"


def _name(node: Node, _context: Context) -> str:
    """Read a word or a tag's name; a misspelt word must not pass for a tag that nobody has."""
    said = scalar(node, _WORDS)
    if said in WORDS:
        return said
    why, hint = unmatchable(said)
    if why:
        raise wrong(node, f"{shown(said)} {why}", hint)
    if said[:1].isupper() or set(said) & set(":*?"):
        return said
    from verify4k.suggest import suggest

    near = suggest(said, WORDS)
    raise wrong(
        node, f"{shown(said)} is no word of nothing-lost", f"did you mean {near}?" if near else _WORDS
    )


_WORDS = f"{', '.join(WORDS)}, or a tag's name like Copyright or XMP:*"


class KeptOptions(Options):
    """What must not be lost on the way."""

    nothing_lost: tuple[str, ...] | None = option(
        list_of(Kind(_WORDS, {"type": "string", "minLength": 1}, _name)),
        "what the sources have and this keeps",
    )


def _wanted(promises: Sequence[Asset]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in promises for name in each[KeptOptions].nothing_lost or ()))


def _keep(artifact: Artifact, wished: Sequence[Asset]) -> Had:
    return keep(artifact, _wanted(wished))


@chain_rule(
    "nothing-lost",
    keep=_keep,
    options=KeptOptions,
    when_promised=True,
    colour=True,
    examples=[
        Example(
            "sRGB by a profile, then by saying nothing",
            [Picture(64, 36, "art.png", "icc"), Picture(64, 36, "hero.png")],
            {"nothing-lost": ["icc", "bit-depth", "full-colour"]},
        ),
        Example(
            "16 bits become 8",
            [Picture(64, 36, "art.png", "deep"), Picture(64, 36, "hero.png")],
            {"nothing-lost": ["bit-depth"]},
            finds=Problem("the bit depth is lower than that of art.png", "16 bits", "8 bits"),
        ),
        Example(
            "a gain map dropped by a resizer",
            [Picture(64, 36, "art.jpg", "gain-map"), Picture(64, 36, "hero.jpg", "gain-map-lost")],
            {"nothing-lost": ["gain-map"]},
            finds=Problem("the gain map of art.jpg is lost", "a gain map", "none"),
        ),
    ],
)
def nothing_lost(promise: Asset, links: Sequence[Link]) -> Iterator[Problem]:
    """Compare the last artifact with each that it came through, the first that had it speaking for all."""
    hidden: list[Verify4kError] = []
    told: list[Problem] = []
    for name in promise[KeptOptions].nothing_lost or ():
        try:
            told += islice(_lost(name, links), 1)
        except Verify4kError as error:  # what hides one answer hides no other
            hidden.append(error)
    if hidden and not told:
        raise hidden[0]
    yield from told


def _lost(name: str, links: Sequence[Link]) -> Iterator[Problem]:
    """Yield what the last artifact lost; of what nothing brings back, also what those before it did.

    Raises what hid an answer, behind all that could be told.
    """
    last = len(links) - 1
    ends = (last, *range(1, last)) if name in FOR_GOOD else (last,)
    hidden: Verify4kError | None = None
    for here, link in ((links[end], link) for end in ends for link in links[:end]):
        try:
            found = here.seen.lost(name, link.seen)
        except Verify4kError as error:
            hidden = hidden or error
            continue
        if found is not None:
            message, expected, actual = found
            said = message.replace("{source}", link.asset.target)
            yield Problem(said, expected, actual, _FIX, "nothing-lost")
    if hidden is not None:
        raise hidden
