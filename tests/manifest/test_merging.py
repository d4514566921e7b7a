"""Entries for one file laid over each other and over the defaults: what each says counts once, the nearest last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from verify4k.errors import ManifestError
from verify4k.manifest.load import parse_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from verify4k.model import Asset

SHA = "0123456789abcdef" * 4


def asset(folder: Path, text: str) -> Asset:
    for name in ("a.png", "b.png"):
        (folder / name).touch()
    return parse_manifest(f"version: 1\n{text}".encode(), "m.yaml", str(folder)).assets[0]


def ignore(rule: str, reason: str = "x") -> str:
    return f"{{rule: {rule}, reason: {reason}, sha256: {SHA}}}"


def test_exceptions_of_a_pattern_and_of_a_file_both_count(tmp_path: Path) -> None:
    found = asset(
        tmp_path,
        f"files:\n  '*.png': {{ignore: [{ignore('still')}]}}\n  a.png: {{ignore: [{ignore('upright')}]}}\n",
    )
    assert [each.rule for each in found.ignores] == ["still", "upright"]


def test_of_two_severities_that_of_the_later_entry_counts(tmp_path: Path) -> None:
    found = asset(
        tmp_path,
        "defaults: {rules: {color: error, still: off}}\n"
        "files:\n  '*.png': {rules: {color: warning}}\n  a.png: {rules: {color: note, upright: off}}\n",
    )
    assert found.severities == {"color": "note", "still": None, "upright": None}


@pytest.mark.parametrize("named", ["'*.png'", "a.png"])
def test_a_size_by_name_says_where_it_comes_from_whichever_entry_says_it(named: str, tmp_path: Path) -> None:
    entries = {"'*.png'": "{format: png}", "a.png": "{alpha: forbidden}", named: "{size: hero}"}
    files = "".join(f"  {name}: {entry}\n" for name, entry in entries.items())
    found = asset(tmp_path, f"sizes: {{hero: 64x36}}\nfiles:\n{files}")
    assert found.origins == {"size": "size hero in m.yaml:2"}
    assert found.written["size"] == "hero"


def test_a_pattern_that_contradicts_a_file_may_leave_it_out(tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as caught:
        asset(tmp_path, "files:\n  '*.png': {format: png}\n  a.png: {format: webp}\n")
    [mistake] = caught.value.mistakes
    assert mistake.message == "format: webp for 'a.png' contradicts line 3 (format: png)"
    assert mistake.hint == "keep one, or give the pattern an exclude: list"


@pytest.mark.parametrize(
    ("digest", "kept"),
    [
        (SHA, SHA),
        (SHA.upper(), SHA),
        (SHA[:12], SHA[:12]),
        (SHA[:11], None),
        (SHA + "0", None),
        ("g" * 64, None),
    ],
)
def test_an_exception_is_bound_by_twelve_digits_to_sixty_four(
    digest: str, kept: str | None, tmp_path: Path
) -> None:
    text = f"files: {{a.png: {{ignore: {{rule: color, reason: x, sha256: '{digest}'}}}}}}\n"
    if kept is not None:
        assert [each.sha256 for each in asset(tmp_path, text).ignores] == [kept]
        return
    with pytest.raises(ManifestError, match="is no SHA-256"):
        asset(tmp_path, text)


@pytest.mark.parametrize(
    ("base", "factor", "size"),
    [
        ("48x48", "1.5", "72x72"),
        ("3x1", "1.5", "4x2"),
        ("1x1", "0.1", "1x1"),
        ("1000x1", "1000", "1000000x1000"),
    ],
)
def test_a_scale_multiplies_the_base_to_the_nearest_pixel(
    base: str, factor: str, size: str, tmp_path: Path
) -> None:
    group = f"{{files: '{{d}}.png', by: d, scale: {{x: {factor}}}, base: {base}}}"
    found = asset(tmp_path, f"groups: {{icons: {group}}}\n")
    assert (found.target, found.written["size"]) == ("x.png", size)


def test_a_promise_is_told_as_it_is_written_lists_and_mappings_too(tmp_path: Path) -> None:
    found = asset(
        tmp_path, "files: {a.png: {bytes: {max: 2MB, min: 1}, format: [png, webp], size: 4k-landscape}}"
    )
    assert found.written == {"bytes": "{max: 2MB, min: 1}", "format": "[png, webp]", "size": "4k-landscape"}


def test_what_a_group_lacks_can_be_made(tmp_path: Path) -> None:
    group = "{files: 'hero-{theme}.png', theme: [light, dark], generate: {prompt: a hill}}"
    found = parse_manifest(
        f"version: 1\ngenerate: {{route: placeholder}}\ngroups: {{hero: {group}}}\n".encode(),
        "m.yaml",
        str(tmp_path),
    )
    assert [(each.target, each.prompted) for each in found.assets] == [
        ("hero-dark.png", True),
        ("hero-light.png", True),
    ]
