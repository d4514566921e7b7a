"""SARIF 2.1.0, for code scanning: rules with their pages, results on the manifest's lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k import published
from verify4k.report import SEVERITIES
from verify4k.reporters._dump import dump
from verify4k.reporters._places import in_repository
from verify4k.reporters._plain import left_out, sentence, shown
from verify4k.reporters._prints import Prints
from verify4k.reporters._sarif_parts import Artifacts, rule_object

if TYPE_CHECKING:
    from verify4k.report import Finding, RenderOptions, Report, Unasked, Undecided

MOST = 5_000  # GitHub refuses 25,000 results and shows the first 5,000
_STATES = {"ok": "the promise holds here", "lost": "lost here", "same": "so already", "": "made from this"}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report, options: RenderOptions) -> str:
    """Return one run; undecided promises are results too, of level error and kind open."""
    writer = _Writer(report, options)
    told = [*report.findings, *report.suppressed]
    told.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    results = [writer.open(undecided) for undecided in report.undecided]
    results += [writer.finding(finding) for finding in told]
    results += [writer.unasked(unasked) for unasked in report.unasked]
    invocation: dict[str, Any] = {
        "executionSuccessful": report.exit_code in (0, 1, 3),
        "exitCode": report.exit_code,
    }
    if options.epoch is not None:
        from datetime import UTC, datetime

        invocation["endTimeUtc"] = datetime.fromtimestamp(options.epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if report.rules_left_out:
        invocation["ruleConfigurationOverrides"] = writer.switched_off()
    notes = [shown(note) for note in report.notes]
    if len(results) > MOST:
        notes.append(
            f"{len(results) - MOST:,} of {len(results):,} results were left out; see the full report"
        )
    if notes:
        invocation["toolExecutionNotifications"] = [
            {"level": "note", "message": {"text": note}} for note in notes
        ]
    return (
        dump(
            {"$schema": SCHEMA, "version": "2.1.0", "runs": [writer.run(results[:MOST], invocation)]},
            indent=1,
        )
        + "\n"
    )


class _Writer:
    """Writes results that refer to rules and artifacts by index."""

    def __init__(self, report: Report, options: RenderOptions) -> None:
        self._report = report
        self._options = options
        self._rules = {rule.id: index for index, rule in enumerate(report.rules)}
        self._artifacts = Artifacts(report, options)
        self._prints = Prints()

    def run(self, results: list[dict[str, Any]], invocation: dict[str, Any]) -> dict[str, Any]:
        """Return the run around the results."""
        home = published("")
        started = "the folder that verify4k was started in"
        root = "the root of the repository" if self._options.repository else started
        driver = {
            "name": "verify4k",
            **({} if home is None else {"informationUri": home}),
            "version": self._report.version,
            "rules": [rule_object(rule) for rule in self._report.rules],
        }
        return {
            "tool": {"driver": driver},
            "invocations": [invocation],
            "originalUriBaseIds": {"SRCROOT": {"description": {"text": root}}},
            "artifacts": self._artifacts.objects,
            "results": results,
            "columnKind": "unicodeCodePoints",
            **({} if self._report.part is None else {"properties": {"part": self._report.part._asdict()}}),
        }

    def finding(self, finding: Finding) -> dict[str, Any]:
        """Return the result of a finding, suppressed or not."""
        rest = [("Promised by", finding.origin), ("Fix", finding.fix)]
        text = ". ".join([sentence(finding), *(f"{label}: {told}" for label, told in rest if told)])
        result = self._result(finding, finding.severity, text, (finding.message,))
        result["relatedLocations"] += self._way(finding)
        why = finding.suppressed
        if why is not None:
            kind = "external" if why.kind == "baseline" else "inSource"
            result["suppressions"] = [
                {"kind": kind, "status": "accepted", "justification": shown(why.reason)}
            ]
        if finding.evidence is not None:
            result["properties"] = {"evidence": dict(finding.evidence)}
        return result

    def switched_off(self) -> list[dict[str, Any]]:
        """Return the rules that this run left out, each once, as SARIF says it."""
        rules = dict.fromkeys(each.rule for each in self._report.rules_left_out)
        return [
            {"descriptor": {"id": rule, "index": self._rules[rule]}, "configuration": {"enabled": False}}
            for rule in rules
            if rule in self._rules
        ]

    def _way(self, finding: Finding) -> list[dict[str, Any]]:
        """Return where else to look: what the artifact was made from, and what was made from it."""
        told = [
            (link.path, f"{link.path} {link.said}: {_STATES[link.state]}")
            for link in finding.chain
            if link.target is not None and link.path != finding.path
        ]
        told += [(path, f"{path}: so too") for path in finding.also]
        return [self._artifacts.location(path, text) for path, text in told]

    def open(self, undecided: Undecided) -> dict[str, Any]:
        """Return the result of a promise that could not be checked."""
        hint = f". {undecided.hint}" if undecided.hint else ""
        text = f"could not be verified: {undecided.reason}{hint}"
        result = self._result(undecided, "error", text, ("undecided", undecided.reason))
        result["properties"] = {"undecided": True}
        return result

    def unasked(self, unasked: Unasked) -> dict[str, Any]:
        """Return the result of a promise that this run left out."""
        result = self._result(unasked, "warning", left_out(unasked), ("not asked", unasked.promise))
        result["properties"] = {"notAsked": True}
        return result

    def _result(
        self, told: Finding | Undecided | Unasked, level: str, text: str, identity: tuple[str, ...]
    ) -> dict[str, Any]:
        result: dict[str, Any] = {"ruleId": told.rule}
        path = in_repository(told.path, self._options)
        if told.rule in self._rules:
            result["ruleIndex"] = self._rules[told.rule]
        result.update(
            level=level,
            message={"text": f"{shown(told.path)}: {shown(text)}"},
            locations=[self._artifacts.promise(told.place)],
            relatedLocations=[self._artifacts.location(told.path, "the artifact")],
            partialFingerprints={"verify4k/v1": self._prints.of(path, told.rule, *identity)},
        )
        return result
