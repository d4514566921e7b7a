"""A folder of pictures for itch.io: the cover's size and shape, and nothing that itch.io does not say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

from verify4k.importers import recognized

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "cover.png": (630, 500),
    "hero-cover_large.jpg": (1260, 1000),
    "small cover.png": (315, 250),
    "cover-animated.gif": (630, 500),
    "banner.png": (960, 200),
    "screenshots/1.png": (1280, 720),
    "recovered.png": (9, 9),
}
COVERS = {name for name in FILES if "cover" in name and name != "recovered.png"}


def write(folder: Path, files: dict[str, tuple[int, int]]) -> None:
    for name, size in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(save(gradient(*size), name))


def told(run: Any) -> tuple[set[str], set[tuple[str, str, str]]]:
    report = json.loads(run("check", "--select", "exact-size,right-format", "--format", "json").out)
    targets = {each["target"].removeprefix("itch/") for each in report["assets"]}
    return targets, {(f["target"].removeprefix("itch/"), f["rule"], f["actual"]) for f in report["findings"]}


def test_covers_as_games_keep_them_pass_and_every_lie_is_named(tmp_path: Path, run: Any) -> None:
    write(tmp_path / "itch", FILES)
    assert run("init", "--from", "itch").code == 0
    assert told(run) == (COVERS, set())
    write(tmp_path / "itch", {"cover.png": (500, 630), "small cover.png": (252, 200)})
    (tmp_path / "itch" / "hero-cover_large.jpg").write_bytes(save(gradient(630, 500), "a.webp"))
    assert told(run)[1] == {
        ("cover.png", "exact-size", "500x630 (about 0.794:1)"),
        ("small cover.png", "exact-size", "252 pixels"),
        ("small cover.png", "exact-size", "200 pixels"),
        ("hero-cover_large.jpg", "right-format", "webp"),
    }


@pytest.mark.parametrize(
    ("folder", "name", "kind"),
    [("itch", "cover.png", "itch"), ("itch.io", "My-Cover.GIF", "itch"), ("itch", "discover.png", None),
     ("art", "cover.png", None)],
)  # fmt: skip
def test_a_folder_is_known_by_its_name_and_a_cover(
    folder: str, name: str, kind: str | None, tmp_path: Path
) -> None:
    write(tmp_path / folder, {name: (630, 500)})
    found = recognized(str(tmp_path / folder))
    assert (found.kind if found else None) == kind
