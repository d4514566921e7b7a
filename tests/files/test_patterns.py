"""Patterns: what they mean, and that every folder is looked into once."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from steps import steps

from verify4k.errors import CannotRead
from verify4k.files import patterns
from verify4k.files.patterns import matches
from verify4k.files.targets import Fence

if TYPE_CHECKING:
    from pathlib import Path

FILES = [
    "a.png",
    "b/a.png",
    "b/c/a.png",
    "b/c/d/a.png",
    "b/.h/a.png",
    ".h/a.png",
    "b/.x.png",
    "e/x.jpg",
    "b-/a.png",
]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.png", ["a.png"]),
        ("*/a.png", ["b-/a.png", "b/a.png"]),
        ("**/a.png", ["a.png", "b-/a.png", "b/a.png", "b/c/a.png", "b/c/d/a.png"]),
        ("**/**/a.png", ["a.png", "b-/a.png", "b/a.png", "b/c/a.png", "b/c/d/a.png"]),
        ("b/**/a.png", ["b/a.png", "b/c/a.png", "b/c/d/a.png"]),
        ("**/c/**", ["b/c/a.png", "b/c/d/a.png"]),
        ("**", ["a.png", "b-/a.png", "b/a.png", "b/c/a.png", "b/c/d/a.png", "e/x.jpg"]),
        ("**/*.j?g", ["e/x.jpg"]),
        ("**/.h/*", [".h/a.png", "b/.h/a.png"]),
        ("b/.*", ["b/.x.png"]),
        ("[be]/*", ["b/a.png", "e/x.jpg"]),
        ("**/d/a.png", ["b/c/d/a.png"]),
        ("b/*/a.*", ["b/c/a.png"]),
        ("b**/a.png", ["b-/a.png", "b/a.png"]),
        ("nowhere/*", []),
        ("a.png/*", []),
    ],
)
def test_a_pattern_means_these_files_and_no_other(pattern: str, found: list[str], tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert list(Fence(str(tmp_path)).expand(pattern)) == found
    assert [name for name in sorted(FILES) if matches(name, pattern)] == found


def test_many_crossings_of_many_folders_cost_no_more_than_one(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["a"] * 60)
    folder.mkdir(parents=True)
    (folder / "x.png").touch()
    target = "a/" * 60 + "x.png"

    def cost(pattern: str) -> int:
        assert list(Fence(str(tmp_path)).expand(pattern)) == [target]
        return steps(lambda: list(Fence(str(tmp_path)).expand(pattern)))

    one = cost("**/x.png")
    assert cost("**/**/**/**/**/x.png") < 1.1 * one
    assert cost("**/a/**/a/**/a/**/a/**/x.png") < 10 * one
    many = "**/a/" * 20 + "x.png"
    assert steps(lambda: matches(target, many)) < 100 * steps(lambda: matches(target, "**/x.png"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no paths as long as this")
def test_folders_may_lie_in_each_other_deeper_than_python_calls_functions(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    try:
        for _ in range(1_300):
            os.mkdir("d", dir_fd=here)
            below = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        os.close(os.open("x.png", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    finally:
        os.close(here)
    try:
        found = list(Fence(str(tmp_path)).expand("**/x.png"))
    finally:  # Python's own rmtree recurses
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)
    assert found == ["d/" * 1_300 + "x.png"]
    assert matches("d/" * 5_000 + "x.png", "**/x.png")


def test_links_that_lead_back_end_at_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        (tmp_path / name).symlink_to(".")
    assert list(Fence(str(tmp_path)).expand("**/x")) == []  # ** follows no links
    monkeypatch.setattr(patterns, "LIMIT_FOLDERS", 1_000)
    with pytest.raises(CannotRead, match="more than 1,000 folders"):
        list(Fence(str(tmp_path)).expand("*/*/*/*/*/*/*/*/*/x"))
