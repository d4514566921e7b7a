"""Readable blocks for people: what is wrong, expected and got, who promised it, what to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from verify4k.reporters._plain import green, hops, left_out, shown, spot, verdicts
from verify4k.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeVar

    from verify4k.report import AssetResult, Finding, RenderOptions, Report, Unasked, Undecided

    ToldT = TypeVar("ToldT", Finding, Undecided)

_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "undecided": "1;35",
    "not asked": "1;35",
    "passed": "32",
    "ignored": "2",
    "bold": "1",
    "dim": "2",
}
_LABEL = 10
_ALIKE = 20  # blocks of one rule that are shown whole; the totals count them all


def render(report: Report, options: RenderOptions) -> str:
    """Return one block a finding and a summary line; more or less of it by verbosity."""
    pen = _Pen(options)
    blocks = list(pen.alike(report.findings, pen.finding))
    blocks += list(pen.alike(report.undecided, pen.undecided))
    blocks += list(pen.unasked(report.unasked, each=options.verbosity >= 1))
    if options.verbosity >= 1:
        blocks += [pen.ignored(finding) for finding in report.suppressed]
        blocks += list(pen.assets(report.assets, rules=options.verbosity >= 2))
    if options.verbosity >= 0:
        blocks += [pen.note(note) for note in report.notes]
        blocks.append(pen.summary(report))
    return "\n\n".join(blocks) + "\n" if blocks else ""


class _Pen:
    """Writes blocks, in colour or not."""

    def __init__(self, options: RenderOptions) -> None:
        self._color = options.color
        self._verbosity = options.verbosity
        self._width = max(options.width, 40)

    def alike(self, told: Sequence[ToldT], block: Callable[[ToldT], str]) -> Iterator[str]:
        """Yield a block each; where one rule has very much to say, the first ones and how many more."""
        most = _ALIKE if self._verbosity == 0 else len(told)
        counts: Counter[str] = Counter()
        for one in told:
            counts[one.rule] += 1
            if counts[one.rule] <= most:
                yield block(one)
        for rule, number in counts.items():
            if number > most:
                yield self.note(f"{number - most:,} more of {rule} are not shown; -v shows all")

    def finding(self, finding: Finding) -> str:
        """Return the block of one finding."""
        rows = [
            ("expected", finding.expected),
            ("got", finding.actual),
            ("served at", (finding.url if finding.url != finding.path else "") or ""),
            ("chain", hops(finding) if finding.chain else ""),
            ("so too", ", ".join(finding.also)),
            ("fix", finding.fix),
        ]
        return self._block(
            finding.severity,
            finding.rule,
            finding.path,
            [finding.message, *self._rows(rows[:5]), self._promised(finding), *self._rows(rows[5:])],
        )

    def undecided(self, undecided: Undecided) -> str:
        """Return the block of a promise that could not be checked."""
        promised = self._row("promised", spot(undecided.place))
        lines = [
            f"could not be verified: {undecided.reason}",
            promised,
            *self._rows([("hint", undecided.hint)]),
        ]
        return self._block("undecided", undecided.rule, undecided.path, lines)

    def unasked(self, unasked: tuple[Unasked, ...], *, each: bool) -> Iterator[str]:
        """Return what was promised and not asked: a block a promise, or one for each way to leave it out."""
        if each:
            for one in unasked:
                yield self._block(
                    "not asked", one.rule, one.path, [left_out(one), self._row("promised", spot(one.place))]
                )
            return
        for reason in dict.fromkeys(one.reason for one in unasked):
            told = [one for one in unasked if one.reason == reason]
            rules = ", ".join(dict.fromkeys(one.rule for one in told))
            first = f"{shown(told[0].path)}, {shown(told[0].promise)} ({spot(told[0].place)})"
            said = f"{counted(len(told), 'promise')} not asked: {shown(reason)} leaves out {shown(rules)}"
            more = "; -v lists all" if len(told) > 1 else ""
            yield "\n".join(
                [self._paint(said, "undecided"), self._row("the first" if more else "namely", first + more)]
            )

    def ignored(self, finding: Finding) -> str:
        """Return the block of a finding that does not count, and why."""
        why = finding.suppressed
        reason = "" if why is None else f"{why.kind}: {why.reason}"
        where = "" if why is None or why.place is None else f" ({spot(why.place)})"
        rows = self._rows(
            [("expected", finding.expected), ("got", finding.actual), ("because", reason + where)]
        )
        return self._block("ignored", finding.rule, finding.path, [finding.message, *rows])

    def assets(self, assets: Iterable[AssetResult], *, rules: bool) -> Iterator[str]:
        """Return a line for each asset that passed; with ``rules`` every asset and its rules."""
        for asset in assets:
            if asset.verdict == "passed" or rules:
                word = {"passed": "passed", "failed": "error"}.get(asset.verdict, "undecided")
                name = self._paint(shown(asset.path), "bold")
                lines = [f"{self._paint(asset.verdict, word)} {name}{_facts(asset)}"]
                if rules:
                    lines += [self._row(state, rule) for rule, state in asset.rules.items()]
                yield "\n".join(lines)

    def note(self, text: str) -> str:
        """Return a sentence about the run itself."""
        return "\n".join(self._wrapped(f"{self._paint('note', 'note')}: ", "note: ", shown(text)))

    def summary(self, report: Report) -> str:
        """Return the last line: the totals, and what they mean."""
        total = report.summary
        line = verdicts(report)
        if not total.assets:
            return line
        if report.exit_code == 0:
            if report.unasked:
                return self._paint(line, "undecided") + "; what was not asked is not kept"
            part = report.findings or report.uncompared
            return self._paint(line, "passed") + ("" if part else f"; {green(report)[1].lower()}")
        if report.exit_code == 3:
            hint = "; what could not be verified is not a pass (exit code 3)"
            return self._paint(line, "undecided") + hint
        return self._paint(line, "error")

    def _block(self, word: str, rule: str, path: str, lines: Iterable[str]) -> str:
        head = f"{self._paint(f'{word}[{shown(rule)}]', word)} {self._paint(shown(path), 'bold')}"
        message, *rest = lines
        return "\n".join([head, *self._wrapped("  ", "  ", shown(message)), *(line for line in rest if line)])

    def _promised(self, finding: Finding) -> str:
        return self._row("promised", f"{spot(finding.place)}  {shown(finding.origin)}".rstrip())

    def _rows(self, rows: Iterable[tuple[str, str]]) -> list[str]:
        return [self._row(label, shown(text)) for label, text in rows if text]

    def _row(self, label: str, text: str) -> str:
        padded = f"  {label:<{_LABEL}}"
        return "\n".join(self._wrapped(self._paint(padded, "dim"), padded, text))

    def _wrapped(self, painted: str, first: str, text: str) -> list[str]:
        """Break ``text`` at spaces so that lines fit; a word of its own length stays whole."""
        room = self._width - len(first)
        if len(text) <= room:
            return [painted + text]
        import textwrap

        lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
        return [painted + lines[0], *(" " * len(first) + line for line in lines[1:])]

    def _paint(self, text: str, style: str) -> str:
        return f"\033[{_CODES[style]}m{text}\033[0m" if self._color else text


def _facts(asset: AssetResult) -> str:
    shape, kind = asset.facts.get("displayed"), asset.facts.get("format")
    parts = [str(kind)] if kind else []
    if shape:
        parts.append(f"{shape[0]}x{shape[1]}")
    if asset.size is not None:
        parts.append(counted(asset.size, "byte"))
    return f"  {', '.join(parts)}" if parts else ""
