"""What the rule makes of the verdicts, beyond its page's examples."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pictures import make
from PIL import Image, ImageChops, ImageStat

from verify4k import Settings, check, load_manifest
from verify4k.analysis.native import spectra
from verify4k.artifacts import inspection
from verify4k.rule import Picture

if TYPE_CHECKING:
    from pathlib import Path

ENLARGED = Picture(1024, 768, "a.png", "enlarged")
SOFT = Picture(640, 360, "a.png", "blank")


@pytest.mark.parametrize(
    ("picture", "entry", "code", "severity"),
    [
        (ENLARGED, {"native": "required"}, 1, "error"),
        (ENLARGED, {"native": "true"}, 1, "error"),
        (ENLARGED, {"native": "warn"}, 0, "warning"),
        (ENLARGED, {"native": "off"}, 0, None),
        (ENLARGED, {"native-size": "800x600"}, 1, "error"),
        (ENLARGED, {"native-size": "512x384"}, 0, None),
        (SOFT, {"native": "on"}, 0, "note"),
        (SOFT, {"native": "true"}, 0, "note"),
        (SOFT, {"native": "required"}, 3, None),
    ],
)
def test_a_verdict_weighs_what_the_manifest_says(
    picture: Picture, entry: dict[str, str], code: int, severity: str | None, run: Any, tmp_path: Path
) -> None:
    make(picture, tmp_path)
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": {"a.png": entry}}))
    outcome = run("check", "--format", "json", "--select", "native-resolution")
    assert outcome.code in ((2, 0) if entry == {"native": "off"} else (code,))
    found = [finding["severity"] for finding in json.loads(outcome.out)["findings"]]
    assert found == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("entry", "code", "severity"),
    [
        ({}, 0, "note"),
        ({"native": "on"}, 0, "note"),
        ({"native-size": "1920x1080"}, 0, "note"),
        ({"native": "required"}, 1, "error"),
    ],
)
def test_a_graphic_drawn_in_cells_is_an_error_only_where_native_is_required(
    entry: dict[str, str], code: int, severity: str, run: Any, tmp_path: Path
) -> None:
    draw = np.random.default_rng(5)
    code_of_squares = draw.integers(0, 2, (54, 96)).astype(np.uint8) * 255
    Image.fromarray(code_of_squares.repeat(20, 0).repeat(20, 1)).save(tmp_path / "a.png")
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": {"a.png": entry}}))
    outcome = run("check", "--format", "json", "--select", "native-resolution")
    assert outcome.code == code
    [finding] = json.loads(outcome.out)["findings"]
    assert finding["severity"] == severity
    assert "drawn in cells of 20 pixels" in finding["message"]
    assert finding["evidence"]["cells"] == [20, 20]


def test_evidence_has_the_numbers_and_what_the_page_draws(run: Any, tmp_path: Path) -> None:
    make(ENLARGED, tmp_path)
    (tmp_path / "verify4k.json").write_text('{"version": 1, "files": {"a.png": {"native": "on"}}}')
    [finding] = json.loads(run("check", "--format", "json").out)["findings"]
    evidence = finding["evidence"]
    assert evidence["verdict"] == "upscaled"
    assert evidence["size"] == pytest.approx([512, 384], rel=0.02)
    assert min(evidence["strength"]) > 6
    assert 0 < len(evidence["x"]) <= 512
    assert evidence["peak"] == pytest.approx(0.5, abs=0.01)
    assert finding["expected"] == "1024x768"


def test_a_folder_of_one_picture_and_its_fakes_is_told_apart(run: Any, tmp_path: Path) -> None:
    """The true one passes; enlarged copies fail in every codec, a padded one by its borders."""
    from pictures import texture
    from PIL import Image

    true = texture(2048, 1152)
    small = true.resize((1024, 576), Image.Resampling.LANCZOS).resize(true.size, Image.Resampling.BICUBIC)
    canvas = Image.new("RGB", true.size)
    canvas.paste(true.resize((1400, 788)), (324, 182))
    true.save(tmp_path / "true.png")
    canvas.save(tmp_path / "padded.png")
    for name, quality in {"a.png": 0, "b.jpg": 92, "c.webp": 90, "d.avif": 85}.items():
        small.save(tmp_path / name, quality=quality)
    (tmp_path / "verify4k.json").write_text(
        '{"version": 1, "files": {"*.*g": "2048x1152", "*.webp": {}, "*.avif": {}}}'
    )
    report = json.loads(run("check", "--format", "json").out)
    rules = {
        asset["target"]: {r for r, s in asset["rules"].items() if s == "problem"}
        for asset in report["assets"]
    }
    assert rules.pop("true.png") == set()
    assert "not-padded" in rules.pop("padded.png")
    assert rules == {name: {"native-resolution"} for name in ("a.png", "b.jpg", "c.webp", "d.avif")}


# -- what the page shows of it ---------------------------------------------------------------


def checked(tmp_path: Path, kind: str, **settings: Any) -> Any:
    make(Picture(1024, 768, "a.png", kind), tmp_path)
    (tmp_path / "verify4k.json").write_text('{"version": 1, "files": {"a.png": {"native": "on"}}}')
    return check(load_manifest(tmp_path / "verify4k.json"), Settings(**settings))


def test_the_page_gets_the_crop_and_its_round_trip_through_the_native_size(tmp_path: Path) -> None:
    [asset] = checked(tmp_path, "enlarged", thumbnails=True).assets
    close_up = asset.close_up
    assert close_up is not None
    assert close_up.box[2:] == (240, 160)
    assert close_up.through == pytest.approx((512, 384), rel=0.02)
    assert close_up.psnr > 30  # little is lost: 512x384 held the picture
    pictures = [Image.open(BytesIO(data)) for data in (close_up.before, close_up.after)]
    assert [(one.format, one.size) for one in pictures] == [("WEBP", (240, 160))] * 2
    x, y, width, height = close_up.box
    with Image.open(tmp_path / "a.png") as whole:
        there = whole.crop((x, y, x + width, y + height))
    assert ImageStat.Stat(ImageChops.difference(there.convert("L"), pictures[0].convert("L"))).mean[0] < 4


def test_repeated_rows_are_repeated_again(tmp_path: Path) -> None:
    make(Picture(768, 576, "b.png", "texture"), tmp_path)
    with Image.open(tmp_path / "b.png") as image:
        image.resize((2048, 1536), Image.Resampling.NEAREST).save(tmp_path / "a.png")
    (tmp_path / "verify4k.json").write_text('{"version": 1, "files": {"a.png": {}}}')
    [asset] = check(load_manifest(tmp_path / "verify4k.json"), Settings(thumbnails=True)).assets
    assert asset.close_up is not None
    assert (asset.close_up.through, asset.close_up.psnr) == ((768, 576), 99)


def test_nothing_is_drawn_where_nobody_looks_or_nothing_was_found(tmp_path: Path) -> None:
    assert checked(tmp_path, "enlarged").assets[0].close_up is None
    assert checked(tmp_path, "texture", thumbnails=True).assets[0].close_up is None


def test_a_close_up_that_crashes_costs_the_picture_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_a: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(inspection, "close_up", broken)
    report = checked(tmp_path, "enlarged", thumbnails=True)
    [asset] = report.assets
    assert (report.exit_code, asset.verdict, asset.close_up) == (1, "failed", None)
    assert asset.thumbnail is not None


def test_other_reports_carry_no_pixels(run: Any, tmp_path: Path) -> None:
    make(ENLARGED, tmp_path)
    (tmp_path / "verify4k.json").write_text('{"version": 1, "files": {"a.png": {"native": "on"}}}')
    run("check", "--report", "html=a.html", "--report", "json=a.json", "--report", "sarif=a.sarif")
    assert (tmp_path / "a.html").read_text().count('data-src="data:image/webp;base64,UklGR') == 3
    for name in ("a.json", "a.sarif"):
        text = (tmp_path / name).read_text()
        assert "crop" in text
        assert "UklGR" not in text
        assert "close_up" not in text


def test_each_spectrum_is_measured_once_though_the_verdict_and_its_evidence_need_it(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured, curves = [], spectra.plane_curves

    def counted(plane: Any) -> Any:
        measured.append(plane.shape)
        return curves(plane)

    monkeypatch.setattr(spectra, "plane_curves", counted)
    monkeypatch.setenv("VERIFY4K_WORKERS", "spawn")  # one small file is then checked in this process
    make(ENLARGED, tmp_path)
    (tmp_path / "verify4k.json").write_text('{"version": 1, "files": {"a.png": {"native": "on"}}}')
    assert run("check", "--format", "json").code == 1
    assert len(measured) == 2  # both axes; of such a picture the first look is sure
