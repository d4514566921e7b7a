"""Sources as real packages ship them: the honest one passes, and what is planted in it is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from pictures import gradient, save

from verify4k.importers import find_importer, recognized

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA = Path(__file__).parent.parent / "data" / "importers"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 46"><path d="M0 0h48v46z"/></svg>'


class Picture(NamedTuple):
    """A picture to make; several sizes are those that an ICO holds."""

    sizes: tuple[int, ...]
    mode: str = "RGB"

    def make(self, name: str) -> bytes:
        """Return its bytes; no size at all is a drawing."""
        if not self.sizes:
            return DRAWING
        name = name.replace(".svg", ".png")  # a lie
        picture = gradient(max(self.sizes), max(self.sizes)).convert(self.mode)
        held = {"sizes": [(edge, edge) for edge in self.sizes]} if name.endswith(".ico") else {}
        return save(picture, name, **held)


class Sample(NamedTuple):
    """A folder of the data, its source, the pictures as shipped, and lies: file -> (picture, rule)."""

    folder: str
    source: str
    pictures: Mapping[str, Picture]
    lies: Mapping[str, tuple[Picture, str]]


REACT = {
    "favicon.ico": Picture((16, 24, 32, 64)),
    "logo192.png": Picture((192,)),
    "logo512.png": Picture((512,)),
}
REACT_LIES = {
    "favicon.ico": (Picture((16, 32, 64)), "right-contents"),
    "logo192.png": (Picture((180,)), "exact-size"),
}
SAMPLES = [
    Sample("create-react-app", "manifest.json", REACT, REACT_LIES),
    Sample("create-react-app", "index.html", REACT, REACT_LIES),
    Sample(
        "vite",
        "index.html",
        {"public/favicon.svg": Picture(())},
        {"public/favicon.svg": (Picture((32,)), "right-format")},
    ),
    Sample(
        "browserpass",
        "manifest.json",
        {"icon16.png": Picture((16,), "RGBA"), "icon.png": Picture((128,), "RGBA")},
        {
            "icon16.png": (Picture((19,), "RGBA"), "exact-size"),
            "icon.png": (Picture((96,), "RGBA"), "exact-size"),
        },
    ),
    Sample(
        "capacitor",
        "AppIcon.appiconset/Contents.json",
        {"AppIcon.appiconset/AppIcon-512@2x.png": Picture((1024,))},
        {"AppIcon.appiconset/AppIcon-512@2x.png": (Picture((1024,), "RGBA"), "no-stray-alpha")},
    ),
    Sample(
        "cordova-ios",
        "AppIcon.appiconset/Contents.json",
        {"AppIcon.appiconset/icon.png": Picture((1024,))},
        {"AppIcon.appiconset/icon.png": (Picture((512,)), "exact-size")},
    ),
]
names = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.folder} {sample.source}")


def write(folder: Path, sample: Sample) -> None:
    shutil.copytree(DATA / sample.folder, folder, dirs_exist_ok=True)
    for name, picture in sample.pictures.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(picture.make(name))


@names
def test_an_honest_source_is_accused_of_nothing(sample: Sample, tmp_path: Path, run: Any) -> None:
    write(tmp_path, sample)
    report = json.loads(run("check", "--format", "json", sample.source).out)
    assert (report["findings"], report["undecided"], report["exit_code"]) == ([], [], 0)
    below = Path(sample.source).parent
    shipped = {Path(name).relative_to(below).as_posix() for name in sample.pictures}
    assert {asset["target"] for asset in report["assets"]} == shipped
    assert run("init", "--from", sample.source).code == 0
    again = json.loads(run("check", "--format", "json").out)
    assert (again["findings"], again["exit_code"]) == ([], 0)
    assert {asset["target"] for asset in again["assets"]} == set(sample.pictures)


@names
def test_every_planted_lie_is_named(sample: Sample, tmp_path: Path, run: Any) -> None:
    write(tmp_path, sample)
    for name, (picture, _) in sample.lies.items():
        (tmp_path / name).write_bytes(picture.make(name))
    assert run("init", "--from", sample.source).code == 0
    outcome = run("check", "--format", "json")
    told = {(f["target"], f["rule"]) for f in json.loads(outcome.out)["findings"] if f["severity"] == "error"}
    assert outcome.code == 1
    assert told >= {(name, rule) for name, (_, rule) in sample.lies.items()}
    assert {target for target, _ in told} == set(sample.lies)


def test_launch_screens_of_capacitor_fill_screens_and_are_no_multiples(tmp_path: Path, run: Any) -> None:
    screens = {"mdpi": (480, 320), "hdpi": (800, 480), "xhdpi": (1280, 720), "xxhdpi": (1600, 960)}
    for density, size in screens.items():
        path = tmp_path / "res" / f"drawable-land-{density}" / "splash.png"
        path.parent.mkdir(parents=True)
        path.write_bytes(save(gradient(*size), path.name))
    assert run("init", "--from", "res").code == 0
    report = json.loads(run("check", "--format", "json").out)
    assert (len(report["assets"]), report["exit_code"]) == (4, 0)
    (tmp_path / "res" / "drawable-land-hdpi" / "splash.png").unlink()
    assert run("check").code == 1


def test_slots_of_an_image_set_promise_their_pictures(tmp_path: Path, run: Any) -> None:
    shutil.copytree(DATA / "capacitor" / "Splash.imageset", tmp_path, dirs_exist_ok=True)
    for shift, name in enumerate(("splash-2732x2732-2.png", "splash-2732x2732-1.png")):
        (tmp_path / name).write_bytes(save(gradient(64, 64, shift * 40), name))
    report = json.loads(run("check", "--format", "json", "--select", "readable", "Contents.json").out)
    assert [(f["target"], f["line"]) for f in report["findings"]] == [("splash-2732x2732.png", 15)]


def test_translated_metadata_promise_each_screenshot_once_by_its_url(tmp_path: Path, run: Any) -> None:
    name = "com.github.johnfactotum.Foliate.metainfo.xml"
    shutil.copy(DATA / "foliate" / name, tmp_path)
    assert recognized(str(tmp_path / name)) == find_importer("appstream")
    report = json.loads(run("check", "--offline", "--format", "json", name).out)
    targets = [asset["target"] for asset in report["assets"]]
    assert (len(targets), len(set(targets)), report["exit_code"]) == (6, 6, 3)
    assert all(target.startswith("https://") and target.endswith(".png") for target in targets)


def test_an_extension_that_states_its_version_late_is_one(tmp_path: Path, run: Any) -> None:
    """As in Privacy Badger's, whose icons and version follow 16 KB of file names."""
    listed = ",".join(f'"data/{number}.html"' for number in range(1200))
    text = f'{{"accessible": [{listed}], "icons": {{"16": "a.png"}}, "manifest_version": 2}}'
    (tmp_path / "manifest.json").write_text(text)
    (tmp_path / "a.png").write_bytes(save(gradient(16, 16), "a.png"))
    report = json.loads(run("check", "--format", "json", "manifest.json").out)
    assert [asset["promised"] for asset in report["assets"]] == [{"size": "16x16"}]
