"""All facts of one file, as ``inspect`` prints them and reports carry them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from verify4k.artifacts.artifact import Artifact
from verify4k.artifacts.fact_cache import ABSENT, OF_BYTES, OF_CONTAINERS, OF_HEADERS
from verify4k.artifacts.further_facts import KEYS, further_facts
from verify4k.artifacts.guard import guarded
from verify4k.documents.nodes import Place
from verify4k.errors import BehindDamage, BeyondDepth, CannotRead, Damaged, Missing, NotAnImage, Verify4kError
from verify4k.formats.facts import UNKNOWN_SIZE
from verify4k.formats.limits import DEFAULT
from verify4k.model import Asset

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.artifacts.content import Depth
    from verify4k.files.source import Source
    from verify4k.formats.limits import Limits
    from verify4k.report import CloseUp


def inspect_source(
    target: str,
    source: Source,
    path: Any,
    depth: Depth = "full",
    *,
    native: bool = False,
    limits: Limits = DEFAULT,
) -> dict[str, Any]:
    """Return every fact of one artifact, JSON-able. A fact that cannot be had is None.

    Keys: target, format, stored, displayed, orientation, alpha, frames, animated, bit_depth,
    mode, icc, integrity (ok, damaged, unreadable or None), trailing_bytes, bytes, sha256, error,
    those of `further_facts`, and with ``native`` an analysis of whether the picture was enlarged.
    """
    asset = Asset(target, path, Place("", 0, 0))
    artifact = Artifact(asset, source, depth, limits=limits)
    try:
        return _everything(artifact, native=native)
    finally:
        artifact.close()


def _everything(artifact: Artifact, *, native: bool) -> dict[str, Any]:
    facts = _empty(artifact.asset.target)
    errors: list[Verify4kError] = []

    def ask(name: str, get: Callable[[], Any]) -> None:
        try:
            facts[name] = guarded(get)
        except BeyondDepth:
            pass  # left out on purpose, not an error
        except Verify4kError as error:
            if not any(error is each for each in errors):
                errors.append(error)

    whole = artifact.depth == "full"  # what only all bytes tell is left out of a header's facts
    ask("bytes", lambda: artifact.size)
    if whole:
        ask("sha256", lambda: artifact.sha256)
    ask("format", lambda: artifact.format)
    ask("stored", lambda: list(artifact.stored))
    _from_header(artifact, facts)
    ask("orientation", lambda: artifact.orientation)
    ask("frames", lambda: artifact.frames)
    ask("animated", lambda: artifact.animated)
    if whole:
        ask("trailing_bytes", lambda: artifact.walk.trailing)
        ask("integrity", lambda: "damaged" if artifact.damage else "ok")
    ask("alpha", lambda: artifact.alpha)
    facts.update(further_facts(artifact))
    ask("icc", lambda: artifact.profile is not None and not artifact.profile.fault)
    if native:
        facts["native"] = None
        from verify4k.artifacts.native_facts import native_facts

        ask("native", lambda: native_facts(artifact))
    _explain(artifact, facts, errors)
    return facts


def _explain(artifact: Artifact, facts: dict[str, Any], errors: list[Verify4kError]) -> None:
    """Say why facts are missing: the first cause, and what it means for the file's integrity."""
    causes = [error for error in errors if not isinstance(error, BehindDamage)]
    first = causes[0] if causes else None
    if facts["integrity"] == "damaged":  # the cause, not what follows from it
        facts["error"] = "; ".join(artifact.damage)
    elif first is not None:
        facts["error"] = first.message
        facts["integrity"] = facts["integrity"] or _failed_integrity(first)
    if isinstance(first, NotAnImage):
        facts["format"] = first.kind or None


def unknown_facts(target: str, error: Verify4kError, *, native: bool = False) -> dict[str, Any]:
    """Return the facts of an artifact that could not be looked at: none, and why."""
    further = dict.fromkeys((*KEYS, "native") if native else KEYS)
    return {**_empty(target), "error": error.message, **further}


def _failed_integrity(error: Verify4kError) -> str | None:
    if isinstance(error, Damaged):
        return "damaged"
    return "unreadable" if isinstance(error, Missing | NotAnImage) else None


_NOTHING: dict[str, Any] = dict.fromkeys(
    ("format", "stored", "displayed", "orientation", "alpha", "frames", "animated", "bit_depth",
     "mode", "icc", "integrity", "trailing_bytes", "bytes", "sha256", "error")
)  # fmt: skip


def _empty(target: str) -> dict[str, Any]:
    return {"target": target, **_NOTHING}


def _from_header(artifact: Artifact, facts: dict[str, Any]) -> None:
    known = vars(artifact).get  # of every file: `Artifact.known` takes twice as long
    header = known("header")
    if header is None:
        return
    facts["format"] = header.format
    facts["stored"] = list(header.stored)
    facts["displayed"] = list(header.displayed)
    facts["orientation"] = header.orientation
    facts["frames"] = header.frames
    facts["animated"] = header.animated
    facts["bit_depth"] = header.bit_depth
    facts["mode"] = header.mode
    profile = known("profile")  # where it was looked into
    carried = header.coded_icc or "icc" in [block.kind for block in header.blocks]
    facts["icc"] = carried if profile is None else not profile.fault
    if header.alpha is False:
        facts["alpha"] = "none"


