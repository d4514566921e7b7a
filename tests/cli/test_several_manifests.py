"""Several manifests in one run: named, repeated or found below; one report, nothing passed over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from permissions import permissions_hold
from pictures import gradient, save

from verify4k.manifest.schema import report_schema

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def monorepo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two packages that each promise `hero.png` at 64x36; the second ships another size."""
    (tmp_path / ".git").mkdir()
    for name, size in (("a", (64, 36)), ("b", (32, 18))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "hero.png").write_bytes(save(gradient(*size), "hero.png"))
        (tmp_path / name / "verify4k.yaml").write_text("version: 1\nfiles: {hero.png: 64x36}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(outcome: Any) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(outcome.out)
    Draft202012Validator(report_schema()).validate(report)
    return report


ALL = [
    ["a/verify4k.yaml", "b/verify4k.yaml"],
    ["-c", "a/verify4k.yaml", "-c", "b/verify4k.yaml"],
    ["-c", "a/verify4k.yaml", "b/verify4k.yaml"],
    ["--all"],
]


@pytest.mark.parametrize("argv", ALL)
def test_no_manifest_that_was_named_goes_unchecked(argv: list[str], monorepo: Path, run: Any) -> None:
    outcome = run("check", "--format", "json", *argv)
    report = told(outcome)
    assert outcome.code == report["exit_code"] == 1
    assert [m["path"] for m in report["manifests"]] == ["a/verify4k.yaml", "b/verify4k.yaml"]
    assert {a["target"]: a["verdict"] for a in report["assets"]} == {
        "a/hero.png": "passed",
        "b/hero.png": "failed",
    }
    [finding] = report["findings"]
    assert (finding["target"], finding["path"], finding["line"]) == ("b/hero.png", "b/verify4k.yaml", 2)


def test_the_order_of_the_manifests_is_that_of_the_command_line(monorepo: Path, run: Any) -> None:
    report = told(run("check", "--format", "json", "b/verify4k.yaml", "a/verify4k.yaml", "b/verify4k.yaml"))
    assert [a["target"] for a in report["assets"]] == ["b/hero.png", "a/hero.png"]


def test_a_manifest_under_two_names_is_checked_once(monorepo: Path, run: Any) -> None:
    argv = ["a/verify4k.yaml", "./a/verify4k.yaml", "b/../a/verify4k.yaml"]
    report = told(run("check", "--format", "json", "-c", argv[2], *argv))
    assert [a["target"] for a in report["assets"]] == ["hero.png"]


def test_what_is_undecided_in_one_and_wrong_in_another_is_a_finding(monorepo: Path, run: Any) -> None:
    (monorepo / "a" / "art.xcf").write_bytes(b"gimp xcf file\0" + bytes(40))
    (monorepo / "a" / "verify4k.yaml").write_text("version: 1\nfiles: {art.xcf: 64x36}\n")
    assert run("check", "--all").code == 1
    (monorepo / "b" / "hero.png").write_bytes(save(gradient(64, 36), "hero.png"))
    assert run("check", "--all").code == 3


def test_a_manifest_that_promises_nothing_is_worse_than_findings_in_another(monorepo: Path, run: Any) -> None:
    (monorepo / "a" / "verify4k.yaml").write_text("version: 1\nfiles: {}\n")
    for argv in (["--all"], ["b/verify4k.yaml", "a/verify4k.yaml"]):
        outcome = run("check", *argv, "--format", "json")
        assert (outcome.code, told(outcome)["exit_code"]) == (2, 2)
        assert len(told(outcome)["findings"]) == 1
    assert run("check", "--all", "--allow-empty").code == 1


def test_a_statement_binds_every_manifest_and_names_files_by_path(monorepo: Path, run: Any) -> None:
    run("check", "--all", "--report", "in-toto=s.json")
    statement = json.loads((monorepo / "s.json").read_text())
    assert [s["name"] for s in statement["subject"]] == ["a/hero.png", "b/hero.png"]
    assert [c["name"] for c in statement["predicate"]["configuration"]] == [
        "a/verify4k.yaml",
        "b/verify4k.yaml",
    ]
    assert statement["predicate"]["result"] == "FAILED"


def test_above_the_manifests_the_message_names_them_and_what_to_run(monorepo: Path, run: Any) -> None:
    outcome = run("check")
    assert outcome.code == 2
    assert "there are a/verify4k.yaml, b/verify4k.yaml: check them all with --all" in outcome.err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--all", "-c", "a/verify4k.yaml"], "--all looks for manifests itself"),
        (["--all", "--baseline", "x.json"], "a baseline belongs to one manifest"),
        (["--all", "--write-baseline", "x.json"], "a baseline belongs to one manifest"),
        (["--all", "hero.png"], "TARGETs are looked for in one manifest"),
        (["-c", "a/verify4k.yaml", "-c", "nowhere.yaml"], "cannot read the manifest nowhere.yaml"),
    ],
)
def test_what_cannot_be_meant_of_several_manifests_is_refused(
    argv: list[str], words: str, monorepo: Path, run: Any
) -> None:
    outcome = run("check", *argv)
    assert outcome.code == 2
    assert words in outcome.err


