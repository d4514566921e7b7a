"""Baselines: what was there when verify4k came is accepted, what is new or changed is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from accepted import SHA, promise
from repositories import GOOD, OTHER, SMALL

from verify4k.checking.baseline import Baseline, KnownFinding, read_baseline, written
from verify4k.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.png").write_bytes(SMALL)
    (tmp_path / "b.png").write_bytes(GOOD)
    return tmp_path


def test_a_baseline_accepts_what_was_there_when_it_was_written(project: Path, run: Any) -> None:
    promise(project, "a.png: 64x36", "b.png: 64x36")
    first = run("check", "--write-baseline", "base.json")
    assert first.code == 1  # writing accepts nothing
    assert "wrote 1 finding to base.json" in first.err
    outcome = run("check", "--baseline", "base.json", "--format", "json")
    assert outcome.code == 0
    [accepted] = json.loads(outcome.out)["suppressed"]
    assert accepted["suppressed"]["kind"] == "baseline"
    assert run("check", "--baseline", "base.json", "--depth", "header").code == 0


CHANGES = [
    pytest.param(lambda p: (p / "a.png").write_bytes(SMALL + b"\0"), id="the file"),
    pytest.param(lambda p: promise(p, "a.png: 128x72", "b.png: 64x36"), id="the promise"),
    pytest.param(
        lambda p: promise(p, "a.png: {size: 64x36, mode: gray}", "b.png: 64x36"), id="another finding"
    ),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_new_is_not_in_the_baseline(change: Any, project: Path, run: Any) -> None:
    promise(project, "a.png: 64x36", "b.png: 64x36")
    run("check", "--write-baseline", "base.json")
    assert run("check", "--baseline", "base.json").code == 0
    change(project)
    assert run("check", "--baseline", "base.json").code == 1


def test_a_baseline_says_what_it_lists_in_vain(project: Path, run: Any) -> None:
    promise(project, "a.png: 64x36", "b.png: 32x18")
    run("check", "--write-baseline", "base.json")
    (project / "a.png").write_bytes(GOOD[:-1] + GOOD[-1:])
    promise(
        project,
        '"a.png": {size: 64x36, same-as-others: allowed}',
        "b.png: {size: 32x18, same-as-others: allowed}",
    )
    outcome = run("check", "--baseline", "base.json")
    assert outcome.code == 0
    assert "1 finding is not there any more (the first: exact-size of a.png)" in " ".join(outcome.out.split())
    promise(project, "a.png: 64x36")
    outcome = run("check", "--baseline", "base.json")
    assert "2 findings are not there any more" in " ".join(outcome.out.split())


def test_a_baseline_is_renewed_in_one_run_and_is_byte_stable(project: Path, run: Any) -> None:
    (project / "c.png").write_bytes(OTHER)
    promise(project, "a.png: 64x36", "c.png: 32x18")
    run("check", "--write-baseline", "base.json")
    first = (project / "base.json").read_bytes()
    assert run("check", "--baseline", "base.json", "--write-baseline", "base.json").code == 0
    assert (project / "base.json").read_bytes() == first
    assert json.loads(first)["findings"][0] == {
        "target": "a.png", "rule": "exact-size", "expected": "64x36", "sha256": SHA,
    }  # fmt: skip


def test_findings_without_content_are_left_out_aloud(project: Path, run: Any) -> None:
    promise(project, "gone.png: 64x36")
    outcome = run("check", "--write-baseline", "base.json")
    assert outcome.code == 1
    assert "left out 1 about files that cannot be read" in outcome.err
    assert read_baseline((project / "base.json").read_bytes(), "x") == Baseline("x", frozenset())


@pytest.mark.parametrize(
    "argv",
    [
        ["a.png"],
        ["--staged"],
        ["--since", "x"],
        ["--select", "still"],
        ["--ignore", "still"],
        ["--depth", "header"],
    ],
)
def test_a_part_of_a_run_makes_no_baseline(argv: list[str], project: Path, run: Any) -> None:
    promise(project, "a.png: 64x36")
    outcome = run("check", "--write-baseline", "base.json", *argv)
    assert (outcome.code, "a baseline lists the findings of a whole run" in outcome.err) == (2, True)
    assert not (project / "base.json").exists()


NO_BASELINE = [
    b"",
    b"[]",
    b"{}",
    b'{"schema": 2, "findings": []}',
    b'{"schema": 1}',
    b'{"schema": 1, "findings": [1]}',
    b'{"schema": 1, "findings": [{"target": "a"}]}',
    b'{"schema": 1, "findings": [{"target": "a", "rule": "b", "expected": "", "sha256": "12"}]}',
    b'{"schema": 1, "tool": {"name": "verify4k"}, "summary": {}, "findings": []}',  # a JSON report
    b"\xff",
    b"[" * 100_000,
]


@pytest.mark.parametrize("data", NO_BASELINE)
def test_a_file_that_is_no_baseline_is_a_usage_mistake(data: bytes, project: Path, run: Any) -> None:
    promise(project, "b.png: 64x36")
    (project / "base.json").write_bytes(data)
    outcome = run("check", "--baseline", "base.json")
    assert (outcome.code, "base.json is no baseline" in outcome.err) == (2, True)
    assert "--write-baseline" in outcome.err


def test_a_baseline_that_is_not_there_is_a_usage_mistake(project: Path, run: Any) -> None:
    promise(project, "b.png: 64x36")
    assert run("check", "--baseline", "base.json").code == 2


def test_names_of_any_bytes_survive_a_baseline() -> None:
    known = [KnownFinding('x\n\udcff"', "exact-size", "64x36", "a" * 64)]
    assert read_baseline(written(known), "x").known == frozenset(known)
    with pytest.raises(UsageError):
        read_baseline(written(known)[:-3], "x")