def known_facts(artifact: Artifact) -> dict[str, Any]:
    """Return the facts that some rule has asked for already; everything else stays None."""
    _recall_grounds(artifact)
    known = vars(artifact).get
    facts = _empty(artifact.asset.target)
    if known("reader") is not None:
        size = artifact.reader.size
        facts["bytes"] = None if size == UNKNOWN_SIZE else size
    if artifact.asset.delivered:
        facts["delivery"] = delivery_facts(artifact)
    facts["format"] = known("format")
    _from_header(artifact, facts)
    facts["alpha"] = known("alpha") or facts["alpha"]
    walk = known("walk")
    if walk is not None:
        facts["orientation"] = artifact.orientation
        facts["trailing_bytes"] = walk.trailing
        facts["frames"] = facts["frames"] if walk.frames is None else walk.frames
        facts["animated"] = facts["animated"] if walk.animated is None else walk.animated
    damage = known("damage")
    if damage is not None:
        facts["integrity"] = "damaged" if damage else "ok"
        facts["error"] = "; ".join(damage) or None  # the cause: what follows depends on what was remembered
    for error in artifact.failures.values():
        if not isinstance(error, BeyondDepth):
            facts["error"] = facts["error"] or error.message
            facts["integrity"] = facts["integrity"] or _failed_integrity(error)
    return facts


def _recall_grounds(artifact: Artifact) -> None:
    """Ask for what remembered facts rest on, as measuring them would have done: a report knows no cache."""
    cached_facts = artifact.cached_facts
    used = set() if cached_facts is None else cached_facts.used - OF_BYTES
    if cached_facts is None or not used:
        return
    with suppress(Verify4kError):
        _ = artifact.reader, artifact.header
    used -= OF_HEADERS
    if artifact.known("alpha") == "none":  # told by the header
        used -= {"alpha"}
    for name in ("damage", "walk") if used - OF_CONTAINERS else ("walk",) if used else ():
        if name not in vars(artifact) and (value := cached_facts.find(name, artifact)) is not ABSENT:
            vars(artifact)[name] = value


def delivery_facts(artifact: Artifact) -> dict[str, Any] | None:
    """Return what HTTP told of a URL artifact, JSON-able; None where nothing was asked or answered."""
    about = artifact.known("delivery")
    if about is None:
        return None
    return {
        "url": about.url,
        "final_url": about.final_url,
        "hops": [{"url": hop.url, "status": hop.status, "location": hop.location} for hop in about.hops],
        "status": about.status,
        "sent": dict(sorted(about.sent)),
        "content_type": about.headers.get("content-type"),
        "content_length": about.headers.get("content-length"),
        "content_encoding": about.headers.get("content-encoding"),
        "vary": about.headers.get("vary"),
        "server": about.headers.get("server"),
        "bytes_fetched": artifact.fetched,
        "kept_since": _moment(artifact.kept_since),
    }


def _moment(seconds: float | None) -> str | None:
    """Return seconds since the epoch as a time in UTC, ISO 8601."""
    import time

    return None if seconds is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def thumbnail(artifact: Artifact, edge: int) -> bytes | None:
    """Return a small WebP of the picture, a damaged one as far as it goes; None: nothing to show."""
    import io

    from verify4k.formats.pixels import PillowPixels
    from verify4k.formats.reading.partial import partial

    try:
        if artifact.damage:
            shown = partial(artifact.data, artifact.format)
            image = None if shown is None else PillowPixels(shown).thumbnail(edge)
        else:
            image = artifact.pixels.thumbnail(edge)
    except (CannotRead, Damaged, Missing, NotAnImage):
        return None
    if image is None:
        return None
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=60)
    return buffer.getvalue()


def close_up(artifact: Artifact) -> CloseUp | None:
    """Return the place that a finding of ``native-resolution`` points at, and its round trip.

    None where no rule has asked for that evidence: this only draws what is known.
    """
    if artifact.known("native_evidence") is None:
        return None
    from verify4k.analysis.round_trip import half, round_trip
    from verify4k.report import CloseUp

    box, found = artifact.native_evidence.crop, artifact.native
    through = found.size or half(*artifact.stored)
    # a lattice of repeated lines survives only the kernel that repeats lines
    there = round_trip(
        artifact.pixels.array(), box, through, nearest=found.method in ("repeated rows", "exact copies")
    )
    return CloseUp(_small_webp(there.before), _small_webp(there.after), box, through, there.psnr)


def _small_webp(array: Any) -> bytes:
    """Encode finely enough for single pixels to be compared, in some 10 KB for a crop."""
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(array).convert("RGB").save(buffer, "WEBP", quality=90)
    return buffer.getvalue()
