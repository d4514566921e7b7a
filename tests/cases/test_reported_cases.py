"""Situations that people reported to public trackers, rebuilt with made files: each with the right outcome.

A case is a folder of `tests/data/cases` with the manifest that a user would write; large files are made here.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from pictures import exif_with, gradient
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).parent.parent / "data" / "cases"


class Case(NamedTuple):
    """A manifest, and what is right: "severity rule target" of each finding, targets left undecided."""

    folder: str
    promises: dict[str, Any]
    findings: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    rules: dict[str, str] = {}  # noqa: RUF012 - never changed
    select: str = ""


ICONS = {
    "AppIcon.appiconset/Icon-App-20x20@2x.png": "40x40",
    "AppIcon.appiconset/Icon-App-40x40@1x.png": "40x40",
    "AppIcon.appiconset/Icon-App-40x40@3x.png": "120x120",
    "AppIcon.appiconset/Icon-App-60x60@2x.png": "120x120",
}
CASES = [
    Case("black-512", {"o/out.png": "512x512"}, ("error not-blank o/out.png",)),
    Case("icon-set-same-size", ICONS),
    Case(
        "explicit-with-scale",
        {"a/banner-800x600@2x.png": "1600x1200", "a/library_600x900_2x.jpg": "1200x1800"},
    ),
    Case(
        "wp-thumb-of-sized-name",
        {"u/hero-1920x1080-150x150.jpg": "150x150", "u/hero-1920x1080-1024x576.jpg": "1024x576"},
        select="name-claim",
    ),
    Case(
        "subject-named-5k",
        {"b/*.jpg": {"width": "100..2000"}},
        (
            "note name-claim b/couch-to-5k.jpg",
            "note name-claim b/nba2k-cover.jpg",
            "note name-claim b/security-camera-1080p.jpg",
        ),
        select="name-claim",
    ),
    Case(
        "unlisted",
        {"images/*.png": {"ratio": "16:9"}},
        ("error unlisted images/low.jpg",),
        rules={"unlisted": "error"},
    ),
    Case(
        "icc-srgb-or-none",
        {"i/*.png": {"size": "64x64", "icc": "sRGB"}},
        tuple(f"error color i/{name}.png" for name in ("bad-icc", "cicp-p3", "garbage-icc")),
        select="color",
    ),
    Case(
        "icc-srgb-or-none",
        {"i/*.png": {"size": "64x64", "icc": "forbidden"}},
        tuple(f"error color i/{name}.png" for name in ("bad-icc", "cicp-p3", "garbage-icc", "ok")),
        select="color",
    ),
    Case(
        "icc-srgb-or-none",
        {"i/*.png": "64x64"},
        tuple(f"warning color i/{name}.png" for name in ("bad-icc", "garbage-icc")),
        select="color",
    ),
    Case(
        "icc-present-garbage",
        {"i/*": {"icc": "present"}},
        tuple(f"error color i/{name}" for name in ("a.png", "b.jpg", "c.png")),
    ),
    Case("exporters", {"vips-copy-exif.png": "320x180"}),
]
JXL = [
    Case(
        "exporters-jxl",
        {
            "jxl-jpeg-transcode-icc.jxl": {"icc": "forbidden"},
            "jxl-lossless-icc.jxl": {"icc": "forbidden"},
            "jxl-lossy-icc.jxl": {"icc": "present"},
        },
        ("error color jxl-jpeg-transcode-icc.jxl", "error color jxl-lossless-icc.jxl"),
        select="color",
    ),
    Case(
        "exporters-jxl",
        {"gps-brotli-exif.jxl": {"metadata": {"forbid": ["GPS*"]}}},
        ("error metadata gps-brotli-exif.jxl",),
        select="metadata",
    ),
]


def outcome(run: Callable[..., Any], folder: Path, case: Case) -> tuple[set[str], set[str]]:
    shutil.copytree(DATA / case.folder, folder, dirs_exist_ok=True)
    (folder / "verify4k.yaml").unlink(missing_ok=True)
    manifest = {"version": 1, "files": case.promises, "rules": case.rules}
    (folder / "verify4k.json").write_text(json.dumps(manifest))
    select = ("--select", case.select) if case.select else ()
    report = json.loads(run("check", "--format", "json", *select).out)
    found = {f"{each['severity']} {each['rule']} {each['target']}" for each in report["findings"]}
    return found, {each["target"] for each in report["undecided"]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.folder} {case.findings[:1]}")
def test_a_reported_situation_has_the_right_outcome(
    run: Callable[..., Any], tmp_path: Path, case: Case
) -> None:
    assert outcome(run, tmp_path, case) == (set(case.findings), set(case.undecided))


@pytest.mark.parametrize("case", JXL, ids=lambda case: case.select)
def test_what_a_jpeg_xl_carries_is_seen_also_where_it_is_packed(
    run: Callable[..., Any], tmp_path: Path, case: Case
) -> None:
    pytest.importorskip("brotli")
    pytest.importorskip("pillow_jxl")
    if case.select == "metadata" and shutil.which("exiftool") is None:
        pytest.skip("ExifTool is not installed")
    assert outcome(run, tmp_path, case) == (set(case.findings), set(case.undecided))


def test_packed_metadata_without_the_package_are_undecided_and_never_absent(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "brotli", None)
    for rule, promise in (
        ("metadata", {"metadata": {"forbid": ["GPS*"]}}),
        ("patched-metadata", {}),
        ("provenance", {"provenance": "c2pa-present"}),
    ):
        case = Case("exporters-jxl", {"gps-brotli-exif.jxl": promise}, select=rule)
        assert outcome(run, tmp_path, case) == (set(), {"gps-brotli-exif.jxl"}), rule


@pytest.mark.parametrize(
    ("rule", "promise"), [("patched-metadata", {}), ("metadata", {"metadata": {"forbid": ["GPS*"]}})]
)
def test_what_is_packed_counts_unpacked_towards_its_limit(
    rule: str, promise: dict[str, Any], run: Callable[..., Any], tmp_path: Path
) -> None:
    pytest.importorskip("brotli")
    shutil.copy(DATA / "exporters-jxl" / "gps-brotli-exif.jxl", tmp_path)
    manifest = {"version": 1, "files": {"gps-brotli-exif.jxl": promise}}
    (tmp_path / "verify4k.json").write_text(json.dumps(manifest))
    argv = ("check", "--depth", "header", "--select", rule, "--format", "json", "--limit")
    for limit, said in (("10", True), ("10MB", False)):
        report = json.loads(run(*argv, f"metadata={limit}").out)
        assert any("its metadata take " in each["reason"] for each in report["undecided"]) is said


def test_a_link_is_an_alias(run: Callable[..., Any], tmp_path: Path) -> None:
    shutil.copy(DATA / "exporters" / "vips-copy-exif.png", tmp_path / "forest.png")
    os.symlink("forest.png", tmp_path / "default.png")
    (tmp_path / "verify4k.yaml").write_text('version: 1\nfiles: {"*.png": 320x180}\n')
    assert run("check").code == 0


FACTS = {
    "anim-later-alpha.webp": {"alpha": "opaque", "frames": 2, "integrity": "ok"},
    "gif-later-disposed.gif": {"alpha": "opaque", "frames": 2, "integrity": "ok"},
    "gif-later-index.gif": {"alpha": "opaque", "frames": 2, "integrity": "ok"},
}


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_that_was_told_wrong_is_right(run: Callable[..., Any], name: str) -> None:
    facts = json.loads(run("inspect", "--format", "json", str(DATA / "facts" / name)).out)
    assert {key: facts[key] for key in FACTS[name]} == FACTS[name]


@pytest.mark.parametrize("argv", [(), ("schema",), ("completion",)])
def test_a_command_that_lacks_its_argument_prints_its_help(
    run: Callable[..., Any], argv: tuple[str, ...]
) -> None:
    outcome = run(*argv)
    assert outcome.code == 2
    assert outcome.err.startswith("Usage: verify4k")
    assert "\n\nOptions:\n" in outcome.err
    assert "\\x0a" not in outcome.err


def test_half_floats_are_told_apart(run: Callable[..., Any], tmp_path: Path) -> None:
    """They all decoded to zeros: blank, and the same picture."""
    for name in ("half-a.tif", "half-b.tif"):
        shutil.copy(DATA / "facts" / name, tmp_path / name)
    entry = "{same-as-others: forbidden, blank: forbidden}"
    (tmp_path / "verify4k.yaml").write_text(f'version: 1\nfiles: {{"*.tif": {entry}}}\n')
    outcome = run("check", "--select", "same-picture,not-blank")
    assert (outcome.code, outcome.err) == (0, "")


def test_after_init_check_says_what_init_said(run: Callable[..., Any], tmp_path: Path) -> None:
    small = gradient(64, 36)
    first, second = gradient(64, 36, 60), gradient(64, 36, 90)
    first.save(tmp_path / "anim.gif", save_all=True, append_images=[second])
    small.convert("CMYK").save(tmp_path / "print.jpg")
    small.save(tmp_path / "icon.png")
    small.save(tmp_path / "icon-copy.png")
    gradient(64, 36, 33).save(tmp_path / "hero-4k.png")
    (tmp_path / "wrong.png").write_bytes((tmp_path / "print.jpg").read_bytes())
    small.save(tmp_path / "photo.jpg", exif=exif_with({0x0112: 6}))
    told = run("init")
    assert told.code == 0
    report = json.loads(run("check", "--format", "json").out)
    found = sorted(f"{each['severity']} {each['rule']} {each['target']}" for each in report["findings"])
    assert found == [
        "error extension-matches wrong.png",
        "error name-claim hero-4k.png",
        "error upright photo.jpg",
    ]
    manifest = (tmp_path / "verify4k.yaml").read_text()
    for line in found:
        assert f"check says: {line}: " in told.out
        assert f"# check says: {line}: " in manifest
    assert "anim.gif: {size: 64x36, animation: allowed}" in manifest
    assert "print.jpg: {size: 64x36, mode: cmyk}" in manifest
    assert "check says" not in run("init", "--force", "--no-check").out


def test_large_prints_pass_by_default(run: Callable[..., Any], tmp_path: Path) -> None:
    """A0 at 300 dpi, and a JPEG of 96 megapixels, which was undecided with every analysis off too."""
    Image.new("1", (9933, 14043)).save(tmp_path / "a0.png")
    Image.new("L", (12000, 8000), 90).save(tmp_path / "map.jpg", quality=5)
    off = {"native": "off", "same-as-others": "allowed", "padding": "allowed", "blank": "allowed"}
    files = {"a0.png": {"size": "9933x14043", **off}, "map.jpg": {"size": "12000x8000", **off}}
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": files}))
    outcome = run("check")
    assert (outcome.code, outcome.err) == (0, "")
    assert run("check", "--limit", "pixels=89M").code == 3
