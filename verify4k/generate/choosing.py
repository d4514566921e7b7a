"""Which promised pictures are to be made: the missing ones, and on request the failing ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from verify4k.files.similar_names import similar_name
from verify4k.generate.judging import Judgement, judge_falling_back
from verify4k.generate.leftovers import tidy
from verify4k.generate.plan import options_of
from verify4k.generate.results import Result
from verify4k.manifest.generation import Top
from verify4k.named_tuple import NamedTuple
from verify4k.provenance.ledger import Ledger
from verify4k.routes import find_route
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verify4k.generate.edges import Edges
    from verify4k.manifest.generation import GenerateOptions
    from verify4k.model import Asset, Manifest
    from verify4k.routes import Route


class Choice(NamedTuple):
    """What to do. ``settled``: judgements of the pictures that stay as they are."""

    wanted: tuple[Asset, ...]
    replaces: dict[str, str]  # target -> sha256 of the failing file
    settled: dict[str, Judgement]


def choose(manifest: Manifest, assets: Sequence[Asset], *, failed: bool, route: str = "") -> Choice:
    """Judge what is there and choose. A verified picture is never chosen."""
    wanted: list[Asset] = []
    replaces: dict[str, str] = {}
    settled: dict[str, Judgement] = {}
    top = manifest.generate if isinstance(manifest.generate, Top) else Top()
    for asset in assets:
        if asset.url is not None:  # what is delivered is made elsewhere
            continue
        options = options_of(asset, top)
        way = _way(asset, options, top, route)
        fallback = options.allowed_fallback if options else ()
        _, judgement = judge_falling_back(
            manifest, asset, Path(asset.path), way.unjudged if way else frozenset(), fallback
        )
        twin = similar_name(asset.path) if judgement.verdict == "missing" else None
        if twin is not None and twin.same:  # a second file beside it would be one file elsewhere
            settled[asset.target] = Judgement("failed", (twin.hint,))
        elif judgement.verdict == "missing" and way is not None:
            wanted.append(asset)
        elif failed and judgement.verdict == "failed" and judgement.sha256 and way is not None:
            wanted.append(asset)
            replaces[asset.target] = judgement.sha256
        else:
            settled[asset.target] = judgement
    return Choice(tuple(wanted), replaces, settled)


def _way(asset: Asset, options: GenerateOptions | None, top: Top, route: str) -> Route | None:
    """Return the route by which an asset would be made; None where nobody says what to draw.

    Defaults and ``--route`` make a placeholder of every entry; a picture needs a prompt.
    """
    if options is None and not route:
        return None
    name = route or (options.route if options else "")
    profile = top.routes.get(name)
    found = find_route(profile.kind if profile else name)
    silent = asset.generate is None and not (options and options.prompt)
    return None if silent and found.network else found


def tidy_verified(manifest: Manifest, choice: Choice, edges: Edges) -> Iterator[str]:
    """Remove what killed runs left beside verified pictures; yield what is kept of it."""
    ledger = Ledger(Path(manifest.root))
    for asset in manifest.assets:
        judgement = choice.settled.get(asset.target)
        if judgement is not None and judgement.verdict == "passed":
            kept = tidy(Path(asset.path), ledger, edges, asset.target)
            if kept:
                yield f"{printable(asset.target)}: {kept}"


def settled_results(settled: Mapping[str, Judgement]) -> list[Result]:
    """Return a result for each picture that stays as it is."""
    return [_settled(target, judgement) for target, judgement in settled.items()]


def _settled(target: str, judgement: Judgement) -> Result:
    if judgement.verdict == "passed":
        return Result(target, "verified", size=judgement.size, unjudged=judgement.unjudged)
    if judgement.verdict == "missing":
        return Result(target, "not-sent", "it is missing, and its entry does not say how to make it")
    if judgement.verdict == "undecided":
        return Result(target, "undecided", "; ".join(judgement.reasons), size=judgement.size)
    if not judgement.sha256:  # another file of nearly that name
        return Result(target, "failed", f"it is not made: {'; '.join(judgement.reasons)}")
    said = f"it is there and fails ({'; '.join(judgement.reasons)}); --failed makes it anew"
    return Result(target, "failed", said, size=judgement.size)
