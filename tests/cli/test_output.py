"""How answers are printed: colour, encodings, and streams that are gone."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from verify4k.cli._output import colour_wanted, emit, styled
from verify4k.errors import UsageError

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
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "verify4k", *argv]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, "No space left on device" in done.stderr) == (2, True), done.stderr
    assert "crashed" not in done.stderr


def test_a_folder_that_cannot_be_made_is_a_usage_mistake(tmp_path: Path, run: Any) -> None:
    (tmp_path / "file").write_text("")
    outcome = run("demo", "file/project")
    assert (outcome.code, "cannot make the folder file/project" in outcome.err) == (2, True), outcome.err


CLOSED = ["2>&-", "1>&- 2>&-", "0>&- 2>&-"]


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
