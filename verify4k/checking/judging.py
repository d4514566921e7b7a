"""One artifact x its rules -> `Judged`: where a problem becomes a finding or stays undecided."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from verify4k.artifacts.artifact import Artifact
from verify4k.artifacts.guard import crashed, guarded, untraced
from verify4k.artifacts.inspection import known_facts
from verify4k.checking.plan import GATES
from verify4k.errors import (
    BehindDamage,
    BeyondDepth,
    Damaged,
    Elsewhere,
    Missing,
    NotAnImage,
    NotAsked,
    UsageError,
    Verify4kError,
)
from verify4k.files.source import pieces
from verify4k.named_tuple import NamedTuple
from verify4k.report import SEVERITIES, Finding, Undecided

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verify4k.checking.plan import Planned, Settings
    from verify4k.files.source import Source
    from verify4k.model import Asset, Problem
    from verify4k.report import CloseUp, RuleState

THUMBNAIL_EDGE = 160


class Judged(NamedTuple):
    """What came of one asset; small, so that many can wait for the run to end."""

    asset: Asset
    states: dict[str, RuleState]
    findings: list[Finding]
    undecided: list[Undecided]
    kept: dict[str, Any]  # run rule -> what its collect kept
    facts: Mapping[str, Any]
    sha256: str | None
    size: int | None
    thumbnail: bytes | None
    close_up: CloseUp | None
    bound: str | None  # SHA-256 that exceptions are bound to, at any depth
    suppressed: list[Finding]
    inherited: list[Finding]  # told of something that this was made from
    remembered: tuple[str, ...]  # facts that an earlier run has measured
    told: list[Verify4kError]  # errors already told: one missing file is one message, not fifteen


def nothing_judged(asset: Asset) -> Judged:
    """Return an outcome to be filled."""
    return Judged(asset, {}, [], [], {}, {}, None, None, None, None, None, [], [], (), [])


def stranger(asset: Asset, source: Source) -> Judged:
    """Return an outcome for a file that was not promised: nothing known but its digest, for exceptions."""
    artifact = Artifact(asset, source, "header")
    try:
        return nothing_judged(asset)._replace(bound=digest_of(artifact))
    finally:
        artifact.close()


def judge(
    artifact: Artifact, planned: Iterable[Planned], settings: Settings, path: str, *, bind: bool = False
) -> Judged:
    """Ask one artifact every planned rule, then close it. ``bind``: hash it in any case.

    A rule that another process has to ask gets no state.
    """
    judged = nothing_judged(artifact.asset)
    states = judged.states
    header_only, known = artifact.depth == "header", vars(artifact)
    try:
        for plan in planned:
            rule = plan.rule
            if header_only and rule.beyond_header and not plan.explicit and "header" in known:
                states[rule.id] = "not-asked"  # which is what asking it would come to
                continue
            try:  # not `suppress`, which takes three calls for each rule and file
                states[rule.id] = _ask(artifact, plan, judged, path)
            except Elsewhere:
                continue
        return _told(artifact, settings, judged, digest_of(artifact) if bind else None)
    finally:
        artifact.close()


def judge_rest(artifact: Artifact, planned: Iterable[Planned], judged: Judged, path: str) -> Judged:
    """Ask an artifact the rules that `judge` gave no state in another process, then close it."""
    states: dict[str, RuleState] = {}
    try:
        for plan in planned:
            known = judged.states.get(plan.rule.id)
            states[plan.rule.id] = _ask(artifact, plan, judged, path) if known is None else known
        return judged._replace(states=states)
    finally:
        artifact.close()


def _ask(artifact: Artifact, plan: Planned, judged: Judged, path: str) -> RuleState:
    rule, asset = plan.rule, artifact.asset
    if rule.along is not None:
        judged.kept[rule.id] = lent(artifact, plan)
        return "not-asked"  # until the chain is there: `verify4k.checking.chains`
    problems: list[Problem] = []
    try:  # a loop, not `guarded`: that is two calls more for each rule and file
        if rule.check is not None:
            for problem in rule.check(artifact):
                problems.append(problem)  # noqa: PERF402 - one by one: those before an error are kept
        elif rule.collect is not None:
            judged.kept[rule.id] = rule.collect(artifact)
    except (UsageError, Elsewhere):  # the command line's, or found again where the connections are
        raise
    except NotAsked as error:  # of most files, by several rules
        return _answered(asset, plan, judged, path, problems, error) if problems else "not-asked"
    except Verify4kError as error:
        return _answered(asset, plan, judged, path, problems, error)
    except Exception as error:  # noqa: BLE001
        return _answered(asset, plan, judged, path, problems, crashed(error))
    return _answered(asset, plan, judged, path, problems) if problems else "holds"


def _answered(
    asset: Asset,
    plan: Planned,
    judged: Judged,
    path: str,
    problems: list[Problem],
    error: Verify4kError | None = None,
) -> RuleState:
    """Note what a rule has found; that stays found where the rest of the rule could not be decided."""
    if problems:
        judged.findings.extend(finding(asset, plan, p, path) for p in problems)
    state: RuleState = "holds" if error is None else unanswered(judged, plan, error, path)
    return "problem" if problems else state


def lent(artifact: Artifact, plan: Planned) -> object:
    """Return what a rule along a chain keeps of an artifact, or why it keeps nothing."""
    keep = plan.rule.keep
    assert keep is not None  # noqa: S101 - `verify4k.rule.chain_rule` sets it
    try:
        return guarded(keep, artifact, plan.wished)
    except Verify4kError as error:
        return untraced(error)


def unanswered(judged: Judged, plan: Planned, error: Verify4kError, path: str) -> RuleState:
    """Return the state of a rule that could not answer; what is news is told."""
    if isinstance(error, NotAsked) or (isinstance(error, BeyondDepth) and not plan.explicit):
        return "not-asked"
    follows = isinstance(error, Missing | NotAnImage | Damaged | BehindDamage)
    if not (follows and _gated(judged)):
        undecide(judged, plan.rule.id, error, path)
    return "undecided"


def _gated(judged: Judged) -> bool:
    """Whether a gate has failed this asset: only then is what follows from it no news.

    A blemish, or a gate that a manifest made milder, fails nothing, so it may silence nothing.
    """
    return any(found.rule in GATES and found.severity == "error" for found in judged.findings)


def undecide(judged: Judged, rule: str, error: Verify4kError, path: str) -> None:
    """Note that a rule could not decide, once for each cause."""
    if not any(error is each for each in judged.told):
        judged.told.append(untraced(error))
        asset = judged.asset
        judged.undecided.append(Undecided(asset.target, rule, error.message, error.hint, asset.place, path))


def finding(asset: Asset, plan: Planned, problem: Problem, path: str) -> Finding:
    """Turn a rule's problem into a finding that points at the manifest line of the promise."""
    place = asset.places.get(problem.key, asset.place)
    origin = f"{problem.key}: {asset.written[problem.key]}" if problem.key in asset.written else ""
    named = asset.origins.get(problem.key)
    if named:
        origin += f" ({named})"
    # a blemish stays a blemish when the rule is stricter than default, never the other way round
    severity = problem.severity or plan.severity
    if SEVERITIES.index(plan.severity) > SEVERITIES.index(severity):
        severity = plan.severity
    return Finding(
        target=asset.target,
        rule=plan.rule.id,
        severity=severity,
        message=problem.message,
        expected=problem.expected,
        actual=problem.actual,
        fix=problem.fix,
        origin=origin
        or f"rule {plan.rule.id}, which every {'file' if asset.url is None else 'URL'} is asked",
        place=place,
        path=path,
        evidence=problem.evidence,
        url=asset.url,
        key=problem.key,
    )


