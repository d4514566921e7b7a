"""Reports for code hosts name files as the host knows them, wherever in the repository verify4k was started."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from repositories import SMALL

from verify4k.report import RenderOptions
from verify4k.reporters._places import in_repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def sarif_place(text: str) -> str:
    [result] = json.loads(text)["runs"][0]["results"]
    place: str = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    return place


PLACES: dict[str, Callable[[str], str]] = {
    "github": lambda text: re.findall(r",file=([^,]*),line=3", text)[0],
    "azure": lambda text: re.findall(r";sourcepath=([^;]*);", text)[0],
    "gitlab": lambda text: json.loads(text)[0]["location"]["path"],
    "sarif": sarif_place,
}


@pytest.fixture
def monorepo(tmp_path: Path) -> Path:
    """A repository in which two projects make the same promise about a picture of the same name."""
    (tmp_path / ".git").mkdir()
    for name in ("shop", "blog"):
        (tmp_path / name / "img").mkdir(parents=True)
        (tmp_path / name / "img" / "s.png").write_bytes(SMALL)
        (tmp_path / name / "verify4k.yaml").write_text("version: 1\nfiles:\n  img/s.png: 64x36\n")
    return tmp_path


@pytest.mark.parametrize("form", PLACES)
@pytest.mark.parametrize(
    ("started", "argv"),
    [
        (".", ("-c", "shop/verify4k.yaml")),
        ("shop", ()),
        ("shop/img", ()),  # the manifest is found upwards
        ("blog", ("-c", "../shop/verify4k.yaml")),
    ],
)
def test_a_finding_stands_in_the_file_that_the_host_knows(
    form: str, started: str, argv: tuple[str, ...], monorepo: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(monorepo / started)
    outcome = run("check", "--format", form, *argv)
    assert outcome.code == 1
    assert PLACES[form](outcome.out) == "shop/verify4k.yaml"


@pytest.mark.parametrize("form", PLACES)
def test_outside_of_a_repository_names_start_where_verify4k_does(
    form: str, monorepo: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (monorepo / ".git").rmdir()
    monkeypatch.chdir(monorepo / "shop")
    assert PLACES[form](run("check", "--format", form).out) == "verify4k.yaml"


@pytest.mark.parametrize(
    ("form", "pattern"), [("gitlab", r'"fingerprint": "(\w+)"'), ("sarif", r'"verify4k/v1": "(\w+)"')]
)
def test_findings_of_two_jobs_are_told_apart_and_one_finding_is_known_again(
    form: str, pattern: str, monorepo: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitLab shows only one of those that share a fingerprint."""
    both = re.findall(pattern, run("check", "--all", "--format", form).out)
    apart = []
    for name in ("blog", "shop"):
        monkeypatch.chdir(monorepo / name)
        apart += re.findall(pattern, run("check", "--format", form).out)
    assert len(set(both)) == 2
    assert both == apart


@pytest.mark.parametrize(
    ("path", "folder", "seen"),
    [
        ("a.png", "", "a.png"),
        ("./a.png", "", "a.png"),
        ("a.png", "x/y", "x/y/a.png"),
        ("../a.png", "x/y", "x/a.png"),
        ("../../../a.png", "x/y", "../../../a.png"),
        ("/r/b/a.png", "x", "b/a.png"),
        ("/rest/a.png", "x", "/rest/a.png"),
        ("https://e.org/a.png", "x", "https://e.org/a.png"),
    ],
)
def test_what_lies_outside_of_the_repository_keeps_its_name(path: str, folder: str, seen: str) -> None:
    assert in_repository(path, RenderOptions(repository="/r", folder=folder)) == seen
    assert in_repository(path, RenderOptions()) == path
