"""Every language has what another one has, whatever else the files' names say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

if TYPE_CHECKING:
    from pathlib import Path

NAMED = "{files: 'shots/{locale}/{name}.png', each: locale, same-set: true}"
SCALED = (
    "{files: 's/{locale}/{name}@{scale}x.png', each: [locale, name], same-set: true, by: scale,"
    " scale: {1: 1, 2: 2}}"
)
SHARED = "{files: ['shots/{locale}/*.png', 'shared/*.png'], each: locale, same-set: true}"
DEEP = "{files: ['a/**/{locale}/*.png', 'shared/**/*.png'], each: locale, same-set: true}"


def missing(folder: Path, run: Any, group: str, *names: str) -> list[str]:
    for shift, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(save(gradient(*((128, 72) if "@2x" in name else (64, 36)), shift * 9), name))
    (folder / "verify4k.yaml").write_text(f"version: 1\ngroups:\n  it: {group}\n")
    report = json.loads(run("check", "--format", "json").out)
    assert {finding["rule"] for finding in report["findings"]} <= {"readable"}
    return [finding["target"] for finding in report["findings"]]


@pytest.mark.parametrize(
    ("group", "there", "gone"),
    [
        (NAMED, ("shots/de/1.png", "shots/en/1.png", "shots/en/2.png"), ["shots/de/2.png"]),
        (NAMED, ("shots/de/1.png", "shots/en/1.png"), []),
        (SCALED, ("s/de/a@1x.png", "s/de/a@2x.png", "s/en/a@1x.png", "s/en/a@2x.png"), []),
        (SHARED, ("shots/de/1.png", "shots/en/1.png", "shared/logo.png"), []),
        (
            SHARED,
            ("shots/de/1.png", "shots/en/2.png", "shared/logo.png"),
            ["shots/de/2.png", "shots/en/1.png"],
        ),
        (DEEP, ("a/b/de/1.png", "a/b/en/2.png", "shared/x/y/1.png"), ["a/b/de/2.png", "a/b/en/1.png"]),
    ],
)
def test_what_another_language_has_is_missing(
    group: str, there: tuple[str, ...], gone: list[str], tmp_path: Path, run: Any
) -> None:
    assert missing(tmp_path, run, group, *there) == gone


def test_a_file_that_belongs_to_no_group_asks_for_no_file_without_a_name(tmp_path: Path, run: Any) -> None:
    group = "{files: ['logo.png', '{locale}/{theme}.png'], theme: [light, dark]}"
    assert missing(tmp_path, run, group, "logo.png", "en/light.png") == ["en/dark.png"]
