"""The parts below `--staged`: patterns over an index, and blobs from one git process."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from repositories import GOOD, SMALL, Repo

from verify4k.errors import CannotRead, LimitHit
from verify4k.files.patterns import matches
from verify4k.files.targets import Fence
from verify4k.git.blobs import Blobs
from verify4k.git.index import read_index
from verify4k.git.repository import Repository
from verify4k.git.tree import index_trees

if TYPE_CHECKING:
    from pathlib import Path

TREE = ["a.png", ".hid.png", "b/a.png", "b/c/a.png", "b/c/d/x.jpg", "b/.h/a.png", "[x].png", "z.txt", "B.PNG"]
PATTERNS = [
    "*", "*.png", "**", "**/*.png", "**/a.png", "b/**", "b/*", "b/**/x.jpg", "*/*", "*/*/a.png", ".*", ".*.png",
    "b/.h/*", "b/.*/a.png", "[ab].png", "[!a].png", "?.png", "b/c", "b/", "b/c/**/*", "**/c/*", "**/**/a.png",
    "[[]x].png", "link/*", "link/**", "**/link/*", "*.PNG", "li*/a.png", "nope/*",
]  # fmt: skip


@pytest.fixture
def both(repo: Repo) -> Any:
    for name in TREE:
        repo.write(name, "x")
    (repo.path / "link").symlink_to("b")
    repo.git("add", ".")
    repository = Repository(str(repo.path), repo.env)
    with Blobs(repository) as blobs:
        index = read_index(repository, blobs.read)
        yield str(repo.path), index_trees(index, str(repo.path), ())(str(repo.path), "")


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_means_in_the_index_what_it_means_on_the_disk(pattern: str, both: Any) -> None:
    root, tree = both
    on_disk = [
        name for name in Fence(root).expand(pattern) if name != ".git" and not name.startswith(".git/")
    ]
    assert list(tree.expand(pattern)) == on_disk


@pytest.mark.parametrize("pattern", [p for p in PATTERNS if "link" not in p and "li*" not in p])
def test_a_path_alone_matches_as_a_tree_does(pattern: str, both: Any) -> None:
    _, tree = both
    assert [name for name in sorted(TREE) if matches(name, pattern)] == [
        name for name in tree.expand(pattern) if not name.startswith("link")
    ]


def test_too_many_matches_are_refused(both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from verify4k.git import tree as module

    monkeypatch.setattr(module, "LIMIT_MATCHES", 1)
    with pytest.raises(CannotRead, match="matches more than 1 files"):
        list(both[1].expand("**"))


@pytest.fixture
def blobs(repo: Repo) -> Any:
    repo.write("a.png", GOOD)
    repo.git("add", ".")
    return Repository(str(repo.path), repo.env)


def test_blobs_come_whole_and_in_any_order(repo: Repo, blobs: Repository) -> None:
    oids = {
        data: repo.git("hash-object", "-w", "--stdin", stdin=data) for data in (GOOD, SMALL, b"", b"\n" * 9)
    }
    with Blobs(blobs) as reader:
        for data, oid in [*oids.items(), *reversed(oids.items())]:
            assert reader.read(oid) == data


def test_one_process_serves_a_run(repo: Repo, check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    real = subprocess.Popen.__init__

    def count(self: Any, argv: Any, *args: Any, **options: Any) -> None:
        started.append(argv[:2])
        real(self, argv, *args, **options)

    monkeypatch.setattr(subprocess.Popen, "__init__", count)
    for number in range(40):
        repo.write(f"{number}.png", GOOD)
    repo.promise('"*.png": {size: 64x36, same-as-others: allowed}')
    repo.git("add", ".")
    started.clear()
    assert check("--staged", "-j", "4").code == 0
    # one for the blobs, one for their sizes; the rest does not grow with the files either
    commands = [command for _, command in started]
    assert commands.count("cat-file") == 2
    assert len(commands) < 15


def test_a_blob_that_is_not_there_is_undecided(repo: Repo, check: Any) -> None:
    repo.write("a.png", GOOD)
    repo.promise("a.png: 64x36")
    repo.git("add", ".")
    oid = repo.git("rev-parse", ":a.png")
    (repo.path / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    outcome = check("--staged")
    assert (outcome.code, f"git does not have the blob {oid}" in outcome.out) == (3, True)


def test_a_blob_larger_than_the_limit_is_skipped_and_the_next_one_read(repo: Repo, blobs: Repository) -> None:
    large = repo.git("hash-object", "-w", "--stdin", stdin=b"x" * 3_000_000)
    small = repo.git("hash-object", "-w", "--stdin", stdin=b"small")
    with Blobs(blobs, limit=2_999_999) as reader:
        with pytest.raises(LimitHit, match="3000000 bytes"):
            reader.read(large)
        assert reader.read(small) == b"small"


def test_what_is_no_blob_is_refused(repo: Repo, blobs: Repository) -> None:
    tree = repo.git("write-tree")
    with Blobs(blobs) as reader, pytest.raises(CannotRead, match="no whole blob"):
        reader.read(tree)


def test_a_git_that_dies_is_undecided_and_leaves_nothing_behind(
    repo: Repo, blobs: Repository, tmp_path: Path
) -> None:
    with Blobs(blobs) as reader:
        oid = repo.git("rev-parse", ":a.png")
        assert reader.read(oid) == GOOD
        process = reader._process
        assert process is not None
        process.kill()
        process.wait()
        with pytest.raises(CannotRead):
            reader.read(oid)


def test_an_error_in_between_ends_the_process(repo: Repo, blobs: Repository) -> None:
    reader = Blobs(blobs)

    def fail() -> None:
        with reader:
            reader.read(repo.git("rev-parse", ":a.png"))
            held.append(reader._process)
            raise KeyboardInterrupt

    held: list[Any] = []
    with pytest.raises(KeyboardInterrupt):
        fail()
    assert held[0].returncode is not None
