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


PAGE = '<!doctype html><link rel="stylesheet" href="%s"><img src="a.png" width="64" height="36">\n'
CONFIG = "export default {images: {deviceSizes: [64]}}\n"
TAG = "import Image from 'next/image'\nexport default () => <Image src='/%s' width={64} height={36} />\n"
UNTRACKED: dict[str, tuple[dict[str, str], str, str]] = {
    "a style sheet": (
        {"index.html": PAGE % "new.css"},
        "new.css",
        "body{background:url(gone.png)}",
    ),
    "a style sheet that git ignores": (
        {"index.html": PAGE % "x.gen.css", ".gitignore": "*.gen.css\n"},
        "x.gen.css",
        "body{background:url(gone.png)}",
    ),
    "an imported style sheet": (
        {"index.html": PAGE % "old.css", "old.css": "@import 'new.css';"},
        "new.css",
        "body{background:url(gone.png)}",
    ),
    "a web app manifest": (
        {"index.html": PAGE.replace("stylesheet", "manifest") % "app.webmanifest"},
        "app.webmanifest",
        '{"icons": [{"src": "gone.png", "sizes": "64x36"}]}',
    ),
    "a component": (
        {"next.config.mjs": CONFIG, "app/page.jsx": TAG % "a.png", "public/a.png": ""},
        "app/new.jsx",
        TAG % "gone.png",
    ),
}


@pytest.mark.parametrize("what", UNTRACKED)
def test_a_file_that_git_does_not_know_may_promise_too(what: str, repo: Repo, check: Any) -> None:
    tracked, name, text = UNTRACKED[what]
    for each, said in tracked.items():
        repo.write(each, said or GOOD)
    repo.write("a.png", GOOD)
    repo.commit()
    source = next(iter(tracked))
    argv = ("--since", "HEAD", source, "--format", "json", "--report", "in-toto=s.json")
    assert verdicts(check(*argv)) == []
    repo.write(name, text)
    outcome = check(*argv)
    assert outcome.code == 1
    assert any("gone.png" in target for target, verdict in verdicts(outcome) if verdict == "failed")
    read = [
        each["name"] for each in json.loads((repo.path / "s.json").read_text())["predicate"]["configuration"]
    ]
    assert read[0] == source
    assert name in read[1:]  # the result is bound to everything that promises were read from


def test_a_report_does_not_replace_a_style_sheet_that_promises(repo: Repo, check: Any) -> None:
    repo.write("index.html", PAGE % "s.css")
    repo.write("a.png", GOOD)
    repo.write("s.css", "body{background:url(a.png)}")
    outcome = check("index.html", "--report", "json=s.css")
    assert (outcome.code, "would replace a file that promises were read from" in outcome.err) == (2, True)


def test_attributes_that_git_does_not_know_are_asked_about(repo: Repo, check: Any) -> None:
    repo.write("verify4k.yaml", "version: 1\nfiles: {a.png: 64x36, sub/b.png: 64x36}\n")
    repo.write("a.png", GOOD)
    repo.write("sub/b.png", OTHER)
    repo.commit()
    repo.write("sub/.gitattributes", "*.png filter=lfs\n")
    assert verdicts(check("--since", "HEAD", "--format", "json")) == [("sub/b.png", "failed")]
