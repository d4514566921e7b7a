"""Names and sizes as people write them elsewhere: read where they mean one thing, else told the right way."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from pictures import gradient, save

from verify4k.manifest.schema import manifest_schema
from verify4k.options.other_tools import OPTIONS, option_meant, range_meant

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [
    ("art\\hero.png", "has backslashes (folders are separated by slashes: art/hero.png)"),
    ("'C:\\art\\hero.png'", "is an absolute path of Windows"),
    ("'C:/art/hero.png'", "is an absolute path of Windows"),
    ('"art\\t.png"', "has a control character where \\t was probably meant"),
    ("'art/{a,b}.png'", "has braces, which are no wildcards here"),
    ("'art/{1..3}.png'", "has braces"),
    ("~/hero.png", "begins with ~, which only a shell reads"),
    (
        "'!art/old.png'",
        "begins with !, which takes nothing out here (write exclude: into the pattern's entry)",
    ),
]


@pytest.mark.parametrize(("name", "words"), NAMES)
def test_a_name_that_is_spelt_as_elsewhere_is_told_how_it_is_written(
    name: str, words: str, tmp_path: Path, run: Any
) -> None:
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles:\n  {name}: 64x36\n")
    outcome = run("check")
    assert (outcome.code, words in outcome.err) == (2, True), outcome.err
    assert outcome.err.startswith("verify4k.yaml:3:3: ")


@pytest.mark.parametrize("name", ["{a,b}.png", "a\\b.png"])
def test_a_file_that_is_really_called_so_is_that_file(name: str, tmp_path: Path, run: Any) -> None:
    (tmp_path / name).write_bytes(save(gradient(64, 36), "x.png"))
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles:\n  '{name}': 64x36\n")
    assert run("check").code == 0


@pytest.mark.parametrize("size", ["64 x 36", "64*36", "64 × 36", "64X36", "[64x36]"])
def test_a_size_that_can_mean_one_thing_is_read(size: str, tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.png").write_bytes(save(gradient(64, 36), "x.png"))
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles:\n  a.png: {{size: {size}}}\n")
    assert run("check").code == 0


def test_two_numbers_are_told_how_a_size_is_written(tmp_path: Path, run: Any) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles:\n  a.png: [640, 480]\n")
    outcome = run("check")
    assert (outcome.code, "640 is one number, and a size has two (write it like 640x480" in outcome.err) == (
        2,
        True,
    )


def test_a_target_that_is_there_is_told_from_one_that_is_not(tmp_path: Path, run: Any) -> None:
    (tmp_path / "b.png").touch()
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    assert "promises nothing about b.png, which is there" in run("check", "b.png").err
    assert "nothing of that name is there" in run("check", "zzz.jpg").err


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege")
@pytest.mark.parametrize("target", ["linked/art/a.png", "linked/art", "linked", "art/latest/a.png"])
def test_a_target_is_found_through_folders_that_are_links(target: str, tmp_path: Path, run: Any) -> None:
    for name in ("art/a.png", "b.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(save(gradient(64, 36), "x.png"))
    (tmp_path / "linked").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "art" / "latest").symlink_to(".", target_is_directory=True)
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {art/a.png: 64x36, b.png: {size: 64x36}}\n")
    outcome = run("check", str(tmp_path / target), "--ignore", "same-picture")
    assert outcome.code == 0
    number = "2 assets" if target == "linked" else "1 asset"
    assert outcome.out.splitlines()[-1].startswith(f"{number}: ")
    named = "1 of 2 promises is named on the command line: the others were not checked"
    assert (named in outcome.out) is (target != "linked")
    assert run("check", str(tmp_path / "linked" / "zzz.png")).code == 2


MEANT = [
    ("width: 600-700", "write 600..700"),
    ("width: 600...700", "write 600..700"),
    ("width: 600 to 700", "write 600..700"),
    ("width: '>=600'", "write 600.."),
    ("width: '<700'", "write ..700"),
    ("width: 600+", "write 600.."),
    ("bytes: 10kB-1MB", "write 10kB..1MB"),
    ("frame-time: 20ms-1s", "write 20ms..1s"),
    ("megapixels: 4+", "write 4.."),
    ("ratio: 16/9", "write 16:9"),
    ("ratio: 16x9", "write 16:9"),
    ("safe-zone: 80", "write 80%"),
    ("safe-zone: 0.8", "write 80%"),
    ("format: image/png", "did you mean png?"),
    ("chroma: '4:4:4'", "did you mean subsampling?"),
    ("interlaced: true", "did you mean progressive?"),
    ("color-space: srgb", "did you mean icc?"),
    ("File_Size: 1MB", "did you mean bytes?"),
    ("orientation: 1", "did you mean turned?"),
    ("fps: 10", "did you mean frame-time?"),
    ("alpha: no", "did you mean forbidden?"),
    ("alpha: none", "did you mean forbidden?"),
    ("alpha: yes", "did you mean required?"),
    ("alpha: optional", "did you mean any?"),
    ("animation: maybe", "did you mean allowed?"),
    ("loop: infinite", "did you mean forever?"),
    ("loop: 0", "did you mean forever?"),
    ("sizes: 16x16 32x32", "write a list: [16x16, 32x32]"),
    ("size: 16x16;32x32", "write a list: [16x16, 32x32]"),
    ("format: 'png, webp'", "write a list: [png, webp]"),
    ("ratio: '16:9 | 4:3'", "write a list: [16:9, 4:3]"),
    ("size: '640, 480'", "write it like 640x480"),
    ("alpha:forbidden", "write alpha: forbidden, with a space behind the colon"),
    ("size: '>=640x480'", "write width: 640.., height: 480.."),
    ("size: 640x480+", "write width: 640.., height: 480.."),
    ("size: at least 640x480", "write width: 640.., height: 480.."),
    ("size: 640x480 or larger", "write width: 640.., height: 480.."),
    ("size: max 640 x 480", "write width: ..640, height: ..480"),
    ("size: <=640x480", "write width: ..640, height: ..480"),
    ("size: 640x480..", "write width: 640.., height: 480.."),
    ("size: ..640x480", "write width: ..640, height: ..480"),
    ("size=64x36", "write size: 64x36, with a space behind the colon"),
    ("bytes: 2,000", "a comma begins the next option"),
    ("size: 64x36# full", "a comment begins with a space before #"),
    ("size: “64x36”", "use plain quotes"),
]

OTHERS = [
    ("files:\n  a.png:\n    alpha:forbidden\n", "{alpha: forbidden}"),
    ("files:\n  a.png: size=64x36\n", "{size: 64x36}"),
    ("files:\n  a.png:64x36\n", "with a space behind the colon"),
    ("files:\n  a.png:64x36\n  b.png: 1x1\n", "put a space behind the colon above it"),
    ("files:\na.png: 64x36\n", "indent a file below files:"),
    ("files:\nart/*: 64x36\n", "indent a file below files:"),
    ("files:\n  a.png:\n  size: 64x36\n", "'size' is an option, and stands where a file is named"),
    ("files:\n  “a.png”: 64x36\n", "begins with a typographic quote (use plain ones"),
]


@pytest.mark.parametrize(("text", "words"), OTHERS)
def test_what_yaml_takes_for_another_thing_is_told_how_it_is_written(
    text: str, words: str, tmp_path: Path, run: Any
) -> None:
    (tmp_path / "a.png").write_bytes(save(gradient(64, 36), "x.png"))
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\n{text}", encoding="utf-8")
    outcome = run("check")
    assert outcome.code == 2
    assert words in outcome.err


@pytest.mark.parametrize(
    ("entry", "holds"),
    [
        ("width: 64px", True),
        ("width: 60 px..64 PX", True),
        ("longest: ..63px", False),
        ("bit-depth: 8-bit", True),
        ("bit-depth: 16 bit", False),
        ("megapixels: 0.0023 MP", False),
        ("megapixels: 0.002MP..1mp", True),
        ("dpi: 72 ppi", False),
    ],
)
def test_a_unit_may_stand_behind_what_has_no_other(entry: str, holds: bool, tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.png").write_bytes(save(gradient(64, 36), "x.png"))
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles:\n  a.png: {{{entry}}}\n")
    assert run("check").code == (0 if holds else 1)
    option, _, value = entry.partition(": ")
    Draft202012Validator(manifest_schema()).validate({"version": 1, "files": {"a.png": {option: value}}})


@pytest.mark.parametrize(
    "entry", ["width: 64mm", "bit-depth: 8-", "megapixels: 4MB", "dpi: 300px", "width: px"]
)
def test_a_unit_of_something_else_is_a_mistake(entry: str, tmp_path: Path, run: Any) -> None:
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles:\n  a.png: {{{entry}}}\n")
    outcome = run("check")
    assert (outcome.code, f"found '{entry.partition(' ')[2]}'" in outcome.err) == (2, True), outcome.err


@pytest.mark.parametrize(("entry", "words"), MEANT)
def test_what_another_tool_calls_it_is_told_how_it_is_written_here(
    entry: str, words: str, tmp_path: Path, run: Any
) -> None:
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles:\n  a.png: {{{entry}}}\n")
    outcome = run("check")
    assert (outcome.code, f"({words}" in outcome.err) == (2, True), outcome.err
    assert outcome.err.startswith("verify4k.yaml:3:")


def test_every_word_of_another_tool_means_an_option_and_is_none() -> None:
    known = {"from", "ignore", *manifest_schema()["properties"]["defaults"]["properties"]}
    assert {option_meant(word) for word in OPTIONS} <= known
    assert known.isdisjoint(OPTIONS)
    assert option_meant("zzz") == ""


@pytest.mark.parametrize("text", ["5", "5..7", "1:2..2:1", "-5", "a-b", "5-", "1" + " " * 100_000 + "-2"])
def test_what_is_no_range_of_another_tool_is_left_alone(text: str) -> None:
    assert range_meant(text) == ""


def test_a_folder_is_told_how_its_pictures_are_named(tmp_path: Path, run: Any) -> None:
    (tmp_path / "art").mkdir()
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {art: 64x36}\n")
    assert "name the pictures in it: FOLDER/*.png" in run("check").out


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_target_of_the_command_line_is_where_the_system_finds_it(tmp_path: Path, run: Any) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "link").symlink_to("deep/er")
    for name in ("a.png", "deep/a.png"):
        (tmp_path / name).write_bytes(save(gradient(64, 36), "x.png"))
    said = "{size: 64x36, same-as-others: allowed}"
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles: {{a.png: {said}, deep/a.png: {said}}}\n")
    for target, meant in {
        "deep/../a.png": "a.png",
        "link/../a.png": "deep/a.png",
        "deep/er/../..//a.png": "a.png",
        "link/..": "deep/a.png",
    }.items():
        outcome = run("check", "--format", "json", target)
        assert [asset["target"] for asset in json.loads(outcome.out)["assets"]] == [meant], target
