"""What each kind of source promises: a good one passes, and every lie of a bad one is named at its line."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from imported import ALPHA, DVC, HERO, jpeg, md5, png, sha1, sha256, sha512
from pictures import gradient, save

from verify4k.importers import find_importer, kinds, open_source, recognized

if TYPE_CHECKING:
    from collections.abc import Mapping


class Case(NamedTuple):
    """A source, the files that keep its promises, and what is put in their place: file -> (bytes, rules)."""

    source: str
    text: str
    good: Mapping[str, bytes]
    bad: Mapping[str, tuple[bytes, str]]
    lines: Mapping[str, int]


WEB = """{
  "name": "x",
  "icons": [
    {"src": "/icons/192.png", "sizes": "192x192", "type": "image/png"},
    {"src": "icons/any.webp?v=2", "sizes": "any", "type": "image/webp", "purpose": "maskable"},
    {"src": "data:image/png;base64,AA", "sizes": "1x1"}, {"src": null, "sizes": "1x1"}
  ],
  "screenshots": [{"src": "wide.jpg", "sizes": "160x90", "type": "image/jpeg; q=1"}, {"src": "s.png", "sizes": null}],
  "shortcuts": [{"name": "y", "icons": [{"src": "s.png", "sizes": "96x96 48x48"}]}]
}
"""
EXTENSION = """{
  "manifest_version": 3,
  "icons": {"16": "i/16.png", "48": "i/48.png", "128": "i/logo.svg"},
  "action": {"default_icon": {"32": "/i/48.png"}}, "sidebar_action": {"default_icon": "i/side.png"}
}
"""
APPLE = """{
  "images": [
    {"filename": "20@2x.png", "idiom": "iphone", "scale": "2x", "size": "20x20"},
    {"filename": "83.5@2x.png", "idiom": "ipad", "scale": "2x", "size": "83.5x83.5"},
    {"idiom": "iphone", "scale": "3x", "size": "20x20"},
    {"filename": "store.png", "idiom": "ios-marketing", "scale": "1x", "size": "1024x1024"},
    {"filename": "one.png", "idiom": "universal", "platform": "ios", "size": "1024x1024"},
    {"filename": "mac.png", "idiom": "mac", "scale": "2x", "size": "512x512"}
  ],
  "info": {"author": "xcode", "version": 1}
}
"""
KODI = """<?xml version="1.0" encoding="UTF-8"?>
<addon id="plugin.video.example" version="1.0.0">
  <extension point="xbmc.addon.metadata">
    <assets>
      <icon>resources/icon.png</icon>
      <fanart>resources/fanart.jpg</fanart>
      <clearlogo>resources/logo.png</clearlogo>
    </assets>
  </extension>
