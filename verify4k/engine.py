"""Artifacts x rules -> `Report`: the only place where a problem becomes a finding.

A rule holds, has a problem, or is undecided; what could not be read, was not read deep enough
or crashed is never a pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from verify4k import __version__
from verify4k.artifact import Artifact
from verify4k.errors import BeyondDepth, CannotRead, Damaged, Missing, NotAnImage, UsageError
from verify4k.guard import guarded
from verify4k.report import (
    SEVERITIES,
    AssetResult,
    Finding,
    Report,
    RuleInfo,
    Undecided,
    exit_code,
)
from verify4k.rule import Surroundings, all_rules
from verify4k.source import FileSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from verify4k.artifact import Depth
    from verify4k.model import Asset, Manifest, Problem
    from verify4k.report import RuleState, Severity, Verdict
    from verify4k.rule import Rule
    from verify4k.source import Source
    from verify4k.tools import Tools

GATE = "readable"
THUMBNAIL_EDGE = 160


class Settings(NamedTuple):
    """How to check, as opposed to what."""

    depth: Depth = "full"
    select: frozenset[str] = frozenset()  # only these rules; empty: those that are on
    ignore: frozenset[str] = frozenset()
    fail_on: Severity = "error"
    allow_empty: bool = False
    jobs: int = 0  # 0: as many as make sense
    thumbnails: bool = False


class Planned(NamedTuple):
    """A rule that an asset will be asked, how bad its problems are, and whether someone asked for it."""

    rule: Rule
    severity: Severity
    explicit: bool


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


class Plan:
    """Which rules each asset is asked; worked out once for assets that share an entry."""

    def __init__(self, manifest: Manifest, settings: Settings) -> None:
        self.rules = all_rules()
        self._manifest = manifest
        self._settings = settings
        self._known: dict[tuple[int, int], tuple[Planned, ...]] = {}
        unknown = sorted((settings.select | settings.ignore) - set(self.rules))
        if unknown:
            raise _unknown_rule(unknown[0], self.rules)

    def of(self, asset: Asset) -> tuple[Planned, ...]:
        """Return the rules for one asset, the gate first."""
        key = (id(asset.options), id(asset.severities))
        if key not in self._known:
            planned = [p for each in self.rules.values() if (p := self._planned(each, asset)) is not None]
            planned.sort(key=lambda p: (p.rule.id != GATE, p.rule.id))
            self._known[key] = tuple(planned)
        return self._known[key]

    def _planned(self, each: Rule, asset: Asset) -> Planned | None:
        select, ignore = self._settings.select, self._settings.ignore
        severity: Severity | None = each.severity if each.enabled or each.id in select else None
        for said in (self._manifest.severities, asset.severities):
            if each.id in said:
                severity = said[each.id]
        if severity is None or each.id in ignore or (select and each.id not in select):
            return None
        if not each.is_asked(asset):
            return None
        explicit = each.options is not None and asset.promises(each.options)
        return Planned(each, severity, explicit)


def check(
    manifest: Manifest,
    settings: Settings = Settings(),  # noqa: B008 - frozen
    *,
    assets: Sequence[Asset] | None = None,
    source_of: Callable[[Asset], Source] = lambda asset: FileSource(asset.path),
    images_beside: Callable[[Manifest], Sequence[str]] | None = None,
    display: Callable[[Asset], str] = lambda asset: str(asset.path),
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Check assets (all of the manifest's by default) and report.

    Args:
        manifest: what was promised.
        settings: depth, rules, what gates.
        assets: a part of ``manifest.assets``.
        source_of: where an asset's bytes come from.
        images_beside: lists image files in the promised folders, for rule ``unlisted``.
        display: an asset's path as reports show it.
        progress: called with (done, total) after each asset.
    """
    from verify4k.tools import Tools
    from verify4k.workers import run

    chosen = manifest.assets if assets is None else tuple(assets)
    plan = Plan(manifest, settings)
    with Tools() as tools:

        def one(asset: Asset) -> Judged:
            return judge(asset, plan.of(asset), settings, source_of(asset), manifest.path, display(asset), tools)

        jobs = settings.jobs or (1 if settings.depth == "header" else 0)
        judged = run(one, chosen, jobs, progress)
    surroundings = Surroundings(manifest, lambda: images_beside(manifest) if images_beside else ())
    _compare(judged, plan, surroundings, manifest.path, display)
    return _report(manifest, plan, settings, judged, display)


def judge(
    asset: Asset,
    planned: Iterable[Planned],
    settings: Settings,
    source: Source,
    manifest_path: str,
    path: str,
    tools: Tools | None = None,
) -> Judged:
    """Ask one asset every planned rule; what is open is closed again."""
    artifact = Artifact(asset, source, settings.depth, colour=settings.thumbnails, tools=tools)
    judged = Judged(asset, {}, [], [], {}, {}, None, None, None)
    heard: set[int] = set()  # errors already told: one missing file is one message, not fifteen
    try:
        for plan in planned:
            judged.states[plan.rule.id] = _ask(artifact, plan, judged, heard, manifest_path, path)
        return judged._replace(**_told(artifact, settings))
    finally:
        artifact.close()


