"""The command inspect: objects in order, exit codes, tables, and the same from Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pictures import save, texture

import verify4k

DATA = Path(__file__).parents[1] / "data" / "images"


def test_inspect_prints_one_object_a_line_in_the_order_given(run: Any) -> None:
    names = [str(DATA / name) for name in ("good.webp", "gone.png", "trunc50.png", "good.jpg")]
    outcome = run("inspect", "--format", "json", *names)
    rows = [json.loads(line) for line in outcome.out.splitlines()]
    assert [row["target"] for row in rows] == names
    assert [row["integrity"] for row in rows] == ["ok", "unreadable", "damaged", "ok"]
    assert outcome.code == 1
    keys = ["target", "format", "stored", "displayed", "orientation", "alpha", "frames", "animated", "bit_depth", "mode", "icc", "integrity", "trailing_bytes", "bytes", "sha256", "error", "progressive", "density", "timing", "pictures", "gain_map", "hdr", "coding"]  # fmt: skip
    assert all(list(row) == keys for row in rows)


@pytest.mark.parametrize(
    ("name", "argv", "code"),
    [
        ("good.png", [], 0),
        ("trunc50.png", [], 1),
        ("trunc50.png", ["--depth", "header"], 0),
        ("html-error.png", [], 1),
        ("bomb-vp8l-16383.webp", [], 3),
        ("good.png", ["--native", "--depth", "header"], 2),
    ],
)
def test_inspect_ends_by_what_it_could_read(name: str, argv: list[str], code: int, run: Any) -> None:
    assert run("inspect", *argv, str(DATA / name)).code == code


def test_at_header_depth_pixel_facts_stay_null_without_an_error(run: Any) -> None:
    row = json.loads(
        run("inspect", "--format", "json", "--depth", "header", str(DATA / "alpha-opaque.png")).out
    )
    assert (row["integrity"], row["alpha"], row["sha256"], row["error"]) == (None, None, None, None)
    assert row["displayed"] == [160, 90]


def test_the_table_tells_orientation_damage_and_trailing_bytes(run: Any, tmp_path: Path) -> None:
    for name in ("exif-orient-6.jpg", "trail-zip.png", "trunc50.png"):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    out = run("inspect", ".").out
    assert "orientation 6, stored 640x360" in out
    assert "240 bytes behind the image" in out
    assert "damaged" in out


def test_a_folder_without_images_is_a_usage_mistake(run: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("inspect", "empty").code == 2


def test_native_is_told_in_words_and_numbers(run: Any, tmp_path: Path) -> None:
    image = texture(512, 384).resize((1024, 768))
    (tmp_path / "big.png").write_bytes(save(image, "x.png"))
    assert "looks enlarged" in run("inspect", "--native", "big.png").out
    row = json.loads(run("inspect", "--native", "--format", "json", "big.png").out)
    assert row["native"]["verdict"] == "upscaled"
    assert row["native"]["ratio"] == pytest.approx(0.5, abs=0.02)


def test_the_python_api_reads_paths_and_bytes() -> None:
    data = (DATA / "good.png").read_bytes()
    by_path, by_bytes = verify4k.inspect(DATA / "good.png"), verify4k.inspect(data, name="good.png")
    assert by_path | {"target": ""} == by_bytes | {"target": ""}
    assert verify4k.inspect(data)["target"] == "bytes"
    assert "inspect" in dir(verify4k)
    with pytest.raises(AttributeError):
        verify4k.nonsense  # noqa: B018
