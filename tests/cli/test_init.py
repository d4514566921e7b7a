"""The command init: what it promises, what it never overwrites, and how names are written."""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

from verify4k.importers import folder

if TYPE_CHECKING:
    from pathlib import Path


def test_init_promises_what_is_there_and_check_agrees(run: Any, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "node_modules").mkdir()
    for name in ("a.png", "sub/b c: #1.png", "sub/图.png", "node_modules/c.png"):
        (tmp_path / name).write_bytes(save(gradient(64, 36 + len(name)), "x.png"))
    (tmp_path / "broken.png").write_bytes(b"not a picture")
    outcome = run("init")
    assert outcome.code == 0
    assert "3 images" in outcome.out
    text = (tmp_path / "verify4k.yaml").read_text()
    assert text.startswith("# verify4k manifest: ")  # no schema line while there is no address to name
    assert "# broken.png: cannot be read" in text
    assert "node_modules" not in text
    assert run("check").code == 0


@pytest.mark.parametrize(
    ("argv", "following"),
    [
        ([], "next: verify4k check\n"),
        (["."], "next: verify4k check\n"),
        (["art"], f"next: verify4k check -c {os.path.join('art', 'verify4k.yaml')}\n"),
        (["-o", "other.yaml"], "next: verify4k check -c other.yaml\n"),
    ],
)
def test_what_init_says_to_do_next_reads_what_it_wrote(
    argv: list[str], following: str, run: Any, tmp_path: Path
) -> None:
    (tmp_path / "art").mkdir()
    (tmp_path / "art" / "a.png").write_bytes(save(gradient(64, 36), "a.png"))
    outcome = run("init", *argv)
    assert following in outcome.out
    said = outcome.out.partition("next: verify4k ")[2].splitlines()[0].split()
    assert run(*said).code == 0


def test_init_counts_in_words_that_fit_one_image(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(save(gradient(64, 36), "a.png"))
    assert "wrote verify4k.yaml: 1 image promised as it is now; correct" in run("init").out


def test_init_never_replaces_a_manifest_unasked(run: Any, tmp_path: Path) -> None:
    (tmp_path / "verify4k.yaml").write_text("mine")
    outcome = run("init")
    assert outcome.code == 2
    assert "--force" in outcome.err
    assert (tmp_path / "verify4k.yaml").read_text() == "mine"
    assert run("init", "--force").code == 0
    assert (tmp_path / "verify4k.yaml").read_text() != "mine"


@pytest.mark.parametrize(
    ("name", "text"),
    [("verify4k.yml", "version: 1\n"), (".verify4k.yaml", ""), ("pyproject.toml", "[tool.verify4k]\n")],
)
def test_init_writes_no_manifest_that_is_taken_instead_of_another(
    name: str, text: str, tmp_path: Path, run: Any
) -> None:
    (tmp_path / name).write_text(text)
    outcome = run("init")
    assert outcome.code == 2
    assert f"{name} promises pictures already" in outcome.err
    assert not (tmp_path / "verify4k.yaml").exists()
    assert run("init", "-o", "other.yaml").code == 0
    assert run("init", "--force").code == 0


@pytest.mark.parametrize(("argv", "code"), [(("inspect", "a" * 300), 1), (("init", "-o", "a" * 300), 2)])
def test_a_name_that_is_too_long_for_a_file_is_no_crash(argv: tuple[str, ...], code: int, run: Any) -> None:
    outcome = run(*argv)
    assert outcome.code == code, outcome.err
    assert "File name too long" in outcome.out + outcome.err


def test_init_can_print_and_writes_a_manifest_even_where_there_are_no_images(run: Any) -> None:
    outcome = run("init", "-o", "-")
    assert "files: {}" in outcome.out
    assert run("init").code == 0
    assert run("check").code == 2
    assert run("check", "--allow-empty").code == 0


def test_init_leaves_names_that_yaml_cannot_say_as_comments(run: Any, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.png")).write_bytes(save(gradient(64, 36), "x.png"))
    run("init")
    assert "the name is not UTF-8" in (tmp_path / "verify4k.yaml").read_text()


def test_init_stops_listing_after_a_thousand(run: Any, tmp_path: Path) -> None:
    data = save(gradient(8, 8), "x.gif")
    for number in range(1002):
        (tmp_path / f"{number}.gif").write_bytes(data)
    (tmp_path / "0.gif").write_bytes(b"GIF89a")
    told = run("init").out
    assert "more than 1000 images" in (tmp_path / "verify4k.yaml").read_text()
    assert "999 images promised" in told
    assert "note: not promised: more than 1000 images: write patterns, like dist/**/*.png" in told
    assert "note: not promised: 0.gif: cannot be read" in told


def test_init_with_a_published_schema_is_a_manifest_also_where_there_are_no_images(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "schema_comment", lambda: ["# yaml-language-server: $schema=x"])
    assert run("init", "-o", "-").out.splitlines()[0] == "# yaml-language-server: $schema=x"
    assert "\nfiles: {}\n" in run("init", "-o", "-").out


@pytest.mark.parametrize("options", [(), ("--no-check",)])
def test_a_size_that_no_manifest_can_promise_is_a_comment(
    run: Any, tmp_path: Path, options: tuple[str, ...]
) -> None:
    header = struct.pack("<2s4I2i2H6I", b"BM", 54, 0, 54, 40, 16449311, 1_000_001, 1, 24, *[0] * 6)
    (tmp_path / "huge.bmp").write_bytes(header)
    (tmp_path / "good.png").write_bytes(save(gradient(64, 36), "x.png"))
    assert run("init", *options).code == 0
    text = (tmp_path / "verify4k.yaml").read_text()
    assert "# huge.bmp: its header says 16449311x1000001: no picture is that large" in text
    assert run("check").code == 0
