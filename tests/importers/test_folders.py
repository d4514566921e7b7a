"""What folders promise: Android's densities (`android-res`), fastlane's tables, a golden folder, Git LFS pointers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from imported import ALPHA, HERO, png, sha256
from pictures import exif_with, gradient, save
from PIL import Image

from verify4k.importers import find_importer, open_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def res(folder: Path, sizes: Mapping[str, int], name: str = "ic_launcher.png", kind: str = "mipmap") -> None:
    for density, edge in sizes.items():
        (folder / "res" / f"{kind}-{density}").mkdir(parents=True, exist_ok=True)
        (folder / "res" / f"{kind}-{density}" / name).write_bytes(png(edge, edge))


def test_check_of_such_a_folder_without_a_manifest_names_the_command_that_writes_one(
    tmp_path: Path, run: Any
) -> None:
    res(tmp_path, {"mdpi": 47})
    (tmp_path / "other").mkdir()
    outcome = run("check", "res")
    assert outcome.code == 2
    assert "res is a source of promises (android-res)" in outcome.err
    assert "verify4k init --from res" in outcome.err
    assert "source of promises" not in run("check", "other").err
    (tmp_path / "verify4k.yaml").write_text('version: 1\nfiles: {"res/*/*.png": 47x47}\n')
    assert run("check", "res").code == 0  # beside a manifest it means what that promises below it


def test_android_densities_follow_from_the_name_or_the_largest(tmp_path: Path, run: Any) -> None:
    res(tmp_path, {"mdpi": 48, "hdpi": 72, "xhdpi": 96, "xxhdpi": 144, "xxxhdpi": 192})
    res(tmp_path, {"mdpi": 108, "xxxhdpi": 432}, "ic_launcher_foreground.png")
    res(tmp_path, {"mdpi": 25, "hdpi": 38, "xhdpi": 50}, "photo.png", "drawable-night")
    assert run("init", "--from", "res").code == 0
    assert run("check").code == 0
    res(tmp_path, {"hdpi": 47})
    res(tmp_path, {"mdpi": 51}, "photo.png", "drawable-night")
    told = {f["target"]: f["expected"] for f in json.loads(run("check", "--format", "json").out)["findings"]}
    assert told == {
        "res/mipmap-hdpi/ic_launcher.png": "72x72",
        "res/drawable-night-mdpi/photo.png": "25x25 (+-1px)",
    } or (told.keys() == {"res/mipmap-hdpi/ic_launcher.png", "res/drawable-night-mdpi/photo.png"})


@pytest.mark.parametrize(("layer", "found"), [("background", []), ("foreground", ["not-blank"])])
def test_the_ground_of_an_adaptive_icon_may_be_one_colour(
    layer: str, found: list[str], tmp_path: Path, run: Any
) -> None:
    name = f"ic_launcher_{layer}.png"
    res(tmp_path, {"mdpi": 108, "xxxhdpi": 432}, name)
    grey = Image.new("RGBA", (432, 432), (84, 84, 84, 128))
    (tmp_path / "res" / "mipmap-xxxhdpi" / name).write_bytes(save(grey, "a.png"))
    assert run("init", "--from", "res").code == 0
    assert [f["rule"] for f in json.loads(run("check", "--format", "json").out)["findings"]] == found


def test_a_nine_patch_of_android_has_its_frame(tmp_path: Path, run: Any) -> None:
    res(tmp_path, {"mdpi": 48})
    picture = Image.new("RGBA", (12, 12), (0, 0, 0, 0))
    picture.paste(gradient(10, 10), (1, 1))
    for step in range(3, 8):
        picture.putpixel((step, 0), (0, 0, 0, 255))
        picture.putpixel((0, step), (0, 0, 0, 255))
    (tmp_path / "res" / "mipmap-mdpi" / "button.9.png").write_bytes(save(picture, "a.png"))
    assert run("init", "--from", "res").code == 0
    assert run("check").code == 0
    (tmp_path / "res" / "mipmap-mdpi" / "button.9.png").write_bytes(save(picture.resize((18, 18)), "a.png"))
    told = json.loads(run("check", "--format", "json").out)["findings"]
    assert {(f["target"], f["rule"]) for f in told} == {("res/mipmap-mdpi/button.9.png", "nine-patch")}


def test_fastlane_folders_hold_what_the_stores_demand(tmp_path: Path, run: Any) -> None:
    android = tmp_path / "fastlane" / "metadata" / "android" / "en-US" / "images"
    (android / "phoneScreenshots").mkdir(parents=True)
    (android / "icon.png").write_bytes(png(512, 512))
    (android / "featureGraphic.png").write_bytes(png(1024, 500))
    (android / "phoneScreenshots" / "1.png").write_bytes(png(360, 640))
    apple = tmp_path / "fastlane" / "screenshots" / "en-US"
    apple.mkdir(parents=True)
    (apple / "home.png").write_bytes(png(640, 960))
    assert run("init", "--from", "fastlane").code == 0
    assert run("check").code == 0
    (android / "featureGraphic.png").write_bytes(png(1024, 500, ALPHA))
    (android / "phoneScreenshots" / "1.png").write_bytes(png(340, 700))
    (apple / "home.png").write_bytes(png(641, 960))
    told = {
        (f["target"].rpartition("/")[2], f["rule"])
        for f in json.loads(run("check", "--format", "json").out)["findings"]
    }
    assert told == {
        ("featureGraphic.png", "no-stray-alpha"),
        ("1.png", "exact-size"),
        ("home.png", "exact-size"),
    }


def test_google_play_s_pictures_are_promised_as_their_page_says(tmp_path: Path) -> None:
    images = tmp_path / "fastlane" / "metadata" / "android" / "en-US" / "images"
    images.mkdir(parents=True)
    for name in ("icon", "featureGraphic", "promoGraphic", "tvBanner", "other"):
        (images / f"{name}.png").touch()
    importer = find_importer("fastlane")
    said = importer.read(open_source(str(tmp_path / "fastlane"), "fastlane")).promises
    plain = {"format": ["png", "jpeg"], "alpha": "forbidden"}
    assert {each.target.rpartition("/")[2]: dict(each.options) for each in said} == {
        "icon.png": {"size": "512x512", "format": "png", "bytes": "1024KiB"},
        "featureGraphic.png": {"size": "1024x500", **plain},
        "promoGraphic.png": {"size": "180x120", **plain},
        "tvBanner.png": {"size": "1280x720", **plain},
    }


def test_a_golden_folder_holds_every_fact(tmp_path: Path, run: Any) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "a.png").write_bytes(png(64, 36, ALPHA))
    assert run("init", "--from", "folder=dist").code == 0
    assert run("check").code == 0
    (tmp_path / "dist" / "a.png").write_bytes(png(64, 36))
    rules = {f["rule"] for f in json.loads(run("check", "--format", "json").out)["findings"]}
    assert rules == {"same-bytes"}


def test_what_check_says_of_a_golden_folder_is_told_when_it_is_written(tmp_path: Path, run: Any) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "turned.jpg").write_bytes(
        save(gradient(64, 36), "a.jpg", exif=exif_with({0x0112: 6}))
    )
    (tmp_path / "dist" / "cut.png").write_bytes(HERO[:-20])
    told = run("init", "--from", "folder=dist").out
    assert "2 images promised" in told
    assert "check says: error upright dist/turned.jpg" in told
    assert "check says: error readable dist/cut.png: the image is damaged" in told
    rules = {f["target"]: f["rule"] for f in json.loads(run("check", "--format", "json").out)["findings"]}
    assert rules == {"dist/turned.jpg": "upright", "dist/cut.png": "readable"}
    assert "check says" not in run("init", "--from", "folder=dist", "--no-check", "--force").out


def test_lfs_pointers_promise_what_they_point_at(tmp_path: Path, run: Any) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256(HERO)}\nsize {len(HERO)}\n"
    (tmp_path / "art").mkdir()
    (tmp_path / "art" / "hero.png").write_text(pointer)
    (tmp_path / "art" / "notes.txt").write_text("no pointer")
    assert run("init", "--from", "lfs-pointers=art").code == 0
    (tmp_path / "art" / "hero.png").write_bytes(HERO)
    assert run("check").code == 0
    (tmp_path / "art" / "hero.png").write_bytes(png(64, 37))
    rules = {f["rule"] for f in json.loads(run("check", "--format", "json").out)["findings"]}
    assert "same-bytes" in rules
