"""What a run writes is never what it reads, and no report replaces another."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A promise that holds, one of a file that is not there, an included manifest, a list and a ledger."""
    (tmp_path / "a.png").write_bytes(save(gradient(64, 36), "a.png"))
    (tmp_path / "b.png").write_bytes(save(gradient(32, 18), "b.png"))
    (tmp_path / "link").symlink_to("a.png")
    os.link(tmp_path / "a.png", tmp_path / "other-name")
    (tmp_path / "more.yaml").write_text("version: 1\nfiles: {b.png: 32x18}\n")
    (tmp_path / "all.csv").write_text("file,size\na.png,64x36\n")
    (tmp_path / "verify4k.ledger.jsonl").write_text("")
    (tmp_path / "verify4k.ledger.0002.jsonl").write_text("")
    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\ninclude: [more.yaml]\nfiles_from: all.csv\nfiles: {a.png: 64x36, missing.png: 64x36}\n"
    )
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("place", "what"),
    [
        ("a.png", "a promised file"),
        ("./a.png", "a promised file"),
        ("link", "a promised file"),
        ("other-name", "a promised file"),
        ("missing.png", "a promised file"),
        ("b.png", "a promised file"),
        ("verify4k.yaml", "the manifest"),
        ("more.yaml", "an included manifest"),
        ("all.csv", "a file that promises were read from"),
        ("verify4k.ledger.jsonl", "the ledger"),
        ("verify4k.ledger.0002.jsonl", "a part of the ledger"),
    ],
)
@pytest.mark.parametrize("option", ["--report json=", "--write-baseline ", "--output-file "])
def test_what_is_read_is_never_written(place: str, what: str, option: str, project: Path, run: Any) -> None:
    before = contents(project)
    outcome = run("check", *(option + place).split(" "))
    assert (outcome.code, outcome.out) == (2, "")
    assert f"{option}{place} would replace {what}" in outcome.err
    assert contents(project) == before


@pytest.mark.parametrize("name", ["more.yaml", "all.csv"])
def test_what_a_manifest_of_another_folder_reads_is_never_written(
    name: str, project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(project)
    (project / "away").mkdir()
    for here, config in (
        (project.parent, f"{project.name}/verify4k.yaml"),
        (project / "away", "../verify4k.yaml"),
    ):
        monkeypatch.chdir(here)
        outcome = run("check", "-c", config, "--output-file", str(project / name))
        assert (outcome.code, outcome.out) == (2, "")
        assert "would replace" in outcome.err
    (project / "away").rmdir()
    assert contents(project) == before


def test_a_merge_replaces_no_report_of_a_shard(project: Path, run: Any) -> None:
    for number in (1, 2):
        run("check", "--shard", f"{number}/2", "--report", f"json=part-{number}.json")
    before = contents(project)
    (project / "same").symlink_to("part-2.json")
    for option, place in (("--report", "json=part-1.json"), ("--report", "sarif=./same")):
        outcome = run("merge", "part-1.json", "part-2.json", option, place)
        assert (outcome.code, outcome.out) == (2, "")
        assert f"{option} {place} would replace the report of a shard" in outcome.err
    (project / "same").unlink()
    assert contents(project) == before


def test_a_report_does_not_replace_the_baseline_that_a_run_goes_by_and_a_new_one_may(
    project: Path, run: Any
) -> None:
    assert run("check", "--write-baseline", "known.json").code == 1
    before = contents(project)
    for option in ("--report json=known.json", "--output-file known.json"):
        outcome = run("check", "--baseline", "known.json", *option.split(" "))
        assert (outcome.code, outcome.out) == (2, "")
        assert f"{option} would replace the baseline" in outcome.err
    assert contents(project) == before
    assert run("check", "--baseline", "known.json", "--write-baseline", "known.json").code != 2


def test_two_reports_do_not_share_a_file(project: Path, run: Any) -> None:
    outcome = run("check", "--report", "json=x.out", "--report", "sarif=./x.out")
    assert outcome.code == 2
    assert "--report sarif=./x.out would write over what --report json=x.out writes" in outcome.err
    assert not (project / "x.out").exists()


def test_a_device_takes_as_many_reports_as_one_likes(project: Path, run: Any) -> None:
    outcome = run("check", "a.png", "--report", "json=/dev/null", "--report", "sarif=/dev/null")
    assert (outcome.code, outcome.err) == (0, "")


def test_an_earlier_report_is_replaced(project: Path, run: Any) -> None:
    (project / "x.json").write_text("old")
    assert run("check", "a.png", "--report", "json=x.json").code == 0
    assert (project / "x.json").read_text().startswith("{")
