"""Exports by what people really export with: Inkscape, GIMP, sharp, Chromium, ImageMagick and libvips.

What is honest passes. What each of them really loses is told, once, at the export that lost it.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import exporters
import pytest
from pictures import deep_png, exif_with, p3, save, texture
from PIL import Image

from verify4k.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Told = list[tuple[str, str]]
    Exports = dict[str, tuple[str, dict[str, Any], list[str]]]

SIZE = "480x270"
LYING = ["exact-size", "same-picture-as-source"]
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="270"><rect width="480" height="270" '
    'fill="#fff"/><circle cx="150" cy="120" r="90" fill="#d33"/><path d="M300 220 380 40 460 220z"/></svg>'
)


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is exported: a picture, as a camera holds it, cut out, in wide colours, deep, and a drawing."""
    folder = tmp_path_factory.mktemp("sources")
    tint = Image.linear_gradient("L").resize((480, 270))
    planes = (texture(480, 270).convert("L"), tint, tint.rotate(180))
    image = Image.merge("YCbCr", planes).convert("RGB")
    (folder / "hero.png").write_bytes(save(image, "a.png"))
    (folder / "small.png").write_bytes(save(texture(240, 135), "a.png"))
    turned = save(image, "a.jpg", quality=92, exif=exif_with({0x0112: 6}))
    (folder / "camera.jpg").write_bytes(turned)
    clear = image.convert("RGBA")
    clear.paste((0, 0, 0, 0), (0, 0, 120, 270))
    (folder / "logo.png").write_bytes(save(clear, "a.png"))
    (folder / "wide.png").write_bytes(save(image, "a.png", icc_profile=p3()))
    (folder / "deep.png").write_bytes(deep_png(240, 135))
    (folder / "drawing.svg").write_text(DRAWING)
    return folder


@pytest.fixture
def told(
    sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Told]:
    """Check a chain of files, each with what it promises; returns rule and hop of what does not hold."""
    monkeypatch.chdir(tmp_path)

    def call(*chain: tuple[Path, dict[str, Any]]) -> Told:
        entries: dict[str, Any] = {}
        for path, promise in chain:
            os.link(path, tmp_path / path.name)
            entries[path.name] = {**promise, "from": list(entries)[-1]} if entries else promise
        (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": entries}))
        capsys.readouterr()
        main(("check", "--format", "json"))
        report = json.loads(capsys.readouterr().out)
        assert report["undecided"] == []
        return [(each["rule"], os.path.basename(each["hop"])) for each in report["findings"]]

    def exported(path: Path, source: str, promise: dict[str, Any]) -> Told:
        as_shot = {"rules": {"upright": "off"}} if source == "camera.jpg" else {}
        return call((sources / source, as_shot), (path, promise))

    call.exported = exported  # type: ignore[attr-defined]
    return call


def judged(told: Callable[..., Told], path: Path, row: tuple[str, dict[str, Any], list[str]]) -> None:
    source, promise, lost = row
    found: Told = told.exported(path, source, promise)  # type: ignore[attr-defined]
    assert sorted(found) == [(rule, path.name) for rule in lost]


# -- Inkscape -----------------------------------------------------------------------------------

INKSCAPE: Exports = {
    "as-drawn.png": ("drawing.svg", {"size": SIZE}, []),
    "twice.png": ("drawing.svg", {"size": "960x540", "alpha": "any"}, []),
    "half.png": ("drawing.svg", {"size": SIZE}, ["exact-size"]),
    "opaque.png": ("drawing.svg", {"size": SIZE, "alpha": "forbidden"}, ["no-stray-alpha"]),
}


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory, sources: Path) -> Path:
    folder = tmp_path_factory.mktemp("inkscape")
    widths = {"as-drawn.png": 480, "twice.png": 960, "half.png": 240, "opaque.png": 480}
    exporters.inkscape(sources / "drawing.svg", folder, widths)
    return folder


