"""Baselines: findings that were there when verify4k came, each bound to one file's content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.errors import UsageError
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verify4k.report import Report

SCHEMA = 1
_KEYS = ("target", "rule", "expected", "sha256")
_AGAIN = "write it again with: verify4k check --write-baseline FILE"


class KnownFinding(NamedTuple):
    """One finding of a baseline. A changed promise (``expected``) is a new finding."""

    target: str
    rule: str
    expected: str
    sha256: str


class Baseline(NamedTuple):
    """What a baseline file holds."""

    path: str
    known: frozenset[KnownFinding]


def read_baseline(data: bytes, path: str) -> Baseline:
    """Read a baseline file. Raises `UsageError` for anything that ``--write-baseline`` does not write."""
    from verify4k.documents.strict_json import NotStrict, parse_json

    try:
        document = parse_json(data)
    except NotStrict as error:
        raise UsageError(f"{path} is no baseline: {error}", _AGAIN) from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise UsageError(f"{path} is no baseline that this verify4k reads (schema {SCHEMA})", _AGAIN)
    if "summary" in document:  # it has a schema and findings too, and would accept nothing in silence
        raise UsageError(f"{path} is no baseline, but a JSON report", _AGAIN)
    entries = document.get("findings")
    if not isinstance(entries, list):
        raise UsageError(f"{path} is no baseline: it has no list of findings", _AGAIN)
    return Baseline(path, frozenset(_known(entry, path) for entry in entries))


def _known(entry: Any, path: str) -> KnownFinding:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in _KEYS):
        raise UsageError(f"{path} is no baseline: a finding lacks one of {', '.join(_KEYS)}", _AGAIN)
    known = KnownFinding(**{key: entry[key] for key in _KEYS})
    if len(known.sha256) != 64 or not set(known.sha256) <= set("0123456789abcdef"):
        raise UsageError(f"{path} is no baseline: {known.sha256[:80]!a} is no SHA-256", _AGAIN)
    return known


def known_of(report: Report) -> tuple[frozenset[KnownFinding], int]:
    """Return what a baseline of this run holds, and how many findings have no content to be bound to."""
    digests = {asset.target: asset.sha256 for asset in report.assets}
    told = [
        *report.findings,
        *report.inherited,
        *(f for f in report.suppressed if f.suppressed and f.suppressed.kind == "baseline"),
    ]
    known = set()
    unbound = 0
    for finding in told:
        sha256 = digests.get(finding.target) if finding.bound is None else finding.bound
        if not sha256:
            unbound += 1
        else:
            known.add(KnownFinding(finding.target, finding.rule, finding.expected, sha256))
    return frozenset(known), unbound


def written(known: Iterable[KnownFinding]) -> bytes:
    """Return a baseline file: sorted, so that it merges line by line."""
    import json

    lines = [json.dumps(each._asdict()) for each in sorted(known)]
    body = ",\n".join(f"    {line}" for line in lines)
    listed = f"[\n{body}\n  ]" if lines else "[]"
    return f'{{\n  "schema": {SCHEMA},\n  "tool": "verify4k",\n  "findings": {listed}\n}}\n'.encode("ascii")
