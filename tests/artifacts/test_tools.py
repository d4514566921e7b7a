"""ExifTool through rule `metadata`: a second reader with limits, and honest when it cannot be asked."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from pictures import exif_with, gradient, save

from verify4k.artifacts.artifact import Artifact
from verify4k.artifacts.exiftool import _Process
from verify4k.artifacts.tools import Tools
from verify4k.documents.nodes import Place
from verify4k.errors import CannotRead, LimitHit, MissingTool
from verify4k.files.programs import find_program
from verify4k.files.source import FileSource
from verify4k.model import Asset

if TYPE_CHECKING:
    from pathlib import Path

needs_exiftool = pytest.mark.skipif(shutil.which("exiftool") is None, reason="ExifTool is not installed")
posix = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
PLAIN = save(gradient(32, 18), "x.jpg")
COPYRIGHT = save(gradient(32, 18), "x.jpg", exif=exif_with({0x8298: "verify4k"}))


def stand_in(folder: Path, script: str) -> dict[str, str]:
    """Put an ``exiftool`` that does what ``script`` says on a PATH, and return the environment."""
    folder.mkdir()
    program = folder / "exiftool"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def promise(folder: Path, name: str, **metadata: list[str]) -> None:
    (folder / "verify4k.json").write_text(json.dumps({"version": 1, "files": {name: {"metadata": metadata}}}))


# -- what ExifTool must not do ---------------------------------------------------------------------


@needs_exiftool
def test_the_checkouts_configuration_of_exiftool_is_not_run(
    tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is Perl code, and ExifTool takes it from the current folder where HOME is unset."""
    (tmp_path / "a.jpg").write_bytes(PLAIN)
    (tmp_path / ".ExifTool_config").write_text("open(my $f, '>', 'PWNED'); print $f 'x'; close $f; 1;\n")
    promise(tmp_path, "a.jpg", forbid=["GPS*"])
    monkeypatch.delenv("HOME")
    assert run("check").code == 0
    assert not (tmp_path / "PWNED").exists()