@pytest.mark.parametrize("name", INKSCAPE)
def test_inkscape(name: str, drawn: Path, told: Callable[..., Told]) -> None:
    judged(told, drawn / name, INKSCAPE[name])


# -- GIMP ---------------------------------------------------------------------------------------

GIMP: dict[str, tuple[str, tuple[str, dict[str, Any], list[str]]]] = {
    "whole.jpg": ("", ("hero.png", {"size": SIZE}, [])),
    "half.png": ("(gimp-image-scale image 240 135)", ("hero.png", {"size": "240x135"}, [])),
    "shot.jpg": ("(gimp-image-rotate image ROTATE-90)", ("hero.png", {"size": "270x480"}, ["same-picture-as-source"])),
    "mirrored.png": ("(gimp-image-flip image ORIENTATION-HORIZONTAL)", ("hero.png", {"size": SIZE}, ["same-picture-as-source"])),
    "large.jpg": ("(gimp-image-scale image 960 540)", ("hero.png", {"size": "960x540"}, ["no-enlargement"])),
    "indexed.png": ('(gimp-image-convert-indexed image CONVERT-DITHER-NONE CONVERT-PALETTE-GENERATE 64 FALSE FALSE "")', ("hero.png", {"nothing-lost": "full-colour"}, ["nothing-lost"])),
    "flat.jpg": ("", ("logo.png", {"nothing-lost": "alpha"}, ["nothing-lost"])),
    "clear.webp": ("", ("logo.png", {"nothing-lost": "alpha"}, [])),
    "sixteen.png": ("", ("deep.png", {"nothing-lost": "bit-depth"}, [])),
    "eight.png": ("(gimp-image-convert-precision image PRECISION-U8-GAMMA)", ("deep.png", {"nothing-lost": "bit-depth"}, ["nothing-lost"])),
    "wide.jpg": ("", ("wide.png", {"nothing-lost": "icc"}, [])),
}  # fmt: skip


@pytest.fixture(scope="session")
def edited(tmp_path_factory: pytest.TempPathFactory, sources: Path) -> Path:
    folder = tmp_path_factory.mktemp("gimp")
    exporters.gimp(folder, {name: (sources / row[0], steps) for name, (steps, row) in GIMP.items()})
    return folder


@pytest.mark.parametrize("name", GIMP)
def test_gimp(name: str, edited: Path, told: Callable[..., Told]) -> None:
    judged(told, edited / name, GIMP[name][1])


# -- sharp --------------------------------------------------------------------------------------

SHARP: dict[str, tuple[str, tuple[str, dict[str, Any], list[str]]]] = {
    "half.webp": (".resize(240)", ("hero.png", {"size": "240x135", "format": "webp"}, [])),
    "square.jpg": (".resize(200, 200)", ("hero.png", {"size": "200x200"}, [])),
    "squeezed.jpg": (".resize(200, 200, {fit: 'fill'})", ("hero.png", {"size": "200x200"}, ["same-picture-as-source"])),
    "upright.jpg": (".rotate()", ("camera.jpg", {"size": "270x480"}, [])),
    "lying.jpg": ("", ("camera.jpg", {"size": "270x480"}, LYING)),
    "large.png": (".resize(480)", ("small.png", {"size": SIZE}, ["no-enlargement"])),
    "as-it-is.png": (".resize(480, null, {withoutEnlargement: true})", ("small.png", {"size": "240x135"}, [])),
    "palette.png": (".png({palette: true})", ("hero.png", {"nothing-lost": "full-colour"}, ["nothing-lost"])),
    "grey.jpg": (".grayscale()", ("hero.png", {"nothing-lost": "full-colour"}, ["nothing-lost"])),
    "coarse.avif": (".avif({effort: 0, chromaSubsampling: '4:2:0'})", ("hero.png", {"nothing-lost": "chroma"}, ["nothing-lost"])),
    "whole.avif": (".avif({effort: 0})", ("hero.png", {"nothing-lost": "chroma"}, [])),
    "coarse.webp": (".webp()", ("logo.png", {"nothing-lost": ["alpha", "chroma"]}, ["nothing-lost"])),
    "converted.jpg": ("", ("wide.png", {"nothing-lost": "icc"}, [])),
    "wide.jpg": (".keepIccProfile()", ("wide.png", {"nothing-lost": "icc"}, [])),
}  # fmt: skip


