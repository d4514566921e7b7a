"""Entries that stand for several: lists that fill names in, variants of a URL, one free edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from verify4k.errors import ManifestError
from verify4k.manifest.load import parse_manifest
from verify4k.rules.exact_size import SizeOptions
from verify4k.rules.negotiated import AcceptOptions
from verify4k.rules.right_format import FormatOptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from verify4k.model import Asset

CDN = "https://cdn.example.com"


def assets(folder: Path, files: str) -> Sequence[Asset]:
    return parse_manifest(f"version: 1\nfiles:\n{files}".encode(), "m.yaml", str(folder)).assets


def mistake(folder: Path, files: str) -> str:
    with pytest.raises(ManifestError) as caught:
        assets(folder, files)
    assert len(caught.value.mistakes) == 1, caught.value
    return str(caught.value)


def test_lists_fill_the_names_in(tmp_path: Path) -> None:
    found = assets(
        tmp_path,
        f'  {CDN}/{{name}}?w={{width}}:\n    for: {{name: [hero, team], width: [3840, 640]}}\n    size: "{{width}}x*"\n',
    )
    assert [asset.target for asset in found] == [
        f"{CDN}/hero?w=3840", f"{CDN}/hero?w=640", f"{CDN}/team?w=3840", f"{CDN}/team?w=640",
    ]  # fmt: skip
    assert [asset.url for asset in found] == [asset.target for asset in found]
    assert [str((asset[SizeOptions].size or [None])[0]) for asset in found] == ["3840x*", "640x*"] * 2
    assert [asset.written["size"] for asset in found] == ["3840x*", "640x*"] * 2
    assert {asset.place.line for asset in found} == {3}


def test_lists_fill_file_names_too_and_files_stay_files(tmp_path: Path) -> None:
    found = assets(tmp_path, '  "icon-{edge}.png": {for: {edge: [16, 32]}, size: "{edge}x{edge}"}\n')
    assert [(asset.target, asset.url) for asset in found] == [("icon-16.png", None), ("icon-32.png", None)]


def test_braces_without_a_list_are_a_name(tmp_path: Path) -> None:
    assert [asset.target for asset in assets(tmp_path, '  "a{b}.png": {}\n')] == ["a{b}.png"]


def test_each_variant_is_an_artifact_of_its_own(tmp_path: Path) -> None:
    found = assets(
        tmp_path,
        f"  {CDN}/a.jpg:\n    size: 3840x2160\n    alpha: forbidden\n    variants:\n"
        '      - {accept: "image/avif,*/*", format: [avif, webp]}\n'
        "      - {accept: image/png, format: png, size: 640x360}\n",
    )
    assert [asset.target for asset in found] == [
        f"{CDN}/a.jpg [accept: image/avif,*/*]",
        f"{CDN}/a.jpg [accept: image/png]",
    ]
    assert {asset.url for asset in found} == {f"{CDN}/a.jpg"}
    assert [asset[AcceptOptions].accept for asset in found] == ["image/avif,*/*", "image/png"]
    assert [asset[FormatOptions].format for asset in found] == [("avif", "webp"), ("png",)]
    assert [asset.written["size"] for asset in found] == ["3840x2160", "640x360"]
    assert [asset.places["format"].line for asset in found] == [7, 8]
    assert all(asset.written["alpha"] == "forbidden" for asset in found)


def test_lists_and_variants_multiply(tmp_path: Path) -> None:
    found = assets(
        tmp_path,
        f"  {CDN}/{{n}}.jpg:\n    for: {{n: [a, b]}}\n"
        "    variants: [{accept: image/webp}, {accept: image/png}]\n",
    )
    assert [asset.target.rpartition("/")[0] for asset in found] == [
        f"{CDN}/{n}.jpg [accept: image" for n in "aabb"
    ]


@pytest.mark.parametrize(
    ("entry", "place", "said"),
    [
        ('"{n}.png": {for: [a]}', "3:20", "for: maps names to lists"),
        ('"{n}.png": {for: {}}', "3:20", "for: maps names to lists"),
        ('"{n}.png": {for: {n: []}}', "3:24", "the list of n is empty"),
        ('"{n}.png": {for: {n: [a], m: [b]}}', "3:3", "does not say where {m} goes"),
        ('"{name}.png": {for: {nmae: [a]}}', "3:3", "did you mean {nmae}?"),
        ('"{n}.png": {for: {n: [{}]}}', "3:25", "expected a text or number"),
        ('"{n}.png": {for: {"a b": [c]}}', "3:21", "cannot be a name in braces"),
        ('"{n}.png": {for: {n: [1, 2]}, size: "{m}x*"}', "3:39", "'{m}x*'"),
        ("a.png: {variants: [{accept: image/png}]}", "3:11", "variants are of URLs"),
        ("http://a.test/a: {variants: {}}", "3:31", "is a list of mappings"),
        ("http://a.test/a: {variants: []}", "3:31", "is a list of mappings"),
        ("http://a.test/a: {variants: [{format: png}]}", "3:32", "with its accept:"),
        ("http://a.test/a: {variants: [{accept: a/b}, {accept: a/b}]}", "3:47", "stands in line 3 already"),
        ("http://a.test/a: {variants: [{accept: a/b, fromat: png}]}", "3:46", "did you mean format?"),
        (
            "http://a.test/a: {variants: [{accept: a/b, variants: []}]}",
            "3:56",
            "belongs to an entry of files",
        ),
        ("http://a.test/a: {varaints: [{accept: a/b}]}", "3:21", "did you mean variants?"),
    ],
)
def test_a_mistake_has_its_place(tmp_path: Path, entry: str, place: str, said: str) -> None:
    text = mistake(tmp_path, f"  {entry}\n")
    assert text.startswith(f"m.yaml:{place}: "), text
    assert said in text


def test_a_list_that_stands_for_too_much_is_refused(tmp_path: Path) -> None:
    numbers = ", ".join(map(str, range(101)))
    text = mistake(tmp_path, f'  "{{a}}{{b}}.png": {{for: {{a: [{numbers}], b: [{numbers}]}}}}\n')
    assert "this stands for 10201 entries" in text


def test_defaults_have_no_variants(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="variants belongs to an entry of files"):
        parse_manifest(b"version: 1\ndefaults: {variants: []}\nfiles: {}\n", "m", str(tmp_path))


@pytest.mark.parametrize(
    ("text", "size", "fits"),
    [
        ("3840x*", (3840, 2160), True), ("3840x*", (3840, 1), True), ("3840x*", (3839, 2160), False),
        ("*x2160", (1, 2160), True), ("*x2160", (3840, 2161), False), ("3840X*", (3840, 9), True),
    ],
)  # fmt: skip
def test_one_edge_may_be_free(tmp_path: Path, text: str, size: tuple[int, int], *, fits: bool) -> None:
    (asset,) = assets(tmp_path, f'  a.png: {{size: "{text}"}}\n')
    (wanted,) = asset[SizeOptions].size or ()
    assert wanted.allows(wanted.low._replace(width=size[0], height=size[1])) is fits
    assert str(wanted) == text.lower()


@pytest.mark.parametrize("text", ["*x*", "0x*", "x*", "*", "9999999x*", "3840x**"])
def test_a_size_without_an_edge_is_a_mistake(tmp_path: Path, text: str) -> None:
    assert "size" in mistake(tmp_path, f'  a.png: {{size: "{text}"}}\n')
