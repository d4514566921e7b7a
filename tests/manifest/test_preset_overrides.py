"""`presets:` of a manifest: new sizes of known names, dated and with their source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

if TYPE_CHECKING:
    from pathlib import Path

NEW = "{size: 64x36, date: 2026-12-01, source: the help of the store}"


def written(folder: Path, presets: str, size: str = "play-icon") -> None:
    (folder / "a.png").write_bytes(save(gradient(64, 36), "a.png"))
    text = f"version: 1\npresets: {presets}\nfiles: {{a.png: {size}}}\n"
    (folder / "verify4k.yaml").write_text(text)


def test_a_preset_is_promised_by_name_and_its_date_is_told(run: Any, tmp_path: Path) -> None:
    written(tmp_path, "{}")
    outcome = run("check")
    assert outcome.code == 1
    assert "512x512" in outcome.out
    assert "preset play-icon (2026-11-26)" in outcome.out


def test_an_override_holds_and_says_where_it_stands(run: Any, tmp_path: Path) -> None:
    written(tmp_path, f"{{play-icon: {NEW}}}")
    assert run("check").code == 0
    written(tmp_path, f"{{play-icon: {NEW.replace('64x36', '64x64')}}}")
    outcome = run("check")
    assert outcome.code == 1
    assert "preset play-icon (2026-12-01) in verify4k.yaml:2" in outcome.out


def test_other_presets_stay_as_they_are(run: Any, tmp_path: Path) -> None:
    written(tmp_path, f"{{play-icon: {NEW}}}", "play-feature-graphic")
    assert "1024x500" in run("check").out


@pytest.mark.parametrize(
    ("presets", "words"),
    [
        ("[]", "expected a mapping from presets to their new sizes"),
        ("{pley-icon: " + NEW + "}", "did you mean play-icon?"),
        ("{q: " + NEW + "}", "is no preset"),
        ("{play-icon: 64x36}", "expected a mapping with size, date, source"),
        ("{play-icon: {size: 64x36}}", "a preset needs date and source"),
        ("{play-icon: {size: big, date: 2026-12-01, source: x}}", "expected two numbers like 512x512"),
        ("{play-icon: {size: 64x36, date: 1.12.2026, source: x}}", "expected a date like 2026-12-01"),
        ("{play-icon: {size: 64x36, date: 2026-13-01, source: x}}", "expected a date like 2026-12-01"),
        ("{play-icon: {size: 64x36, date: 20261201, source: x}}", "expected a date like 2026-12-01"),
        ("{play-icon: {size: 64x36, day: 2026-12-01}}", "unknown key of a preset"),
    ],
)
def test_a_wrong_override_is_a_mistake_with_its_place(
    presets: str, words: str, run: Any, tmp_path: Path
) -> None:
    written(tmp_path, presets)
    outcome = run("check")
    assert outcome.code == 2
    assert words in outcome.err
    assert "verify4k.yaml:2:" in outcome.err
