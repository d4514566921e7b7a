"""`check --changed --since REF`: the work tree, as far as it changed since a commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from repositories import GOOD, OTHER, SMALL, Repo, checked

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def history(repo: Repo) -> Repo:
    for name in ("a.png", "b.png", "c.png"):
        repo.write(name, SMALL)
    repo.promise("a.png: 64x36", "b.png: 64x36", "c.png: 64x36")
    repo.commit()
    repo.git("checkout", "-qb", "topic")
    repo.write("a.png", OTHER)
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("b.png", OTHER)
    repo.commit()
    repo.git("checkout", "-q", "topic")
    return repo


def test_what_the_branch_changed_counts_and_not_what_others_did(history: Repo, check: Any) -> None:
    outcome = check("--changed", "--since", "main", "--format", "json")
    assert (outcome.code, checked(outcome)) == (0, ["a.png"])
    assert "1 of 3 promises is touched by what changed since main" in check("--since", "main").out


def test_what_is_not_committed_counts_too(history: Repo, check: Any) -> None:
    history.write("c.png", GOOD)
    history.git("rm", "-q", "b.png")
    outcome = check("--since", "main", "--format", "json")
    assert (outcome.code, checked(outcome)) == (1, ["a.png", "b.png", "c.png"])


def test_a_file_that_git_does_not_track_always_counts(history: Repo, check: Any) -> None:
    history.write("dist/new.png", SMALL)
    history.write(".gitignore", "dist/\n")
    history.promise("a.png: 64x36", "b.png: 64x36", "c.png: 64x36", "dist/new.png: 64x36")
    history.commit()
    outcome = check("--since", "HEAD", "--format", "json")
    assert (outcome.code, checked(outcome)) == (1, ["dist/new.png"])


def test_only_changed_entries_of_the_manifest_count(history: Repo, check: Any) -> None:
    history.promise("a.png: 64x36", "b.png: 32x18", "c.png: 64x36", '"gone/*.png": 1x1')
    history.commit()
    history.promise("a.png: 64x36", "b.png: 64x36", "c.png: 64x36")
    outcome = check("--since", "HEAD", "--format", "json")
    assert (outcome.code, checked(outcome)) == (1, ["b.png"])


def test_a_manifest_that_was_not_there_before_counts_as_a_whole(history: Repo, check: Any) -> None:
    history.write("other.yaml", "version: 1\nfiles: {c.png: 32x18}\n")
    outcome = check("--since", "HEAD", "-c", "other.yaml", "--format", "json")
    assert (outcome.code, checked(outcome)) == (0, ["c.png"])


def test_the_upstream_is_the_default(history: Repo, check: Any) -> None:
    outcome = check("--changed")
    assert outcome.code == 2
    assert "no upstream" in outcome.err
    history.git("branch", "--set-upstream-to", "main")
    assert checked(check("--changed", "--format", "json")) == ["a.png"]


REFUSED = [
    (["--since", "nowhere"], "there is no commit 'nowhere' here"),
    (["--since", "--output=x"], "there is no commit"),
    (["--since", ""], "there is no commit"),
    (["--staged", "--since", "main"], "two different questions"),
    (["--staged", "--changed"], "two different questions"),
]


@pytest.mark.parametrize(("argv", "words"), REFUSED)
def test_what_makes_no_sense_is_a_usage_mistake(
    argv: list[str], words: str, history: Repo, check: Any
) -> None:
    outcome = check(*argv)
    assert (outcome.code, words in outcome.err) == (2, True)
    assert not (history.path / "x").exists()


def test_a_history_that_was_not_fetched_is_a_usage_mistake(history: Repo, check: Any) -> None:
    history.git("checkout", "-q", "--orphan", "alone")
    history.git("commit", "-qm", "x")
    outcome = check("--since", "main")
    assert outcome.code == 2
    assert "fetch-depth: 0" in outcome.err


def test_a_manifest_of_another_repository_is_a_usage_mistake(
    history: Repo, check: Any, tmp_path: Path
) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 1x1}\n")
    outcome = check("--since", "main", "-c", "../verify4k.yaml")
    assert (outcome.code, "is not in the git work tree" in outcome.err) == (2, True)


def test_a_stranger_touches_the_promise_to_have_none(history: Repo, check: Any) -> None:
    history.write("d.png", GOOD)
    assert check("--since", "HEAD", "--select", "unlisted").code == 0  # git does not know it
    history.git("add", ".")
    assert check("--since", "HEAD", "--select", "unlisted").code == 1


PAGE = '<link rel="stylesheet" href="page.css"><img src="a.png" width="64" height="36"><img src="c.png">'
APP = "import Image from 'next/image'\nexport default () => <Image src=\"/a.png\" width={%d} height={18} />\n"
SOURCES = [
    ("page.html", PAGE, "page.css", ".x {background: image-set(url(b.png) 1x)}", ".x {width: 1px}"),
    (
        "next.config.mjs",
        "export default {images: {deviceSizes: [640]}}\n",
        "app/page.jsx",
        APP % 16,
        APP % 640,
    ),
]


@pytest.mark.parametrize(("source", "text", "beside", "before", "after"), SOURCES)
def test_what_a_source_reads_besides_itself_may_change_any_promise_of_it(
    source: str, text: str, beside: str, before: str, after: str, repo: Repo, check: Any
) -> None:
    for name in ("a.png", "b.png", "c.png", "public/a.png"):
        repo.write(name, GOOD)
    repo.write(source, text)
    repo.write(beside, before)
    repo.commit()
    whole = checked(check(source, "--format", "json"))
    assert checked(check("--since", "HEAD", source, "--format", "json")) == []
    repo.write("public/a.png", OTHER)
    repo.write("c.png", OTHER)
    one = checked(check("--since", "HEAD", source, "--format", "json"))
    assert one == [each for each in whole if each in ("c.png", "public/a.png")]
    repo.write(beside, after)
    changed = checked(check("--since", "HEAD", source, "--format", "json"))
    assert changed == checked(check(source, "--format", "json")) != []
