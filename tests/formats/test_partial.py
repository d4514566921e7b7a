"""A damaged picture is shown as far as it goes, and never judged by that."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pictures import gradient, save
from PIL import Image, ImageFile

from verify4k import Settings, check, load_manifest
from verify4k.formats.reading.partial import partial

DATA = Path(__file__).parents[1] / "data" / "images"


@pytest.mark.parametrize("name", ["x.png", "x.jpg"])
def test_the_rows_before_the_end_are_there_and_the_others_are_not(name: str) -> None:
    whole = gradient(400, 300)
    data = save(whole, name)
    shown = partial(data[: len(data) // 2], "jpeg" if name.endswith("jpg") else "png")
    assert shown is not None
    assert shown.size == (400, 300)
    top, bottom = shown.crop((0, 0, 400, 8)), shown.crop((0, 292, 400, 300))
    assert top.tobytes()[:99] != bytes(99) or name == "x.png"
    assert len(bottom.convert("RGB").getcolors(1000) or []) == 1
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


@pytest.mark.parametrize(("name", "form"), [("trunc50.webp", "webp"), ("bomb-hdr-60000.png", "png"), ("html-error.png", "png"), ("sig-only.png", "png"), ("zero.png", "jpeg")])  # fmt: skip
def test_where_nothing_decodes_nothing_is_shown(name: str, form: str) -> None:
    assert partial((DATA / name).read_bytes(), form) is None


def test_the_report_has_a_thumbnail_of_a_damaged_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes((DATA / "trunc50.png").read_bytes())
    (tmp_path / "verify4k.json").write_text('{"version": 1, "files": {"a.png": {}}}')
    report = check(load_manifest(tmp_path / "verify4k.json"), Settings(thumbnails=True))
    [asset] = report.assets
    assert asset.verdict == "failed"
    assert asset.thumbnail is not None
    with Image.open(BytesIO(asset.thumbnail)) as image:
        assert image.size == (160, 96)
