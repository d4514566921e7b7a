"""Every example on a rule's page is true: made as a real file and checked by the real engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pictures import make

from verify4k.checking.engine import check
from verify4k.checking.plan import Settings
from verify4k.files.targets import images_beside
from verify4k.manifest.load import load_manifest
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from verify4k.rule import Example

CASES = [
    pytest.param(rule.id, example, id=f"{rule.id}: {example.title}")
    for rule in all_rules().values()
    for example in rule.examples
]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_the_example_behaves_as_its_page_says(rule: str, example: Example, tmp_path: Path) -> None:
    for picture in example.files:
        make(picture, tmp_path)
    promised = [p.name for p in example.files if p.kind != "unlisted"]
    entries = dict.fromkeys(promised, example.promise)
    path = tmp_path / "verify4k.json"
    path.write_text(json.dumps({"version": 1, "files": entries}))
    report = check(
        load_manifest(path),
        Settings(select=frozenset({rule})),
        images_beside=lambda m: images_beside(str(m.root), [a.target for a in m.assets]),
    )
    assert report.undecided == ()
    assert [f.rule for f in report.findings] == [rule] * len(report.findings)
    assert bool(report.findings) == example.fails
