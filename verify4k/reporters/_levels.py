"""All that a run has to tell in one list, for formats that know only one kind of thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.named_tuple import NamedTuple
from verify4k.report import SEVERITIES
from verify4k.reporters._plain import left_out, sentence

if TYPE_CHECKING:
    from verify4k.documents.nodes import Place
    from verify4k.report import Report, Severity


class Item(NamedTuple):
    """One thing to tell, text raw. Undecided counts as an error: it is not a pass."""

    severity: Severity
    rule: str
    path: str
    target: str
    message: str
    fix: str
    origin: str
    place: Place
    undecided: bool

    @property
    def line(self) -> str:
        """The whole message in one sentence."""
        return f"{self.path}: {self.message}" + (f". Fix: {self.fix}" if self.fix else "")


def items(report: Report) -> list[Item]:
    """Return everything that a run has to tell, in report order: findings, undecided, what nobody asked."""
    told = [
        Item(f.severity, f.rule, f.path, f.target, sentence(f), f.fix, f.origin, f.place, undecided=False)
        for f in report.findings
    ]
    told += [
        Item(
            "error",
            u.rule,
            u.path,
            u.target,
            f"could not be verified: {u.reason}",
            u.hint,
            "",
            u.place,
            undecided=True,
        )
        for u in report.undecided
    ]
    told += [
        Item("warning", n.rule, n.path, n.target, left_out(n), "", "", n.place, undecided=False)
        for n in report.unasked
    ]
    return told


def worst_first(told: list[Item]) -> list[Item]:
    """Return the items sorted by severity, findings before undecided; otherwise as they were."""
    return sorted(told, key=lambda item: (SEVERITIES.index(item.severity), item.undecided))
