"""Artifacts x rules -> `Report`.

A rule holds, has a problem, or is undecided; what could not be read, was not read deep enough
or crashed is never a pass.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from verify4k import __version__, published
from verify4k.checking.chains import Chains
from verify4k.checking.comparing import compare, leave_open
from verify4k.checking.hops import trace
from verify4k.checking.left_out import unasked_promises, with_rules_left_out
from verify4k.checking.plan import Plan, Settings, rank
from verify4k.checking.results import Known, Results, is_asked
from verify4k.named_tuple import NamedTuple
from verify4k.report import (
    INTERRUPTED,
    ManifestRef,
    Part,
    Report,
    RuleInfo,
    exit_code,
)
from verify4k.rule import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from concurrent.futures import Executor

    from verify4k.artifacts.tools import Tools
    from verify4k.checking.accepting import Acceptance
    from verify4k.checking.comparing import Uncompared
    from verify4k.checking.dispatch import Dispatch
    from verify4k.checking.judging import Judged
    from verify4k.checking.scope import Scope
    from verify4k.model import Asset, Manifest
    from verify4k.rule import Rule


class Outcomes(NamedTuple):
    """A run in parts. ``record``: told what came of each asset, by number. ``given``: knows it already."""

    record: Callable[[int, Judged], None] | None = None
    given: Callable[[int, Asset], Judged | None] | None = None


def check(
    scope: Scope,
    settings: Settings = Settings(),
    progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
    outcomes: Outcomes | None = None,
) -> Report:
    """Check the assets of a scope and report.

    Args:
        scope: what was promised, and where the bytes come from.
        settings: depth, rules, what gates.
        progress: called with (done, total) after each asset.
        executor: who checks files in depth, where processes of our own are not wanted; it has to see them.
        outcomes: what is done with the outcome of each artifact, or where they come from.

    Interrupted, it reports what was done: exit code 130, and the rest is undecided.
    """
    from verify4k.artifacts.tools import Tools
    from verify4k.checking.accepting import Acceptance
    from verify4k.checking.dispatch import Dispatch

    manifest, settings = scope.manifest, _within(scope, settings)
    plan = Plan(manifest, settings)
    acceptance = Acceptance(manifest, settings, scope.baseline, plan.lineage)

    def display(asset: Asset) -> str:
        return scope.shown(asset.path) if asset.url is None else asset.target

    results = Results(Known(scope.assets, plan, settings, acceptance, display))
    dispatch = Dispatch(scope, plan, settings, acceptance, display)
    with Tools() as tools:
        missed = _judge_all(dispatch, tools, progress, executor, outcomes or Outcomes(), results)
        chains = Chains(results.judged(), plan, partial(dispatch.opened, tools), display)
        uncompared = _compare_all(results, chains, scope, dispatch, acceptance, missed)
    said = (*scope.notes, *acceptance.notes(chains.judged), *uncompared.notes)
    report = _report(manifest, plan, settings, chains.judged, results, said)
    unasked = tuple(unasked_promises(plan, scope.assets, display))
    report = report._replace(unasked=unasked, uncompared=uncompared.promises, part=_part(scope))
    report = with_rules_left_out(report, plan, scope.assets)
    return _interrupted(report, len(missed), len(scope.assets)) if missed else report


def _interrupted(report: Report, missed: int, assets: int) -> Report:
    rest = f"interrupted: {missed} of {assets} assets were not checked"
    return report._replace(exit_code=INTERRUPTED, notes=(*report.notes, rest))


def _part(scope: Scope) -> Part | None:
    """Return how much of what is promised a run checks; None: everything."""
    checked, promised = len(scope.assets), len(scope.manifest.assets)
    return Part(checked, promised, scope.chosen_by) if checked < promised else None


def _within(scope: Scope, settings: Settings) -> Settings:
    """Return the settings as far as the manifest and the choice of assets allow."""
    limits = settings.limits.within(scope.manifest.limits, settings.bounds)
    return settings._replace(limits=limits, allow_empty=settings.allow_empty or scope.may_be_empty)


def _compare_all(
    results: Results,
    chains: Chains,
    scope: Scope,
    dispatch: Dispatch,
    acceptance: Acceptance,
    missed: Collection[int],
) -> Uncompared:
    """Ask what assets have to do with each other, accept what is known, and tell a deviation once."""
    root = scope.manifest.root
    surroundings = Surroundings(
        scope.manifest,
        scope.images_beside,
        lambda beside, target: beside.neighbour(target, f"{root}/{target}"),
        dispatch.reopened,
    )
    chains.compare()
    compare(results, chains.plan, surroundings, scope.source_of, chains.display)
    uncompared = leave_open(results, chains.plan, scope, missed)
    chains.judged = results.judged()
    for each in chains.judged:
        each.findings.sort(key=lambda f: (rank(f.rule), f.rule, f.message))
        acceptance.sort(each)
    trace(chains, scope.history)
    return uncompared


def _judge_all(
    dispatch: Dispatch,
    tools: Tools,
    progress: Callable[[int, int], None] | None,
    executor: Executor | None,
    outcomes: Outcomes,
    results: Results,
) -> Collection[int]:
    """Judge each asset by itself, or take what is known already; return those that were not reached."""
    record = outcomes.record

    def settled(number: int, judged: Judged) -> bool:
        if record is not None:
            record(number, judged)
        return results.settled(number, judged)

    if outcomes.given is not None:
        done = dispatch.given(outcomes.given, settled)
    else:
        done = dispatch.judged(tools, progress, executor, settled)
    results.here = done.judged
    return done.missed


def _report(
    manifest: Manifest,
    plan: Plan,
    settings: Settings,
    judged: Sequence[Judged],
    results: Results,
    said: tuple[str, ...],
) -> Report:
    asked = list(filter(is_asked, judged))
    notes = _notes(settings, len(judged) + results.aside, len(asked) + results.aside)
    judged = asked
    findings = tuple(f for each in judged for f in each.findings)
    undecided = tuple(u for each in judged for u in each.undecided)
    return Report(
        version=__version__,
        manifest_path=manifest.path,
        manifest_sha256=manifest.sha256,
        assets=results.all(judged),
        findings=findings,
        undecided=undecided,
        suppressed=tuple(f for each in judged for f in each.suppressed),
        inherited=tuple(f for each in judged for f in each.inherited),
        notes=(*notes, *said),
        rules=tuple(map(_rule_info, plan.rules.values())),
        fail_on=settings.fail_on,
        exit_code=exit_code(
            findings,
            undecided,
            assets=len(judged) + results.aside,
            fail_on=settings.fail_on,
            allow_empty=settings.allow_empty,
        ),
        more_manifests=tuple(ManifestRef(each.name, each.sha256) for each in manifest.included),
    )


def _rule_info(rule: Rule) -> RuleInfo:
    link = published(f"docs/rules/{rule.id}.md")
    return RuleInfo(rule.id, rule.title, rule.page, rule.severity, link, rule.keys, rule.enabled)


def _notes(settings: Settings, assets: int, asked: int) -> tuple[str, ...]:
    notes = []
    if settings.depth == "header" and asked:
        notes.append("only headers were read: pixels and the rest of the files were not checked")
    if asked < assets:
        notes.append(
            f"{assets - asked} of {assets} assets were not checked: no selected rule applies to them"
        )
    return tuple(notes)
