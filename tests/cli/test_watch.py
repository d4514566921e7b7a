"""`verify4k watch` checks again what was written, told by the system's own notices."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("watchfiles")


def test_a_file_that_is_written_is_checked_again(tmp_path: Path) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36, b.png: 64x36}\n")
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(save(gradient(64, 36), "x.png"))
    argv = [sys.executable, "-m", "verify4k", "watch", "--times", "2"]
    with subprocess.Popen(
        argv, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "2 assets: 2 passed" in process.stdout.readline()
        assert "watching" in process.stderr.readline()
        (tmp_path / "new").write_bytes(save(gradient(32, 18), "x.png"))
        (tmp_path / "new").replace(tmp_path / "a.png")
        out = process.stdout.read()
    assert "error[exact-size] a.png" in out
    assert "1 asset: 0 passed, 1 failed" in out  # b.png was left alone
    assert process.returncode == 1


def test_one_check_is_a_check(run: Any, tmp_path: Path) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    outcome = run("watch", "--times", "1")
    assert outcome.code == 1
    assert "the file does not exist" in outcome.out


def test_a_mistake_that_is_there_from_the_start_is_told_once(run: Any, tmp_path: Path) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: {sise: 64x36}}\n")
    outcome = run("watch", "--times", "1")
    assert outcome.code == 2
    assert outcome.err.count("did you mean size?") == 1


def test_without_a_manifest_there_is_nothing_to_watch(run: Any) -> None:
    assert run("watch", "--times", "1").code == 2


def test_without_the_package_the_hint_says_what_to_install(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    outcome = run("watch")
    assert outcome.code == 3
    assert "pip install 'verify4k[watch]'" in outcome.err
