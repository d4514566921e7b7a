"""What a manifest reads besides itself, other manifests and lists of files, changes promises too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from repositories import GOOD, OTHER, Repo

BESIDES = {
    "include: [sub/more.yaml]": ("sub/more.yaml", "version: 1\nroot: ..\nfiles: {a.png: 64x36, b.png: %s}\n"),
    "files_from: sub/all.csv": ("sub/all.csv", "file,size\na.png,64x36\nb.png,%s\n"),
    "files_from: [sub/all.jsonl]": (
        "sub/all.jsonl",
        '{"file": "a.png", "size": "64x36"}\n{"file": "b.png", "size": "%s"}\n',
    ),
}


@pytest.fixture(params=BESIDES)
def besides(repo: Repo, request: pytest.FixtureRequest) -> tuple[str, str]:
    """Two committed pictures that something besides the manifest promises: its name, and its text."""
    name, text = BESIDES[request.param]
    repo.write("a.png", GOOD)
    repo.write("b.png", OTHER)
    repo.write(name, text % "64x36")
    repo.write("verify4k.yaml", f"version: 1\n{request.param}\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "pictures")
    return name, text


def verdicts(outcome: Any) -> list[tuple[str, str]]:
    return [(each["target"], each["verdict"]) for each in json.loads(outcome.out)["assets"]]


def test_a_staged_promise_that_changed_is_asked_and_no_other(
    repo: Repo, check: Any, besides: tuple[str, str]
) -> None:
    name, text = besides
    assert verdicts(check("--staged", "--format", "json")) == []
    repo.write(name, text % "32x18")
    repo.git("add", ".")
    repo.write(name, "nonsense")  # the index counts
    assert verdicts(check("--staged", "--format", "json")) == [("b.png", "failed")]


def test_a_promise_that_changed_since_a_commit_is_asked_and_no_other(
    repo: Repo, check: Any, besides: tuple[str, str]
) -> None:
    name, text = besides
    assert verdicts(check("--changed", "--since", "HEAD", "--format", "json")) == []
    repo.write(name, text % "32x18")
    assert verdicts(check("--changed", "--since", "HEAD", "--format", "json")) == [("b.png", "failed")]


def test_everything_is_asked_where_nobody_can_tell_what_was_promised(
    repo: Repo, check: Any, besides: tuple[str, str]
) -> None:
    name, text = besides
    repo.write(name, "nonsense")
    repo.git("add", ".")
    repo.git("commit", "-qm", "broken")
    repo.write(name, text % "64x36")
    repo.git("add", ".")
    assert verdicts(check("--staged", "--format", "json")) == [("a.png", "passed"), ("b.png", "passed")]
