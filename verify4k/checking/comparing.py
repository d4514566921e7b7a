"""Rules about the run as a whole: what artifacts have to do with each other.

A run of a part (TARGETs, what is staged, a shard, what was done before Ctrl-C) does not see the others: what
was not compared with them is not said to hold.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from verify4k.artifacts.guard import guarded
from verify4k.checking.judging import finding, stranger, undecide
from verify4k.errors import Verify4kError
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
    from typing import Any

    from verify4k.checking.plan import Plan
    from verify4k.checking.results import Results
    from verify4k.checking.scope import Scope
    from verify4k.files.source import Source
    from verify4k.model import Asset, Problem
    from verify4k.rule import Compare, Rule, Surroundings


class Uncompared(NamedTuple):
    """What a run of a part leaves open. ``promises``: of how many assets one says how they compare."""

    promises: int = 0
    notes: tuple[str, ...] = ()


def compare(
    results: Results,
    plan: Plan,
    surroundings: Surroundings,
    source_of: Callable[[Asset], Source],
    display: Callable[[Asset], str],
) -> None:
    """Ask every rule about the run what it has against the artifacts together."""
    for rule in plan.rules.values():
        kept = results.kept(rule.id) if rule.compare is not None else None
        if not kept or rule.compare is None:
            continue
        try:
            problems = guarded(partial(_all_problems, rule.compare, kept, surroundings))
        except Verify4kError as error:  # what one asset hides, all of them might
            for each in map(results.recalled, kept.numbers):
                undecide(each, rule.id, error, display(each.asset))
                each.states[rule.id] = "undecided"
            continue
        homes = results.homes(asset for asset, _ in problems)
        for asset, problem in problems:
            if id(asset) not in homes:  # a file that was not promised: reported as one of its own
                homes[id(asset)] = stranger(asset, source_of(asset))
                results.strangers.append(homes[id(asset)])
            home = homes[id(asset)]
            planned = next(p for p in plan.of(asset) if p.rule.id == rule.id)
            home.findings.append(finding(asset, planned, problem, display(asset)))
            home.states[rule.id] = "problem"


def _all_problems(
    compare: Compare, kept: Sequence[tuple[Asset, Any]], surroundings: Surroundings
) -> list[tuple[Asset, Problem]]:
    return list(compare(kept, surroundings))


def leave_open(results: Results, plan: Plan, scope: Scope, missed: Collection[int] = ()) -> Uncompared:
    """Take back "holds" where a rule has to compare with promises that this run leaves out.

    Say which, of those that a promise asks for: a rule that nobody asked for breaks no promise by silence.

    Args:
        results: what came of each asset, compared already.
        plan: which rules each one is asked.
        scope: the assets of this run.
        missed: numbers of those that it did not come to: it was interrupted.
    """
    if len(scope.assets) >= len(scope.manifest.assets) and not missed:
        return Uncompared()
    left_out = frozenset(missed)
    here = {asset.target for number, asset in enumerate(scope.assets) if number not in left_out}
    absent: dict[str, set[Hashable]] = {}
    for asset in scope.manifest.assets:
        if asset.target not in here:
            for planned in plan.of(asset):
                among = planned.rule.among
                if among is not None:
                    absent.setdefault(planned.rule.id, set()).add(among(asset))
    promises = 0
    rules: set[str] = set()
    for number, asset, compared in results.compared():
        left = [
            planned
            for planned in (() if absent.keys().isdisjoint(compared) else plan.of(asset))
            if planned.rule.id in compared
            and _has_others(planned.rule, asset, absent)
            and results.take_back(number, planned.rule.id)
        ]
        explicit = [planned.rule.id for planned in left if planned.explicit]
        promises += bool(explicit)
        rules.update(explicit)
    return Uncompared(promises, _notes(rules))


def _has_others(rule: Rule, asset: Asset, absent: Mapping[str, Collection[Hashable]]) -> bool:
    group = None if rule.among is None else rule.among(asset)
    return group is not None and group in absent.get(rule.id, ())


def _notes(rules: set[str]) -> tuple[str, ...]:
    if not rules:
        return ()
    names, were = ", ".join(sorted(rules)), "was" if len(rules) == 1 else "were"
    return (f"{names} {were} not asked: this run leaves out promises to compare with",)