@needs_exiftool
@pytest.mark.parametrize("depth", ["full", "header"])
def test_the_bytes_that_were_hashed_are_the_bytes_that_exiftool_reads(depth: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(COPYRIGHT)
    with (
        Tools() as tools,
        Artifact(Asset("a.jpg", str(path), Place("", 1, 1)), FileSource(path), depth, tools=tools) as a,
    ):
        _ = a.sha256 if depth == "full" else a.stored
        (tmp_path / "clean").write_bytes(PLAIN)
        (tmp_path / "clean").replace(path)
        assert "EXIF:Copyright" in a.tags


@posix
def test_what_is_no_format_of_ours_is_not_handed_to_exiftool(
    tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = stand_in(tmp_path / "bin", f"touch {tmp_path}/RAN")
    monkeypatch.setenv("PATH", env["PATH"])
    (tmp_path / "a.jpg").write_bytes(b"AT&TFORM\0\0\0\x20DJVMDIRM" + bytes(64))
    promise(tmp_path, "a.jpg", forbid=["GPS*"])
    assert run("check").code == 1
    assert not (tmp_path / "RAN").exists()


@posix
@pytest.mark.parametrize("entry", ["", ".", "bin"])
def test_no_program_is_taken_from_the_folder_that_is_checked(
    entry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path / "bin", "true")
    shutil.copy(tmp_path / "bin" / "exiftool", tmp_path / "exiftool")
    monkeypatch.chdir(tmp_path)
    assert find_program("exiftool", {"PATH": f"{entry}{os.pathsep}/nonexistent"}) is None
    assert find_program("exiftool", {"PATH": f"{entry}{os.pathsep}{tmp_path}"}) == str(tmp_path / "exiftool")


# -- what it may cost ------------------------------------------------------------------------------


def answering(text: str) -> str:
    return f"""while read -r line; do [ "$line" = -execute ] && printf '%s\\n' '{text}' '{{ready}}'; done"""


ENDS = {
    "dies": ("read question; kill -9 $$", CannotRead, "ended before it answered"),
    "is gone at once": ("exit 0", CannotRead, "ended before it answered"),
    "never answers": ("exec sleep 600", LimitHit, "took longer than 0.2 s"),
    "talks without end": ("read question; exec yes $(printf %01000d 0)", LimitHit, "longer than 16 MiB"),
    "talks without end, in one line": ("read question; exec cat /dev/zero", LimitHit, "longer than 16 MiB"),
    "talks nonsense": (answering("no"), CannotRead, "no answer that can be read"),
    "talks of nothing": (answering("[]"), CannotRead, "told nothing"),
    "lacks a decoder": (
        answering('[{"A:B": 1, "ExifTool:Warning": "Install IO::X to decode"}]'),
        CannotRead,
        "cannot read all metadata: Install IO::X to decode",
    ),
    "cannot read it": (
        answering('[{"ExifTool:Error": "File format error"}]'),
        CannotRead,
        "File format error",
    ),
}


@posix
@pytest.mark.parametrize("end", ENDS)
def test_an_exiftool_that_does_not_answer_costs_a_picture_its_answer_and_not_the_run(
    end: str, tmp_path: Path
) -> None:
    script, kind, words = ENDS[end]
    seconds = 0.2 if end == "never answers" else 60
    with Tools(stand_in(tmp_path / "bin", script), seconds) as tools:
        for _ in range(2):  # and the next picture is asked of a process that lives
            with pytest.raises(kind, match=words):
                tools.tags(PLAIN, "jpeg")


@posix
@pytest.mark.filterwarnings("ignore:ExifTool process was previously running:UserWarning")
def test_an_exiftool_that_is_late_before_it_was_started_is_killed_as_soon_as_it_is(tmp_path: Path) -> None:
    environ = stand_in(tmp_path / "bin", "exec sleep 600")
    program = find_program("exiftool", environ)
    process = _Process(program, config_file="")
    process.kill()
    with pytest.raises((CannotRead, RuntimeError)):
        process.run()
    assert process.process is not None
    assert process.process.wait() == -signal.SIGKILL
    process.end()


@posix
@pytest.mark.skipif(shutil.which("perl") is None, reason="perl is not installed")
def test_a_picture_that_takes_all_memory_is_undecided(tmp_path: Path) -> None:
    pytest.importorskip("resource").RLIMIT_AS  # noqa: B018
    greedy = (
        "exec perl -e '<STDIN>; $n = 2 << 30; $x = q(x) x $n; print qq([{\"A:B\":1}]\\n{ready}\\n); sleep 9'"
    )
    with (
        Tools(stand_in(tmp_path / "bin", greedy)) as tools,
        pytest.raises(CannotRead, match="no memory left"),
    ):
        tools.tags(PLAIN, "jpeg")


# -- what it is for --------------------------------------------------------------------------------


@needs_exiftool
def test_tags_are_read_by_one_process_and_by_another_after_it_died() -> None:
    with Tools() as tools:
        for _ in range(3):
            tags = tools.tags(COPYRIGHT, "jpeg")
            assert "EXIF:Copyright" in tags
            assert not [tag for tag in tags if tag.startswith(("File:", "ExifTool:", "Composite:"))]
        process = tools._exiftool
        assert process is not None
        process._tool._process.kill()
        process._tool._process.wait()
        assert "EXIF:Copyright" in tools.tags(COPYRIGHT, "jpeg")
        assert tools._exiftool is not process


@needs_exiftool
@pytest.mark.filterwarnings("error")
def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Tools() as tools:
        assert tools.tags(COPYRIGHT, "jpeg")
        process = tools._exiftool
    assert process is not None
    assert process._tool._process.returncode is not None
    assert list(tmp_path.iterdir()) == []


@needs_exiftool
@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are killed at the end where they are copies")
def test_a_whole_run_leaves_nothing_behind(tmp_path: Path) -> None:
    """Its workers are killed when nothing is left to do: what they have open then would stay."""
    project, temporary = tmp_path / "project", tmp_path / "temporary"
    project.mkdir()
    temporary.mkdir()
    for number in range(3):
        (project / f"{number}.jpg").write_bytes(save(gradient(32, 18 + number), "a.jpg"))
    (project / "verify4k.yaml").write_text('version: 1\nfiles: {"*.jpg": {metadata: {forbid: ["GPS*"]}}}\n')
    program = "from verify4k.__main__ import main; main()"
    environ = {**os.environ, "TMPDIR": str(temporary), "VERIFY4K_WORKERS": "fork"}
    done = subprocess.run(
        [sys.executable, "-c", program, "check", "--jobs", "2"],
        cwd=project, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 assets: 3 passed" in done.stdout
    assert list(temporary.iterdir()) == []


def test_without_exiftool_the_rule_is_undecided_and_says_how_to_get_it(
    tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with Tools() as tools, pytest.raises(MissingTool) as caught:
        tools.tags(COPYRIGHT, "jpeg")
    assert "libimage-exiftool-perl" in caught.value.hint
    (tmp_path / "a.jpg").write_bytes(COPYRIGHT)
    promise(tmp_path, "a.jpg", require=["Copyright"])
    outcome = run("check")
    assert outcome.code == 3
    assert "ExifTool is not installed" in outcome.out


@needs_exiftool
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_name_with_a_line_break_is_read_like_any_other(tmp_path: Path, run: Any) -> None:
    """ExifTool reads one argument a line, and gets a name of ours: the rest of theirs is no option."""
    (tmp_path / "a\n-delete_original!\n.jpg").write_bytes(COPYRIGHT)
    promise(tmp_path, "*.jpg", require=["Copyright"])
    assert run("check").code == 0


@needs_exiftool
@pytest.mark.parametrize(("tags", "told"), [(5, ""), (7, "2 more")])
def test_of_many_tags_that_must_not_ship_five_are_named_and_the_rest_is_counted(
    tags: int, told: str, tmp_path: Path, run: Any
) -> None:
    texts = dict.fromkeys((270, 271, 272, 305, 315, 33432, 316)[:tags], "x")  # ImageDescription ...
    gradient(64, 36).save(tmp_path / "a.jpg", exif=exif_with(texts))
    promise(tmp_path, "a.jpg", forbid=["EXIF:*"])
    (finding,) = json.loads(run("check", "--format", "json").out)["findings"]
    assert finding["actual"].count("EXIF:") == 5
    assert finding["actual"].partition(" and ")[2] == told


@needs_exiftool
def test_many_files_share_the_process_over_threads(tmp_path: Path, run: Any) -> None:
    for number in range(12):
        (tmp_path / f"{number}.jpg").write_bytes(COPYRIGHT)
    entry = {"metadata": {"require": ["Copyright"], "forbid": ["GPS*", "XMP:*"]}, "same-as-others": "allowed"}
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": {"*.jpg": entry}}))
    assert run("check", "-j", "4").code == 0
