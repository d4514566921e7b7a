"""What a run did not ask: promises that a rule left out was about, and rules that are asked by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.report import RuleLeftOut, Unasked
from verify4k.text import counted, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from verify4k.checking.plan import LeftOut, Plan
    from verify4k.model import Asset
    from verify4k.report import Report


def unasked_promises(
    plan: Plan, assets: Sequence[Asset], display: Callable[[Asset], str]
) -> Iterator[Unasked]:
    """Yield what was promised and is left out of this run; also of assets that no rule is asked about."""
    for asset in assets:
        for left in plan.left_out(asset):
            promise = ", ".join(f"{key}: {asset.written[key]}" for key in left.keys)
            place = asset.places.get(left.keys[0], asset.place) if left.keys else asset.place
            said = promise or "that it can be read"
            yield Unasked(asset.target, left.rule, said, left.reason, place, display(asset))


def with_rules_left_out(report: Report, plan: Plan, assets: Sequence[Asset]) -> Report:
    """Return a report that tells which rules were left out that nobody promised anything about.

    What an option of the run leaves out is a note too; the manifest's own choice is no news to its readers.
    """
    found = tuple(_rules_left_out(plan, assets))
    return report._replace(rules_left_out=found, notes=(*report.notes, *_notes(found)))


def _rules_left_out(plan: Plan, assets: Sequence[Asset]) -> Iterator[RuleLeftOut]:
    # by identity: there may be a million assets, of which most share theirs
    alike: dict[int, tuple[tuple[LeftOut, ...], int]] = {}
    for asset in assets:
        usual = plan.usual_left_out(asset)
        if usual:
            alike[id(usual)] = usual, alike.get(id(usual), (usual, 0))[1] + 1
    counts: dict[tuple[str, str], int] = {}
    for usual, number in alike.values():
        for left in usual:
            counts[left.rule, left.reason] = counts.get((left.rule, left.reason), 0) + number
    for (rule, reason), number in sorted(counts.items()):
        yield RuleLeftOut(rule, reason, number)


def _notes(found: Sequence[RuleLeftOut]) -> Iterator[str]:
    for reason in sorted({each.reason for each in found if each.by_option}):
        rules = [each.rule for each in found if each.reason == reason]
        yield f"{reason} leaves out {counted(len(rules), 'rule')} asked by default: {listed(rules)}"