def test_no_manifest_below_either_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Any) -> None:
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "verify4k.yaml").write_text("version: 1\nfiles: {}\n")
    monkeypatch.chdir(tmp_path)
    outcome = run("check", "--all")
    assert outcome.code == 2
    assert "there is no manifest in" in outcome.err


def test_a_table_of_pyproject_is_found_below_too(monorepo: Path, run: Any) -> None:
    (monorepo / "b" / "verify4k.yaml").unlink()
    (monorepo / "b" / "pyproject.toml").write_text(
        '[tool.verify4k]\nversion = 1\nfiles = {"hero.png" = "32x18"}\n'
    )
    report = told(run("check", "--all", "--format", "json"))
    assert [m["path"] for m in report["manifests"]] == ["a/verify4k.yaml", "b/pyproject.toml"]
    assert report["exit_code"] == 0


def test_a_folder_that_cannot_be_listed_may_hold_a_manifest(monorepo: Path, run: Any) -> None:
    (monorepo / "b").chmod(0)
    with permissions_hold():
        outcome = run("check", "--all")
        named = run("check", "a/verify4k.yaml")
    (monorepo / "b").chmod(0o755)
    assert (outcome.code, named.code) == (2, 0)
    assert f"the folder {monorepo}/b cannot be listed: Permission denied" in outcome.err


@pytest.mark.parametrize("argv", [("--all",), ()])
def test_a_manifest_whose_link_leads_nowhere_is_no_manifest_less(
    argv: tuple[str, ...], monorepo: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (monorepo / "verify4k.yaml").write_text("version: 1\nfiles: {a/hero.png: 64x36}\n")
    (monorepo / "b/verify4k.yaml").unlink()
    (monorepo / "b/verify4k.yaml").symlink_to("../shared/promises.yaml")
    monkeypatch.chdir(monorepo if argv else monorepo / "b")
    outcome = run("check", *argv)
    assert outcome.code == 2
    assert "this is a link to a file that does not exist" in outcome.err
    assert "names must agree" not in outcome.err


def test_a_file_of_two_manifests_is_one_subject_of_a_statement(monorepo: Path, run: Any) -> None:
    (monorepo / "b/verify4k.yaml").write_text("version: 1\nfiles: {hero.png: 32x18}\n")
    (monorepo / "verify4k.yaml").write_text(
        "version: 1\ninclude: [a/verify4k.yaml]\nfiles: {b/hero.png: 32x18}\n"
    )
    made = run("check", "--all", "--report", "in-toto=s.json", "--report", "sha256sums=SUMS")
    assert (made.code, "4 assets: 4 passed" in made.out) == (0, True)
    for statement in ("s.json", "SUMS"):
        outcome = run("verify-attestation", statement, "--against", ".")
        assert (outcome.code, outcome.out) == (0, "2 files: 2 same\n")


@pytest.mark.parametrize("first", ["verify4k.yaml", ".github/verify4k.yaml"])
def test_a_manifest_that_stands_behind_another_one_is_named(first: str, tmp_path: Path, run: Any) -> None:
    (tmp_path / "hero.png").write_bytes(save(gradient(64, 36), "hero.png"))
    (tmp_path / ".github").mkdir()
    (tmp_path / first).write_text(
        f"version: 1\nroot: {'..' if '/' in first else '.'}\nfiles: {{hero.png: 64x36}}\n"
    )
    assert told(run("check", "--format", "json"))["notes"] == []
    (tmp_path / "verify4k.json").write_text('{"version": 1, "files": {"other.png": "64x36"}}')
    (tmp_path / "pyproject.toml").write_text(
        '[tool.verify4k]\nversion = 1\nfiles = {"other.png" = "64x36"}\n'
    )
    assert told(run("check", "--format", "json"))["notes"] == [
        f"{name} was not read: {first} stands before it" for name in ("verify4k.json", "pyproject.toml")
    ]
    assert told(run("check", "--format", "json", "-c", first))["notes"] == []
    if "/" not in first:  # hidden folders are passed over
        (tmp_path / "below").mkdir()
        for name in (first, "verify4k.json", "hero.png"):
            (tmp_path / "below" / name).write_bytes((tmp_path / name).read_bytes())
        assert told(run("check", "--all", "--format", "json"))["notes"] == [
            f"{folder}{name} was not read: {folder}{first} stands before it"
            for folder, name in (("", "verify4k.json"), ("", "pyproject.toml"), ("below/", "verify4k.json"))
        ]
    (tmp_path / first).write_text("version: 1\ninclude: [verify4k.json]\nfiles: {hero.png: 64x36}\n")
    if first == "verify4k.yaml":
        notes = told(run("check", "--format", "json"))["notes"]
        assert notes == [f"pyproject.toml was not read: {first} stands before it"]
