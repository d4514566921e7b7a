"""`verify4k watch` checks again what was written, told by the system's own notices."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

if TYPE_CHECKING:
    from collections.abc import Callable
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


def put(path: Path, data: bytes) -> None:
    """Give a file its name when it is whole: a check may fall between two halves of a write."""
    beside = path.with_name("new")
    beside.write_bytes(data)
    beside.replace(path)


def overwrite(path: Path, data: bytes) -> None:
    """Write over the beginning of a file in a single step, which leaves nothing half written."""
    with path.open("r+b", buffering=0) as file:
        file.write(data)


def watched(folder: Path, change: Callable[[], object], times: int = 2) -> tuple[str, int]:
    """Return what is told after a change, and the exit code."""
    argv = [sys.executable, "-m", "verify4k", "watch", "--times", str(times)]
    with subprocess.Popen(
        argv, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        assert "watching" in process.stderr.readline()
        change()
        return process.stdout.read(), process.wait()


@pytest.mark.parametrize("name", ["x/new.png", "-r.png"])
def test_a_file_that_is_new_in_a_pattern_is_checked(name: str, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    for each in ("x/a.png", "-a.png"):
        (tmp_path / each).write_bytes(save(gradient(64, 36), "x.png"))
    (tmp_path / "verify4k.yaml").write_text(
        'version: 1\nfiles: {"x/*.png": {size: 64x36}, "-*.png": {size: 64x36}}\n'
    )
    new = save(gradient(32, 18), "x.png")
    out, code = watched(tmp_path, lambda: put(tmp_path / name, new))
    assert f"error[exact-size] {name}" in out
    assert "1 asset: 0 passed, 1 failed" in out
    assert code == 1


def _linked(folder: Path) -> Callable[[], object]:
    (folder / "dist").symlink_to("v1")

    def change() -> None:
        (folder / "new").symlink_to("v2")
        (folder / "new").rename(folder / "dist")

    return change


def _through_two_links(folder: Path) -> Callable[[], object]:
    (folder / "current").symlink_to("v1")
    (folder / "dist").symlink_to("current")

    def change() -> None:
        (folder / "new").symlink_to("v2")
        (folder / "new").rename(folder / "current")

    return change


def _picture_linked(folder: Path) -> Callable[[], object]:
    (folder / "dist").mkdir()
    (folder / "dist" / "a.png").symlink_to("../v1/a.png")

    def change() -> None:
        (folder / "dist" / "new").symlink_to("../v2/a.png")
        (folder / "dist" / "new").rename(folder / "dist" / "a.png")

    return change


def _moved(folder: Path) -> Callable[[], object]:
    (folder / "v1").rename(folder / "dist")

    def change() -> None:
        (folder / "dist").rename(folder / "old")
        (folder / "v2").rename(folder / "dist")

    return change


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("way", [_linked, _through_two_links, _picture_linked, _moved])
@pytest.mark.parametrize("name", ["a.png", "*.png"])
def test_a_folder_or_link_that_leads_elsewhere_changes_what_is_behind_it(
    way: Callable[[Path], Callable[[], object]], name: str, tmp_path: Path
) -> None:
    for folder, size in (("v1", (64, 36)), ("v2", (32, 18))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.png").write_bytes(save(gradient(*size), "x.png"))
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles: {{'dist/{name}': {{size: 64x36}}}}\n")
    out, code = watched(tmp_path, way(tmp_path))
    assert "error[exact-size] dist/a.png" in out
    assert code == 1


def test_new_pictures_of_a_folder_that_came_are_checked(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "a.png").write_bytes(save(gradient(64, 36), "x.png"))
    (tmp_path / "elsewhere" / "in").mkdir(parents=True)
    (tmp_path / "elsewhere" / "in" / "b.png").write_bytes(save(gradient(32, 18), "x.png"))
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {'dist/**/*.png': {size: 64x36}}\n")
    out, code = watched(tmp_path, lambda: (tmp_path / "elsewhere" / "in").rename(tmp_path / "dist" / "in"))
    assert "error[exact-size] dist/in/b.png" in out
    assert code == 1


def test_what_other_programs_pass_over_is_watched_where_it_is_promised(tmp_path: Path) -> None:
    picture = tmp_path / "node_modules" / "theme" / "a.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(save(gradient(64, 36), "x.png"))
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {node_modules/theme/a.png: 64x36}\n")
    out, _ = watched(tmp_path, lambda: overwrite(picture, save(gradient(32, 18), "x.png")))
    assert "error[exact-size] node_modules/theme/a.png" in out


def test_another_root_is_watched_from_then_on(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for folder in (project, tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        (folder / "a.png").write_bytes(save(gradient(64, 36), "x.png"))
    manifest = project / "verify4k.yaml"
    manifest.write_text("version: 1\nroot: ../one\nfiles: {a.png: 64x36}\n")
    argv = [sys.executable, "-m", "verify4k", "watch", "--times", "3"]
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, cwd=project, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "1 passed" in process.stdout.readline()
        assert "watching" in process.stderr.readline()
        overwrite(manifest, b"version: 1\nroot: ../two\nfiles: {a.png: 64x36}\n")
        assert "1 passed" in process.stdout.readline()
        assert "watching" in process.stderr.readline()
        overwrite(tmp_path / "two" / "a.png", save(gradient(32, 18), "x.png"))
        out = process.stdout.read()
    assert "two/a.png" in out
    assert "error[exact-size]" in out
    assert process.returncode == 1


def test_an_included_manifest_that_changes_checks_everything(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    for each in ("x/a.png", "b.png"):
        (tmp_path / each).write_bytes(save(gradient(64, 36), "x.png"))
    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\ninclude: [x/verify4k.yaml]\nfiles: {b.png: {same-as-others: allowed}}\n"
    )
    included = tmp_path / "x" / "verify4k.yaml"
    included.write_text("version: 1\nfiles: {a.png: {same-as-others: allowed}}\n")
    out, code = watched(tmp_path, lambda: put(included, b"version: 1\nfiles: {a.png: 1x1}\n"))
    assert "error[exact-size] x/a.png" in out
    assert "2 assets" in out
    assert code == 1


def test_a_check_that_is_interrupted_ends_the_watching(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    from verify4k.cli import watch

    Path("a.png").write_bytes(save(gradient(64, 36), "x.png"))
    Path("verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    monkeypatch.setattr(watch, "_check", lambda *_: 130)  # as a check ends that Ctrl-C stopped
    assert run("watch").code == 130


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