@pytest.fixture(scope="session")
def piped(tmp_path_factory: pytest.TempPathFactory, sources: Path) -> Path:
    folder = tmp_path_factory.mktemp("sharp")
    exporters.sharp(folder, {name: (sources / row[0], steps) for name, (steps, row) in SHARP.items()})
    return folder


@pytest.mark.parametrize("name", SHARP)
def test_sharp(name: str, piped: Path, told: Callable[..., Told]) -> None:
    judged(told, piped / name, SHARP[name][1])


# -- Chromium -----------------------------------------------------------------------------------

CHROMIUM: dict[str, tuple[str, tuple[int, int], float, tuple[str, dict[str, Any], list[str]]]] = {
    "twice.png": ("drawing.svg", (480, 270), 2, ("drawing.svg", {"size": "960x540", "alpha": "forbidden"}, [])),
    "once.png": ("drawing.svg", (480, 270), 1, ("drawing.svg", {"size": "960x540"}, ["exact-size"])),
    "photograph.png": ("hero.png", (240, 135), 2, ("hero.png", {"size": SIZE}, [])),
    "upright.png": ("camera.jpg", (270, 480), 1, ("camera.jpg", {"size": "270x480"}, [])),
    "stretched.png": ("hero.png", (270, 270), 1, ("hero.png", {"size": "270x270"}, ["same-picture-as-source"])),
}  # fmt: skip


@pytest.fixture(scope="session")
def photographed(tmp_path_factory: pytest.TempPathFactory, sources: Path) -> Path:
    folder = tmp_path_factory.mktemp("chromium")
    style = "display:block;width:100vw;height:100vh"
    shots = {
        name: (f'<body style="margin:0"><img style="{style}" src="{(sources / shown).as_uri()}">', window, by)
        for name, (shown, window, by, _) in CHROMIUM.items()
    }
    exporters.chromium(folder, shots)
    return folder


@pytest.mark.parametrize("name", CHROMIUM)
def test_chromium(name: str, photographed: Path, told: Callable[..., Told]) -> None:
    judged(told, photographed / name, CHROMIUM[name][3])


# -- a way through several ----------------------------------------------------------------------


@pytest.mark.parametrize("broken", [None, 1, 2, 3])
def test_a_way_through_three_programs_is_told_where_it_broke(
    broken: int | None, sources: Path, tmp_path_factory: pytest.TempPathFactory, told: Callable[..., Told]
) -> None:
    """ImageMagick flattens, libvips encodes, sharp converts; each in turn makes the picture smaller."""
    convert, vips = exporters.imagemagick(), exporters.program("vips", "libvips-tools")
    folder = tmp_path_factory.mktemp("way")
    flat, encoded, made = (folder / name for name in ("flat.png", "encoded.jpg", "made.webp"))
    flatten = ["-background", "white", "-alpha", "remove", "-alpha", "off"]
    smaller = ["-resize", "50%"] if broken == 1 else []
    exporters.done([convert, str(sources / "logo.png"), *flatten, *smaller, str(flat)])
    exporters.done([vips, "resize", str(flat), f"{encoded}[Q=90]", "0.5" if broken == 2 else "1"])
    exporters.sharp(folder, {made.name: (encoded, ".resize(240)" if broken == 3 else "")})
    promise = {"size": SIZE}
    chain = [
        (sources / "logo.png", promise),
        (flat, {**promise, "alpha": "forbidden"}),
        (encoded, {}),
        (made, promise),
    ]
    hop = {None: [], 1: [flat], 2: [encoded], 3: [made]}[broken]
    assert told(*chain) == [("exact-size", path.name) for path in hop]