def _ask(
    artifact: Artifact, plan: Planned, judged: Judged, heard: set[int], manifest_path: str, path: str
) -> RuleState:
    rule, asset = plan.rule, artifact.asset
    try:
        check = rule.check
        if check is not None:
            problems = guarded(lambda: list(check(artifact)))
            judged.findings.extend(finding(asset, plan, p, manifest_path, path) for p in problems)
            return "problem" if problems else "holds"
        collect = rule.collect
        if collect is not None:
            judged.kept[rule.id] = guarded(lambda: collect(artifact))
        return "holds"
    except BeyondDepth as error:
        if not plan.explicit:
            return "not-asked"
        _undecide(judged, rule.id, error, path, heard)
    except (Missing, NotAnImage, Damaged) as error:
        if judged.states.get(GATE) != "problem":
            _undecide(judged, rule.id, error, path, heard)
    except CannotRead as error:
        _undecide(judged, rule.id, error, path, heard)
    return "undecided"


def _undecide(
    judged: Judged, rule: str, error: Missing | NotAnImage | Damaged | CannotRead, path: str, heard: set[int]
) -> None:
    if id(error) not in heard:
        heard.add(id(error))
        asset = judged.asset
        judged.undecided.append(Undecided(asset.target, rule, error.message, error.hint, asset.place, path))


def finding(asset: Asset, plan: Planned, problem: Problem, manifest_path: str, path: str) -> Finding:
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
        origin=origin or f"rule {plan.rule.id}, {manifest_path}",
        place=place,
        path=path,
        evidence=problem.evidence,
    )


def _told(artifact: Artifact, settings: Settings) -> dict[str, Any]:
    """Gather what is known by now, without asking for anything that costs."""
    from verify4k.inspection import known_facts

    told: dict[str, Any] = {"facts": known_facts(artifact), "thumbnail": None, "sha256": None}
    told["size"] = told["facts"]["bytes"]
    if settings.depth == "full" and "data" in artifact.__dict__:
        told["sha256"] = artifact.sha256
        told["facts"]["sha256"] = artifact.sha256
    if settings.thumbnails:
        from verify4k.inspection import thumbnail

        told["thumbnail"] = thumbnail(artifact, THUMBNAIL_EDGE)
    return told


def _compare(
    judged: list[Judged],
    plan: Plan,
    surroundings: Surroundings,
    manifest_path: str,
    display: Callable[[Asset], str],
) -> None:
    by_asset = {id(each.asset): each for each in judged}
    for rule in plan.rules.values():
        if rule.compare is None:
            continue
        kept = {each.asset: each.kept[rule.id] for each in judged if rule.id in each.kept}
        if not kept:
            continue
        for asset, problem in rule.compare(kept, surroundings):
            home = by_asset[id(asset)]
            planned = next(p for p in plan.of(asset) if p.rule.id == rule.id)
            home.findings.append(finding(asset, planned, problem, manifest_path, display(asset)))
            home.states[rule.id] = "problem"


def _report(
    manifest: Manifest, plan: Plan, settings: Settings, judged: list[Judged], display: Callable[[Asset], str]
) -> Report:
    names = tuple(plan.rules)
    asked = [each for each in judged if any(state != "not-asked" for state in each.states.values())]
    notes = _notes(settings, len(judged), len(asked))
    judged = asked
    results = []
    for each in judged:
        each.findings.sort(key=lambda f: (f.rule != GATE, f.rule, f.message))
        results.append(
            AssetResult(
                target=each.asset.target,
                path=display(each.asset),
                place=each.asset.place,
                verdict=_verdict(each, settings.fail_on),
                depth=settings.depth,
                sha256=each.sha256,
                size=each.size,
                facts=each.facts,
                rules={name: each.states.get(name, "not-asked") for name in names},
                promised=each.asset.written,
                thumbnail=each.thumbnail,
            )
        )
    findings = tuple(f for each in judged for f in each.findings)
    undecided = tuple(u for each in judged for u in each.undecided)
    return Report(
        version=__version__,
        manifest_path=manifest.path,
        manifest_sha256=manifest.sha256,
        assets=tuple(results),
        findings=findings,
        undecided=undecided,
        suppressed=(),
        notes=notes,
        rules=tuple(RuleInfo(r.id, r.title, r.page, r.severity) for r in plan.rules.values()),
        fail_on=settings.fail_on,
        exit_code=exit_code(
            findings, undecided, assets=len(judged), fail_on=settings.fail_on, allow_empty=settings.allow_empty
        ),
    )


def _notes(settings: Settings, assets: int, asked: int) -> tuple[str, ...]:
    notes = []
    if settings.depth == "header" and asked:
        notes.append("only headers were read: pixels and the rest of the files were not checked")
    if asked < assets:
        notes.append(f"{assets - asked} of {assets} assets were not checked: no selected rule applies to them")
    return tuple(notes)


def _verdict(judged: Judged, fail_on: Severity) -> Verdict:
    gate = SEVERITIES.index(fail_on)
    if any(SEVERITIES.index(f.severity) <= gate for f in judged.findings):
        return "failed"
    return "undecided" if judged.undecided else "passed"


def _unknown_rule(name: str, rules: Mapping[str, Rule]) -> UsageError:
    from verify4k.suggest import suggest

    near = suggest(name, rules)
    hint = f"did you mean {near}?" if near else "verify4k rules lists all of them"
    return UsageError(f"there is no rule {ascii(name)}", hint)
