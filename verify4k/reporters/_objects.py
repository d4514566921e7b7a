"""The report as plain objects: what json and jsonl print, and report.schema.json describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verify4k.report import AssetResult, Finding, Report, Unasked, Undecided

SCHEMA = 1


def run_object(report: Report) -> dict[str, Any]:
    """Return what is known of the run as a whole."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "verify4k", "version": report.version},
        "exit_code": report.exit_code,
        "fail_on": report.fail_on,
        "manifest": {"path": report.manifest_path, "sha256": report.manifest_sha256},
        "manifests": [ref._asdict() for ref in report.manifests],
        "summary": report.summary._asdict(),
        "part": None if report.part is None else report.part._asdict(),
        "rules_left_out": [each._asdict() for each in report.rules_left_out],
    }


def asset_object(asset: AssetResult) -> dict[str, Any]:
    """Return one promised asset."""
    return {
        "target": asset.target,
        "path": asset.path,
        "line": asset.place.line,
        "verdict": asset.verdict,
        "depth": asset.depth,
        "sha256": asset.sha256,
        "bytes": asset.size,
        "promised": dict(asset.promised),
        "facts": dict(asset.facts),
        "rules": dict(asset.rules),
    }


def finding_object(finding: Finding) -> dict[str, Any]:
    """Return one finding; ``path``, ``line`` and ``column`` are those of the promise."""
    found: dict[str, Any] = {
        "target": finding.target,
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message,
        "expected": finding.expected,
        "actual": finding.actual,
        "fix": finding.fix,
        "origin": finding.origin,
        "artifact": finding.path,
        "path": finding.place.path,
        "line": finding.place.line,
        "column": finding.place.column,
        "url": finding.url,
        "hop": finding.hop,
        "chain": [link._asdict() for link in finding.chain],
        "also": list(finding.also),
        "evidence": None if finding.evidence is None else dict(finding.evidence),
    }
    why = finding.suppressed
    if why is not None:
        found["suppressed"] = {
            "kind": why.kind,
            "reason": why.reason,
            "line": None if why.place is None else why.place.line,
        }
    return found


def unasked_object(unasked: Unasked) -> dict[str, Any]:
    """Return one promise that this run asked no rule about."""
    return {
        "target": unasked.target,
        "rule": unasked.rule,
        "promise": unasked.promise,
        "reason": unasked.reason,
        "artifact": unasked.path,
        "path": unasked.place.path,
        "line": unasked.place.line,
        "column": unasked.place.column,
    }


def undecided_object(undecided: Undecided) -> dict[str, Any]:
    """Return one promise that could not be checked."""
    return {
        "target": undecided.target,
        "rule": undecided.rule,
        "reason": undecided.reason,
        "hint": undecided.hint,
        "artifact": undecided.path,
        "path": undecided.place.path,
        "line": undecided.place.line,
        "column": undecided.place.column,
    }
