"""Results of very many artifacts lie in a file: what is told is the same, and what is still needed stays."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, make, save
from PIL import Image
from repositories import OTHER

from verify4k import Settings, check, load_manifest
from verify4k.checking import engine, results
from verify4k.checking.scope import Scope
from verify4k.checking.spooled_results import SpooledResults
from verify4k.manifest import expansion
from verify4k.report import INTERRUPTED
from verify4k.reporters import names
from verify4k.rule import Picture

if TYPE_CHECKING:
    from verify4k.report import Report

MANIFEST = """\
version: 1
files:
  a.png: 64x36
  b.png: {size: 64x36, from: source.png}
  c.png: 65x36
  "plain-*.png": {size: 64x36}
  truncated.png: 64x36
  accepted.png: 65x36  # verify4k: ignore[exact-size] known
  source.png: 64x36
  unknown.svg: {size: 64x36, alpha: forbidden}
  z.jpg: {size: 64x36, format: jpeg}
"""
ASIDE = ["a.png", "plain-1.png", "plain-2.png", "plain-3.png", "truncated.png", "z.jpg"]  # at header depth


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("a", "b", "c", "plain-1", "plain-2", "plain-3", "accepted", "source"):
        make(Picture(name=f"{name}.png"), tmp_path)
    make(Picture(name="truncated.png", kind="truncated"), tmp_path)
    (tmp_path / "unknown.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="36"/>')
    (tmp_path / "z.jpg").write_bytes(save(gradient(64, 36), "z.jpg"))
    (tmp_path / "stranger.png").write_bytes(OTHER)
    (tmp_path / "verify4k.yaml").write_text(MANIFEST)
    return tmp_path


def checked(folder: Path, **settings: Any) -> Report:
    return check(load_manifest(folder / "verify4k.yaml"), Settings(**settings))


def test_what_is_done_with_lies_in_a_file_and_is_told_as_if_it_did_not(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = checked(project, depth="header")
    assert isinstance(expected.assets, tuple)
    monkeypatch.setattr(results, "MANY", 1)
    found = checked(project, depth="header")
    assert not isinstance(found.assets, tuple)
    assert tuple(found.assets) == expected.assets
    assert found._replace(assets=()) == expected._replace(assets=())
    assert found.summary == expected.summary
    assert (found.assets[0], found.assets[-1]) == (expected.assets[0], expected.assets[-1])
    assert list(found.assets[1:4]) == list(expected.assets[1:4])
    with pytest.raises(IndexError):
        found.assets[len(expected.assets)]


def test_only_what_nothing_more_happens_to_is_put_aside(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside: list[str] = []
    put = SpooledResults.put

    def noted(self: Any, number: int, judged: Any, rules: Any) -> None:
        aside.append(judged.asset.target)
        put(self, number, judged, rules)

    monkeypatch.setattr(SpooledResults, "put", noted)
    checked(project, depth="header")
    assert aside == [], "so few stay in memory"
    monkeypatch.setattr(results, "MANY", 1)
    checked(project, depth="header")
    assert sorted(aside) == ASIDE


class _Half(io.BytesIO):
    """A file that takes half of what it is given, as one on a disk that is nearly full may."""

    def write(self, data: Any) -> int:
        return super().write(data[: len(data) // 2])


def _nowhere(**_: Any) -> Any:
    raise FileNotFoundError("No usable temporary directory found")


def _full(**given: Any) -> Any:
    return open("/dev/full", "r+b", **given)


FULL = pytest.param(_full, marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full"))


@pytest.mark.parametrize("opened", [_nowhere, FULL, lambda **_: _Half()])
def test_where_no_file_takes_them_all_stay_in_memory(
    opened: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = checked(project, depth="header")
    monkeypatch.setattr(results, "MANY", 1)
    monkeypatch.setattr(tempfile, "TemporaryFile", opened)
    found = checked(project, depth="header")
    assert tuple(found.assets) == expected.assets
    assert found.exit_code == expected.exit_code


class _Twice(io.BytesIO):
    """A file on a disk that is full after two records."""

    taken = 0

    def write(self, data: Any) -> int:
        if self.taken == 2:
            raise OSError(28, "No space left on device")
        self.taken += 1
        return super().write(data)


def test_what_was_put_aside_before_the_disk_was_full_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = checked(project, depth="header")
    monkeypatch.setattr(results, "MANY", 1)
    file = _Twice()
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: file)
    found = checked(project, depth="header")
    assert tuple(found.assets) == expected.assets
    assert file.taken == 2
    assert len(ASIDE) > 2


COMPARED = """\
version: 1
defaults: {duplicates: warn}
rules: {unlisted: warning}
files:
  "wide-*.png": {size: 320x180}
  "copy-*.png": {width: 320..400}
  again.png: {}
  also.png: {format: png}
  lone.png: {}
  half.png: {}
