"""A missing file is compared with its neighbours: most are there under nearly the same name."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save
from steps import steps

from verify4k.files.similar_names import similar_name

if TYPE_CHECKING:
    from pathlib import Path

NFC = unicodedata.normalize("NFC", "señor.png")


@pytest.mark.parametrize(
    ("there", "promised", "words"),
    [
        ("Hero.PNG", "hero.png", "Hero.PNG is there; names must agree to the letter"),
        (unicodedata.normalize("NFD", NFC), NFC, "other characters that look alike"),
        ("hero.jpg", "hero.png", "hero.jpg is there: is that the file that is meant?"),
        ("banner.png", "baner.png", None),  # a letter more or less is another name
        ("banmer.png", "banner.png", "banmer.png is there: is that"),
        ("hero-1.png", "hero-2.png", None),  # numbers count things
        ("a.png", "b.png", None),
        ("hero.png.png", "hero.png", "hero.png.png is there: is that the file that is meant?"),
        ("hero.png.crdownload", "hero.png", "hero.png.crdownload is there: is that"),
        ("hero (1).png", "Hero.png", "hero (1).png is there: is that the file that is meant?"),
        ("hero - Copy.png", "hero.png", "hero - Copy.png is there: is that"),
        ("hero-copy 2.png", "hero.png", "hero-copy 2.png is there: is that"),
        ("copy.png", "hero.png", None),
        ("with space.png", "with%20space.png", "with space.png is there: is that the file that is meant?"),
        ("Dist/Hero.png", "dist/Hero.png", "Dist/Hero.png is there; names must agree to the letter"),
        ("Dist/Hero.PNG", "dist/hero.png", "Dist/Hero.PNG is there; names must agree to the letter"),
        ("Web/Dist/a.png", "web/dist/a.png", "Web/Dist/a.png is there; names must agree to the letter"),
        ("Dist/hero.jpg", "dist/hero.png", "Dist/hero.jpg is there: is that the file that is meant?"),
        ("Dist/hero.png", "dust/hero.png", "Dist/hero.png is there: is that"),
        ("Dist/a.png", "dist/other.png", None),
        ("docs/a.png", "dist/a.png", None),
        ("other.png", "hero.png", None),
    ],
)
def test_a_missing_file_is_looked_for_beside(
    there: str, promised: str, words: str | None, tmp_path: Path, run: Any
) -> None:
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_bytes(save(gradient(64, 36), "x.png"))
    if (tmp_path / promised).exists():
        pytest.skip("one file on this system")
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles: {{{promised}: 64x36}}\n", "utf-8")
    outcome = run("check", "--format", "json")
    assert outcome.code == 1
    assert (words or "generate or restore it") in " ".join(outcome.out.split())


def test_a_folder_is_listed_once_however_many_files_are_missing(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"picture-{number}.png").touch()
    similar_name(str(tmp_path / "x.png"))
    assert (
        steps(lambda: [similar_name(str(tmp_path / f"absent{number}.png")) for number in range(50)])
        < 50 * 300
    )


def test_a_file_is_no_folder_though_it_is_called_like_the_one_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "art.png").write_bytes(b"")
    assert similar_name(str(tmp_path / "art" / "x.png")) is None


@pytest.mark.parametrize(("missing", "found"), [(4, "Art/b/c/d/x.png"), (5, None)])
def test_so_many_folders_are_looked_for_and_no_more(missing: int, found: str | None, tmp_path: Path) -> None:
    folders = ("Art", "b", "c", "d", "e")[:missing]
    target = tmp_path.joinpath(*folders, "x.png")
    target.parent.mkdir(parents=True)
    target.write_bytes(b"")
    told = similar_name(str(tmp_path.joinpath("art", *folders[1:], "x.png")))
    assert (None if told is None else told.name) == found


def test_a_long_path_costs_no_more_than_a_short_one(tmp_path: Path) -> None:
    assert similar_name(str(tmp_path.joinpath(*["a"] * 1500, "x.png"))) is None


@pytest.mark.parametrize(("there", "name"), [("img/a.png", "img\\a.png"), ("x/y/a.png", "x/y\\a.png")])
def test_a_source_from_windows_is_told_what_its_backslashes_mean(
    there: str, name: str, tmp_path: Path, run: Any
) -> None:
    (tmp_path / there).parent.mkdir(parents=True)
    (tmp_path / there).write_bytes(save(gradient(9, 9), "x.png"))
    (tmp_path / "a.csv").write_text(f"file,size\n{name},9x9\n")
    [finding] = json.loads(run("check", "--format", "json", "a.csv").out)["findings"]
    assert finding["fix"] == f"{there.removeprefix('x/')} is there: is that the file that is meant?"


def test_backslashes_look_into_no_folder_above(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.png").touch()
    assert similar_name(f"{tmp_path}/in/..\\secret.png") is None
    assert similar_name(f"{tmp_path}/in/x\\..\\..\\secret.png") is None
    assert similar_name(f"{tmp_path}/in/\\etc\\passwd") is None
    (tmp_path / "in" / "a.png").touch()
    assert similar_name(f"{tmp_path}/in\\a.png") is not None
