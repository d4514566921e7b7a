"""`from:` in entries: what an asset comes from, and a mistake at its place for what leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from verify4k.errors import ManifestError
from verify4k.manifest.load import parse_manifest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from verify4k.model import Asset


def assets(folder: Path, files: str) -> Sequence[Asset]:
    return parse_manifest(f"version: 1\nfiles:\n{files}".encode(), "m.yaml", str(folder)).assets


CDN = "https://cdn.example.com/hero.jpg"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ("  a.png: {from: b.pgn}\n  b.png:\n", "m.yaml:3:17: nothing is promised of 'b.pgn', so nothing can come from it (did you mean b.png?)"),
        ("  a.png: {from: zzz/other.tif}\n", "give it an entry of its own, even an empty one"),
        ("  a.png: {from: a.png}\n", "m.yaml:3:17: 'a.png' cannot come from itself"),
        ("  a.png: {from: ./a.png}\n", "'a.png' cannot come from itself"),
        ("  a.png: {from: c.png}\n  b.png: {from: a.png}\n  c.png: {from: b.png}\n", "m.yaml:3:17: this goes in a circle: 'a.png' <- 'c.png' <- 'b.png' <- 'a.png' (drop one from:)"),
        ("  d.png: {from: a.png}\n  a.png: {from: b.png}\n  b.png: {from: a.png}\n", "m.yaml:4:17: this goes in a circle: 'a.png' <- 'b.png' <- 'a.png'"),
        (f"  {CDN}: {{variants: [{{accept: image/avif}}, {{accept: image/png}}]}}\n  a.png: {{from: '{CDN}'}}\n", "has 2 variants, and from: means one"),
        ("  a.png:\n  b.png: {from: [a.png]}\n", "expected one target, as files: names it, found a list"),
        ("  a.png:\n  b.png: {from: }\n", "expected one target, as files: names it, found nothing"),
    ],
    ids=["misspelt", "unknown", "itself", "itself, spelt otherwise", "a circle", "into a circle", "variants", "a list", "nothing"],
)  # fmt: skip
def test_what_leads_nowhere_is_a_mistake_at_its_place(files: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as caught:
        assets(tmp_path, files)
    assert len(caught.value.mistakes) == 1, caught.value
    assert said in str(caught.value)


def test_from_is_no_default(tmp_path: Path) -> None:
    text = "version: 1\ndefaults: {from: a.png}\nfiles: {a.png: }\n"
    with pytest.raises(ManifestError, match="from belongs to an entry, not to the defaults"):
        parse_manifest(text.encode(), "m.yaml", str(tmp_path))


def test_a_chain_leads_from_source_to_file_to_url(tmp_path: Path) -> None:
    files = f"  {CDN}: {{from: ./dist/hero.jpg}}\n  dist/hero.jpg: {{from: art/hero.png}}\n  art/hero.png:\n"
    assert [asset.made_from for asset in assets(tmp_path, files)] == ["dist/hero.jpg", "art/hero.png", None]


def test_the_star_of_a_pattern_stands_for_the_same_in_its_source(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    for name in ("hero", "team"):
        (tmp_path / "dist" / f"{name}.jpg").touch()
    files = "  art/hero.png:\n  art/team.png:\n  dist/*.jpg: {from: art/*.png}\n"
    made = {asset.target: asset.made_from for asset in assets(tmp_path, files)}
    assert made["dist/hero.jpg"] == "art/hero.png"
    assert made["dist/team.jpg"] == "art/team.png"


def test_lists_fill_names_into_sources(tmp_path: Path) -> None:
    url = "https://cdn.example.com/{name}?w={width}"
    entry = "{for: {name: [hero, team], width: [640, 320]}, from: 'art/{name}.png'}"
    found = assets(tmp_path, f"  art/hero.png:\n  art/team.png:\n  '{url}': {entry}\n")
    assert [asset.made_from for asset in found[2:]] == ["art/hero.png"] * 2 + ["art/team.png"] * 2


def test_a_chain_has_an_end(tmp_path: Path) -> None:
    lines = ["  0.png:\n", *(f"  {n}.png: {{from: {n - 1}.png}}\n" for n in range(1, 60))]
    assert len(assets(tmp_path, "".join(lines[:50]))) == 50
    with pytest.raises(
        ManifestError, match=r"m.yaml:12:18: this is the end of a chain of more than 50"
    ) as caught:
        assets(tmp_path, "".join(reversed(lines[1:])) + lines[0])
    assert len(caught.value.mistakes) == 1
