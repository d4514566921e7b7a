"""One self-contained page for people: thumbnails, verdicts, evidence, filters, search, keyboard.

Nothing is loaded from anywhere, and a content security policy says so to the browser. Without
JavaScript every asset and finding is still there; only pictures, filters and search are not.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from verify4k.reporters._html_asset import render_asset, render_rule
from verify4k.reporters._html_script import SCRIPT
from verify4k.reporters._html_style import STYLE
from verify4k.reporters._plain import green, left_out, left_out_by_options, part_of
from verify4k.reporters._xml import escaped
from verify4k.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.report import Finding, RenderOptions, Report, Undecided

THUMBNAILS = True  # asks the engine for small pictures

CHUNK = 100  # rows that the browser lays out together, and not before they come near
_MANIFESTS = 20  # that the head names; a site may have hundreds of style sheets and components
_ORDER = ("failed", "undecided", "passed")
_HEADS = {
    1: ("failed", "Promises are broken"),
    2: ("failed", "Nothing was checked"),
    3: ("undecided", "Not everything could be verified"),
}


def render(report: Report, options: RenderOptions) -> str:
    """Return the page."""
    kind, title = _HEADS.get(report.exit_code, ("failed", "Failed"))
    if report.exit_code == 0:
        kind, title = green(report)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="verify4k {escaped(report.version)}">
<title>{title} · verify4k</title>
<style>{STYLE}</style>
</head>
<body>
<header class="top">
<h1 class="{kind}">{title}</h1>
<p class="about">{_about(report, options.epoch)}</p>
{_notes([*_unasked(report), *report.notes])}</header>
<main>
{_toolbar(report)}
<div id="assets">
{_assets(report)}</div>
<p id="none" hidden>No asset matches these filters.</p>
{_rules(report)}</main>
{_help()}
<script>{SCRIPT}</script>
</body>
</html>
"""


def _policy() -> str:
    def allowed(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    return (
        f"default-src 'none'; img-src data:; style-src {allowed(STYLE)}; script-src {allowed(SCRIPT)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _about(report: Report, epoch: int | None) -> str:
    parts = [
        *(
            f"<code>{escaped(ref.path)}</code> sha256 <code>{escaped(ref.sha256[:12])}</code>"
            for ref in report.manifests[:_MANIFESTS]
        ),
        *([f"{more:,} more were read"] if (more := len(report.manifests) - _MANIFESTS) > 0 else []),
        f"verify4k {escaped(report.version)}",
        f"fails on {report.fail_on}",
        counted(len(report.findings), "finding"),
    ]
    if report.part is not None:
        parts.append(f"a part: {escaped(part_of(report.part))}")
    for why, rules in left_out_by_options(report).items():
        parts.append(f"{counted(len(rules), 'rule')} left out by {escaped(why)}")
    if report.suppressed:
        parts.append(f"{len(report.suppressed):,} ignored")
    if any(asset.depth == "header" for asset in report.assets):
        parts.append("header depth: pixels were not looked at")
    if epoch is not None:
        from datetime import UTC, datetime

        parts.append(datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d %H:%M UTC"))
    return " · ".join(parts)


def _unasked(report: Report) -> list[str]:
    told = [f"{one.path}: {left_out(one)}" for one in report.unasked[:CHUNK]]
    more = len(report.unasked) - len(told)
    return [*told, f"and {counted(more, 'more promise')} not asked"] if more else told


def _notes(notes: Sequence[str]) -> str:
    items = "".join(f"<li>{escaped(note)}</li>" for note in notes)
    return f'<ul class="notes" aria-label="Notes">{items}</ul>\n' if items else ""


def _toolbar(report: Report) -> str:
    total = report.summary
    counts = {
        "all": total.assets,
        "failed": total.failed,
        "undecided": total.undecided,
        "passed": total.passed,
    }
    pressed = {"all": "true"}
    buttons = "".join(
        f'<button type="button" data-verdict="{name}" aria-pressed="{pressed.get(name, "false")}">'
        f"<b>{number:,}</b> {name}</button>"
        for name, number in counts.items()
    )
    told = sorted(
        {one.rule for one in report.findings + report.suppressed} | {one.rule for one in report.undecided}
    )
    options = "".join(f'<option value="{escaped(rule)}">{escaped(rule)}</option>' for rule in told)
    return f"""<search class="bar">
<div class="verdicts" role="group" aria-label="Verdict">{buttons}</div>
<label>Rule <select id="rule"><option value="">any</option>{options}</select></label>
<label>Search <input id="query" type="search" autocomplete="off" spellcheck="false"></label>
<button type="button" id="unfold" aria-pressed="false">Unfold</button>
<button type="button" id="keys" aria-haspopup="dialog">Keys</button>
<output id="shown">{counted(total.assets, "asset")}</output>
</search>"""


def _assets(report: Report) -> str:
    told: dict[str, tuple[list[Finding], list[Undecided], list[Finding]]] = {}
    pictures = {asset.path: asset.thumbnail for asset in report.assets}
    for asset in report.assets:
        told[asset.target] = ([], [], [])
    for finding in report.inherited:
        told[finding.target][0].append(finding)
    for finding in report.findings:
        told[finding.target][0].append(finding)
    for undecided in report.undecided:
        told[undecided.target][1].append(undecided)
    for finding in report.suppressed:
        told[finding.target][2].append(finding)
    worst_first = sorted(report.assets, key=lambda asset: _ORDER.index(asset.verdict))
    rows = [render_asset(asset, *told[asset.target], pictures) + "\n" for asset in worst_first]
    return "".join(_chunk(rows[start : start + CHUNK], start) for start in range(0, len(rows), CHUNK))


def _chunk(rows: list[str], start: int) -> str:
    label = f"Assets {start + 1:,} to {start + len(rows):,}"
    return f'<ol start="{start + 1}" aria-label="{label}">\n{"".join(rows)}</ol>\n'


def _rules(report: Report) -> str:
    pages = "".join(render_rule(rule) for rule in report.rules)
    return f'<section aria-labelledby="rules"><h2 id="rules">Rules</h2>{pages}</section>\n'


def _help() -> str:
    keys = {
        "/": "search",
        "j k": "next, previous asset",
        "Enter": "fold or unfold",
        "1 2 3 4": "all, failed, undecided, passed",
        "Esc": "clear all filters",
        "?": "this list",
    }
    rows = "".join(f"<dt><kbd>{key}</kbd></dt><dd>{text}</dd>" for key, text in keys.items())
    return (
        f'<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2><dl>{rows}</dl>'
        '<form method="dialog"><button>Close</button></form></dialog>'
    )
