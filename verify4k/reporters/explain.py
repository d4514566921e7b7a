"""A walk through every rule for each asset: what was seen, what each rule claims, and its answer."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from verify4k.reporters._plain import left_out, shown, verdicts
from verify4k.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.report import AssetResult, Finding, RenderOptions, Report, RuleInfo, Undecided

_CODES = {"holds": "32", "problem": "1;31", "undecided": "1;35", "not asked": "2", "bold": "1"}
_LABEL = 11


def render(report: Report, options: RenderOptions) -> str:
    """Return a chapter for each asset and the summary line."""
    walk = _Walk(report, options)
    return "\n\n".join([*("\n".join(walk.asset(asset)) for asset in report.assets), verdicts(report)]) + "\n"


class _Walk:
    """Writes chapters; findings are looked up by asset and rule."""

    def __init__(self, report: Report, options: RenderOptions) -> None:
        self._rules = report.rules
        self._color = options.color
        self._width = max(options.width, 40)
        self._told: dict[tuple[str, str], list[str]] = {}
        for finding in report.findings:
            self._note(finding.target, finding.rule, _said(finding))
        for undecided in report.undecided:
            self._note(undecided.target, undecided.rule, _reason(undecided))
        for ignored in report.suppressed:
            why = ignored.suppressed.reason if ignored.suppressed is not None else ""
            self._note(ignored.target, ignored.rule, f"accepted ({why}): {_said(ignored)}")
        for unasked in report.unasked:
            self._note(unasked.target, unasked.rule, left_out(unasked))

    def _note(self, target: str, rule: str, text: str) -> None:
        self._told.setdefault((target, rule), []).append(text)

    def asset(self, asset: AssetResult) -> Iterator[str]:
        """Yield the lines of one asset: its promise, the facts, then rule by rule."""
        yield self._paint(f"{shown(asset.path)}: {asset.verdict}", "bold")
        promised = ", ".join(f"{key}: {text}" for key, text in asset.promised.items())
        yield from self._row("promised", f"{promised or 'an intact image'}  ({asset.place})")
        yield from self._row("seen", "; ".join(_facts(asset)) or "nothing")
        yield from self._row("depth", asset.depth)
        silent = []
        for rule in self._rules:
            state = asset.rules.get(rule.id, "not-asked")
            told = self._told.get((asset.target, rule.id), [])
            if state == "not-asked" and not told:
                silent.append(rule)
                continue
            word = state.replace("-", " ")
            yield from self._row(word, f"{rule.id}: {rule.title.rstrip('.')}", paint=word)
            for text in told:
                yield from self._row("", text)
        known = {rule.id for rule in self._rules}
        for (target, name), told in self._told.items():  # left out of the whole run
            if target == asset.target and name not in known:
                yield from self._row("not asked", name, paint="not asked")
                for text in told:
                    yield from self._row("", text)
        if silent:
            yield from self._row("not asked", "; ".join(map(_why, silent)), paint="not asked")

    def _row(self, label: str, text: str, paint: str = "") -> Iterator[str]:
        head = f"  {label:<{_LABEL}}"
        room = max(self._width - len(head), 20)
        lines = textwrap.wrap(shown(text), room, break_long_words=False, break_on_hyphens=False) or [""]
        yield (self._paint(head, paint) if paint else head) + lines[0]
        yield from (" " * len(head) + line for line in lines[1:])

    def _paint(self, text: str, style: str) -> str:
        return f"\033[{_CODES[style]}m{text}\033[0m" if self._color else text


def _said(finding: Finding) -> str:
    parts = [f"{finding.severity}: {finding.message}"]
    parts += [f"expected {finding.expected}"] if finding.expected else []
    parts += [f"got {finding.actual}"] if finding.actual else []
    parts += [f"fix: {finding.fix}"] if finding.fix else []
    return "; ".join(parts)


def _reason(undecided: Undecided) -> str:
    hint = f"; {undecided.hint}" if undecided.hint else ""
    return f"could not be verified: {undecided.reason}{hint}"


def _facts(asset: AssetResult) -> Iterator[str]:
    """Yield the facts that the rules of this run asked for, in the order of ``inspect``."""
    for name, value in asset.facts.items():
        if value is None or name in ("target", "error"):
            continue
        pair = isinstance(value, list) and len(value) == 2 and all(isinstance(each, int) for each in value)
        yield f"{name} {value[0]}x{value[1]}" if pair else f"{name} {value}"


def _why(rule: RuleInfo) -> str:
    """Return what would make this run ask the rule."""
    if not rule.enabled:
        return f"{rule.id} (off by default)"
    if rule.keys:
        return f"{rule.id} (its options: {listed(rule.keys, 3)})"
    return rule.id
