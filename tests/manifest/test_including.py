"""``include:`` promises of other manifests: told at their own lines, bound, and never passed over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from repositories import GOOD, OTHER, SMALL, Repo, clean_environment

from verify4k.manifest.schema import manifest_schema

if TYPE_CHECKING:
    from pathlib import Path

TOP = "version: 1\nrules: {name-claim: off}\ninclude: [a/verify4k.yaml, b/promises.yaml]\nfiles: {top.png: 64x36}\n"


@pytest.fixture
def monorepo(tmp_path: Path) -> Path:
    """A manifest that includes two others, each with a picture; the second one's is too small."""
    for folder, name, data in (("a", "verify4k.yaml", OTHER), ("b", "promises.yaml", SMALL)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "hero.png").write_bytes(data)
        (tmp_path / folder / name).write_text("version: 1\nfiles: {hero.png: 64x36}\n")
    (tmp_path / "top.png").write_bytes(GOOD)
    (tmp_path / "verify4k.yaml").write_text(TOP)
    Draft202012Validator(manifest_schema()).validate(yaml.safe_load(TOP))
    return tmp_path


def test_a_finding_stands_at_the_included_line(monorepo: Path, run: Any) -> None:
    report = json.loads(run("check", "--format", "json").out)
    [finding] = report["findings"]
    assert (finding["target"], finding["path"], finding["line"]) == ("b/hero.png", "b/promises.yaml", 2)
    assert [a["target"] for a in report["assets"]] == ["top.png", "a/hero.png", "b/hero.png"]
    assert [m["path"] for m in report["manifests"]] == ["verify4k.yaml", "a/verify4k.yaml", "b/promises.yaml"]


def test_an_included_manifest_is_bound_by_statements(monorepo: Path, run: Any) -> None:
    run("check", "--report", "predicate=p.json")
    bound = json.loads((monorepo / "p.json").read_text())["configuration"]
    assert [each["name"] for each in bound] == ["verify4k.yaml", "a/verify4k.yaml", "b/promises.yaml"]
    before = bound[2]["digest"]
    (monorepo / "b" / "promises.yaml").write_text("version: 1\nfiles: {hero.png: 32x18}\n")
    run("check", "--report", "predicate=p.json")
    assert json.loads((monorepo / "p.json").read_text())["configuration"][2]["digest"] != before


def test_severities_of_the_included_manifest_count_for_its_files(monorepo: Path, run: Any) -> None:
    (monorepo / "b" / "promises.yaml").write_text(
        "version: 1\nrules: {exact-size: note}\nfiles: {hero.png: 64x36}\n"
    )
    [finding] = json.loads(run("check", "--format", "json").out)["findings"]
    assert finding["severity"] == "note"


def test_groups_of_one_name_in_two_included_manifests_are_two(monorepo: Path, run: Any) -> None:
    group = "version: 1\nrules: {same-picture: off}\ngroups: {icon: {files: [x.png, y.png], same: size, count: 2}}\n"
    for folder, name, data in (("a", "verify4k.yaml", GOOD), ("b", "promises.yaml", SMALL)):
        (monorepo / folder / name).write_text(group)
        for picture in ("x.png", "y.png"):
            (monorepo / folder / picture).write_bytes(data)
    assert run("check").code == 0
    (monorepo / "b" / "y.png").write_bytes(GOOD)
    [finding] = json.loads(run("check", "--format", "json").out)["findings"]
    assert (finding["target"], finding["rule"]) == ("b/y.png", "whole-group")


def test_a_manifest_may_consist_of_includes(monorepo: Path, run: Any) -> None:
    (monorepo / "verify4k.yaml").write_text("version: 1\ninclude: a/verify4k.yaml\n")
    assert [a["target"] for a in json.loads(run("check", "--format", "json").out)["assets"]] == ["a/hero.png"]


def test_included_manifests_are_read_from_the_index(monorepo: Path, run: Any) -> None:
    repo = Repo(monorepo, clean_environment(monorepo.parent))
    repo.git("init", "-q")
    repo.git("add", ".")
    (monorepo / "b" / "promises.yaml").write_text("version: 1\nfiles: {}\n")
    report = json.loads(run("check", "--staged", "--format", "json").out)
    assert [f["target"] for f in report["findings"]] == ["b/hero.png"]


MISTAKES = [
    (
        "include: nowhere.yaml",
        "verify4k.yaml:2:10: cannot read the manifest 'nowhere.yaml': the file does not exist",
    ),
    ("include: ../x.yaml", "'../x.yaml' leaves the folder"),
    ("include: {a: b}", "expected the path of a manifest, found a mapping"),
    ("include: verify4k.yaml", "manifests include each other more than 10 levels deep"),
    ('include: "*/verify4k.yaml"', "include takes no patterns: name each manifest, or check all of them"),
    ("include: made.yaml", "'made.yaml' says how pictures are made"),
    ("include: [a/verify4k.yaml, a/verify4k.yaml]", "'a/hero.png' is promised by a/verify4k.yaml too"),
    ("include: a/verify4k.yaml\nfiles: {a/hero.png: 64x36}", "'a/hero.png' is promised by verify4k.yaml too"),
    ("include: wrong.yaml", "wrong.yaml:2:17: unknown option 'siez' (did you mean size?)"),
]


@pytest.mark.parametrize(("text", "words"), MISTAKES)
def test_what_cannot_be_included_is_a_mistake_with_its_place(
    text: str, words: str, monorepo: Path, run: Any
) -> None:
    (monorepo / "verify4k.yaml").write_text(f"version: 1\n{text}\n")
    (monorepo / "made.yaml").write_text(
        "version: 1\ngenerate: {route: placeholder}\nfiles: {x.png: {generate: x}}\n"
    )
    (monorepo / "wrong.yaml").write_text("version: 1\nfiles: {x.png: {siez: 1x1}}\n")
    outcome = run("check")
    assert (outcome.code, words in outcome.err) == (2, True), outcome.err


def test_on_ci_a_root_outside_of_the_repository_needs_the_command_lines_word(
    monorepo: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (monorepo / "a" / ".git").mkdir()
    (monorepo / "a" / "verify4k.yaml").write_text("version: 1\nroot: ..\nfiles: {top.png: 64x36}\n")
    monkeypatch.delenv("CI", raising=False)
    assert run("check", "-c", "a/verify4k.yaml").code == 0
    monkeypatch.setenv("CI", "true")
    outcome = run("check", "-c", "a/verify4k.yaml")
    assert (outcome.code, "leads out of the repository" in outcome.err) == (2, True)
    assert run("check", "--outside", "-c", "a/verify4k.yaml").code == 0
