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

    def call(*argv: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", *OPTIONS, *argv]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)

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
    ("settings", "argv", "ends", "tested"),
    [
        ("verify4k = true\ntestpaths = sub", (), 1, True),
        ("testpaths = sub", ("--verify4k",), 1, True),
        ("verify4k = true\ntestpaths = sub .", (), 1, True),
        ("verify4k = true", ("sub",), 0, False),
        ("addopts = --verify4k", ("sub",), 0, False),
        ("testpaths = sub", ("--verify4k", "sub"), 4, False),
        ("testpaths = sub", ("--verify4k", "sub", "-n", "2"), 4, False),
        ("verify4k = true\naddopts = --ignore=verify4k.yaml", (), 4, False),
        ("verify4k = true", ("sub", "verify4k.yaml"), 1, True),
        ("verify4k = true", ("sub", "verify4k.yaml", "-n", "2"), 1, True),
    ],
)
def test_a_run_that_leads_past_the_manifest_takes_it_in_or_says_so_and_is_no_pass_where_it_was_asked(
    inner: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
    settings: str,
    argv: tuple[str, ...],
    ends: int,
    *,
    tested: bool,
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "test_sub.py").write_text("def test_sub():\n    pass\n")
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{settings}\n")
    done = inner(*argv)
    assert (done.returncode, done.stdout.count("FAILED verify4k.yaml::b.png")) == (ends, int(tested))
    assert (SILENT in done.stdout) is not tested


@pytest.mark.parametrize("argv", [(), ("-n", "2"), ("--collect-only",)])
def test_promises_that_were_asked_for_and_are_not_there_are_no_pass(
    inner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, argv: tuple[str, ...]
) -> None:
    (tmp_path / "verify4k.yaml").rename(tmp_path / "moved.yaml")
    done = inner("--verify4k", *argv)
    assert (done.returncode, SILENT in done.stdout) == (4, True)
    (tmp_path / "test_own.py").write_text("def test_own():\n    assert False\n")
    assert inner("--verify4k").returncode == 1  # what failed is still told as such


PLACES = [
    (".github/verify4k.yaml", "version: 1\nroot: ..\nfiles: {b.png: 32x32}\n"),
    ("pyproject.toml", '[tool.verify4k]\nversion = 1\nfiles = {"b.png" = "32x32"}\n'),
    ("verify4k.json", '{"version": 1, "files": {"b.png": "32x32"}}'),
    (".verify4k.yaml", "version: 1\nfiles: {b.png: 32x32}\n"),
]


@pytest.mark.parametrize(("name", "text"), PLACES)
@pytest.mark.parametrize("argv", [(), (".",)])
def test_a_manifest_is_found_wherever_check_finds_it(
    inner: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
    name: str,
    text: str,
    argv: tuple[str, ...],
) -> None:
    (tmp_path / "verify4k.yaml").unlink()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    if name.startswith(".github"):
        (tmp_path / ".github/test_not_ours.py").write_text("def test_not_ours():\n    assert False\n")
    done = inner("--verify4k", *argv)
    assert f"FAILED {name}::b.png" in done.stdout
    assert "1 failed, 1 passed" in done.stdout


@pytest.mark.parametrize(("name", "text"), PLACES)
def test_a_manifest_that_check_passes_over_is_tested_only_where_it_is_named(
    inner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    assert "2 passed" in inner("--verify4k").stdout
    assert f"FAILED {name}::b.png" in inner("--verify4k", name).stdout


def test_a_run_below_the_project_tests_its_promises_too(
    inner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/test_sub.py").write_text("def test_sub():\n    pass\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nverify4k = true\n")
    done = inner("--rootdir=..", cwd=tmp_path / "sub")
    assert done.stdout.count("FAILED ../verify4k.yaml::b.png") == 1
    assert "2 failed, 2 passed" in done.stdout


def test_a_manifest_that_promises_nothing_is_no_pass(
    inner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {}\n")
    done = inner("--verify4k")
    assert done.returncode == 2
    assert "the manifest promises no file" in done.stdout


@pytest.mark.parametrize("argv", [(), ("-k", "unlisted"), ("-n", "2")])
def test_an_image_that_no_entry_names_fails_a_test_of_its_own(
    inner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, argv: tuple[str, ...]
) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: {rules: {unlisted: error}}}\n")
    done = inner("--verify4k", *argv)
    assert done.returncode == 1
    assert "FAILED verify4k.yaml::unlisted - error[unlisted]" in done.stdout
    assert "1 failed" in done.stdout
    (tmp_path / "b.png").unlink()
    assert inner("--verify4k", *argv).returncode == 0


def test_a_warning_about_an_image_that_no_entry_names_is_told_and_fails_nothing(
    inner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nrules: {unlisted: warning}\nfiles: {a.png: {}}\n")
    done = inner("--verify4k")
    assert done.returncode == 0
    assert "warning[unlisted] no entry names this image" in done.stdout


def test_a_project_can_require_the_plugin_so_that_it_cannot_be_left_out(
    inner: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nverify4k = true\nrequired_plugins = verify4k\n")
    assert inner().returncode == 1
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    done = inner()
    assert (done.returncode, "Missing required plugins: verify4k" in done.stderr) == (4, True)


def test_a_run_that_nobody_asked_for_promises_says_nothing_of_them(
    inner: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    assert "verify4k" not in inner("test_own.py").stdout