def _told(artifact: Artifact, settings: Settings, judged: Judged, bound: str | None) -> Judged:
    """Return the outcome with what is known by now, without asking for anything that costs."""
    facts = known_facts(artifact)
    size, sha256 = facts["bytes"], None
    if settings.depth == "full" and artifact.looked_into:
        facts["sha256"] = sha256 = artifact.sha256
    used = () if artifact.cached_facts is None else tuple(sorted(artifact.cached_facts.used))
    small, near = _pictures(artifact) if settings.thumbnails else (None, None)
    # each in its place: `_replace` takes twice as long for each file
    return Judged(*judged[:5], facts, sha256, size, small, near, bound, [], [], used, judged.told)


def _pictures(artifact: Artifact) -> tuple[bytes | None, CloseUp | None]:
    """Return pictures for people; no verdict hangs on them."""
    from verify4k.artifacts.inspection import close_up, thumbnail

    small, near = None, None
    with suppress(Verify4kError):
        small = guarded(lambda: thumbnail(artifact, THUMBNAIL_EDGE))
    with suppress(Verify4kError):
        near = guarded(lambda: close_up(artifact))
    return small, near


def digest_of(artifact: Artifact) -> str | None:
    """Hash all bytes, in pieces where only a header was read; None for what cannot be read."""
    import hashlib

    try:
        if artifact.depth == "full":
            return artifact.sha256
        digest = hashlib.sha256()
        for piece in pieces(artifact.reader):
            digest.update(piece)
        return digest.hexdigest()
    except Verify4kError:  # the rules have said why
        return None