</addon>
"""
SPRITES = """{"frames": {"a": {"frame": {"x": 0, "y": 0, "w": 32, "h": 32}}},
"meta": {"app": "texturepacker", "image": "sheet.png", "size": {"w": 64, "h": 32}, "scale": "1"}}
"""
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'

SUMMED = {"a.png": HERO, "b.png": png(64, 40), "c.png": png(64, 41)}
CASES = {
    "web-app-manifest": Case(
        "site.webmanifest",
        WEB,
        {
            "icons/192.png": png(192, 192),
            "icons/any.webp": save(gradient(80, 80), "x.webp"),
            "wide.jpg": jpeg(160, 90),
            "s.png": png(48, 48),
        },
        {
            "icons/192.png": (png(180, 180), "exact-size"),
            "icons/any.webp": (save(gradient(80, 40), "x.webp"), "exact-size"),
            "s.png": (png(64, 64), "exact-size"),
        },
        {"icons/192.png": 4, "icons/any.webp": 5, "s.png": 9},
    ),
    "browser-extension": Case(
        "manifest.json",
        EXTENSION,
        {
            "i/16.png": png(16, 16),
            "i/48.png": png(32, 32),
            "i/logo.svg": DRAWING,
            "i/side.png": png(9, 9),
        },
        {
            "i/16.png": (png(19, 19), "exact-size"),
            "i/48.png": (png(38, 38), "exact-size"),
            "i/logo.svg": (png(128, 128), "right-format"),
        },
        {"i/16.png": 3, "i/48.png": 3, "i/logo.svg": 3},
    ),
    "apple-assets": Case(
        "Contents.json",
        APPLE,
        {
            "20@2x.png": png(40, 40),
            "83.5@2x.png": png(167, 167),
            "store.png": png(1024, 1024),
            "one.png": png(1024, 1024, "L"),
            "mac.png": save(gradient(1024, 1024, 90).convert(ALPHA), "x.png"),
        },
        {
            "20@2x.png": (png(60, 60), "exact-size"),
            "store.png": (png(1024, 1024, ALPHA), "no-stray-alpha"),
            "one.png": (png(1024, 1024, "LA"), "no-stray-alpha"),
        },
        {"20@2x.png": 3, "store.png": 6, "one.png": 7},
    ),
    "kodi-addon": Case(
        "addon.xml",
        KODI,
        {
            "resources/icon.png": png(256, 256),
            "resources/fanart.jpg": jpeg(1280, 720),
            "resources/logo.png": png(80, 31, ALPHA),
        },
        {
            "resources/icon.png": (png(255, 255), "exact-size"),
            "resources/logo.png": (png(80, 31), "no-stray-alpha"),
        },
        {"resources/icon.png": 5, "resources/logo.png": 7},
    ),
    "sprite-sheet": Case(
        "atlas.json",
        SPRITES,
        {"sheet.png": png(64, 32)},
        {"sheet.png": (png(64, 64), "exact-size")},
        {"sheet.png": 2},
    ),
    "checksums": Case(
        "SHA256SUMS",
        f"# release\n{sha256(HERO)}  ./a.png\n{sha256(png(64, 40))} *b.png\nSHA256 (c d.png) = {sha256(png(64, 41))}\n",
        {"a.png": HERO, "b.png": png(64, 40), "c d.png": png(64, 41)},
        {"b.png": (png(64, 37), "same-bytes"), "c d.png": (png(64, 38), "same-bytes")},
        {"b.png": 3, "c d.png": 4},
    ),
    "checksums sha512": Case(
        "release_checksums.txt",
        f"{sha512(HERO)}  a.png\nSHA2-512(b.png)= {sha512(png(64, 40))}\n{md5(png(64, 41))}  c.png\n",
        SUMMED,
        {name: (png(64, 37), "same-bytes") for name in SUMMED},
        {"a.png": 1, "b.png": 2, "c.png": 3},
    ),
    "checksums sha1": Case(
        "SHA1SUMS",
        f"{sha1(HERO)}  a.png\nSHA1(b.png)= {sha1(png(64, 40))}\nSHA-1 (c.png) = {sha1(png(64, 41))}\n",
        SUMMED,
        {name: (png(64, 37), "same-bytes") for name in SUMMED},
        {"a.png": 1, "b.png": 2, "c.png": 3},
    ),
    "checksums alone": Case(
        "a.png.SHA512",
        f"{sha512(HERO).upper()}\n",
        {"a.png": HERO},
        {"a.png": (png(64, 38), "same-bytes")},
        {"a.png": 1},
    ),
    "dvc": Case(
        "hero.png.dvc",
        DVC.format(hashlib.md5(HERO, usedforsecurity=False).hexdigest(), len(HERO)),
        {"hero.png": HERO},
        {"hero.png": (HERO + b"\n", "same-bytes")},
        {"hero.png": 5},
    ),
    "table": Case(
        "assets.csv",
        'file,size,alpha\na.png,64x36,forbidden\n\n"b,c.png","64x36",\n',
        {"a.png": HERO, "b,c.png": png(64, 36, ALPHA)},
        {"a.png": (png(64, 36, ALPHA), "no-stray-alpha"), "b,c.png": (png(36, 64), "exact-size")},
        {"a.png": 2, "b,c.png": 4},
    ),
}


def write(folder: Path, case: Case) -> None:
    (folder / case.source).write_text(case.text)
    for name, data in case.good.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


@pytest.mark.parametrize("kind", CASES)
def test_a_good_source_passes_as_it_is_and_as_a_manifest(kind: str, tmp_path: Path, run: Any) -> None:
    case = CASES[kind]
    write(tmp_path, case)
    outcome = run("check", "--format", "json", case.source)
    report = json.loads(outcome.out)
    assert outcome.code == 0, report["findings"]
    assert {asset["target"] for asset in report["assets"]} == set(case.good)
    assert run("init", "--from", case.source).code == 0
    again = json.loads(run("check", "--format", "json").out)
    assert again["summary"] == report["summary"]
    assert [asset["promised"] for asset in again["assets"]] == [
        asset["promised"] for asset in report["assets"]
    ]


@pytest.mark.parametrize("kind", CASES)
def test_every_lie_of_a_bad_source_is_named_at_its_line(kind: str, tmp_path: Path, run: Any) -> None:
    case = CASES[kind]
    write(tmp_path, case)
    for name, (data, _) in case.bad.items():
        (tmp_path / name).write_bytes(data)
    outcome = run("check", "--format", "json", case.source)
    findings = json.loads(outcome.out)["findings"]
    assert outcome.code == 1
    assert {f["target"] for f in findings} == set(case.bad)
    for name, (_, rule) in case.bad.items():
        told = [f for f in findings if f["target"] == name and f["rule"] == rule]
        assert [(f["path"], f["line"]) for f in told] == [(case.source, case.lines[name])]


@pytest.mark.parametrize("kind", CASES)
def test_a_promised_file_that_is_not_there_fails(kind: str, tmp_path: Path, run: Any) -> None:
    case = CASES[kind]
    write(tmp_path, case)
    gone = next(iter(case.good))
    (tmp_path / gone).unlink()
    report = json.loads(run("check", "--format", "json", case.source).out)
    assert [(f["target"], f["rule"]) for f in report["findings"]] == [(gone, "readable")]


@pytest.mark.parametrize("kind", CASES)
def test_each_source_is_recognized_as_what_it_is(kind: str, tmp_path: Path) -> None:
    write(tmp_path, CASES[kind])
    found = recognized(str(tmp_path / CASES[kind].source))
    assert found is not None
    assert found.kind == kind.partition(" ")[0]


MISTAKES = [
    ("assets.csv", "size\n64x36\n", "assets.csv:1:1: no column names the file"),
    ("assets.csv", "file,path\na,b\n", "file and path both name the file"),
    ("assets.csv", "file,siez\na.png,64x36\n", "assets.csv:2:1: unknown option 'siez' (did you mean size?)"),
    ("assets.csv", "file,size\na.png,64x36,x\n", "assets.csv:2:1: a row has 3 cells, the header 2"),
    ("assets.csv", "file,size\na.png,64x36\nb.png", "assets.csv:3:1: a row has 1 cell, the header 2"),
    ("assets.csv", "size,file\n64x36\n", "assets.csv:2:1: a row has 1 cell, the header 2"),
    ("assets.csv", 'file,size\n"a.png,64x36\n', "this is no CSV"),
    ("assets.csv", 'file,size\na.png,"64, 36"\n', "'64, 36' is no size (write it like 64x36)"),
    ("assets.csv", "file,size\n../a.png,64x36\n", "leaves the folder"),
    ("a.jsonl", '{"file": "a.png"}\n{"file": \n', "a.jsonl:2:"),
    ("a.jsonl", "[1]\n", "a line is no JSON object"),
    ("SHA256SUMS", "abc  a.png\n", "SHA256SUMS:1:1: this is no line of a checksum list"),
    ("SHA256SUMS", f"{'0' * 64}\n", "SHA256SUMS:1:1: this is no line of a checksum list"),
    ("a.sha256", f"\n{'0' * 56}  a.png\n", "a.sha256:2:1: SHA-224 is not read"),
    ("a.sha1", f"SHA1(a.png)= {'0' * 64}\n", "a.sha1:1:1: this is no line of a checksum list"),
    ("a.sha512", f"SHA512 (a.png) = {'0' * 64}\n", "a.sha512:1:1: this is no line of a checksum list"),
    ("addon.xml", "<addon><assets>", "addon.xml:1:16: this is no XML: no element found"),
    ("site.webmanifest", '{"icons": [{"src": "a.png", "sizes": "0x0"}]}', "site.webmanifest:1:"),
    (
        "Contents.json",
        '{"images": [{"filename": "a.png", "size": "big"}]}',
        "'big' at scale '1x' is no size of a slot",
    ),
    (
        "Contents.json",
        '{"images": [{"filename": "a.png", "size": "1e999x20"}]}',
        "'1e999x20' at scale '1x' is no size of a slot",
    ),
    (
        "Contents.json",
        '{"images": [{"filename": "a.png", "size": "20x20", "scale": "nanx"}]}',
        "'20x20' at scale 'nanx' is no size of a slot",
    ),
    (
        "addon.xml",
        '<?xml version="1.0" encoding="klingon"?><addon><assets/></addon>',
        "the encoding that the document names is not read",
    ),
    (
        "addon.xml",
        '<?xml version="1.0" encoding="shift_jis"?><addon><assets/></addon>',
        "the encoding that the document names is not read",
    ),
    (
        "atlas.json",
        '{"frames": [{"frame": {"x": 40, "y": 0, "w": 32, "h": 8}}], "meta": {"image": "a", "size": {"w": 64, "h": 8}}}',
        "atlas.json:1:23: a frame leaves the sheet of 64x8",
    ),
]


@pytest.mark.parametrize(("name", "text", "words"), MISTAKES)
def test_what_a_source_cannot_mean_is_a_mistake_with_its_place(
    name: str, text: str, words: str, tmp_path: Path, run: Any
) -> None:
    (tmp_path / name).write_text(text)
    outcome = run("check", name)
    assert (outcome.code, words in outcome.err) == (2, True), outcome.err


TURNED = """{"frames": {"a": {"frame": {"x": 0, "y": 4, "w": %d, "h": %d}, "rotated": true}},
"meta": {"image": "sheet.png", "size": {"w": 64, "h": 32}}}
"""


def test_a_rotated_frame_lies_on_its_side_in_the_sheet(tmp_path: Path, run: Any) -> None:
    (tmp_path / "sheet.png").write_bytes(png(64, 32))
    (tmp_path / "atlas.json").write_text(TURNED % (28, 60))
    assert run("check", "atlas.json").code == 0
    (tmp_path / "atlas.json").write_text(TURNED % (60, 28))
    outcome = run("check", "atlas.json")
    assert (outcome.code, outcome.err) == (
        2,
        "atlas.json:1:28: a frame leaves the sheet of 64x32 (export the sheet and its JSON together)\n",
    )


PHASER = """{"textures": [
  {"image": "s-0.png", "size": {"w": 64, "h": 32}, "frames": [{"frame": {"x": 0, "y": 0, "w": 64, "h": 32}}]},
  {"image": "s-1.png", "size": {"w": 32, "h": 32}, "frames": [{"frame": {"x": 0, "y": 0, "w": 32, "h": 32}}]}
], "meta": {"app": "https://www.codeandweb.com/texturepacker", "version": "3.0"}}
"""


def test_each_of_several_sheets_in_one_file_is_promised(tmp_path: Path, run: Any) -> None:
    (tmp_path / "atlas.json").write_text(PHASER)
    (tmp_path / "s-0.png").write_bytes(png(64, 32))
    (tmp_path / "s-1.png").write_bytes(png(32, 16))
    [finding] = json.loads(run("check", "--format", "json", "atlas.json").out)["findings"]
    assert (finding["target"], finding["line"], finding["expected"]) == ("s-1.png", 3, "32x32")


def test_an_old_kodi_addon_means_the_pictures_beside_it(tmp_path: Path, run: Any) -> None:
    (tmp_path / "addon.xml").write_text("<addon>\n<extension><summary>old</summary></extension></addon>")
    (tmp_path / "icon.png").write_bytes(png(256, 256))
    assert run("check", "addon.xml").code == 0
    (tmp_path / "fanart.jpg").write_bytes(jpeg(640, 360))
    [finding] = json.loads(run("check", "--format", "json", "addon.xml").out)["findings"]
    assert (finding["target"], finding["rule"], finding["line"]) == ("fanart.jpg", "exact-size", 1)
    (tmp_path / "addon.xml").write_text("<addon><extension><assets/></extension></addon>")
    assert run("check", "addon.xml").code == 2  # it says that it has none


def test_a_name_with_wildcards_is_a_name(tmp_path: Path, run: Any) -> None:
    (tmp_path / "assets.csv").write_text("file,size\nicon[1].png,64x36\n")
    (tmp_path / "icon1.png").write_bytes(HERO)
    report = json.loads(run("check", "--format", "json", "assets.csv").out)
    assert [(f["target"], f["rule"]) for f in report["findings"]] == [("icon[1].png", "readable")]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--from", "nowhere"], "there is no nowhere"),
        (["--from", "tabel=a.bin"], "did you mean table?"),
        (["--from", "a.bin"], "say what it is: --from KIND=a.bin"),
    ],
)
def test_an_unknown_source_is_a_mistake_with_the_next_step(
    argv: list[str], words: str, tmp_path: Path, run: Any
) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(9))
    outcome = run("init", *argv)
    assert (outcome.code, words in outcome.err) == (2, True), outcome.err


def test_every_importer_has_a_page_and_is_tried() -> None:
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [kind for kind in kinds() if not re.search(rf'[`"]{kind}\b', tests)] == []
    for kind in kinds():
        page = find_importer(kind).module.__doc__ or ""
        assert "verify4k check " in page or "verify4k init --from" in page
        assert os.linesep not in find_importer(kind).title


def test_the_published_pages_are_those_of_the_importers(run: Any) -> None:
    told = run("explain", "importers").out
    for kind in kinds():
        page = (Path(__file__).parents[2] / "docs" / "importers" / f"{kind}.md").read_text("utf-8")
        assert page.partition("\n\n**")[2].partition("**")[0] in told
        assert page.partition("**\n\n")[2].strip() in told


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("icon", "256x256 512x512"),
        ("fanart", "1280x720 1920x1080 3840x2160"),
        ("banner", "1000x185"),
    ],
)
def test_kodi_s_sizes_are_those_of_its_page(name: str, sizes: str, tmp_path: Path) -> None:
    importer = find_importer("kodi-addon")
    text = f"<addon><extension><assets><{name}>a.png</{name}></assets></extension></addon>"
    (tmp_path / "addon.xml").write_text(text)
    [promise] = importer.read(open_source(str(tmp_path / "addon.xml"), "addon.xml")).promises
    wanted: Any = promise.options["size"]
    assert sorted([wanted] if isinstance(wanted, str) else wanted) == sizes.split()
    assert all(size in (importer.module.__doc__ or "") for size in sizes.split())
    assert promise.options.get("alpha") == ("opaque" if name == "icon" else None)


@pytest.mark.parametrize(
    ("src", "options"),
    [
        ("a.png", {"size": "48x48"}),
        ("a.svg", {"format": "svg"}),  # drawn at any size, whatever is stated
        ("a.ico", {"sizes": ["48x48"], "format": "ico"}),
    ],
)
def test_an_icon_without_a_type_is_known_by_its_name(
    src: str, options: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "site.webmanifest"
    path.write_text(json.dumps({"icons": [{"src": src, "sizes": "48x48"}]}))
    [promise] = find_importer("web-app-manifest").read(open_source(str(path), path.name)).promises
    assert promise.options == options


def test_a_source_that_names_a_file_by_a_detour_means_that_file(tmp_path: Path, run: Any) -> None:
    icons = [{"src": name, "sizes": "64x36"} for name in ("icons/../a.png", "a.png", "./icons/./../a.png")]
    (tmp_path / "app.webmanifest").write_text(json.dumps({"icons": icons}))
    (tmp_path / "a.png").write_bytes(save(gradient(64, 36), "a.png"))
    report = json.loads(run("check", "app.webmanifest", "--format", "json").out)
    assert [(asset["target"], asset["verdict"]) for asset in report["assets"]] == [("a.png", "passed")]
