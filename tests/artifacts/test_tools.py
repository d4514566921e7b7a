"""ExifTool through rule `metadata`: one process a run, and honest when it cannot be asked."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from pictures import exif_with, gradient, save

from verify4k.artifacts.tools import Tools
from verify4k.errors import CannotRead, MissingTool
from verify4k.files.source import BytesSource, FileSource

if TYPE_CHECKING:
    from pathlib import Path

needs_exiftool = pytest.mark.skipif(shutil.which("exiftool") is None, reason="ExifTool is not installed")
COPYRIGHT = save(gradient(32, 18), "x.jpg", exif=exif_with({0x8298: "verify4k"}))


@needs_exiftool
def test_tags_are_read_from_files_and_from_bytes_by_one_process(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(COPYRIGHT)
    (tmp_path / "-b.jpg").write_bytes(COPYRIGHT)
    with Tools() as tools:
        for source in (
            FileSource(tmp_path / "a.jpg"),
            FileSource(tmp_path / "-b.jpg"),
            BytesSource(COPYRIGHT),
        ):
            tags = tools.tags(source)
            assert "EXIF:Copyright" in tags
            assert not [tag for tag in tags if tag.startswith(("File:", "ExifTool:", "Composite:"))]
        process = tools._exiftool
        assert tools.tags(FileSource(tmp_path / "a.jpg"))
        assert tools._exiftool is process


@needs_exiftool
def test_a_name_with_a_line_break_is_not_given_to_exiftool(tmp_path: Path) -> None:
    """ExifTool reads one argument a line: the rest of the name would be an option."""
    path = tmp_path / "a\n-delete_original!\n.jpg"
    path.write_bytes(COPYRIGHT)
    with Tools() as tools, pytest.raises(CannotRead, match="line break"):
        tools.tags(FileSource(path))


@needs_exiftool
def test_a_file_that_exiftool_cannot_open_is_undecided(tmp_path: Path) -> None:
    with Tools() as tools, pytest.raises(CannotRead):
        tools.tags(FileSource(tmp_path / "gone.jpg"))


def test_without_exiftool_the_rule_is_undecided_and_says_how_to_get_it(
    tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with Tools() as tools, pytest.raises(MissingTool) as caught:
        tools.tags(BytesSource(COPYRIGHT))
    assert "libimage-exiftool-perl" in caught.value.hint
    (tmp_path / "a.jpg").write_bytes(COPYRIGHT)
    (tmp_path / "verify4k.json").write_text(
        json.dumps({"version": 1, "files": {"a.jpg": {"metadata": {"require": ["Copyright"]}}}})
    )
    outcome = run("check")
    assert outcome.code == 3
    assert "ExifTool is not installed" in outcome.out


@needs_exiftool
@pytest.mark.filterwarnings("error")
def test_a_process_that_died_is_let_go_without_a_warning(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(COPYRIGHT)
    with Tools() as tools:
        assert tools.tags(FileSource(tmp_path / "a.jpg"))
        process = tools._exiftool._process
        process.kill()
        process.wait()
        del process
    assert tools._exiftool is None


@needs_exiftool
def test_many_files_share_the_process_over_threads(tmp_path: Path, run: Any) -> None:
    for number in range(12):
        (tmp_path / f"{number}.jpg").write_bytes(COPYRIGHT)
    entry = {"metadata": {"require": ["Copyright"], "forbid": ["GPS*", "XMP:*"]}, "same-as-others": "allowed"}
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": {"*.jpg": entry}}))
    assert run("check", "-j", "4").code == 0
