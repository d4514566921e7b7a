"""`verify4k doctor` tells what is here, what is not, and what that switches off."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def parts(run: Any) -> dict[str, dict[str, Any]]:
    return {part["name"]: part for part in json.loads(run("doctor", "--format", "json").out)}


def test_what_is_installed_is_told_with_its_version(run: Any) -> None:
    told = parts(run)
    for name in ("numpy", "pillow", "simplejpeg"):
        assert told[name]["found"] == metadata.version(name)
        assert told[name]["needed"]
    assert told["WebP"]["found"]
    assert run("doctor").code == 0


def test_what_is_missing_says_what_it_switches_off_and_how_to_install_it(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pillow_heif", None)  # what an import finds where it is not installed
    told = parts(run)
    assert told["exiftool"]["found"] == told["pillow-heif"]["found"] == ""
    out = run("doctor").out
    assert "exiftool           missing\n    off without it: rule metadata is undecided" in out
    assert "-m pip install 'verify4k[heic]'" in out
    assert run("doctor").code == 0


def test_a_broken_library_that_every_check_needs_is_exit_code_3(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "simplejpeg", None)
    outcome = run("doctor")
    assert outcome.code == 3
    assert outcome.out.endswith("needed and missing: simplejpeg\n")


def test_settings_are_named_and_their_values_kept(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:secret@proxy:3128")
    monkeypatch.setenv("VERIFY4K_DEPTH", "header")
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {}\n")
    out = run("doctor").out
    assert "secret" not in out
    assert "HTTPS_PROXY" in out
    assert "VERIFY4K_DEPTH" in out
    assert str(tmp_path / "verify4k.yaml") in out


def test_where_earlier_runs_keep_things_is_told(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VERIFY4K_CACHE_DIR", str(tmp_path))
    facts, bodies = tmp_path / "facts", tmp_path / "bodies"
    assert f"facts of files in {facts}, bodies of URLs in {bodies}" in run("doctor").out


def test_a_program_of_the_folder_is_not_run(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    planted = tmp_path / "exiftool"
    planted.write_text("#!/bin/sh\ntouch was-run\n")
    planted.chmod(0o755)
    monkeypatch.setenv("PATH", ".")
    run("doctor")
    assert not (tmp_path / "was-run").exists()


@pytest.mark.parametrize(
    ("receipt", "said"),
    [
        ("pipx_metadata.json", "pipx inject verify4k pillow-heif"),
        ("uv-receipt.toml", "uv tool install --with pillow-heif verify4k"),
    ],
)
def test_the_way_to_install_is_that_of_the_tool_that_installed_verify4k(
    receipt: str, said: str, run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / receipt).touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert said in run("doctor").out
