"""The pytest plugin in a pytest of its own: one test an asset, and nothing at all where nobody asks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pictures import gradient, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MANIFEST = """\
version: 1
files:
  a.png: {size: 64x36, alpha: forbidden}
  b.png: 32x32
  c.heic: {}
"""
OPTIONS = ("-p", "no:cacheprovider", "-q", "-rA")


@pytest.fixture
def inner(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Call pytest in a project with three promises, of which one holds."""
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(save(gradient(64, 36), "x.png"))
    (tmp_path / "verify4k.yaml").write_text(MANIFEST)
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n")

    def call(*argv: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", *OPTIONS, *argv]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return call


def test_every_asset_is_a_test_and_a_broken_promise_fails_it(
    inner: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = inner("--verify4k")
    assert done.returncode == 1
    for said in (
        "PASSED verify4k.yaml::a.png",
        "FAILED verify4k.yaml::b.png - error[exact-size] ",
        "FAILED verify4k.yaml::c.heic - error[readable] ",
        "2 failed, 2 passed",
        "  expected  32x32\n",
    ):
        assert said in done.stdout
    assert "Traceback" not in done.stdout


def test_a_test_stands_where_its_promise_is_made(
    inner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text("file,size\nb.png,64x36\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles_from: list.csv\ninclude: [more/part.yaml]\n")
    (tmp_path / "more/part.yaml").write_text("version: 1\nfiles:\n  d.png: 64x36\n")
    (tmp_path / "a.png").rename(tmp_path / "more/d.png")
    done = inner("--verify4k", "-v", "verify4k.yaml", "--junit-xml=out.xml", "-o", "junit_family=xunit1")
    assert done.returncode == 0
    cases = re.findall(r'<testcase [^>]*file="([^"]*)" line="(\d+)"', (tmp_path / "out.xml").read_text())
    assert cases == [("list.csv", "1"), ("more/part.yaml", "2")]


def test_chosen_tests_check_their_assets_only(inner: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = inner("--verify4k", "-k", "a.png")
    assert done.returncode == 0
    assert "1 passed, 3 deselected" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no file has such a name")
def test_names_of_tests_are_safe_to_show_and_to_send(
    inner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    for name in (b"x\x1b[31m.png", b"x\n.png", b"x\xff.png"):
        path = os.path.join(os.fsencode(tmp_path), name)
        with open(path, "wb") as file:
            file.write(save(gradient(32 if b"\xff" in name else 64, 36), "x.png"))
    (tmp_path / "verify4k.yaml").write_text(
        'version: 1\nfiles: {"x*.png": {size: 64x36, same-as-others: allowed}}\n'
    )
    done = inner("--verify4k", "verify4k.yaml")
    assert done.returncode == 1
    assert "2 passed" in done.stdout
    assert "FAILED verify4k.yaml::x\\xff.png - error[exact-size] " in done.stdout
    assert "PASSED verify4k.yaml::x\\x0a.png" in done.stdout
    assert "\x1b" not in done.stdout


def test_without_the_option_nothing_is_collected_and_nothing_is_loaded(
    inner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "test_own.py").write_text(
        "import sys\ndef test_own():\n    assert 'verify4k.manifest' not in sys.modules\n"
        "    assert 'numpy' not in sys.modules\n"
    )
    done = inner()
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_the_setting_in_a_projects_file_does_the_same(
    inner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nverify4k = true\n")
    assert "2 failed, 2 passed" in inner().stdout


def test_a_mistake_in_the_manifest_fails_the_collection(
    inner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: {sie: 1x1}}\n")
    done = inner("--verify4k")
    assert done.returncode == 2
    assert "did you mean size?" in done.stdout


def test_what_could_not_be_verified_is_no_pass(
    inner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\nfiles: {a.png: {size: 64x36}, b.png: {size: 1x1, rules: {exact-size: off}}}\nlimits: {pixels: 10}\n"
    )
    done = inner("--verify4k")
    assert "undecided[readable]" in done.stdout
    assert "2 failed, 1 passed" in done.stdout


SILENT = "no manifest was collected, so no promise was tested"


@pytest.mark.parametrize(
    ("settings", "argv", "tested"),
    [
        ("verify4k = true\ntestpaths = sub", (), True),
        ("testpaths = sub", ("--verify4k",), True),
        ("verify4k = true\ntestpaths = sub .", (), True),
        ("verify4k = true", ("sub",), False),
        ("testpaths = sub", ("--verify4k", "sub"), False),
        ("verify4k = true", ("sub", "verify4k.yaml"), True),
    ],
)
def test_a_run_that_leads_past_the_manifest_takes_it_in_or_says_so(
    inner: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
    settings: str,
    argv: tuple[str, ...],
    *,
    tested: bool,
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "test_sub.py").write_text("def test_sub():\n    pass\n")
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{settings}\n")
    done = inner(*argv)
    assert (done.returncode, done.stdout.count("FAILED verify4k.yaml::b.png")) == (
        (1, 1) if tested else (0, 0)
    )
    assert (SILENT in done.stdout) is not tested


def test_a_run_that_nobody_asked_for_promises_says_nothing_of_them(
    inner: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    assert "verify4k" not in inner("test_own.py").stdout
