"""One line a finding, ``manifest:line:column: severity rule target: message``, for editors and grep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.reporters._plain import UNDECIDED, left_out, sentence, shown, spot, verdicts

if TYPE_CHECKING:
    from verify4k.documents.nodes import Place
    from verify4k.report import RenderOptions, Report


def render(report: Report, options: RenderOptions) -> str:
    """Return the lines, and the totals unless quiet."""
    lines = [_line(f.place, f.severity, f.rule, f.path, sentence(f)) for f in report.findings]
    lines += [_line(u.place, UNDECIDED, u.rule, u.path, u.reason) for u in report.undecided]
    lines += [_line(n.place, "not-asked", n.rule, n.path, left_out(n)) for n in report.unasked]
    if options.verbosity >= 0:
        lines.append(verdicts(report))
    return "".join(line + "\n" for line in lines)


def _line(place: Place, word: str, rule: str, path: str, message: str) -> str:
    return f"{spot(place)}: {word} {shown(rule)} {shown(path)}: {shown(message)}"
