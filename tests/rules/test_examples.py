"""Every example on a rule's page is true: made as a real file and checked by the real engine."""

from __future__ import annotations

import json
import re
from contextlib import nullcontext
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from pictures import make
from repositories import Repo, clean_environment
from served import server_of

from verify4k import Network, check
from verify4k.checking.plan import Settings
from verify4k.manifest.load import load_manifest
from verify4k.options.kinds import describe
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from verify4k.model import Problem
    from verify4k.report import Finding
    from verify4k.rule import Example, Rule

CASES = [
    pytest.param(rule, example, id=f"{rule.id}: {example.title}")
    for rule in all_rules().values()
    for example in rule.examples
]


def _found(finding: Finding) -> tuple[str, ...]:
    return finding.message, finding.expected, finding.actual, finding.severity


def _stated(problem: Problem, rule: Rule) -> tuple[str, ...]:
    return problem.message, problem.expected, problem.actual, problem.severity or rule.severity


def _agrees(stated: str, found: str) -> bool:
    return re.fullmatch(".+".join(map(re.escape, stated.split("..."))), found) is not None


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_the_example_behaves_as_its_page_says(rule: Rule, example: Example, tmp_path: Path) -> None:
    for picture in example.files:
        make(picture, tmp_path)
    if example.attributes:
        repository = Repo(tmp_path, clean_environment(tmp_path))
        repository.git("init", "-q")
        repository.git("add", ".")
        (tmp_path / ".gitattributes").write_text(f"{example.attributes}\n")
    path = tmp_path / "verify4k.json"
    served = {picture.name: picture for picture in example.files if picture.served}
    with server_of(served, tmp_path) if served else nullcontext() as server:
        promised = [
            f"{server.url}/{p.name}" if server and p.served else p.name
            for p in example.files
            if p.kind != "unlisted"
        ]
        entries: dict[str, Any] = dict.fromkeys(promised, example.promise)
        if rule.along is not None:  # each comes from the one before it, and the first promises nothing
            entries = {name: {**example.promise, "from": source} for source, name in pairwise(promised)}
            entries[promised[0]] = {}
        groups = {"groups": example.groups} if example.groups else {}
        path.write_text(json.dumps({"version": 1, "files": {} if groups else entries, **groups}))
        network = Network(allow_private=True)
        report = check(load_manifest(path), Settings(select=frozenset({rule.id})), network=network)
    assert report.undecided == ()
    assert [f.rule for f in report.findings] == [rule.id] * len(report.findings)
    found = sorted(map(_found, report.findings))
    stated = sorted(_stated(problem, rule) for problem in example.problems)
    assert len(found) == len(stated), found
    for told, wanted in zip(found, stated, strict=True):
        assert all(map(_agrees, wanted, told)), f"{told} is not {wanted}"
    assert all(f.fix for f in report.findings), "a finding without a next step"
    states = {asset.rules[rule.id] for asset in report.assets}
    assert ("problem" in states) is bool(example.problems)
    _points_at_the_promise(rule, example, report.findings)


def _points_at_the_promise(rule: Rule, example: Example, findings: tuple[Finding, ...]) -> None:
    """Where one option alone was promised, the finding names it and no other."""
    keys = [key for key in describe(rule.options) if key in example.promise] if rule.options else []
    for finding in findings if len(keys) == 1 else ():
        assert finding.origin.startswith(f"{keys[0]}: ")
