"""Rules about the run as a whole: what artifacts have to do with each other.

A run of a part (TARGETs, what is staged, a shard) does not see the others: what was not compared with them
is not said to hold.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from verify4k.artifacts.guard import guarded
from verify4k.checking.judging import finding, stranger, undecide
from verify4k.errors import Verify4kError
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from typing import Any

    from verify4k.checking.judging import Judged
    from verify4k.checking.plan import Plan
    from verify4k.checking.scope import Scope
    from verify4k.files.source import Source
    from verify4k.model import Asset, Problem
    from verify4k.rule import Compare, Surroundings


class Uncompared(NamedTuple):
    """What a run of a part leaves open. ``promises``: of how many assets one says how they compare."""

    promises: int = 0
    notes: tuple[str, ...] = ()


def compare(
    judged: list[Judged],
    plan: Plan,
    surroundings: Surroundings,
    source_of: Callable[[Asset], Source],
    display: Callable[[Asset], str],
) -> None:
    """Ask every rule about the run what it has against the artifacts together."""
    by_asset = {id(each.asset): each for each in judged}
    for rule in plan.rules.values():
        if rule.compare is None:
            continue
        kept = {each.asset: each.kept[rule.id] for each in judged if rule.id in each.kept}
        if not kept:
            continue
        try:
            problems = guarded(partial(_all_problems, rule.compare, kept, surroundings))
        except Verify4kError as error:  # what one asset hides, all of them might
            for asset in kept:
                undecide(by_asset[id(asset)], rule.id, error, display(asset))
                by_asset[id(asset)].states[rule.id] = "undecided"
            continue
        for asset, problem in problems:
            if id(asset) not in by_asset:  # a file that was not promised: reported as one of its own
                judged.append(stranger(asset, source_of(asset)))
                by_asset[id(asset)] = judged[-1]
            home = by_asset[id(asset)]
            planned = next(p for p in plan.of(asset) if p.rule.id == rule.id)
            home.findings.append(finding(asset, planned, problem, display(asset)))
            home.states[rule.id] = "problem"


def _all_problems(
    compare: Compare, kept: Mapping[Asset, Any], surroundings: Surroundings
) -> list[tuple[Asset, Problem]]:
    return list(compare(kept, surroundings))


def leave_open(judged: list[Judged], plan: Plan, scope: Scope) -> Uncompared:
    """Take back "holds" where a rule has to compare with promises that this run leaves out.

    Say which, of those that a promise asks for: a rule that nobody asked for breaks no promise by silence.
    """
    if len(scope.assets) >= len(scope.manifest.assets):
        return Uncompared()
    here = {asset.target for asset in scope.assets}
    absent: dict[str, set[Hashable]] = {}
    for asset in scope.manifest.assets:
        if asset.target not in here:
            for planned in plan.of(asset):
                among = planned.rule.among
                if among is not None:
                    absent.setdefault(planned.rule.id, set()).add(among(asset))
    open_: set[str] = set()
    rules: set[str] = set()
    for each in judged:
        for planned in plan.of(each.asset) if absent.keys() & each.kept.keys() else ():
            name, among = planned.rule.id, planned.rule.among
            group = among(each.asset) if among is not None and name in each.kept else None
            if group is not None and group in absent.get(name, ()) and each.states[name] == "holds":
                each.states[name] = "not-asked"
                if planned.explicit:
                    open_.add(each.asset.target)
                    rules.add(name)
    return Uncompared(len(open_), _notes(rules))


def _notes(rules: set[str]) -> tuple[str, ...]:
    if not rules:
        return ()
    names, were = ", ".join(sorted(rules)), "was" if len(rules) == 1 else "were"
    return (f"{names} {were} not asked: this run leaves out promises to compare with",)
