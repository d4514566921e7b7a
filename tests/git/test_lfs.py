"""Git LFS: a pointer in the index stands for content that has its hash, or for nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from typing import Any

import pytest
from repositories import GOOD, OTHER, SMALL, Repo

from verify4k.git.lfs import Pointer, read_pointer

OID = hashlib.sha256(GOOD).hexdigest()


@pytest.fixture
def lfs(repo: Repo) -> Repo:
    """A repository whose index holds the pointer of GOOD."""
    repo.promise("a.png: 64x36")
    repo.write(".gitattributes", b"*.png filter=lfs diff=lfs merge=lfs -text\n")
    repo.git("add", ".")
    repo.stage_pointer("a.png", GOOD)
    return repo


def store(repo: Repo, data: bytes, folder: str = ".git/lfs") -> None:
    repo.write(f"{folder}/objects/{OID[:2]}/{OID[2:4]}/{OID}", data)


def test_the_file_in_the_work_tree_is_checked_when_it_is_the_one(lfs: Repo, check: Any) -> None:
    lfs.write("a.png", GOOD)
    outcome = check("--staged", "--format", "json")
    [asset] = json.loads(outcome.out)["assets"]
    assert (outcome.code, asset["sha256"]) == (0, OID)


NOT_THERE = [
    (None, "sha256:" + OID),
    (SMALL, "the file in the work tree is another one"),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 5\n" % (b"0" * 64), "git lfs pull"),
]


@pytest.mark.parametrize(("data", "words"), NOT_THERE)
def test_without_its_content_a_pointer_is_named_as_one(
    data: bytes | None, words: str, lfs: Repo, check: Any
) -> None:
    if data is not None:
        lfs.write("a.png", data)
    for depth in ("full", "header"):
        outcome = check("--staged", "--depth", depth)
        assert outcome.code == 1
        assert "a Git LFS pointer for" in outcome.out
        assert words in " ".join(outcome.out.split())


def test_what_git_lfs_has_stored_is_checked_when_the_work_tree_moved_on(lfs: Repo, check: Any) -> None:
    lfs.write("a.png", SMALL)
    store(lfs, GOOD)
    assert check("--staged").code == 0


def test_a_store_of_its_own_is_found(lfs: Repo, check: Any) -> None:
    lfs.git("config", "lfs.storage", "elsewhere")
    store(lfs, GOOD, ".git/elsewhere")
    assert check("--staged").code == 0


def test_a_store_with_other_content_is_not_believed(lfs: Repo, check: Any) -> None:
    store(lfs, OTHER)
    assert check("--staged").code == 1


def test_a_pointer_to_a_bad_picture_is_a_bad_picture(lfs: Repo, check: Any) -> None:
    lfs.write("a.png", SMALL)
    lfs.stage_pointer("a.png", SMALL)
    outcome = check("--staged")
    assert (outcome.code, "exact-size" in outcome.out) == (1, True)


POINTERS = [
    (b"", None),
    (b"version https://git-lfs.github.com/spec/v1\n", None),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\n" % (b"a" * 64), None),
    (b"version https://git-lfs.github.com/spec/v1\noid md5:%s\nsize 1\n" % (b"a" * 64), None),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 1\n" % (b"A" * 64), None),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 7\n" % (b"a" * 64), Pointer("a" * 64, 7)),
    (b"version https://git-lfs.github.com/spec/v1\next-0-x sha256:1\noid sha256:%s\nsize 7\n" % (b"a" * 64),
     Pointer("a" * 64, 7)),
    (b"version https://hawser.github.com/spec/v1\noid sha256:%s\nsize 7\n" % (b"a" * 64), Pointer("a" * 64, 7)),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 7\n" % (b"a" * 64) + b"x" * 1024, None),
]  # fmt: skip


@pytest.mark.parametrize(("data", "pointer"), POINTERS)
def test_pointers_are_read_as_the_specification_says(data: bytes, pointer: Pointer | None) -> None:
    assert read_pointer(data) == pointer


@pytest.mark.skipif(shutil.which("git-lfs") is None, reason="git-lfs is not installed")
def test_with_the_real_git_lfs_staged_content_is_checked(repo: Repo, check: Any) -> None:
    repo.git("lfs", "install", "--local")
    repo.write(".gitattributes", "*.png filter=lfs diff=lfs merge=lfs -text\n")
    repo.write("a.png", SMALL)
    repo.promise("a.png: 64x36")
    repo.git("add", ".")
    assert repo.git("cat-file", "-p", ":a.png").startswith("version https://git-lfs")
    assert check("--staged").code == 1
    repo.write("a.png", GOOD)
    repo.git("add", ".")
    assert check("--staged").code == 0
    repo.write("a.png", SMALL)  # the staged content is in the store of git-lfs
    assert check("--staged").code == 0
    shutil.rmtree(repo.path / ".git" / "lfs" / "objects")
    assert check("--staged").code == 1
    subprocess.run(["git", "lfs", "version"], env=repo.env, check=True, capture_output=True)