groups:
  pair: {files: "pair-{theme}.png", theme: [light, dark], same: size}
"""


def pictures(folder: Path) -> None:
    """Copies under other promises, in other bytes, reduced, by a link; a pair of two sizes; a stranger."""
    busy = make(Picture(320, 180, "wide-one.png", "busy"), folder).read_bytes()
    for name in ("wide-two.png", "copy-one.png", "copy-two.png", "again.png", "also.png"):
        (folder / name).write_bytes(busy)
    (folder / "copy-link.png").symlink_to("copy-one.png")
    with Image.open(folder / "wide-one.png") as image:
        image.save(folder / "also.png", compress_level=1)
        image.resize((160, 90)).save(folder / "half.png")
    make(Picture(320, 180, "lone.png", "other-busy"), folder)
    (folder / "pair-light.png").write_bytes(save(gradient(64, 36), "a.png"))
    (folder / "pair-dark.png").write_bytes(save(gradient(60, 36), "a.png"))
    (folder / "stranger.png").write_bytes(OTHER)
    (folder / "verify4k.yaml").write_text(COMPARED)


def test_pictures_are_compared_where_they_are_put_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(tmp_path)
    expected = checked(tmp_path)
    found_by = {each.rule for each in expected.findings}
    assert {"same-picture", "near-duplicate", "unlisted", "whole-group"} <= found_by
    copies = [found.target for found in expected.findings if found.rule == "same-picture"]
    assert copies == ["copy-link.png", "copy-two.png", "again.png", "also.png"], (
        "each once; a link is one file"
    )
    monkeypatch.setattr(results, "MANY", 1)
    monkeypatch.setattr(expansion, "MANY", 1)  # assets are made anew each time
    aside: list[int] = []
    put = SpooledResults.put

    def noted(self: Any, number: int, judged: Any, rules: Any) -> None:
        aside.append(number)
        put(self, number, judged, rules)

    monkeypatch.setattr(SpooledResults, "put", noted)
    found = checked(tmp_path)
    assert tuple(found.assets) == expected.assets
    assert found._replace(assets=()) == expected._replace(assets=())
    assert len(aside) == len(expected.assets) - 1, "all but the stranger"


@pytest.mark.parametrize("form", sorted(set(names()) - {"html"}))
@pytest.mark.parametrize("more", [(), ("--depth", "header"), ("--select", "unlisted")])
@pytest.mark.usefixtures("project")
def test_every_format_says_the_same(
    form: str, more: tuple[str, ...], run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    expected = run("check", "--no-cache", "--format", form, *more)
    monkeypatch.setattr(results, "MANY", 1)
    assert run("check", "--no-cache", "--format", form, *more) == expected


def test_an_interrupted_run_reports_what_was_put_aside_and_what_was_not_checked(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "MANY", 1)
    (project / "verify4k.yaml").write_text('version: 1\nfiles: {"plain-*.png": 64x36}\n')

    def interrupt(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    manifest = load_manifest(project / "verify4k.yaml")
    report = engine.check(Scope(manifest, manifest.assets), Settings(depth="header"), interrupt)
    assert report.exit_code == INTERRUPTED
    assert [asset.verdict for asset in report.assets] == ["passed", "passed", "undecided"]
    assert report.notes[-1] == "interrupted: 1 of 3 assets were not checked"


@pytest.mark.parametrize(("wanted", "size"), [(True, (160, 90)), (False, None)])
def test_a_report_with_pictures_has_small_ones(
    wanted: bool, size: tuple[int, int] | None, tmp_path: Path
) -> None:
    make(Picture(640, 360, "a.png"), tmp_path)
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: }\n")
    [found] = check(load_manifest(tmp_path / "verify4k.yaml"), Settings(thumbnails=wanted)).assets
    assert (None if found.thumbnail is None else Image.open(io.BytesIO(found.thumbnail)).size) == size
