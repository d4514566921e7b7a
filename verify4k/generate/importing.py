"""Takes in a picture made by hand: judged like any other, recorded with its source and rights."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from verify4k import __version__
from verify4k.errors import Missing, UsageError
from verify4k.files.source import FileSource
from verify4k.generate.judging import judge
from verify4k.generate.leftovers import keep_unsettled
from verify4k.generate.promises import without_ledger_promise
from verify4k.generate.records import Outcome
from verify4k.generate.slots import Slot
from verify4k.manifest.generation import Top
from verify4k.named_tuple import NamedTuple
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


class ImportOutcome(NamedTuple):
    """What to say and the exit code."""

    text: str
    code: int


class _Import(NamedTuple):
    """One import under way: whose promise, which bytes, and who records it."""

    asset: Asset
    data: bytes
    origin: Origin
    profile: Profile
    ledger: Ledger
    edges: Edges


def take_in(
    manifest: Manifest, asset: Asset, file: Path, origin: Origin, edges: Edges, *, replace: bool
) -> ImportOutcome:
    """Judge ``file`` as ``asset``; if it passes, copy it there and record it."""
    profile = _profile(manifest, origin.route)
    try:
        data = FileSource(file).read_all()
    except Missing as error:
        raise UsageError(
            f"there is no {str(file)!a}: {error.message}", "name the picture to take in"
        ) from error
    ledger = Ledger(Path(manifest.root))
    ledger.ready()
    new = _Import(asset, data, origin, profile, ledger, edges)
    target = Path(asset.path)
    with Slot(target) as slot:
        if not slot.held:
            raise UsageError(f"{asset.target!a} is being made right now", "try again when that has ended")
        now = judge(manifest, without_ledger_promise(asset), target)
        if now.verdict == "passed" and hashlib.sha256(data).hexdigest() == now.sha256:
            return _cleared(new, slot, _add_record(new, str(now.size)))
        if now.verdict != "missing" and not (replace and now.verdict == "failed"):
            why = (
                "a verified file" if now.verdict == "passed" else "a file; --replace replaces one that fails"
            )
            return ImportOutcome(f"{printable(asset.target)} is already {why}", 1)
        return _judged(manifest, new, file.name, slot, replace=now.verdict != "missing")


def _judged(manifest: Manifest, new: _Import, name: str, slot: Slot, *, replace: bool) -> ImportOutcome:
    """Judge the new bytes; give them the target's name, or say what they are not."""
    target = new.asset.target
    slot.put(new.data)
    judgement = judge(manifest, without_ledger_promise(new.asset), slot.new_path)
    if judgement.verdict != "passed":
        slot.clear_new()  # and nothing else: an answer that an earlier run received may lie there
        reasons = "\n".join(f"  {printable(reason)}" for reason in judgement.reasons)
        said = f"{printable(name)} is not what {printable(target)} promises\n{reasons}"
        return ImportOutcome(said, 3 if judgement.verdict == "undecided" else 1)
    _record(new, str(judgement.size))
    if not slot.accept(replace=replace):
        raise UsageError(f"{target!a} appeared meanwhile", "it stays; look at it, then import again")
    rights = "" if new.origin.rights else "; its rights are not recorded (--rights), which a release needs"
    said = f"{printable(target)} taken in: {judgement.size}, {len(new.data):,} bytes{rights}"
    return _cleared(new, slot, ImportOutcome(said, 0))


def _cleared(new: _Import, slot: Slot, done: ImportOutcome) -> ImportOutcome:
    """Clear the slot of a target that has its picture, and say what an earlier run left that is kept."""
    kept = keep_unsettled(slot, new.ledger, new.edges, new.asset.target)
    slot.clear()
    return done._replace(text=f"{done.text}\n  note: {kept}") if kept else done


def _add_record(new: _Import, size: str) -> ImportOutcome:
    """Record a verified file whose very bytes are already there, where a record or its rights are missing."""
    target = printable(new.asset.target)
    known = new.ledger.read().accepted(hashlib.sha256(new.data).hexdigest())
    if known is not None and (str(known.get("rights") or "").strip() or not new.origin.rights):
        return ImportOutcome(f"{target} is already a verified file, and recorded", 1)
    _record(new, size)
    return ImportOutcome(f"{target} was there already, byte for byte; its record is added", 0)


def _profile(manifest: Manifest, route: str) -> Profile:
    top = manifest.generate if isinstance(manifest.generate, Top) else Top()
    profile = top.routes.get(route) or find_route(route).official
    if find_route(profile.kind).make is not None:
        said = f"what the route {route!a} draws is made by verify4k generate, and fails a check"
        raise UsageError(said, "say how this picture came: --route browser --source ...")
    return profile


def _record(new: _Import, size: str) -> None:
    asset, profile, origin, edges = new.asset, new.profile, new.origin, new.edges
    identity, time = edges.new_id(), edges.timestamp()
    new.ledger.append(
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
        sha256=hashlib.sha256(new.data).hexdigest(),
        bytes=len(new.data),
        more={
            "imported": True,
            "source": origin.source,
            "terms": origin.terms,
            "rights": origin.rights,
            "size": size,
        },
    )
    new.ledger.append(outcome.line(identity, time, asset.target))
