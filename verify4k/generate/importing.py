"""Takes in a picture made by hand: judged like any other, recorded with its source and rights."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from verify4k import __version__
from verify4k.errors import Missing, UsageError
from verify4k.files.source import FileSource
from verify4k.generate.judging import judge
from verify4k.generate.promises import without_ledger_promise
from verify4k.generate.records import Outcome
from verify4k.generate.slots import Slot
from verify4k.manifest.generation import Top
from verify4k.provenance.ledger import Ledger
from verify4k.routes import find_route
from verify4k.text import printable

if TYPE_CHECKING:
    from verify4k.generate.edges import Edges
    from verify4k.model import Asset, Manifest
    from verify4k.routes.protocol.profile import Profile


class Origin(NamedTuple):
    """What a person says about an imported picture."""

    route: str
    source: str
    terms: str
    rights: str


class Taken(NamedTuple):
    """What to say and the exit code."""

    text: str
    code: int


def take_in(
    manifest: Manifest, asset: Asset, file: Path, origin: Origin, edges: Edges, *, replace: bool
) -> Taken:
    """Judge ``file`` as ``asset``; if it passes, copy it there and record it."""
    profile = _profile(manifest, origin.route)
    try:
        data = FileSource(file).read_all()
    except Missing as error:
        raise UsageError(
            f"there is no {str(file)!a}: {error.message}", "name the picture to take in"
        ) from error
    target, promised = Path(asset.path), without_ledger_promise(asset)
    ledger = Ledger(Path(manifest.root))
    ledger.ready()
    with Slot(target) as slot:
        if not slot.held:
            raise UsageError(f"{asset.target!a} is being made right now", "try again when that has ended")
        now = judge(manifest, promised, target)
        if now.verdict == "passed" and hashlib.sha256(data).hexdigest() == now.sha256:
            return _add_record(ledger, edges, asset, data, origin, profile, str(now.size), slot)
        if now.verdict != "missing" and not (replace and now.verdict == "failed"):
            why = (
                "a verified file" if now.verdict == "passed" else "a file; --replace replaces one that fails"
            )
            slot.clear()
            return Taken(f"{printable(asset.target)} is already {why}", 1)
        slot.put(data)
        judgement = judge(manifest, promised, slot.new_path)
        if judgement.verdict != "passed":
            slot.clear()
            reasons = "\n".join(f"  {printable(reason)}" for reason in judgement.reasons)
            code = 3 if judgement.verdict == "undecided" else 1
            return Taken(
                f"{printable(file.name)} is not what {printable(asset.target)} promises\n{reasons}", code
            )
        _record(ledger, edges, asset, data, origin, profile, str(judgement.size))
        if not slot.accept(replace=now.verdict != "missing"):
            raise UsageError(
                f"{asset.target!a} appeared meanwhile", "it stays; look at it, then import again"
            )
        slot.clear()
    rights = "" if origin.rights else "; its rights are not recorded (--rights), which a release needs"
    return Taken(f"{printable(asset.target)} taken in: {judgement.size}, {len(data):,} bytes{rights}", 0)


def _add_record(
    ledger: Ledger,
    edges: Edges,
    asset: Asset,
    data: bytes,
    origin: Origin,
    profile: Profile,
    size: str,
    slot: Slot,
) -> Taken:
    """Record a verified file whose very bytes are already there, where a record or its rights are missing."""
    slot.clear()
    known = ledger.read().accepted(hashlib.sha256(data).hexdigest())
    if known is not None and (known.get("rights") or not origin.rights):
        return Taken(f"{printable(asset.target)} is already a verified file, and recorded", 1)
    _record(ledger, edges, asset, data, origin, profile, size)
    return Taken(f"{printable(asset.target)} was there already, byte for byte; its record is added", 0)


def _profile(manifest: Manifest, route: str) -> Profile:
    top = manifest.generate if isinstance(manifest.generate, Top) else Top()
    return top.routes.get(route) or find_route(route).official


def _record(
    ledger: Ledger, edges: Edges, asset: Asset, data: bytes, origin: Origin, profile: Profile, size: str
) -> None:
    identity, time = edges.new_id(), edges.timestamp()
    ledger.append(
        {
            "event": "request",
            "id": identity,
            "time": time,
            "tool": f"verify4k {__version__}",
            "target": asset.target,
            "route": profile.name,
            "kind": profile.kind,
            "owner": profile.owner,
            "endpoint": "",
            "size": size,
            "billing": profile.billing,
        }
    )
    outcome = Outcome(
        "accepted",
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        more={
            "imported": True,
            "source": origin.source,
            "terms": origin.terms,
            "rights": origin.rights,
            "size": size,
        },
    )
    ledger.append(outcome.line(identity, time, asset.target))
