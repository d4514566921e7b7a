"""HTML of one asset: a line to scan, and below it everything that is known."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from verify4k.reporters._html_evidence import draw
from verify4k.reporters._html_page import as_html, inline
from verify4k.reporters._measured import measured
from verify4k.reporters._xml import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verify4k.report import AssetResult, Finding, RuleInfo, Undecided

_SHORT = 3  # problems named before the asset is unfolded


def render_asset(
    asset: AssetResult,
    findings: Sequence[Finding],
    undecided: Sequence[Undecided],
    suppressed: Sequence[Finding],
    pictures: Mapping[str, bytes | None],
) -> str:
    """Return a list item; the browser folds what is below the summary."""
    rules = " ".join(dict.fromkeys(_rules(findings, undecided, suppressed)))
    body = [_finding(one, asset, pictures) for one in findings]
    body += [_undecided(one) for one in undecided]
    body += [_finding(one, asset, pictures) for one in suppressed]
    return (
        f'<li class="asset {asset.verdict}" data-verdict="{asset.verdict}" data-rules="{escaped(rules)}">'
        f"<details><summary>{_line(asset, findings, undecided)}</summary>"
        f'<div class="more">{"".join(body)}{_facts(asset)}</div></details></li>'
    )


def render_rule(rule: RuleInfo) -> str:
    """Return a rule's page, folded."""
    online = "" if rule.url is None else f'<p><a href="{escaped(rule.url)}">This page on the web</a></p>'
    return (
        f'<details class="rule" id="rule-{escaped(rule.id)}"><summary><code>{escaped(rule.id)}</code> '
        f'{inline(rule.title)}</summary><div class="page">{as_html(rule.page)}{online}</div></details>'
    )


def _line(asset: AssetResult, findings: Sequence[Finding], undecided: Sequence[Undecided]) -> str:
    promised = ", ".join(f"{name} {text}" for name, text in asset.promised.items())
    problems = [(one.rule, _arrow(one)) for one in findings] + [(one.rule, one.reason) for one in undecided]
    short = "".join(
        f"<span><code>{escaped(rule)}</code> {escaped(text)}</span>" for rule, text in problems[:_SHORT]
    )
    if len(problems) > _SHORT:
        short += f"<span>and {len(problems) - _SHORT:,} more</span>"
    return (
        f'<span class="thumb">{_picture(asset.thumbnail)}</span>'
        f'<span class="name">{escaped(asset.path)}</span>'
        f'<span class="verdict">{asset.verdict}</span>'
        f'<span class="pair"><b>Promised</b> {escaped(promised) or "an intact image"}</span>'
        f'<span class="pair"><b>Measured</b> {escaped(measured(asset)) or "nothing"}</span>'
        + (f'<span class="short">{short}</span>' if short else "")
    )


def _size(asset: AssetResult) -> Sequence[int] | None:
    """Return the size that evidence counts in; None where the thumbnail lies the other way round."""
    stored: Sequence[int] | None = asset.facts.get("stored")
    return stored if stored == asset.facts.get("displayed") else None


def _rules(*told: Iterable[Finding | Undecided]) -> Iterable[str]:
    return (one.rule for group in told for one in group)


def _picture(thumbnail: bytes | None) -> str:
    if thumbnail is None:
        return '<span class="blank" aria-hidden="true">no picture</span>'
    data = base64.b64encode(thumbnail).decode("ascii")
    return f'<img alt="" data-src="data:image/webp;base64,{data}">'  # the script loads what is in view


def _arrow(finding: Finding) -> str:
    both = f" ({finding.expected} → {finding.actual})" if finding.expected and finding.actual else ""
    return finding.message + both


def _finding(finding: Finding, asset: AssetResult, pictures: Mapping[str, bytes | None]) -> str:
    why = finding.suppressed
    word = finding.severity if why is None else "ignored"
    rows = {
        "Expected": finding.expected,
        "Got": finding.actual,
        "Promised": f"{finding.place} {finding.origin}".rstrip(),
        "Served at": finding.url or "",
        "So too": ", ".join(finding.also),
        "Fix": finding.fix,
        "Ignored": ""
        if why is None
        else f"{why.kind}: {why.reason}" + (f" ({why.place})" if why.place else ""),
    }
    return (
        f'<section class="told {word}"><h2><span class="word">{word}</span> {_link(finding.rule)} '
        f"{escaped(finding.message)}</h2>{_table(rows)}{_chain(finding, pictures)}"
        f"{draw(finding, _size(asset), asset.close_up)}</section>"
    )


_STATES = {"ok": "ok", "lost": "lost here", "same": "already so", "": ""}


def _chain(finding: Finding, pictures: Mapping[str, bytes | None]) -> str:
    """Draw the way from the first source, each artifact with its picture."""
    if not finding.chain:
        return ""
    items = "".join(
        f'<li class="{link.state or "open"}">'
        + ("" if link.target is None else f'<span class="thumb">{_picture(pictures.get(link.path))}</span>')
        + f"<code>{escaped(link.path)}</code> {escaped(link.said)} <b>{_STATES[link.state]}</b> "
        f"{escaped(link.note)}</li>"
        for link in finding.chain
    )
    return f'<ol class="chain" aria-label="From the source to {escaped(finding.path)}">{items}</ol>'


def _undecided(one: Undecided) -> str:
    rows = {"Reason": one.reason, "Promised": str(one.place), "Hint": one.hint}
    return (
        f'<section class="told undecided"><h2><span class="word">undecided</span> {_link(one.rule)} '
        f"could not be verified</h2>{_table(rows)}</section>"
    )


def _link(rule: str) -> str:
    return f'<a href="#rule-{escaped(rule)}"><code>{escaped(rule)}</code></a>'


def _table(rows: Mapping[str, str]) -> str:
    told = "".join(f"<dt>{label}</dt><dd>{escaped(text)}</dd>" for label, text in rows.items() if text)
    return f"<dl>{told}</dl>" if told else ""


def _facts(asset: AssetResult) -> str:
    """Return facts and rules in few elements: there may be thousands of assets."""
    facts = [
        f"{name} {_short(value)}"
        for name, value in asset.facts.items()
        if value is not None and name != "target"
    ]
    states: dict[str, list[str]] = {}
    for rule, state in asset.rules.items():
        states.setdefault(state, []).append(rule)
    rows = {
        "Manifest": str(asset.place),
        "Facts": " · ".join(facts),
        "Holds": ", ".join(states.get("holds", ())),
        "Not asked": ", ".join(states.get("not-asked", ())),
        "Undecided": ", ".join(states.get("undecided", ())),
        "SHA-256": asset.sha256 or "not read as a whole",
    }
    told = "\n".join(f"{label}: {escaped(text)}" for label, text in rows.items() if text)
    return f'<p class="facts">{told}</p>'


def _short(value: object) -> str:
    if isinstance(value, list | tuple):
        return "x".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
