"""`check` without a manifest: what files have to be stands on the command line, and - is stdin."""

from __future__ import annotations

import io
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a.png", "sub/b[1]*.png" if os.name != "nt" else "sub/b[1].png"):
        (tmp_path / name).write_bytes(save(gradient(64, 36), "x.png"))


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_promise_on_the_command_line_holds_or_is_a_finding_there(run: Any) -> None:
    assert run("check", "--size", "64x36", "--alpha", "forbidden", "a.png").code == 0
    outcome = run("check", "--size", "4k-landscape", "a.png")
    assert outcome.code == 1
    assert "promised  --size  size: 4k-landscape (preset" in outcome.out
    outcome = run("check", "--promise", "format: jpeg, bytes: {max: 10}", "--format", "concise", "a.png")
    assert (
        "--promise:1:2: error right-format a.png: the format differs: expected jpeg, got png" in outcome.out
    )
    assert "byte-budget" in outcome.out


@pytest.mark.parametrize("entry", ["size: 64x36", "{size: 64x36}", "64x36", " 64 x 36 ", "[1x1, 64x36]"])
@pytest.mark.parametrize(("size", "code"), [((64, 36), 0), ((64, 37), 1)])
def test_an_entry_may_be_written_as_a_manifest_has_it(
    entry: str, size: tuple[int, int], code: int, tmp_path: Path, run: Any
) -> None:
    (tmp_path / "a.png").write_bytes(save(gradient(*size), "a.png"))
    assert run("check", "--promise", entry, "a.png").code == code


@pytest.mark.parametrize("said", ["", " "])
def test_an_empty_promise_is_no_pass(said: str, run: Any) -> None:
    assert run("check", "--promise", said, "a.png").code == 2


def test_an_option_that_does_not_go_with_shards_is_named(run: Any) -> None:
    assert "--shard does not go with --size" in run("check", "--size", "1x1", "--shard", "1/2", "a.png").err


def test_no_manifest_that_lies_around_is_asked(run: Any, tmp_path: Path) -> None:
    (tmp_path / "verify4k.yaml").write_text("not a manifest")
    assert run("check", "--size", "64x36", "a.png").code == 0


def test_names_are_names_and_may_lie_anywhere(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [odd] = (tmp_path / "sub").iterdir()
    assert run(
        "check", "--size", "64x36", f"sub/{odd.name}", str(tmp_path / "a.png"), "a.png"
    ).out.startswith("2 assets: 2 passed")
    monkeypatch.chdir(tmp_path / "sub")
    outcome = run("check", "--size", "9x9", "../a.png", "--format", "concise")
    assert outcome.code == 1
    assert f"exact-size {tmp_path / 'a.png'}" in outcome.out


def test_what_is_not_there_is_a_finding(run: Any) -> None:
    outcome = run("check", "--size", "64x36", "none.png")
    assert outcome.code == 1
    assert "none.png" in outcome.out


def test_stdin_is_a_picture_like_any_other(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (tmp_path / "a.png").read_bytes()
    piped(monkeypatch, data)
    outcome = run("check", "--size", "64x36", "-", "--format", "json")
    assert outcome.code == 0
    [asset] = json.loads(outcome.out)["assets"]
    assert asset["target"] == "-"
    piped(monkeypatch, data[:-30])
    outcome = run("check", "--size", "64x36", "-")
    assert outcome.code == 1
    assert "error[readable] -\n" in outcome.out
    piped(monkeypatch, b"")
    assert run("check", "--size", "64x36", "-").code == 1


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--size", "64x36"], "name files: check --size 64x64 FILE"),
        (["--size", "wat", "a.png"], "'wat' is neither a size nor a named size"),
        (["--promise", "sie: 1x1", "a.png"], "did you mean size?"),
        (["--promise", "size: [", "a.png"], "--promise:"),
        (["--promise", "}, x: {", "a.png"], "--promise:"),
        (["--size", "1x1", "--promise", "size: 2x2", "a.png"], "size is promised twice"),
        (["--size", "1x1", "-c", "x.yaml", "a.png"], "goes with a manifest"),
        (["--size", "1x1", "--baseline", "x.json", "a.png"], "goes with a manifest"),
        (["--size", "1x1", "--staged", "a.png"], "two different questions"),
        (["-"], "verify4k check --size 3840x2160 - < FILE"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_mistake_with_the_next_step(
    argv: list[str], said: str, run: Any
) -> None:
    outcome = run("check", *argv)
    assert outcome.code == 2
    assert said in outcome.err
    assert outcome.out == ""


def test_a_terminal_is_not_waited_for(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    outcome = run("check", "--size", "64x36", "-")
    assert outcome.code == 2
    assert "nothing is piped in" in outcome.err
