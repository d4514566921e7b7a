"""How answers are printed: colour, encodings, and streams that are gone."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from pictures import make

from verify4k.cli._output import colour_wanted, emit, styled
from verify4k.errors import UsageError
from verify4k.rule import Picture

if TYPE_CHECKING:
    from pathlib import Path


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "terminal", "wanted"),
    [
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"CLICOLOR": "0"}, True, False),
        ({}, False, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": ""}, False, False),
        ({"CLICOLOR_FORCE": "1"}, False, True),
        ({"CLICOLOR_FORCE": "0"}, False, False),
        ({}, True, True),
    ],
)
def test_colour_follows_the_environment_then_the_terminal(
    environ: dict[str, str], *, terminal: bool, wanted: bool
) -> None:
    stream = Terminal() if terminal else io.StringIO()
    assert colour_wanted(stream, environ) is wanted


def test_no_stream_is_no_terminal() -> None:
    assert colour_wanted(None, {}) is False


def test_style_codes_appear_only_with_colour() -> None:
    assert styled("no", "red", "bold", colour=True) == "\033[31;1mno\033[0m"
    assert styled("no", "red", colour=False) == "no"
    assert styled("no", colour=True) == "no"


def test_what_an_encoding_cannot_show_is_escaped() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    emit("a × b", stream)
    assert raw.getvalue() == b"a \\xd7 b\n"


def test_a_closed_stream_is_silence() -> None:
    stream = io.StringIO()
    stream.close()
    emit("text", stream)


def test_a_missing_stdout_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    emit("text")


def test_a_broken_pipe_is_silence_now_and_later() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        emit("text", stream)
        emit("more", stream)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_said() -> None:
    stream = open("/dev/full", "w")  # noqa: SIM115
    with pytest.raises(UsageError, match="cannot be written"):
        emit("text", stream)
    stream.close()  # what could not be written is dropped: at exit it would turn the code into 120


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize(
    "argv", [["--help"], ["check", "--help"], ["--version"], ["size", "--list"], ["rules"]]
)
def test_a_full_disk_is_no_crash_for_any_words(argv: list[str]) -> None:
    for unbuffered in ("", "1"):
        done = on_a_full_disk(argv, unbuffered)
        assert (done.returncode, "No space left on device" in done.stderr) == (2, True), done.stderr
        assert "crashed" not in done.stderr


def on_a_full_disk(argv: list[str], unbuffered: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "verify4k", *argv]
        return subprocess.run(
            command, env=environ, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )


def test_a_folder_that_cannot_be_made_is_a_usage_mistake(tmp_path: Path, run: Any) -> None:
    (tmp_path / "file").write_text("")
    outcome = run("demo", "file/project")
    assert (outcome.code, "cannot make the folder file/project" in outcome.err) == (2, True), outcome.err


CLOSED = ["2>&-", "1>&- 2>&-", "0>&- 2>&-"]


posix = pytest.mark.skipif(os.name == "nt", reason="limits of a shell")


@posix
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_of_help_that_leaves_is_no_finding(unbuffered: str) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run(
        [sys.executable, "-m", "verify4k", "--help"],
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        stdout=writes,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writes)
    assert (done.returncode, done.stderr) == (141, "")


def bounded(limit: str, command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run verify4k under a limit of the shell's. Where files may not grow, Python keeps half a bytecode file."""
    environ = {**os.environ, "PYTHONUNBUFFERED": "", "PYTHONDONTWRITEBYTECODE": "1", **variables}
    script = f"ulimit {limit} && exec {sys.executable} -m verify4k {command}"
    run_by = ["sh", "-c", script]
    return subprocess.run(run_by, cwd=folder, env=environ, capture_output=True, text=True, check=False)


@posix
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_answer_that_did_not_fit_is_an_error_and_no_verdict(unbuffered: str, tmp_path: Path) -> None:
    done = bounded("-f 1", "schema report > answer", tmp_path, PYTHONUNBUFFERED=unbuffered)
    assert 0 < (tmp_path / "answer").stat().st_size <= 1024
    assert (done.returncode, done.stderr) == (2, "error: the output cannot be written: File too large\n")


@posix
@pytest.mark.parametrize("most", range(5, 24, 3))
def test_too_few_open_files_are_told_as_such(most: int, tmp_path: Path) -> None:
    for number in range(12):
        make(Picture(name=f"{number}.png"), tmp_path)
    (tmp_path / "verify4k.yaml").write_text('version: 1\nfiles: {"*.png": 64x36}\n')
    done = bounded(f"-n {most}", "check -j 8", tmp_path)
    assert "bug in verify4k" not in done.stdout + done.stderr
    if done.returncode:
        assert done.returncode in (2, 3)
        assert "(ulimit -n)" in done.stdout + done.stderr


@posix
def test_a_working_folder_that_is_gone_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    done = bounded("-n 256", "check", tmp_path / "gone")
    assert "no manifest" in done.stderr
    script = f"rmdir ../gone && exec {sys.executable} -m verify4k check"
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path / "gone", capture_output=True, text=True, check=False
    )
    assert (done.returncode, "the working folder is not there any more" in done.stderr) == (2, True)


@posix
def test_too_little_memory_to_begin_with_is_told_as_such(tmp_path: Path) -> None:
    code = "raise MemoryError"
    (tmp_path / "yaml.py").write_text(code)
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {}\n")
    done = bounded("-n 256", "check", tmp_path, PYTHONPATH=f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    assert (done.returncode, "(ulimit -v)" in done.stderr) == (2, True), done.stderr


@pytest.mark.skipif(os.name == "nt", reason="the shell is POSIX's")
@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize(
    ("argv", "code"), [("check", 1), ("check --ignore nonsense", 2), ("--nonsense", 2), ("check -c gone", 2)]
)
def test_streams_that_are_closed_from_the_start_are_no_crash_and_get_nobodys_words(
    closed: str, argv: str, code: int, tmp_path: Path
) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    command = f"{sys.executable} -m verify4k {argv} --report json=r.json {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "error:" not in done.stdout
    if code == 1:
        assert json.loads((tmp_path / "r.json").read_text())["exit_code"] == 1
