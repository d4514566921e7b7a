"""File names and links of every kind, through the index."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import pytest
from repositories import GOOD, SMALL, Repo, checked

NAMES = [
    "with space.png",
    "new\nline.png",
    'tab\tquote".png',
    ":(top)a.png",
    "-rf.png",
    "é ü 漢.png",
    "::error::x.png",
    "[x].png",
]


@pytest.mark.skipif(os.name == "nt", reason="names that Windows does not have")
@pytest.mark.parametrize("name", NAMES)
def test_names_are_bytes_between_nuls(name: str, repo: Repo, check: Any) -> None:
    repo.write(name, SMALL)
    repo.promise(f"{json.dumps(name)}: 64x36")
    repo.git("add", ".")
    assert check("--staged").code == 1
    repo.write(name, GOOD)
    repo.git("add", ".")
    assert checked(check("--staged", "--format", "json")) == [name]
    assert check("--staged").code == 0
    repo.git("commit", "-qm", "x")
    repo.git("--literal-pathspecs", "rm", "-q", "--", name)
    # now a pattern without a match, or a name that is probably misspelt
    assert check("--staged").code == (2 if set(name) & set("[\n\t\\") else 1)


@pytest.mark.skipif(sys.platform != "linux", reason="file systems that hold any bytes")
def test_a_name_that_is_no_utf_8_is_checked_by_its_pattern(repo: Repo, check: Any) -> None:
    (repo.path / os.fsdecode(b"bad\xff.png")).write_bytes(SMALL)
    repo.promise('"*.png": 64x36')
    repo.git("add", ".")
    outcome = check("--staged")
    assert outcome.code == 1
    assert r"bad\xff.png" in outcome.out


def test_links_are_followed_inside_the_index(repo: Repo, check: Any) -> None:
    repo.write("real/a.png", SMALL)
    (repo.path / "link.png").symlink_to("real/a.png")
    (repo.path / "folder").symlink_to("real")
    repo.promise(
        "link.png: 64x36",
        "folder/a.png: {size: 64x36, same-as-others: allowed}",
        '"folder/*": {alpha: forbidden}',
    )
    repo.git("add", ".")
    outcome = check("--staged", "--format", "json")
    assert (outcome.code, checked(outcome)) == (1, ["link.png", "folder/a.png"])
    repo.git("commit", "-qm", "x")
    repo.write("real/a.png", GOOD)
    repo.git("add", ".")
    outcome = check("--staged", "--format", "json", "--ignore", "same-picture")
    assert (outcome.code, checked(outcome)) == (0, ["link.png", "folder/a.png"])


LINKS = [
    ("nowhere.png", 1, "not in the git index"),
    ("link.png", 1, "leads to itself"),
    ("../outside.png", 1, "leads out of the repository"),
    ("/etc/passwd", 1, "leads out of the repository"),
    ("real", 1, "this is a directory"),
    ("real/a.png/x.png", 1, "is a file, not a folder"),
]


@pytest.mark.parametrize(("target", "code", "words"), LINKS)
def test_a_link_that_leads_nowhere_is_missing(
    target: str, code: int, words: str, repo: Repo, check: Any
) -> None:
    repo.write("real/a.png", GOOD)
    (repo.path / "link.png").symlink_to(target)
    repo.promise("link.png: 64x36")
    repo.git("add", ".")
    outcome = check("--staged")
    assert (outcome.code, words in outcome.out) == (code, True)


def test_a_link_that_leaves_the_manifests_folder_is_a_mistake(repo: Repo, check: Any) -> None:
    repo.write("real/a.png", GOOD)
    repo.write("sub/verify4k.yaml", "version: 1\nfiles: {link.png: 64x36}\n")
    (repo.path / "sub" / "link.png").symlink_to("../real/a.png")
    repo.git("add", ".")
    outcome = check("--staged", cwd=repo.path / "sub")
    assert outcome.code == 2
    assert "leaves the folder" in outcome.err
    repo.write("sub/verify4k.yaml", "version: 1\nroot: ..\nfiles: {sub/link.png: 64x36}\n")
    repo.git("add", ".")
    assert check("--staged", cwd=repo.path / "sub").code == 0


@pytest.mark.parametrize(
    ("root", "words"), [("../..", "leaves the repository"), ("gone", "no folder in the git index")]
)
def test_a_root_outside_of_the_index_is_a_mistake(root: str, words: str, repo: Repo, check: Any) -> None:
    repo.write("sub/verify4k.yaml", f"version: 1\nroot: {root}\nfiles: {{a.png: 64x36}}\n")
    repo.write("sub/a.png", GOOD)
    repo.git("add", ".")
    outcome = check("--staged", cwd=repo.path / "sub")
    assert (outcome.code, words in outcome.err) == (2, True)


@pytest.mark.parametrize(
    "manifest", ["include: [link/verify4k.yaml]\n", "root: link\nfiles: {a.png: 64x36}\n"]
)
def test_a_folder_that_is_a_link_holds_the_same_promises_as_on_the_disk(
    manifest: str, repo: Repo, check: Any
) -> None:
    repo.write("real/a.png", SMALL)
    repo.write("real/verify4k.yaml", 'version: 1\nfiles: {"*.png": 64x36}\n')
    (repo.path / "link").symlink_to("real")
    repo.write("verify4k.yaml", f"version: 1\n{manifest}")
    repo.git("add", ".")
    said = [check(*scope, "--format", "json") for scope in ((), ("--staged",))]
    assert [outcome.code for outcome in said] == [1, 1]
    assert checked(said[0]) == checked(said[1])


@pytest.mark.parametrize("target", ["/etc/a.png", "../a.png", "sub/..", "a/../../b.png"])
def test_targets_that_leave_are_mistakes(target: str, repo: Repo, check: Any) -> None:
    repo.promise(f"{target}: 64x36")
    repo.git("add", ".")
    assert check("--staged").code == 2


def test_a_manifest_behind_a_link_is_followed_and_its_edits_count(repo: Repo, check: Any) -> None:
    repo.write("a.png", SMALL)
    repo.write("config/promises.yaml", "version: 1\nroot: ..\nfiles: {a.png: 32x18}\n")
    (repo.path / "verify4k.yaml").symlink_to("config/promises.yaml")
    repo.commit()
    for flag in ("--staged", "--since=HEAD"):
        assert checked(check(flag, "--format", "json")) == []
    repo.write("config/promises.yaml", "version: 1\nroot: ..\nfiles: {a.png: 64x36}\n")
    repo.git("add", ".")
    for flag in ("--staged", "--since=HEAD"):
        assert check(flag).code == 1
