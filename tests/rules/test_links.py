"""Symbolic links: an alias to more than its name says is no lie, an alias to less is."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def told(run: Callable[..., Any], *names: str) -> list[tuple[str, str]]:
    with open("verify4k.json", "w") as file:
        json.dump({"version": 1, "files": {name: {} for name in names}}, file)
    report = json.loads(run("check", "--select", "name-claim", "--format", "json").out)
    assert not report["undecided"]
    return [(each["severity"], each["target"]) for each in report["findings"]]


@pytest.mark.parametrize(
    ("link", "target", "size", "found"),
    [
        ("1280x800.png", "2560x1600.png", (2560, 1600), "note"),
        ("2560x1440.png", "2560x1600.png", (2560, 1600), "note"),  # no edge has fewer pixels
        ("2560x1600.png", "1280x800.png", (1280, 800), "error"),
        ("1600x2560.png", "2560x1600.png", (2560, 1600), "error"),
        ("hero-2k.png", "hero-4k.png", (3840, 2160), "note"),
        ("hero-4k.png", "hero-2k.png", (2560, 1440), "error"),
        ("clip-1080p.png", "clip-2160p.png", (3840, 2160), "note"),
        ("clip-2160p.png", "clip-1440p.png", (2560, 1440), "error"),
    ],
)
def test_a_link_to_a_larger_picture_claims_less_than_there_is(
    run: Callable[..., Any], tmp_path: Path, link: str, target: str, size: tuple[int, int], found: str
) -> None:
    os.symlink(target, tmp_path / link)
    Image.new("RGB", size).save(tmp_path / target)
    assert told(run, link, target) == [(found, link)]


def test_a_file_that_holds_more_than_its_name_says_is_accused(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    Image.new("RGB", (2560, 1600)).save(tmp_path / "1280x800.png")
    assert told(run, "1280x800.png") == [("error", "1280x800.png")]
