"""A folder of pictures for Steam, as games name them: each has the size of its slot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save
from PIL import Image

from verify4k.importers import recognized

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = {
    "header_capsule.png": (920, 430),
    "small-capsule-462x174.jpg": (462, 174),
    "store_capsule_main_1232_x_706.png": (1232, 706),
    "vertical_capsule_german.png": (748, 896),
    "library_capsule.png": (600, 900),
    "library_header.png": (920, 430),
    "Library Hero.jpg": (3840, 1240),
    "page_background.png": (1438, 810),
    "community_icon.jpg": (184, 184),
    "event_cover.png": (800, 450),
    "event_header.png": (1920, 622),
    "screenshot_01.png": (2560, 1440),
    "screenshots/rush-hour.jpg": (1920, 1080),
    "screenshot-2560x1440.png": (2560, 1440),  # of several sizes the name may state one
}
STRANGERS = {"header-capsule-460x215.png": (460, 215), "notes.png": (9, 9), "capsule_idea.png": (9, 9)}


def write(folder: Path, sizes: dict[str, tuple[int, int]]) -> None:
    (folder / "screenshots").mkdir(parents=True, exist_ok=True)
    for shift, (name, size) in enumerate(sizes.items()):
        (folder / name).write_bytes(save(gradient(*size, shift * 9), name))


def logo(folder: Path, width: int, height: int, alpha: int = 0) -> None:
    picture = gradient(width, height).convert("RGBA")
    picture.paste(Image.new("RGBA", (9, 9), (0, 0, 0, alpha)))
    picture.save(folder / "library_logo.png")


def told(run: Any) -> set[tuple[str, str]]:
    findings = json.loads(
        run("check", "--select", "exact-size,right-format,no-stray-alpha", "--format", "json").out
    )
    return {(f["target"].removeprefix("art/"), f["rule"]) for f in findings["findings"]}


def test_a_folder_as_games_keep_it_passes_and_every_lie_is_named(tmp_path: Path, run: Any) -> None:
    write(tmp_path / "art", SHIPPED | STRANGERS)
    logo(tmp_path / "art", 1280, 300)
    assert run("init", "--from", "art").code == 0
    report = json.loads(run("check", "--select", "exact-size,right-format", "--format", "json").out)
    names = {asset["target"].removeprefix("art/") for asset in report["assets"]}
    assert (names, report["findings"]) == ({*SHIPPED, "library_logo.png"}, [])
    write(tmp_path / "art", {name: (width // 2, height // 2) for name, (width, height) in SHIPPED.items()})
    write(tmp_path / "art", {"community_icon.jpg": (184, 184)})
    (tmp_path / "art" / "event_cover.png").write_bytes(save(gradient(800, 450), "a.webp"))
    logo(tmp_path / "art", 1000, 300, 255)
    lies = {
        (name, "exact-size")
        for name in (*SHIPPED, "library_logo.png")
        if name not in ("community_icon.jpg", "event_cover.png")
    }
    assert told(run) == lies | {("event_cover.png", "right-format"), ("library_logo.png", "no-stray-alpha")}


def test_a_finding_names_the_date_of_the_table(tmp_path: Path, run: Any) -> None:
    write(tmp_path / "art", {"header_capsule.png": (460, 215), "main_capsule.png": (1232, 706)})
    assert run("init", "--from", "steam=art").code == 0
    assert "size: steam-header (preset steam-header (2026-11-27))" in " ".join(run("check").out.split())


@pytest.mark.parametrize(
    ("width", "height", "right"),
    [(1280, 200, True), (500, 720, True), (1280, 720, True), (640, 360, False), (1281, 720, False)],
)
def test_a_logo_reaches_one_edge_and_passes_none(
    width: int, height: int, right: bool, tmp_path: Path, run: Any
) -> None:
    (tmp_path / "art").mkdir()
    logo(tmp_path / "art", width, height)
    assert run("init", "--from", "steam=art").code == 0
    assert (told(run) == set()) is right


def test_a_folder_is_known_by_two_slots_and_is_no_fastlane_folder(tmp_path: Path, run: Any) -> None:
    write(tmp_path / "art", {"header_capsule.png": (920, 430), "screenshots/a.png": (1920, 1080)})
    assert recognized(str(tmp_path / "art")) is None
    assert "nothing here knows what art promises" in run("init", "--from", "art").err
    write(tmp_path / "art", {"library_hero.png": (3840, 1240)})
    found = recognized(str(tmp_path / "art"))
    assert found is not None
    assert found.kind == "steam"


def test_a_source_that_promises_nothing_writes_no_manifest(tmp_path: Path, run: Any) -> None:
    write(tmp_path / "art", STRANGERS)
    outcome = run("init", "--from", "steam=art")
    assert outcome.code == 2
    assert outcome.err.splitlines() == [
        "error: art promises no picture",
        "  what a source of kind steam promises: verify4k explain importers",
    ]
    assert not (tmp_path / "verify4k.yaml").exists()
