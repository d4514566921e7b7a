"""Several reports of one run -> one report: a monorepo's manifests, pages and other lists of promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from verify4k.report import Part, RuleLeftOut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.report import AssetResult, Finding, Report, Unasked, Undecided

T = TypeVar("T", "AssetResult", "Finding", "Unasked", "Undecided")

_WORST_FIRST = (130, 2, 1, 3, 0)


def join(reports: Sequence[Report]) -> Report:
    """Return what all reports say, in their order; of one report, that report.

    Targets are relative to their own manifest, so two manifests may promise ``hero.png`` each: in the
    joined report an asset is called by its path.

    Args:
        reports: at least one, all of the same settings.
    """
    first = reports[0]
    if len(reports) == 1:
        return first
    refs = dict.fromkeys(ref for report in reports for ref in report.manifests)
    return first._replace(
        more_manifests=tuple(refs)[1:],
        assets=_by_path([asset for report in reports for asset in report.assets]),
        findings=_by_path([finding for report in reports for finding in report.findings]),
        undecided=_by_path([open_ for report in reports for open_ in report.undecided]),
        suppressed=_by_path([finding for report in reports for finding in report.suppressed]),
        inherited=_by_path([finding for report in reports for finding in report.inherited]),
        unasked=_by_path([one for report in reports for one in report.unasked]),
        uncompared=sum(report.uncompared for report in reports),
        part=_part(reports),
        rules_left_out=_rules_left_out(reports),
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
        exit_code=min((report.exit_code for report in reports), key=_WORST_FIRST.index),
    )


def _part(reports: Sequence[Report]) -> Part | None:
    """Return how much of all that is promised was checked; None: everything."""
    parts = [report.part for report in reports if report.part is not None]
    if not parts:
        return None
    whole = sum(len(report.assets) for report in reports if report.part is None)
    chosen_by = dict.fromkeys(each for part in parts for each in part.chosen_by)
    checked, promised = sum(part.checked for part in parts), sum(part.promised for part in parts)
    return Part(checked + whole, promised + whole, tuple(chosen_by))


def _rules_left_out(reports: Sequence[Report]) -> tuple[RuleLeftOut, ...]:
    counts: dict[tuple[str, str], int] = {}
    for report in reports:
        for rule, reason, assets in report.rules_left_out:
            counts[rule, reason] = counts.get((rule, reason), 0) + assets
    return tuple(RuleLeftOut(rule, reason, assets) for (rule, reason), assets in sorted(counts.items()))


def _by_path(told: Sequence[T]) -> tuple[T, ...]:
    return tuple(one._replace(target=one.path) for one in told)
